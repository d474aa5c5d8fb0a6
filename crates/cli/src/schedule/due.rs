//! Decides which windows of a job are to be written or looked at again, and why.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::job::Job;
use super::period::{Cadence, Period, midnight};
use super::state::{Listing, Record};
use crate::failure::Failure;
use crate::moment::written;

/// What is to be done with a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Its report is to be written.
    Write,
    /// Its report was written, and logs may have come since.
    LookAgain(Box<Record>),
    /// Its report stands.
    Keep,
    /// Its time has not come.
    Wait,
}

/// A window, what is to be done with it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) period: Period,
    pub(crate) step: Step,
    pub(crate) why: String,
}

/// What is known when it is decided.
pub(crate) struct Known<'a> {
    pub(crate) now: DateTime<Utc>,
    /// By window and revision.
    pub(crate) records: &'a [Record],
    pub(crate) question_sha256: &'a str,
    /// Lists the inputs of a window as they are now.
    pub(crate) inputs: &'a dyn Fn(&Period) -> Result<Listing, Failure>,
    /// With which inputs a window was looked at last.
    pub(crate) last_look: &'a dyn Fn(&str) -> Result<Option<Listing>, Failure>,
}

impl Step {
    /// Returns the word for it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Step::Write => "due",
            Step::LookAgain(_) => "look-again",
            Step::Keep => "done",
            Step::Wait => "waiting",
        }
    }
}

/// Decides what is to be done, the oldest window first. Windows beyond
/// `max_catch_up` wait for the next run.
pub(crate) fn plan(job: &Job, known: &Known<'_>) -> Result<Vec<Item>, Failure> {
    let mut items = written_before(job, known)?;
    match job.cadence {
        Cadence::SinceLast => items.push(since_last(job, known)),
        _ => items.extend(of_calendar(job, known)),
    }
    items.sort_by_key(|item| item.period.since);
    Ok(items)
}

/// Looks at what was written not too long ago.
fn written_before(job: &Job, known: &Known<'_>) -> Result<Vec<Item>, Failure> {
    let same_window = known
        .records
        .chunk_by(|one, next| one.window == next.window);
    let latest = same_window.filter_map(<[Record]>::last);
    let is_recent = |record: &&Record| later(record.until, job.revise_for) >= known.now;
    let mut inputs = None;
    let mut items = Vec::new();
    for record in latest.filter(is_recent) {
        let mut item = |step, why: &str| {
            items.push(Item {
                period: record.period(),
                step,
                why: why.to_owned(),
            });
        };
        if record.question_sha256 != known.question_sha256 {
            item(
                Step::Keep,
                "written when the job asked another question; under another name it is answered anew",
            );
            continue;
        }
        // Of a bucket, each window has days of its own; files are all listed.
        if inputs.is_none() || job.reads_aws() {
            inputs = Some((known.inputs)(&record.period())?);
        }
        let seen = [
            Some(record.inputs.clone()),
            (known.last_look)(&record.window)?,
        ];
        if seen.contains(&inputs) {
            item(Step::Keep, "the inputs are as they were");
        } else {
            item(
                Step::LookAgain(Box::new(record.clone())),
                "the inputs changed since it was written",
            );
        }
    }
    Ok(items)
}

fn of_calendar(job: &Job, known: &Known<'_>) -> Vec<Item> {
    let is_new = |period: &Period| {
        let mut records = known.records.iter();
        !records.any(|record| record.window == period.name)
    };
    let mut items = Vec::new();
    for period in job.cadence.periods(job.start, job.timezone) {
        let from = later(period.until, job.settle);
        if from > known.now {
            items.push(Item {
                why: format!("due from {}", written(from)),
                step: Step::Wait,
                period,
            });
            return items;
        }
        if !is_new(&period) {
            continue;
        }
        if items.len() == job.max_catch_up {
            items.push(Item {
                why: format!(
                    "a run writes at most {} windows, see `max_catch_up`; the next goes on from here",
                    job.max_catch_up
                ),
                step: Step::Wait,
                period,
            });
            return items;
        }
        items.push(Item {
            period,
            step: Step::Write,
            why: "no report of it was written".to_owned(),
        });
    }
    items
}

fn since_last(job: &Job, known: &Known<'_>) -> Item {
    let last = known.records.iter().map(|record| record.until).max();
    let since = last.unwrap_or_else(|| midnight(job.start, job.timezone));
    let until = known.now.checked_sub_signed(job.settle);
    let until = until.and_then(|until| until.duration_trunc(TimeDelta::minutes(1)).ok());
    match until.filter(|until| *until > since) {
        Some(until) => Item {
            period: Period::between(since, until),
            step: Step::Write,
            why: match last {
                Some(_) => "the last report ends where it begins".to_owned(),
                None => "no report was written before".to_owned(),
            },
        },
        None => {
            let until = later(since, TimeDelta::minutes(1));
            Item {
                period: Period::between(since, until),
                step: Step::Wait,
                why: format!("due from {}", written(later(until, job.settle))),
            }
        }
    }
}

fn later(moment: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    moment
        .checked_add_signed(span)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests;
