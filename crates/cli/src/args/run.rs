use std::path::PathBuf;

use clap::{Args, ValueHint};
use earwitness_export::Format;

use super::{EXAMPLES_FIRST, ReadingArgs};
use crate::window::Bound;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness run --example > jobs.toml
  earwitness run jobs.toml --dry-run
  earwitness run jobs.toml --quiet
  earwitness run jobs.toml --job monday-deletions";

const AFTER: &str = "\
Names of files that were written go to standard output, one a line; everything else goes to
standard error. A window that was written stays as it is; one that was missed is written by the
next run.
Exit codes: 0 done or nothing due, 1 a job has no report or its program failed, 2 wrong usage; else
the worst that a report ended with: 3 incomplete, 4 it has rows that `fail_on` wants none of, 5
changed inputs; 130 interrupted.";

/// Writes the reports of a jobs file that are due, and ends.
///
/// For cron, systemd timers and other clocks: it may be run as often as wanted.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = EXAMPLES,
    after_help = AFTER
)]
pub(crate) struct RunArgs {
    /// File of jobs, in TOML; paths in it are as from its folder.
    #[arg(
        value_name = "JOBS_FILE",
        required_unless_present = "example",
        value_hint = ValueHint::FilePath
    )]
    pub(crate) jobs_file: Option<PathBuf>,

    /// Prints a jobs file that explains every key, to begin with.
    #[arg(long, conflicts_with_all = ["jobs_file", "jobs", "dry_run", "now"])]
    pub(crate) example: bool,

    /// Says what is due and why, and does nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Does this job only; give it again for more.
    #[arg(long = "job", value_name = "NAME")]
    pub(crate) jobs: Vec<String>,

    /// Decides as if it were this time, written as for --since of `earwitness report`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: Option<Bound>,

    /// Writes what is due in this format.
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = super::text_format(),
        default_value = "table",
        requires = "dry_run"
    )]
    pub(crate) output: Format,

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}
