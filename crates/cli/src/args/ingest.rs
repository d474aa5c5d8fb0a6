use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint, value_parser};
use earwitness_lake::Shard;

use super::{EXAMPLES_FIRST, ReadingArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness ingest logs/ contact-records/ users.json --lake lake/
  earwitness ingest logs/ --lake lake/ --shard 0/4
  earwitness report who-deleted --lake lake/ --since 7d";

const AFTER: &str = "\
Run it again and again: what the lake knows is passed over. A run that is stopped, or killed at any
moment, leaves the lake as before or as after it, never between.
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

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}
