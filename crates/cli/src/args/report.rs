use std::ffi::OsString;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{Args, ValueHint};
use earwitness_export::Format;

use super::{EXAMPLES_FIRST, FailOn, ReadingArgs, WantedArgs};
use crate::answered::Demands;
use crate::window::{Bound, Window, WindowError};

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness report who-deleted logs/
  earwitness report who-listened logs/ --since 2026-03-01 --until 2026-04-01 --out-file listens.csv
  earwitness report who-deleted 'logs/**/*.json.gz' users.json --user ana --output json
  zcat export.json.gz | earwitness report who-deleted - --output jsonl
  earwitness report ./my-question.sql logs/";

const AFTER: &str = "\
Rows go to standard output or the file; everything else goes to standard error.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some input was unreadable or coverage that is
required is lacking, 4 with --fail-on rows: there are rows, 5 with --public-keys: an input was
changed, 130 interrupted.";

/// Answers one question from logs.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = EXAMPLES,
    after_help = AFTER
)]
pub(crate) struct ReportArgs {
    /// Report to run: a name that `earwitness reports` lists, or a file with SQL.
    #[arg(value_name = "NAME_OR_FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: OsString,

    /// Files, folders, patterns such as 'logs/**/*.gz', or - for standard input.
    ///
    /// Put CloudTrail logs, contact records and user lists there in any mix, plain or in gzip: what
    /// a file is, is told from its content. Folders are read with everything in them, hidden files
    /// too.
    #[arg(
        value_name = "INPUT",
        required_unless_present = "lake",
        conflicts_with = "lake",
        value_hint = ValueHint::AnyPath
    )]
    pub(crate) inputs: Vec<OsString>,

    /// Answers from this lake, which `earwitness ingest` fills, in place of inputs.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lake: Option<PathBuf>,

    /// Keeps what happened at this time or later.
    ///
    /// Written as 2026-01-31 (midnight UTC), 2026-01-31T10:00 (UTC), 2026-01-31T10:00:00+01:00,
    /// 90m, 24h, 7d or 2w (so long ago), now, today or yesterday [default: the first event].
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Which rows"
    )]
    pub(crate) since: Option<Bound>,

    /// Keeps what happened before this time, written as for --since [default: the last event].
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        help_heading = "Which rows"
    )]
    pub(crate) until: Option<Bound>,

    #[command(flatten)]
    pub(crate) wanted: WantedArgs,

    /// Reports on every object in the logs, and not on recordings only.
    #[arg(long, help_heading = "Which rows")]
    pub(crate) all_objects: bool,

    /// Writes the rows in this format [default: what the file's suffix says, else table].
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = super::format(),
        help_heading = "Where rows go"
    )]
    pub(crate) output: Option<Format>,

    /// Writes the rows to this file, whole or not at all [default: standard output].
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Where rows go"
    )]
    pub(crate) out_file: Option<PathBuf>,

    /// Writes what could not be read to this file, one JSON object a line.
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        help_heading = "Where rows go"
    )]
    pub(crate) rejects_file: Option<PathBuf>,

    /// Replaces files that exist.
    #[arg(long, help_heading = "Where rows go")]
    pub(crate) force: bool,

    /// Adds the local time of this zone, such as Europe/Berlin, beside each time in UTC (Parquet keeps
    /// UTC alone); reports that look at the hour of day take it in this zone.
    #[arg(
        long,
        value_name = "AREA/CITY",
        value_parser = super::zone,
        help_heading = "Where rows go"
    )]
    pub(crate) timezone: Option<Tz>,

    /// Shows every column in a table, not the main ones only; other formats have all of them always.
    #[arg(long, help_heading = "Where rows go")]
    pub(crate) wide: bool,

    /// Leaves CSV cells as they are that a spreadsheet would run as a formula.
    #[arg(long, help_heading = "Where rows go")]
    pub(crate) csv_raw: bool,

    /// Writes the rows [default: as CSV] and a manifest of what they rest on to this folder, for
    /// `earwitness evidence check`.
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with_all = ["out_file", "lake"],
        help_heading = "How sure it is"
    )]
    pub(crate) evidence: Option<PathBuf>,

    /// Signs the manifest with this SSH key, as `ssh-keygen -Y sign` does.
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        requires = "evidence",
        help_heading = "How sure it is"
    )]
    pub(crate) sign_with: Option<PathBuf>,

    /// Checks the signatures of digests among the inputs with these keys: what `aws cloudtrail
    /// list-public-keys` prints.
    #[arg(
        long,
        value_name = "PATH",
        value_hint = ValueHint::FilePath,
        conflicts_with = "lake",
        help_heading = "How sure it is"
    )]
    pub(crate) public_keys: Option<PathBuf>,

    /// Ends with exit code 3 where the log files do not cover all of the window, as `earwitness
    /// coverage` tells it.
    #[arg(long, conflicts_with = "lake", help_heading = "How sure it is")]
    pub(crate) require_coverage: bool,

    /// Ends with exit code 4 where the report has rows, such as a gate in a pipeline needs.
    #[arg(long, value_name = "WHAT", help_heading = "How sure it is")]
    pub(crate) fail_on: Option<FailOn>,

    /// Takes reports from this folder too; they replace shipped ones of the same name.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "How it runs")]
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}

impl ReportArgs {
    /// Returns what the run has to have, or not to have, to end well.
    pub(crate) fn demands(&self) -> Demands {
        Demands {
            fail_on: self.fail_on,
            require_coverage: self.require_coverage,
        }
    }

    /// Returns the time the report is about, relative bounds counted from `now`.
    ///
    /// # Errors
    /// When --since is not before --until, which is an error of usage.
    pub(crate) fn window(&self, now: DateTime<Utc>) -> Result<Window, WindowError> {
        Window::new(self.since, self.until, now)
    }
}
