use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use earwitness_export::Format;

use super::{EXAMPLES_FIRST, ReadingArgs, ReportArgs, WantedArgs};
use crate::schedule::Span;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness watch logs/ --report who-deleted
  earwitness watch logs/ --report outside-connect --output jsonl
  earwitness watch s3://example-trail-bucket/AWSLogs/ --report who-deleted --every 60s
  earwitness watch logs/ --report denied-attempts --once";

const AFTER: &str = "\
Each row says in its first column whether it is new, changed (logs that came later tell more of it)
or gone (they tell something else in its place). A row is printed before it is noted: after a
crash in between it comes once more, with the same event id.
Exit codes: 0 done with --once, 1 failed, 2 wrong usage, 3 done with --once, but something could
not be read, 130 interrupted.";

/// Prints new rows of a report as log files arrive, each once, also across restarts.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = EXAMPLES,
    after_help = AFTER
)]
pub(crate) struct WatchArgs {
    /// Folders that log files arrive in, or s3://BUCKET/PREFIX.
    #[arg(value_name = "INPUT", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) inputs: Vec<OsString>,

    /// Report to print rows of: a name that `earwitness reports` lists, or a file with SQL.
    #[arg(long, value_name = "NAME_OR_FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: OsString,

    /// Looks again after so long, such as 10s or 5m.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = pause, help_heading = "When it looks")]
    pub(crate) every: Duration,

    /// Looks once and ends, for a clock of your own.
    #[arg(long, help_heading = "When it looks")]
    pub(crate) once: bool,

    /// Prints the rows of what is there already too, and not only of what arrives after the first
    /// start.
    #[arg(long, help_heading = "When it looks")]
    pub(crate) from_start: bool,

    /// Notes in this file what was read and printed [default: one of its own for these inputs and
    /// this question, in your folder for state].
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, help_heading = "When it looks")]
    pub(crate) state: Option<PathBuf>,

    /// Works rows out with the logs of so long before and after the new ones, such as 24h or 30d.
    #[arg(
        long,
        value_name = "TIME",
        default_value = "24h",
        help_heading = "When it looks"
    )]
    pub(crate) context: Span,

    #[command(flatten)]
    pub(crate) wanted: WantedArgs,

    /// Reports on every object in the logs, and not on recordings only.
    #[arg(long, help_heading = "Which rows")]
    pub(crate) all_objects: bool,

    /// Prints rows in this format.
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = row_format(),
        default_value = "table",
        help_heading = "How rows look"
    )]
    pub(crate) output: Format,

    /// Adds the local time of this zone, such as Europe/Berlin, beside each time in UTC.
    #[arg(
        long,
        value_name = "AREA/CITY",
        value_parser = super::zone,
        help_heading = "How rows look"
    )]
    pub(crate) timezone: Option<Tz>,

    /// Shows every column in a table, not the main ones only.
    #[arg(long, help_heading = "How rows look")]
    pub(crate) wide: bool,

    /// Leaves CSV cells as they are that a spreadsheet would run as a formula.
    #[arg(long, help_heading = "How rows look")]
    pub(crate) csv_raw: bool,

    /// Takes reports from this folder too; they replace shipped ones of the same name.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "How it runs")]
    pub(crate) queries: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}

impl WatchArgs {
    /// Returns what `earwitness report` would be told for the same rows.
    pub(crate) fn report_args(&self) -> ReportArgs {
        ReportArgs {
            report: self.report.clone(),
            inputs: self.inputs.clone(),
            lake: None,
            since: None,
            until: None,
            wanted: self.wanted.clone(),
            all_objects: self.all_objects,
            output: Some(self.output),
            out_file: None,
            rejects_file: None,
            force: false,
            timezone: self.timezone,
            wide: self.wide,
            csv_raw: self.csv_raw,
            evidence: None,
            sign_with: None,
            public_keys: None,
            require_coverage: false,
            fail_on: None,
            queries: self.queries.clone(),
            how: self.how.clone(),
        }
    }
}

/// Understands the formats that rows can be added to.
fn row_format() -> impl TypedValueParser<Value = Format> {
    let formats = [Format::Table, Format::Csv, Format::Jsonl].map(Format::name);
    PossibleValuesParser::new(formats).try_map(|name| name.parse::<Format>())
}

/// Reads a pause, from a second on.
fn pause(text: &str) -> Result<Duration, String> {
    let wrong = || "write seconds, minutes or hours as 10s, 5m or 1h".to_owned();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let seconds_per_unit = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(seconds_per_unit).ok_or_else(wrong)?;
    match seconds {
        1..=86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err("look again after 1s to 24h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_read_and_nonsense_is_not() {
        assert_eq!(pause("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(pause("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(pause("24h"), Ok(Duration::from_secs(86_400)));
        for text in [
            "",
            "s",
            "10",
            "0s",
            "25h",
            "-1s",
            "1d",
            "99999999999999999999s",
        ] {
            assert!(pause(text).is_err(), "{text}");
        }
    }
}
