//! A run over inputs or a lake: what it reads and how, and whether to stop.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use earwitness_parser::Interest;
use earwitness_query::{Evidence, Gathering, Scope, Window};
use earwitness_sources::{AwsOptions, Found, Input, SourceError, Told, Wanted};

use crate::args::ReadingArgs;
use crate::console;
use crate::failure::Failure;
use crate::gather::{gather, gather_lake};
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::unread::Unread;

/// Where records come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    /// Files, folders and whatever else arguments name.
    Inputs(&'a [OsString]),
    /// A lake that took inputs in before.
    Lake(&'a Path),
}

/// What of the inputs is wanted.
#[derive(Debug)]
pub(crate) struct Wants {
    pub(crate) interest: Interest,
    pub(crate) window: Window,
    /// Whether each input's SHA-256 is wanted.
    pub(crate) hash: bool,
    /// Whether digests are wanted too where they are not among the logs already.
    pub(crate) digests: bool,
}

/// A run that reads.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    source: Source<'a>,
    how: ReadingArgs,
    pub(crate) wants: Wants,
    pub(crate) found: Found,
    pub(crate) interrupt: Interrupt,
}

impl<'a> Source<'a> {
    /// Takes the lake where there is one.
    pub(crate) fn of(lake: Option<&'a Path>, inputs: &'a [OsString]) -> Source<'a> {
        lake.map_or(Source::Inputs(inputs), Source::Lake)
    }

    /// Finds the inputs, in AWS no more than is wanted; a lake finds its own.
    pub(crate) fn find(
        self,
        wants: &Wants,
        how: &ReadingArgs,
        interrupt: &Interrupt,
    ) -> Result<Found, Failure> {
        match self {
            Source::Inputs(inputs) => Ok(find(inputs, wants, how, interrupt)?),
            Source::Lake(_) => Ok(Found::default()),
        }
    }
}

impl Wants {
    /// Wants all records.
    pub(crate) fn everything() -> Wants {
        Wants {
            interest: Interest::everything(),
            window: Window::default(),
            hash: false,
            digests: false,
        }
    }

    /// Wants all records and all digests, as what proves a trail does.
    pub(crate) fn proof() -> Wants {
        Wants {
            digests: true,
            ..Wants::everything()
        }
    }
}

impl<'a> Session<'a> {
    /// Finds the inputs, listens for signals and starts the threads.
    pub(crate) fn begin(
        source: Source<'a>,
        wants: Wants,
        how: &ReadingArgs,
    ) -> Result<Session<'a>, Failure> {
        let interrupt = Interrupt::listen().map_err(Failure::failed)?;
        let found = source.find(&wants, how, &interrupt)?;
        start_threads(how.threads)?;
        Ok(Session::of_found(source, found, wants, how, &interrupt))
    }

    /// Finds the inputs, as one of several runs of a process that listens for
    /// signals and has started its threads.
    pub(crate) fn among_others(
        source: Source<'a>,
        wants: Wants,
        how: &ReadingArgs,
        interrupt: &Interrupt,
    ) -> Result<Session<'a>, Failure> {
        let found = source.find(&wants, how, interrupt)?;
        Ok(Session::of_found(source, found, wants, how, interrupt))
    }

    /// Reads inputs that were found.
    pub(crate) fn of_found(
        source: Source<'a>,
        found: Found,
        wants: Wants,
        how: &ReadingArgs,
        interrupt: &Interrupt,
    ) -> Session<'a> {
        Session {
            source,
            how: how.clone(),
            wants,
            found,
            interrupt: interrupt.clone(),
        }
    }

    /// Returns what could not be listed.
    pub(crate) fn unread(&self) -> Unread {
        Unread::of(&self.found.problems)
    }

    /// Returns how much of an input is read.
    pub(crate) fn max_inflated_bytes(&self) -> u64 {
        self.how.max_inflated_bytes.0
    }

    /// Begins to show how far the run is with all inputs.
    pub(crate) fn progress(&self, phase: &str) -> Progress {
        self.progress_of(&self.found.inputs, phase)
    }

    /// Begins to show how far the run is with some inputs.
    pub(crate) fn progress_of(&self, inputs: &[Input], phase: &str) -> Progress {
        let bytes = inputs.iter().map(Input::size_hint).sum();
        let progress = Progress::new(self.how.quiet, inputs.len() as u64, bytes);
        progress.phase(phase);
        progress
    }

    /// Reads what is wanted; what cannot be read is added to `unread`.
    pub(crate) fn gather(
        &self,
        progress: &Progress,
        unread: &mut Unread,
    ) -> Result<Gathering, Failure> {
        match self.source {
            Source::Inputs(_) => gather(self, progress, unread),
            Source::Lake(lake) => gather_lake(lake, self, unread),
        }
    }

    /// Puts together what was gathered and asks it.
    pub(crate) fn ask<R>(
        &self,
        gathering: Gathering,
        scope: &Scope,
        ask: impl FnOnce(&Arc<Evidence>) -> R,
    ) -> (Arc<Evidence>, R) {
        self.interrupt.let_end(|| {
            let evidence = Arc::new(gathering.into_evidence(scope));
            let answer = ask(&evidence);
            (evidence, answer)
        })
    }
}

/// Finds inputs, in AWS no more than is wanted.
pub(crate) fn find(
    inputs: &[OsString],
    wants: &Wants,
    how: &ReadingArgs,
    interrupt: &Interrupt,
) -> Result<Found, SourceError> {
    let progress = Progress::new(how.quiet, 0, 0);
    let stop = interrupt.clone();
    let window = wants.window.padded();
    let names = wants.interest.names();
    let found = earwitness_sources::find(
        inputs,
        &Wanted {
            aws: AwsOptions::from(&how.aws),
            event_names: names.map(<[String]>::to_vec),
            since: window.since,
            until: window.until,
            contact_ids: Vec::new(),
            digests: wants.digests,
            pages_in: None,
            stop: Arc::new(move || stop.is_set()),
            tell: &|told| match told {
                Told::Progress(text) => progress.phase(text),
                Told::Note(text) if !how.quiet => progress.pause(|| console::say(text)),
                _ => {}
            },
        },
    );
    progress.finish();
    found
}

/// Starts as many threads as the user wants.
pub(crate) fn start_threads(threads: Option<u16>) -> Result<(), Failure> {
    let Some(threads) = threads else {
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(threads))
        .build_global()
        .map_err(|error| Failure::failed(anyhow!("failed to start {threads} threads: {error}")))
}
