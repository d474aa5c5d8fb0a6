//! Looks at all inputs for what proves them, several at a time.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use earwitness_export::{Format, Options, text_rows, visible, writer};
use earwitness_proof::{Examined, Examiner, PublicKeys};
use earwitness_sources::{Ahead, Input, SourceError};
use rayon::prelude::*;

use crate::console;
use crate::failure::{Failure, causes};
use crate::progress::Progress;
use crate::session::Session;

/// A thread's buffers, reused from one input to the next.
struct Worker {
    examiner: Examiner,
    bytes: Vec<u8>,
}

/// Reads the keys that the user trusts; none where they name none.
pub(crate) fn public_keys(path: Option<&Path>) -> Result<PublicKeys, Failure> {
    let Some(path) = path else {
        return Ok(PublicKeys::default());
    };
    let bytes = fs::read(path).map_err(|error| {
        let path = visible(&path.to_string_lossy());
        Failure::usage(anyhow!("failed to read {path}: {error}"))
    })?;
    Ok(PublicKeys::read(&bytes)?)
}

/// Looks at the inputs of a command; names those that cannot be read.
pub(crate) fn survey_all(session: &Session<'_>) -> Result<Vec<Examined>, Failure> {
    let found = &session.found;
    let progress = session.progress("verifying");
    let examined = survey(&found.inputs, session, &progress);
    progress.finish();
    for problem in &found.problems {
        console::say(&format!("not read: {}: {}", problem.origin, problem.why));
    }
    let mut examined = examined?;
    // What could not be listed may be what matters.
    let problems = found.problems.iter().map(|problem| {
        Examiner::new(0)
            .examine(&problem.origin, &[])
            .unread(problem.why.to_string())
    });
    examined.extend(problems);
    Ok(examined)
}

/// Looks at inputs, in their order.
pub(crate) fn survey(
    inputs: &[Input],
    session: &Session<'_>,
    progress: &Progress,
) -> Result<Vec<Examined>, Failure> {
    let workers = Mutex::new(Vec::new());
    let _ahead = Ahead::of(inputs);
    let max_inflated_bytes = session.max_inflated_bytes();
    let max_bytes = usize::try_from(max_inflated_bytes).unwrap_or(usize::MAX);
    let look = |input: &Input| {
        if session.interrupt.is_set() {
            return None;
        }
        let idle = lock(&workers).pop();
        let mut worker = idle.unwrap_or_else(|| Worker {
            examiner: Examiner::new(max_bytes),
            bytes: Vec::new(),
        });
        let examined = worker.look(input, max_inflated_bytes);
        progress.file_done(worker.bytes.len() as u64);
        lock(&workers).push(worker);
        Some(examined)
    };
    let examined: Option<Vec<Examined>> = inputs.par_iter().map(look).collect();
    examined.ok_or(Failure::Interrupted)
}

impl Worker {
    fn look(&mut self, input: &Input, max_inflated_bytes: u64) -> Examined {
        // One byte more than the limit shows that there is more.
        let most = max_inflated_bytes.saturating_add(1);
        let read = input.read_at_most(most, &mut self.bytes);
        let examined = self.examiner.examine(input.origin(), &self.bytes);
        match read {
            Ok(()) => examined,
            Err(error) => examined.unread(unread(&error)),
        }
    }
}

fn unread(error: &SourceError) -> String {
    format!("failed to {}", causes(error))
}

/// A worker that panicked left nothing that the next one relies on.
fn lock(workers: &Mutex<Vec<Worker>>) -> std::sync::MutexGuard<'_, Vec<Worker>> {
    workers.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes rows of texts to standard output; a table is for eyes and has the first
/// `main` columns only.
pub(crate) fn write_rows<const N: usize>(
    names: [&str; N],
    main: usize,
    rows: Vec<[Option<String>; N]>,
    format: Format,
) -> Result<(), Failure> {
    let mut rows = text_rows(names, rows)?;
    if format == Format::Table {
        let main = names.into_iter().take(main);
        rows = rows.select(main).unwrap_or(rows);
    }
    let options = Options {
        width: console::width(),
        ..Options::default()
    };
    let mut out = std::io::stdout().lock();
    Ok(writer(format, &options).write(&rows, &mut out)?)
}
