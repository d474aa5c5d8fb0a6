use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint, value_parser};
use earwitness_lake::Shard;

use super::EXAMPLES_FIRST;
use crate::size::ByteSize;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness ingest logs/ contact-records/ users.json --lake lake/
  earwitness ingest logs/ --lake lake/ --shard 0/4
  earwitness report who-deleted --lake lake/ --since 7d";

const AFTER: &str = "\
Run it again and again: what the lake knows is passed over. A run that is stopped, or killed at any
moment, leaves the lake as it was before.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was unreadable, 130 interrupted.";

/// Keeps logs in a lake of Parquet files, each input once.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct IngestArgs {
    /// Files, folders, patterns such as 'logs/**/*.gz', or - for standard input.
    #[arg(value_name = "INPUT", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<OsString>,

    /// Folder of the lake; made where it is not there.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lake: PathBuf,

    /// Takes in one of N parts of the inputs, from 0/N to N-1/N, told by their names.
    ///
    /// Where it is not given, the number of an array job is taken: AWS_BATCH_JOB_ARRAY_INDEX of
    /// AWS_BATCH_JOB_ARRAY_SIZE, or JOB_COMPLETION_INDEX of as many as --shards says.
    #[arg(long, value_name = "I/N", conflicts_with = "shards")]
    pub(crate) shard: Option<Shard>,

    /// Says how many parts there are, where an array job tells which one this is.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..))]
    pub(crate) shards: Option<u64>,

    /// Works on so many files at once, up to 1024 [default: the number of processors].
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,

    /// Reads at most so much of each file once inflated, in bytes or as 500MB or 2GiB.
    #[arg(long, value_name = "SIZE", default_value = "2GiB")]
    pub(crate) max_inflated_bytes: ByteSize,

    /// Shows no progress and no summary, only what went wrong.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
