use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint, value_parser};

use crate::size::ByteSize;

/// What every command takes that looks at a trail as it was delivered.
#[derive(Args, Debug)]
pub(crate) struct TrailArgs {
    /// Files, folders or patterns with log files and digests, in any mix.
    #[arg(value_name = "INPUT", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<OsString>,

    /// Checks signatures with these keys: what `aws cloudtrail list-public-keys` prints. They are
    /// taken from here alone, never from among the inputs.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) public_keys: Option<PathBuf>,

    /// Works on so many files at once, up to 1024 [default: the number of processors].
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u16).range(1..=1024),
        help_heading = "How it runs"
    )]
    pub(crate) threads: Option<u16>,

    /// Reads at most so much of each file once inflated, in bytes or as 500MB or 2GiB.
    #[arg(
        long,
        value_name = "SIZE",
        default_value = "2GiB",
        help_heading = "How it runs"
    )]
    pub(crate) max_inflated_bytes: ByteSize,

    /// Shows no progress and no summary, only what went wrong.
    #[arg(short, long, help_heading = "How it runs")]
    pub(crate) quiet: bool,
}
