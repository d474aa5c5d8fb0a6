use clap::{Args, value_parser};

use super::AwsArgs;
use crate::size::ByteSize;

/// What every command takes that reads inputs.
#[derive(Args, Debug, Clone)]
pub(crate) struct ReadingArgs {
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

    #[command(flatten)]
    pub(crate) aws: AwsArgs,
}
