//! Reads all inputs, several at a time, and puts them together in one order.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use earwitness_lake::{Lake, Needs, Unread as LakeUnread};
use earwitness_parser::Reader;
use earwitness_proof::sha256;
use earwitness_query::{Batch, Gathering};
use earwitness_sources::{Ahead, Input, SourceError};
use rayon::prelude::*;

use crate::failure::{Failure, causes};
use crate::progress::Progress;
use crate::session::Session;
use crate::unread::Unread;

/// So many inputs are read before they are put together. Bounds what is held
/// twice; what is put together does not depend on it.
const INPUTS_AT_A_TIME: usize = 64;

/// A thread's buffers, reused from one input to the next.
struct Worker {
    reader: Reader,
    bytes: Vec<u8>,
}

/// What reading one input came to.
struct Read {
    batch: Batch,
    problem: Option<SourceError>,
}

/// Reads all inputs. What cannot be read is added to `unread`; the others are
/// read all the same.
pub(crate) fn gather(
    session: &Session<'_>,
    progress: &Progress,
    unread: &mut Unread,
) -> Result<Gathering, Failure> {
    let mut gathering = Gathering::default();
    read_each(session, progress, unread, &mut |_, batch, _| {
        gathering.absorb(batch);
    })?;
    Ok(gathering)
}

/// Reads all inputs and hands over what each held, in their order, and whether
/// that is all of it.
pub(crate) fn read_each(
    session: &Session<'_>,
    progress: &Progress,
    unread: &mut Unread,
    take: &mut (dyn FnMut(&Input, Batch, bool) + Send),
) -> Result<(), Failure> {
    let workers = Mutex::new(Vec::new());
    let _ahead = Ahead::of(&session.found.inputs);
    let mut ready = Vec::new();
    for inputs in session.found.inputs.chunks(INPUTS_AT_A_TIME) {
        // One chunk is put together while the next is read.
        let (read, ()) = rayon::join(
            || read_all(inputs, session, progress, &workers),
            || hand_over(take, unread, std::mem::take(&mut ready)),
        );
        if session.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        ready = inputs.iter().zip(read).collect();
    }
    hand_over(take, unread, ready);
    Ok(())
}

/// Reads from a lake what the inputs that it took in would bring.
pub(crate) fn gather_lake(
    lake: &Path,
    session: &Session<'_>,
    unread: &mut Unread,
) -> Result<Gathering, Failure> {
    let needs = Needs {
        interest: &session.wants.interest,
        window: session.wants.window,
        max_inflated_bytes: session.max_inflated_bytes(),
        stop: &|| session.interrupt.is_set(),
    };
    let gathering = Lake::open(lake)?.gather(&needs, &mut |origin, told| match told {
        LakeUnread::Input(why) => unread.add_input(origin, why.to_owned()),
        LakeUnread::Pieces(rejects, more) => {
            unread.add_rejects(origin, rejects);
            if more > 0 {
                unread.add_input(origin, format!("{more} more pieces like these"));
            }
        }
    })?;
    Ok(gathering)
}

fn hand_over(
    take: &mut (dyn FnMut(&Input, Batch, bool) + Send),
    unread: &mut Unread,
    inputs: Vec<(&Input, Read)>,
) {
    for (input, read) in inputs {
        let is_whole = read.problem.is_none();
        if let Some(problem) = read.problem {
            unread.add_input(input.origin(), format!("failed to {}", causes(&problem)));
        }
        unread.add_rejects(input.origin(), read.batch.rejects());
        let unlisted = read.batch.unlisted_rejects();
        if unlisted > 0 {
            unread.add_input(input.origin(), format!("{unlisted} more pieces like these"));
        }
        take(input, read.batch, is_whole);
    }
}

fn read_all(
    inputs: &[Input],
    session: &Session<'_>,
    progress: &Progress,
    workers: &Mutex<Vec<Worker>>,
) -> Vec<Read> {
    inputs
        .par_iter()
        .map(|input| {
            if session.interrupt.is_set() {
                return Read {
                    batch: Batch::empty(input.origin()),
                    problem: None,
                };
            }
            let idle = lock(workers).pop();
            let mut worker = idle.unwrap_or_else(|| Worker::new(session));
            let read = worker.read(input, session);
            progress.file_done(worker.bytes.len() as u64);
            lock(workers).push(worker);
            read
        })
        .collect()
}

impl Worker {
    fn new(session: &Session<'_>) -> Worker {
        let max_bytes = usize::try_from(session.max_inflated_bytes()).unwrap_or(usize::MAX);
        Worker {
            reader: Reader::new(session.wants.interest.clone(), max_bytes),
            bytes: Vec::new(),
        }
    }

    fn read(&mut self, input: &Input, session: &Session<'_>) -> Read {
        // One byte more than the limit shows that there is more.
        let most = session.max_inflated_bytes().saturating_add(1);
        let problem = input.read_at_most(most, &mut self.bytes).err();
        // What came before a problem is evidence all the same.
        let mut batch = if self.bytes.is_empty() && problem.is_some() {
            Batch::empty(input.origin())
        } else {
            Batch::read(
                input.origin(),
                &self.bytes,
                &mut self.reader,
                &session.wants.window,
            )
        };
        if session.wants.hash {
            batch = batch.with_sha256(sha256(&self.bytes));
        }
        Read { batch, problem }
    }
}

/// A worker that panicked left nothing that the next one relies on.
fn lock(workers: &Mutex<Vec<Worker>>) -> std::sync::MutexGuard<'_, Vec<Worker>> {
    workers.lock().unwrap_or_else(PoisonError::into_inner)
}
