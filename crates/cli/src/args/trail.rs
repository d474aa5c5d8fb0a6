use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::ReadingArgs;
use crate::failure::Failure;
use crate::session::{Session, Source, Wants};

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

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}

impl TrailArgs {
    /// Begins a run over all of the trail.
    pub(crate) fn session(&self) -> Result<Session<'_>, Failure> {
        let source = Source::Inputs(&self.inputs);
        Session::begin(source, Wants::proof(), &self.how)
    }
}
