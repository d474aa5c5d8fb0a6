//! Reads the file that says which reports are wanted, of when, and where to.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use chrono_tz::Tz;
use earwitness_export::{Format, visible};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::destination::Destination;
use super::job::{Job, Question};
use super::name_pattern::NamePattern;
use super::period::Cadence;
use super::span::Span;
use crate::args::{FailOn, WantedArgs};
use crate::contact_id::ContactId;
use crate::failure::Failure;
use crate::suggestion::did_you_mean;

/// A file of jobs that explains itself.
pub(crate) const EXAMPLE: &str = include_str!("example.toml");

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobsText {
    job: Vec<Spanned<JobText>>,
}

/// A job as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JobText {
    name: String,
    report: String,
    inputs: Option<Vec<String>>,
    lake: Option<PathBuf>,
    window: Cadence,
    start: Datetime,
    to: String,
    #[serde(default = "utc")]
    timezone: String,
    #[serde(default = "page_and_csv")]
    formats: Vec<String>,
    #[serde(default = "job_and_window")]
    file: String,
    #[serde(default = "an_hour")]
    settle: Span,
    #[serde(default = "two_weeks")]
    revise_for: Span,
    #[serde(default = "a_month_of_days")]
    max_catch_up: u32,
    fail_on: Option<FailOn>,
    #[serde(default)]
    require_coverage: bool,
    public_keys: Option<PathBuf>,
    user: Option<String>,
    contact_id: Option<String>,
    bucket: Option<String>,
    gap: Option<u32>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    all_objects: bool,
    queries: Option<PathBuf>,
    #[serde(default)]
    csv_raw: bool,
    on_success: Option<Vec<String>>,
    on_failure: Option<Vec<String>>,
    #[serde(default = "five_minutes")]
    hook_timeout: Span,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn page_and_csv() -> Vec<String> {
    ["html", "csv"].map(str::to_owned).to_vec()
}

fn job_and_window() -> String {
    "{job}-{window}".to_owned()
}

/// CloudTrail delivers typically within 15 minutes, and a copy of the bucket takes
/// its time too; what comes later makes a revision.
fn an_hour() -> Span {
    Span(chrono::TimeDelta::hours(1))
}

fn two_weeks() -> Span {
    Span(chrono::TimeDelta::days(14))
}

fn a_month_of_days() -> u32 {
    31
}

fn five_minutes() -> Span {
    Span(chrono::TimeDelta::minutes(5))
}

/// Reads the jobs of a file, in its order.
///
/// # Errors
/// When there is no such file, or something in it makes no sense: with the file,
/// the line and what to write.
pub(crate) fn read(path: &Path) -> Result<Vec<Job>, Failure> {
    let shown = visible(&path.to_string_lossy());
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::usage(anyhow!(
            "failed to read {shown}: {error}; `earwitness run --example > {shown}` writes one to begin with"
        ))
    })?;
    parse(&text).map_err(|Wrong { line, why }| {
        Failure::usage(anyhow!("failed to read {shown}, line {line}: {why}"))
    })
}

/// What makes no sense, and where.
#[derive(Debug)]
struct Wrong {
    line: usize,
    why: String,
}

fn parse(text: &str) -> Result<Vec<Job>, Wrong> {
    let line_of = |place: usize| {
        let before = text.as_bytes().iter().take(place);
        before.filter(|byte| **byte == b'\n').count() + 1
    };
    let parsed: JobsText = toml::from_str(text).map_err(|error| Wrong {
        line: line_of(error.span().map_or(0, |span| span.start)),
        why: explained(error.message()),
    })?;
    let mut names = BTreeSet::new();
    let mut files = BTreeSet::new();
    let mut jobs = Vec::new();
    for job in parsed.job {
        let line = line_of(job.span().start);
        let job = job.into_inner();
        let wrong = |why: String| Wrong {
            line,
            why: format!("job '{}': {why}", job.name),
        };
        let job = understood(&job).map_err(wrong)?;
        let wrong = |why: String| Wrong {
            line,
            why: format!("job '{}': {why}", job.name),
        };
        if !names.insert(job.name.clone()) {
            return Err(wrong(
                "another job has this name; what was written is known by it, so give each its own"
                    .to_owned(),
            ));
        }
        if !files.insert((job.to.clone(), job.file.of_job(&job.name, &job.report))) {
            return Err(wrong(
                "another job writes files of the same names to the same folder; put {job} into `file`"
                    .to_owned(),
            ));
        }
        jobs.push(job);
    }
    if jobs.is_empty() {
        return Err(Wrong {
            line: 1,
            why: "there is no job in it; begin one with [[job]]".to_owned(),
        });
    }
    Ok(jobs)
}

