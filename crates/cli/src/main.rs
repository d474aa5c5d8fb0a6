//! Answers from AWS CloudTrail who deleted, listened to, downloaded or tried to
//! reach which contact-centre recording.

mod about;
mod answered;
mod args;
mod changes;
mod console;
mod contact_id;
mod coverage;
mod dashboard;
mod days;
mod doctor;
mod evidence;
mod exit;
mod failure;
mod fetch;
mod gather;
mod ingest;
mod input_version;
mod interrupt;
mod lake;
mod lock;
mod logged;
mod manual;
mod moment;
mod other_engine;
mod progress;
mod proof;
mod question;
mod report;
mod reports;
mod schedule;
mod session;
mod show;
mod size;
mod suggestion;
mod survey;
mod tables;
mod target;
mod unread;
mod verify;
mod watch;
mod welcome;
mod window;

use std::env;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command, EvidenceCommand};
use crate::exit::Exit;
use crate::failure::Failure;

fn main() -> ExitCode {
    let done = match env::args_os().len() {
        0 | 1 => welcome::welcome(),
        _ => run(Args::parse().command),
    };
    done.unwrap_or_else(Failure::report).into()
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Report(args) => return report::run(&args),
        Command::Verify(args) => return verify::run(&args),
        Command::Coverage(args) => return coverage::run(&args),
        Command::Doctor(args) => return doctor::run(&args),
        Command::Evidence(args) => match args.command {
            EvidenceCommand::Check(args) => return evidence::check(&args),
        },
        Command::Show(args) => return show::run(&args),
        Command::Run(args) => return schedule::run(&args),
        Command::Watch(args) => return watch::run(&args),
        Command::Dashboard(args) => return dashboard::run(&args),
        Command::Fetch(args) => return fetch::run(&args),
        Command::Ingest(args) => return ingest::run(&args),
        Command::Lake(args) => return lake::run(&args),
        Command::Reports(args) => reports::run(&args)?,
        Command::Tables { name } => tables::run(name.as_deref())?,
        Command::Completions(args) => {
            console::write_out(|out| manual::write_completions(args.shell, out))?;
        }
        Command::Man => console::write_out(manual::write_man)?,
    }
    Ok(Exit::Ok)
}
