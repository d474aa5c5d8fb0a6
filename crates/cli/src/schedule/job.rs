//! A report that is wanted again and again.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use earwitness_export::Format;
use earwitness_proof::sha256;
use earwitness_sources::Address;

use super::destination::Destination;
use super::name_pattern::NamePattern;
use super::period::{Cadence, Period};
use crate::args::{FailOn, ReadingArgs, ReportArgs, WantedArgs};
use crate::session::Source;
use crate::window::Bound;

/// A report that is wanted again and again.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) name: String,
    /// As `earwitness report` takes it: a name, or a file with SQL.
    pub(crate) report: String,
    pub(crate) inputs: Vec<OsString>,
    /// In place of inputs.
    pub(crate) lake: Option<PathBuf>,
    pub(crate) cadence: Cadence,
    /// No window begins before this day of the zone.
    pub(crate) start: NaiveDate,
    pub(crate) timezone: Tz,
    pub(crate) formats: Vec<Format>,
    pub(crate) to: Destination,
    pub(crate) file: NamePattern,
    /// How long after its end a window is taken for delivered.
    pub(crate) settle: TimeDelta,
    /// How long after its end late logs may make a revision.
    pub(crate) revise_for: TimeDelta,
    /// So many windows are written in one run.
    pub(crate) max_catch_up: usize,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) require_coverage: bool,
    pub(crate) public_keys: Option<PathBuf>,
    pub(crate) question: Question,
    pub(crate) queries: Option<PathBuf>,
    pub(crate) csv_raw: bool,
    pub(crate) on_success: Option<Vec<String>>,
    pub(crate) on_failure: Option<Vec<String>>,
    pub(crate) hook_timeout: Duration,
}

/// What is asked beyond the report, as the options of `earwitness report`.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) wanted: WantedArgs,
    pub(crate) all_objects: bool,
}

impl Job {
    /// Tells whether an input lies in AWS.
    pub(crate) fn reads_aws(&self) -> bool {
        let mut inputs = self.inputs.iter().filter_map(|input| input.to_str());
        inputs.any(|input| Address::parse(input).is_some())
    }

    pub(crate) fn source(&self) -> Source<'_> {
        Source::of(self.lake.as_deref(), &self.inputs)
    }

    /// Returns what `earwitness report` would be told for a window.
    pub(crate) fn report_args(&self, period: &Period, how: &ReadingArgs) -> ReportArgs {
        let question = self.question.clone();
        ReportArgs {
            report: OsString::from(&self.report),
            inputs: self.inputs.clone(),
            lake: self.lake.clone(),
            since: Some(Bound::At(period.since)),
            until: Some(Bound::At(period.until)),
            wanted: question.wanted,
            all_objects: question.all_objects,
            output: None,
            out_file: None,
            rejects_file: None,
            // What a run that died left among files on their way is written over.
            force: true,
            // Without a zone of its own a report has UTC alone, once.
            timezone: Some(self.timezone).filter(|zone| *zone != Tz::UTC),
            wide: false,
            csv_raw: self.csv_raw,
            evidence: None,
            sign_with: None,
            public_keys: self.public_keys.clone(),
            require_coverage: self.require_coverage,
            fail_on: self.fail_on,
            queries: self.queries.clone(),
            how: how.clone(),
        }
    }

    /// Returns what tells one question from another, whatever its window.
    pub(crate) fn question_sha256(&self, sql: &str) -> String {
        let Question {
            wanted,
            all_objects,
        } = &self.question;
        let text = serde_json::json!([sql, wanted.said(), all_objects, self.timezone.name(),]);
        sha256(text.to_string().as_bytes())
    }
}
