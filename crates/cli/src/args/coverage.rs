use clap::Args;
use earwitness_export::Format;

use super::{EXAMPLES_FIRST, TrailArgs};
use crate::window::Bound;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness coverage trail/ --since 2026-03-01 --until 2026-04-01 --public-keys keys.json
  earwitness coverage trail/ --hours --output csv";

const AFTER: &str = "\
States: validated (all log files are here, as signed digests list them); covered (the same, with no
--public-keys to check signatures with); empty (there were none, as digests say); blinded (a trail was off or did
not record all reads and writes of objects); unknown.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some input was unreadable, or with --require-coverage:
not every hour is validated, covered or empty, 130 interrupted.";

/// Says, hour by hour, what is known to be covered by the log files.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES, after_help = AFTER)]
pub(crate) struct CoverageArgs {
    #[command(flatten)]
    pub(crate) trail: TrailArgs,

    /// Begins at this time, written as for `report` [default: where the digests begin].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Bound>,

    /// Ends before this time [default: where the digests end].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Bound>,

    /// Looks at this trail only.
    #[arg(long = "trail", value_name = "NAME")]
    pub(crate) trail_name: Option<String>,

    /// Lists each hour, and not hours in a row of which the same is known together.
    #[arg(long)]
    pub(crate) hours: bool,

    /// Ends with exit code 3 where not all of it is covered.
    #[arg(long)]
    pub(crate) require_coverage: bool,

    /// Writes the rows in this format.
    #[arg(long, value_name = "FORMAT", value_parser = super::text_format(), default_value = "table")]
    pub(crate) output: Format,
}