/// Says what toml says, and what may have been meant.
fn explained(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let known: Vec<&str>;
    let hint = match (message.starts_with("unknown"), quoted.next()) {
        (true, Some(word)) => {
            known = quoted.collect();
            did_you_mean(word, known)
        }
        _ => String::new(),
    };
    let message = message.lines().collect::<Vec<_>>().join(" ");
    format!("{message}.{hint} `earwitness run --example` shows every key")
}

fn understood(text: &JobText) -> Result<Job, String> {
    let inputs: Vec<OsString> = match (&text.inputs, &text.lake) {
        (Some(inputs), None) if !inputs.is_empty() => inputs.iter().map(OsString::from).collect(),
        (None, Some(_)) => Vec::new(),
        (Some(_), Some(_)) => return Err("it has `inputs` and `lake`; take one away".to_owned()),
        _ => {
            return Err(
                "it reads nothing; add inputs = [\"logs/\"] or lake = \"lake/\"".to_owned(),
            );
        }
    };
    if inputs.iter().any(|input| input == "-") {
        return Err("standard input is gone at the next run; name files or folders".to_owned());
    }
    if text.lake.is_some() && (text.require_coverage || text.public_keys.is_some()) {
        return Err(
            "a lake keeps no digests that tell coverage; take `require_coverage` and `public_keys` away, or read `inputs`"
                .to_owned(),
        );
    }
    if !is_name(&text.name) {
        return Err(
            "a name has letters, digits, '-' and '_' only: files are called by it".to_owned(),
        );
    }
    let timezone: Tz = text.timezone.parse().map_err(|_| {
        let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let meant = did_you_mean(&text.timezone, zones);
        format!("there is no zone '{}'.{meant}", text.timezone)
    })?;
    let start = match (text.start.date, text.start.time, text.start.offset) {
        (Some(date), None, None) => date.to_string().parse().ok(),
        _ => None,
    };
    let start = start.ok_or("`start` is a day, such as start = 2026-03-01")?;
    Ok(Job {
        name: text.name.clone(),
        report: text.report.clone(),
        inputs,
        lake: text.lake.clone(),
        cadence: text.window,
        start,
        timezone,
        formats: formats(&text.formats)?,
        to: Destination::of(&text.to)?,
        file: NamePattern::of(&text.file)?,
        settle: text.settle.0,
        revise_for: text.revise_for.0,
        max_catch_up: usize::try_from(text.max_catch_up.max(1)).unwrap_or(usize::MAX),
        fail_on: text.fail_on,
        require_coverage: text.require_coverage,
        public_keys: text.public_keys.clone(),
        question: question(text)?,
        queries: text.queries.clone(),
        csv_raw: text.csv_raw,
        on_success: command(text.on_success.as_deref(), "on_success")?,
        on_failure: command(text.on_failure.as_deref(), "on_failure")?,
        hook_timeout: text
            .hook_timeout
            .0
            .to_std()
            .unwrap_or(Duration::from_secs(300)),
    })
}

fn question(text: &JobText) -> Result<Question, String> {
    let contact_id = text.contact_id.as_deref().map(|id| {
        id.parse::<ContactId>()
            .map_err(|error| format!("`contact_id` '{id}': {error}"))
    });
    if text.gap.is_some_and(|minutes| minutes > 1440) {
        return Err("`gap` is in minutes, at most 1440".to_owned());
    }
    Ok(Question {
        wanted: WantedArgs {
            user: text.user.clone(),
            contact_id: contact_id.transpose()?,
            bucket: text.bucket.clone(),
            gap_minutes: text.gap,
            parameters: text.set.clone().into_iter().collect(),
        },
        all_objects: text.all_objects,
    })
}

fn formats(names: &[String]) -> Result<Vec<Format>, String> {
    let mut formats: Vec<Format> = Vec::new();
    for name in names {
        let known = Format::ALL.map(Format::name);
        let format = name.parse().map_err(|_| {
            let meant = did_you_mean(name, known);
            format!(
                "there is no format '{name}'.{meant} There are {}",
                known.join(", ")
            )
        })?;
        if formats.contains(&format) {
            return Err(format!("`formats` has {name} twice"));
        }
        formats.push(format);
    }
    if formats.is_empty() {
        return Err("`formats` is empty; write formats = [\"html\", \"csv\"]".to_owned());
    }
    Ok(formats)
}

fn command(words: Option<&[String]>, key: &str) -> Result<Option<Vec<String>>, String> {
    match words {
        Some([]) => Err(format!(
            "`{key}` is a program and its arguments, such as {key} = [\"./mail.sh\", \"ana@example.com\"]"
        )),
        words => Ok(words.map(<[String]>::to_vec)),
    }
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.len() <= 80 && name.chars().all(plain)
}

/// Reads the one job of a text.
#[cfg(test)]
pub(crate) fn job(text: &str) -> Job {
    parse(text).unwrap().remove(0)
}

#[cfg(test)]
mod tests;
