use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};
use earwitness_export::Format;

use super::{AwsArgs, EXAMPLES_FIRST};
use crate::days::Days;
use crate::window::Bound;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness doctor --bucket connect-0123456789ab
  earwitness doctor --bucket connect-0123456789ab --prefix connect/acme/ --keep 7y
  earwitness doctor --bucket connect-0123456789ab --settings settings/ --output csv > doctor.csv";

const AFTER: &str = "\
Questions: trail-on; who-deleted; batch-deletes; batch-delete-keys; who-listened; bucket-mark
(the reads of the bucket's location that Connect's website makes); unbroken (for 90 days);
validation; delivery; logs-kept; lifecycle-told (what S3 Lifecycle deletes is told by S3's own
reports); versioning. Answers: yes, partly, no, unknown.
Files of --settings are what aws-cli commands printed, errors among it, each in a file of the
command's name with what it is about behind a point: describe-trails.json,
get-trail-status.TRAIL.json, get-event-selectors.TRAIL.json, get-event-configuration.TRAIL.json,
lookup-events.json, get-bucket-location.BUCKET.json, get-bucket-versioning.BUCKET.json,
get-bucket-lifecycle-configuration.BUCKET.json (of the trail's bucket too),
get-bucket-logging.BUCKET.json, get-bucket-notification-configuration.BUCKET.json,
describe-log-groups.json, list-instance-storage-configs.TYPE.json.
Exit codes: 0 all answers are yes, 1 nothing could be asked, 2 wrong usage, 3 some answers are
unknown, 4 some are no or partly, 130 interrupted.";

/// Says whether the settings let the questions be answered, before an audit asks them.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct DoctorArgs {
    /// Looks at this bucket of recordings; may stand more than once.
    #[arg(long = "bucket", value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) buckets: Vec<String>,

    /// Takes the recordings to lie below this prefix; may stand more than once [default: anywhere in
    /// the bucket].
    #[arg(long = "prefix", value_name = "PREFIX", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) prefixes: Vec<String>,

    /// Looks at the buckets of this instance of Amazon Connect, named by id, alias or ARN. Takes a
    /// build with the feature connect.
    #[arg(long, value_name = "INSTANCE", conflicts_with = "settings")]
    pub(crate) instance: Option<String>,

    /// Asks that logs are kept so long: days, or a number with d, w or y.
    #[arg(long, value_name = "TIME", default_value = "1y")]
    pub(crate) keep: Days,

    /// Reads the settings from the files in this folder and asks no network.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) settings: Option<PathBuf>,

    /// Judges the settings as of this time [default: now].
    #[arg(long, value_name = "TIME", requires = "settings")]
    pub(crate) at: Option<Bound>,

    /// Writes the rows in this format.
    #[arg(long, value_name = "FORMAT", value_parser = super::text_format(), default_value = "table")]
    pub(crate) output: Format,

    /// Shows the answers only, and not what to change.
    #[arg(short, long, help_heading = "How it runs")]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) aws: AwsArgs,
}
