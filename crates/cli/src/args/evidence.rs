use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint, value_parser};

use super::EXAMPLES_FIRST;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness report who-deleted trail/ --evidence out/
  earwitness evidence check out/ --against trail/
  earwitness evidence check out/ --against trail/ --public-keys keys.json --allowed-signers signers";

const AFTER: &str = "\
Exit codes: 0 everything is the same, 1 failed, 2 wrong usage, 3 the same, but the inputs hold files
that the evidence does not list, 5 something is not the same, 130 interrupted.";

/// Checks evidence that `earwitness report --evidence` wrote.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    pub(crate) command: EvidenceCommand,
}

/// What can be done with evidence.
#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    Check(CheckArgs),
}

/// Hashes inputs and outputs again, runs the report again and compares byte for byte.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct CheckArgs {
    /// Folder that the evidence was written to.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    /// Files and folders that the report was made from, wherever they lie now.
    #[arg(long, value_name = "INPUT", required = true, num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub(crate) against: Vec<OsString>,

    /// Checks signatures with these keys: the same that the report was given.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) public_keys: Option<PathBuf>,

    /// Checks the manifest's signature with `ssh-keygen -Y verify` and this file of allowed signers.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) allowed_signers: Option<PathBuf>,

    /// Works on so many files at once, up to 1024 [default: the number of processors].
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u16).range(1..=1024),
        help_heading = "How it runs"
    )]
    pub(crate) threads: Option<u16>,

    /// Says only what is not the same.
    #[arg(short, long, help_heading = "How it runs")]
    pub(crate) quiet: bool,
}
