//! What is asked: a report, of whom and of which time.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use earwitness_export::visible;
use earwitness_query::{Ask, ParameterValue, Report, Scope, Table};

use crate::args::{ReportArgs, WantedArgs};
use crate::failure::Failure;
use crate::reports::library;
use crate::session::Wants;
use crate::suggestion::did_you_mean;
use crate::window::Window;

/// A report with all that is asked of it.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) report: Report,
    pub(crate) ask: Ask,
    pub(crate) window: Window,
    pub(crate) all_objects: bool,
    pub(crate) timezone: Option<Tz>,
    /// Whether it is to be shown how sure the answer is.
    pub(crate) proves: bool,
}

impl Question {
    /// Understands the arguments, relative times counted from `now`.
    pub(crate) fn of(args: &ReportArgs, now: DateTime<Utc>) -> Result<Question, Failure> {
        let report = find_report(&args.report, args.queries.as_deref())?;
        Question::about(report, args, now)
    }

    /// Understands the arguments as they are about a report that is at hand.
    pub(crate) fn about(
        report: Report,
        args: &ReportArgs,
        now: DateTime<Utc>,
    ) -> Result<Question, Failure> {
        let window = args.window(now).map_err(Failure::usage)?;
        let ask = ask(&args.wanted, &report)?;
        Ok(Question {
            report,
            ask,
            window,
            all_objects: args.all_objects,
            timezone: args.timezone,
            proves: args.public_keys.is_some() || args.require_coverage,
        })
    }

    /// Returns what of the records the report is about.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            window: micros(self.window),
            all_objects: self.all_objects,
            timezone: self.timezone.unwrap_or_default(),
        }
    }

    /// Returns what of the inputs it takes to answer.
    pub(crate) fn wants(&self) -> Wants {
        Wants {
            interest: self.report.interest(),
            window: micros(self.window),
            hash: self.report.uses(Table::Inputs),
            digests: self.proves,
        }
    }
}

/// Finds a report by its name, or reads it from a file.
pub(crate) fn find_report(report: &OsStr, queries: Option<&Path>) -> Result<Report, Failure> {
    let library = library(queries)?;
    let name = report.to_string_lossy();
    let path = Path::new(report);
    if let Some(report) = library.find(&name) {
        return Ok(report.clone());
    }
    if path.extension().is_some_and(|suffix| suffix == "sql") {
        return Ok(Report::from_file(path)?);
    }
    let names = library.reports().map(|report| report.name.as_str());
    Err(Failure::usage(anyhow!(
        "there is no report '{}'.{} `earwitness reports` lists them; a file of your own ends in .sql",
        visible(&name),
        did_you_mean(&name, names)
    )))
}

/// Puts together what is asked of a report, which must be able to answer it.
pub(crate) fn ask(args: &WantedArgs, report: &Report) -> Result<Ask, Failure> {
    let mut ask = Ask {
        parameters: parameters(args, report)?,
        user: args.user.clone(),
        contact_id: args.contact_id.as_ref().map(ToString::to_string),
        bucket: args.bucket.clone(),
    };
    if let Some(minutes) = args.gap_minutes {
        let minutes = ParameterValue::Integer(i64::from(minutes));
        ask.parameters.push(("gap".to_owned(), minutes));
        if report.parameter("gap").is_none() {
            return Err(Failure::usage(anyhow!(
                "--gap means nothing to report '{}': it has no sittings; leave it out",
                report.name
            )));
        }
    }
    let given = [
        ("user", ask.user.is_some()),
        ("contact-id", ask.contact_id.is_some()),
        ("bucket", ask.bucket.is_some()),
    ];
    for (option, is_given) in given {
        if !is_given && report.requires.iter().any(|required| required == option) {
            return Err(Failure::usage(anyhow!(
                "report '{}' is about one of them: add --{option}",
                report.name
            )));
        }
    }
    Ok(ask)
}

/// Reads the values that the report's parameters are given.
fn parameters(
    args: &WantedArgs,
    report: &Report,
) -> Result<Vec<(String, ParameterValue)>, Failure> {
    let value = |(name, text): &(String, String)| {
        let Some(parameter) = report.parameter(name) else {
            let known = report.parameters.iter().map(|known| known.name.as_str());
            let known: Vec<&str> = known.collect();
            return Err(Failure::usage(anyhow!(
                "report '{}' has no parameter '{}'; it has {}",
                report.name,
                visible(name),
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            )));
        };
        let value = parameter.value(text).map_err(|wanted| {
            Failure::usage(anyhow!(
                "parameter '{name}' of report '{}' cannot be '{}'; it takes {wanted}",
                report.name,
                visible(text)
            ))
        })?;
        Ok((name.clone(), value))
    };
    args.parameters.iter().map(value).collect()
}

/// Returns the window in microseconds since 1970.
pub(crate) fn micros(window: Window) -> earwitness_query::Window {
    let micros = |time: DateTime<Utc>| time.timestamp_micros();
    earwitness_query::Window {
        since: window.since.map(micros),
        until: window.until.map(micros),
    }
}
