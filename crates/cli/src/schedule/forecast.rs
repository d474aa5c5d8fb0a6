//! Says what is due and why, and does nothing.

use chrono::{DateTime, Utc};

use super::due::{Item, Step};
use super::job::Job;
use super::state::State;
use crate::args::RunArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::moment::written;
use crate::survey::write_rows;

const COLUMNS: [&str; 7] = ["job", "window", "state", "why", "since", "until", "file"];

/// What a table shows.
const MAIN: usize = 4;

/// Prints a row for each window that something is to be said of.
pub(crate) fn print(
    jobs: &[Job],
    now: DateTime<Utc>,
    args: &RunArgs,
    interrupt: &Interrupt,
) -> Result<Exit, Failure> {
    let mut rows = Vec::new();
    let mut exit = Exit::Ok;
    for job in jobs {
        match items(job, now, args, interrupt) {
            Ok(items) => rows.extend(items.iter().map(|item| row(job, item))),
            Err(Failure::Error(_, error)) => {
                console::say(&format!("error: {}: {error:#}", job.name));
                exit = Exit::Failed;
            }
            Err(other) => return Err(other),
        }
    }
    write_rows(COLUMNS, MAIN, rows, args.output)?;
    Ok(exit)
}

fn items(
    job: &Job,
    now: DateTime<Utc>,
    args: &RunArgs,
    interrupt: &Interrupt,
) -> Result<Vec<Item>, Failure> {
    let state = State::of(job, job.to.open(job, &args.how, interrupt)?);
    job.plan(&state, &state.records()?, now, &args.how, interrupt)
}

fn row(job: &Job, item: &Item) -> [Option<String>; 7] {
    let revision = match &item.step {
        Step::LookAgain(record) => record.revision + 1,
        _ => 1,
    };
    let name = job
        .file
        .name(&job.name, &job.report, &item.period, revision);
    [
        job.name.clone(),
        item.period.name.clone(),
        item.step.name().to_owned(),
        item.why.clone(),
        written(item.period.since),
        written(item.period.until),
        job.to.path(&name),
    ]
    .map(Some)
}
