//! Writes reports when they are due: each window once, whenever the run comes.

mod destination;
mod due;
mod files;
mod forecast;
mod hook;
mod inputs;
mod job;
mod jobs_file;
mod name_pattern;
mod period;
mod runner;
mod shelf;
mod span;
mod state;
mod summary;

use std::env;
use std::path::Path;

use anyhow::anyhow;
use chrono::Utc;
use earwitness_export::visible;

use crate::args::RunArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::{Failure, failed_at};
use crate::interrupt::Interrupt;
use crate::session::start_threads;
use crate::suggestion::did_you_mean;

use job::Job;
use runner::Runner;
pub(crate) use span::Span;

pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let Some(path) = &args.jobs_file else {
        console::write_out(|out| out.write_all(jobs_file::EXAMPLE.as_bytes()))?;
        return Ok(Exit::Ok);
    };
    let mut jobs = jobs_file::read(path)?;
    choose(&mut jobs, &args.jobs)?;
    enter_folder_of(path)?;
    let now = Utc::now();
    let now = args.now.map_or(now, |bound| bound.at(now));
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    if args.dry_run {
        return forecast::print(&jobs, now, args, &interrupt);
    }
    start_threads(args.how.threads)?;
    let runner = Runner {
        how: args.how.clone(),
        now,
        interrupt,
    };
    let mut ends = Vec::new();
    for job in &jobs {
        match runner.run(job) {
            Ok(exit) => ends.push(exit),
            Err(Failure::Interrupted) => {
                console::say("interrupted; reports that stand are whole, the next run goes on");
                return Ok(Exit::Interrupted);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(Exit::worst(ends))
}

/// Keeps the jobs that are named, all where none is.
fn choose(jobs: &mut Vec<Job>, names: &[String]) -> Result<(), Failure> {
    for name in names {
        if !jobs.iter().any(|job| job.name == *name) {
            let known = jobs.iter().map(|job| job.name.as_str());
            let meant = did_you_mean(name, known.clone());
            return Err(Failure::usage(anyhow!(
                "there is no job '{}'.{meant} The file has {}",
                visible(name),
                known.collect::<Vec<_>>().join(", ")
            )));
        }
    }
    jobs.retain(|job| names.is_empty() || names.contains(&job.name));
    Ok(())
}

/// Paths in a jobs file are as from its folder, wherever a clock starts the run.
fn enter_folder_of(path: &Path) -> Result<(), Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let Some(folder) = folder else {
        return Ok(());
    };
    env::set_current_dir(folder).map_err(failed_at("enter", folder))
}
