use clap::Args;

use super::{EXAMPLES_FIRST, TrailArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness show 3f1c2b7e-EXAMPLE trail/ --public-keys keys.json
  earwitness show 3f1c2b7e-EXAMPLE trail/ | jq .record.userIdentity";

const AFTER: &str = "\
Prints a JSON object a line for each time the record was delivered.
Exit codes: 0 found, 1 not found, 2 wrong usage, 3 found, but --public-keys do not prove it, 5 its
file was changed, 130 interrupted.";

/// Prints the record of an event as it lies, with the file that holds it and the digest that vouches
/// for the file.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct ShowArgs {
    /// Id of the event, as reports have it.
    #[arg(value_name = "EVENT_ID")]
    pub(crate) event_id: String,

    #[command(flatten)]
    pub(crate) trail: TrailArgs,
}
