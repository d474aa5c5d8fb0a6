use std::ffi::OsString;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueHint};

use super::{EXAMPLES_FIRST, ReadingArgs};
use crate::window::{Bound, Window, WindowError};

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness dashboard logs/ --since 7d --out-file week.html
  earwitness dashboard who-deleted deleted-cross-check logs/ --out-file deletions.html";

const AFTER: &str = "\
Words that name a report come first, inputs behind them; a file that is called like a report is
written ./who-deleted. Exit codes are those of `earwitness report`.";

/// Answers several questions on one page, from one reading of the inputs.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = EXAMPLES,
    after_help = AFTER
)]
pub(crate) struct DashboardArgs {
    /// Reports, then files, folders or patterns [default reports: who-deleted, who-listened,
    /// denied-attempts, outside-connect, unusual-access].
    #[arg(value_name = "REPORT_OR_INPUT", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) words: Vec<OsString>,

    /// Writes the page to this file, whole or not at all.
    #[arg(long, value_name = "PATH.html", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) out_file: PathBuf,

    /// Replaces a file that exists.
    #[arg(long)]
    pub(crate) force: bool,

    /// Keeps what happened at this time or later, as in `earwitness report`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Bound>,

    /// Keeps what happened before this time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Bound>,

    /// Keeps what was done in this bucket.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) bucket: Option<String>,

    /// Reports on every object in the logs, and not on recordings only.
    #[arg(long)]
    pub(crate) all_objects: bool,

    /// Adds the local time of this zone, such as Europe/Berlin, and counts its days and hours.
    #[arg(long, value_name = "AREA/CITY", value_parser = super::zone)]
    pub(crate) timezone: Option<Tz>,

    /// Takes reports from this folder too; they replace shipped ones of the same name.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}

impl DashboardArgs {
    /// Returns the time the page is about, relative bounds counted from `now`.
    ///
    /// # Errors
    /// When --since is not before --until, which is an error of usage.
    pub(crate) fn window(&self, now: DateTime<Utc>) -> Result<Window, WindowError> {
        Window::new(self.since, self.until, now)
    }
}
