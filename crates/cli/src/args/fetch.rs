use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{AwsArgs, EXAMPLES_FIRST};
use crate::window::Bound;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness fetch s3://trail-bucket/AWSLogs/111122223333/ --out evidence/ --since 2026-03-01
  earwitness fetch cloudwatch:CloudTrail/DefaultLogGroup --out evidence/ --since 7d
  earwitness fetch public-keys:us-west-2 --out keys/
  earwitness fetch connect:11111111-2222-3333-4444-555555555555 --out directory/";

const AFTER: &str = "\
Objects of a bucket lie in DIR by bucket and key, byte for byte and with their time of delivery; the
signature of a digest lies beside it. Run it again: what is there is passed over, and nothing that
is there is replaced by anything else.
Exit codes: 0 done, 1 nothing could be fetched, 2 wrong usage, 3 some could not be fetched,
130 interrupted.";

/// Keeps what lies in AWS in a folder, as it was delivered.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct FetchArgs {
    /// s3://BUCKET/PREFIX, cloudwatch:GROUP, cloudtrail:REGION, public-keys:REGION or
    /// connect:INSTANCE.
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<OsString>,

    /// Folder to keep it in; made where it is not there.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,

    /// Begins at this time, written as for `report` [default: what is oldest].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Bound>,

    /// Ends before this time [default: what is newest].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Bound>,

    /// Fetches the contacts that a report names from connect:INSTANCE too: its .csv, .json or
    /// .jsonl file.
    #[arg(long, value_name = "REPORT", value_hint = ValueHint::FilePath)]
    pub(crate) contacts_from: Option<PathBuf>,

    /// Shows no progress and no summary, only what went wrong.
    #[arg(short, long, help_heading = "How it runs")]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) aws: AwsArgs,
}
