use clap::Args;
use earwitness_export::Format;

use super::{EXAMPLES_FIRST, TrailArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aws cloudtrail list-public-keys --start-time 2026-03-01 --end-time 2026-04-02 > keys.json
  earwitness verify trail/ --public-keys keys.json
  earwitness verify trail/ --public-keys keys.json --all --output csv";

const AFTER: &str = "\
Verdicts: valid; moved (unchanged under another name); modified; missing; not-listed; chain-broken;
key-unknown; unsigned; unread; no-log (no file of CloudTrail's).
Exit codes: 0 all are valid and no hour between is without a digest, 1 failed, 2 wrong usage, 3 some
are not proven or there are gaps, 5 somebody changed, removed or made a file, 130 interrupted.";

/// Verifies log files by the digests that CloudTrail signed.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) trail: TrailArgs,

    /// Lists every file, and not those only that are not valid.
    #[arg(long)]
    pub(crate) all: bool,

    /// Writes the rows in this format.
    #[arg(long, value_name = "FORMAT", value_parser = super::text_format(), default_value = "table")]
    pub(crate) output: Format,
}
