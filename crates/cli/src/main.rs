//! Answers from AWS CloudTrail who deleted, listened to, downloaded or tried to
//! reach which contact-centre recording.

mod args;
mod console;
mod contact_id;
mod exit;
mod failure;
mod gather;
mod ingest;
mod interrupt;
mod lake;
mod manual;
mod other_engine;
mod progress;
mod report;
mod reports;
mod size;
mod suggestion;
mod tables;
mod unread;
mod window;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::exit::Exit;
use crate::failure::Failure;

fn main() -> ExitCode {
    let done = run(Args::parse().command);
    done.unwrap_or_else(Failure::report).into()
}

fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Report(args) => return report::run(&args),
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
