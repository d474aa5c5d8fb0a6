//! Keeps what lies in AWS in a folder.

mod contacts_from;

use std::sync::Arc;

use chrono::Utc;
use earwitness_export::visible;
use earwitness_sources::{AwsOptions, Fetched, SourceError, Told, Wanted, fetch};

use crate::args::FetchArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::question::micros;
use crate::unread::Unread;
use crate::window::Window;

pub(crate) fn run(args: &FetchArgs) -> Result<Exit, Failure> {
    let window = Window::new(args.since, args.until, Utc::now()).map_err(Failure::usage)?;
    let window = micros(window);
    let contact_ids = match &args.contacts_from {
        Some(report) => contacts_from::contact_ids(report)?,
        None => Vec::new(),
    };
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let stop = interrupt.clone();
    let progress = Progress::new(args.quiet, 0, 0);
    let fetched = fetch(
        &args.sources,
        &Wanted {
            aws: AwsOptions::from(&args.aws),
            event_names: None,
            since: window.since,
            until: window.until,
            contact_ids,
            digests: true,
            pages_in: Some(args.out.clone()),
            stop: Arc::new(move || stop.is_set()),
            tell: &|told| match told {
                Told::Progress(text) => progress.phase(text),
                Told::Note(text) if !args.quiet => progress.pause(|| console::say(text)),
                _ => {}
            },
        },
        &args.out,
    );
    progress.finish();
    let fetched = match fetched {
        Err(SourceError::Stopped) => {
            console::say("interrupted; every file that is there is whole, run it again to go on");
            return Ok(Exit::Interrupted);
        }
        fetched => fetched?,
    };
    let unread = Unread::of(&fetched.problems);
    unread.say_as("not fetched", "");
    for path in &fetched.changed {
        console::say(&format!(
            "changed: another content than before, kept beside what was there: {path}"
        ));
    }
    if !args.quiet {
        console::say(&summary(&fetched, args));
    }
    Ok(match (unread.is_empty(), fetched.files + fetched.known) {
        (true, _) => Exit::Ok,
        (false, 0) => Exit::Failed,
        (false, _) => Exit::Incomplete,
    })
}

fn summary(fetched: &Fetched, args: &FetchArgs) -> String {
    let Fetched {
        files,
        bytes,
        known,
        ..
    } = fetched;
    let out = visible(&args.out.to_string_lossy());
    let many = if *files == 1 { "file" } else { "files" };
    let there = match known {
        0 => String::new(),
        known => format!("; {known} were there already"),
    };
    format!("fetched {files} {many}, {bytes} bytes, into {out}{there}")
}
