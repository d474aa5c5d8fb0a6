//! Lists what there is to read, and what of it is new.

use std::ffi::OsString;
use std::thread;
use std::time::{Duration, Instant};

use earwitness_sources::{Input, SourceError};

use super::ledger::Ledger;
use crate::args::ReadingArgs;
use crate::failure::Failure;
use crate::input_version::version;
use crate::interrupt::Interrupt;
use crate::session::{Wants, find};

/// A file that is not the same after so long is still being written.
const SETTLES_IN: Duration = Duration::from_secs(1);
const LISTEN: Duration = Duration::from_millis(50);

/// An input as it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrival {
    pub(crate) input: Input,
    pub(crate) version: String,
}

impl Arrival {
    /// Tells whether this content of the input was read already.
    fn is_known(&self, ledger: &Ledger) -> bool {
        ledger.seen(self.input.origin()).is_some_and(|seen| {
            seen.bytes == self.input.size_hint() && seen.version == self.version
        })
    }
}

/// Lists everything there is. A folder that nothing is in has nothing yet.
pub(crate) fn list(
    inputs: &[OsString],
    wants: &Wants,
    how: &ReadingArgs,
    interrupt: &Interrupt,
) -> Result<Vec<Arrival>, Failure> {
    let mut arrivals: Vec<Arrival> = Vec::new();
    for input in inputs {
        let found = match find(std::slice::from_ref(input), wants, how, interrupt) {
            Ok(found) => found.inputs,
            Err(SourceError::Empty { .. } | SourceError::Nothing { .. }) => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        arrivals.extend(found.into_iter().map(|input| Arrival {
            version: version(&input),
            input,
        }));
    }
    Ok(arrivals)
}

/// Returns what is new among all there is, with all there is. Waits to see
/// whether files are whole.
pub(crate) fn arrived(
    ledger: &Ledger,
    list: &dyn Fn() -> Result<Vec<Arrival>, Failure>,
    interrupt: &Interrupt,
) -> Result<(Vec<Arrival>, Vec<Arrival>), Failure> {
    let is_new = |arrival: &&Arrival| !arrival.is_known(ledger);
    let all = list()?;
    let new: Vec<Arrival> = all.iter().filter(is_new).cloned().collect();
    // Objects come whole.
    if !new.iter().any(|one| matches!(one.input, Input::File(_))) {
        return Ok((new, all));
    }
    pause(SETTLES_IN, interrupt)?;
    let all = list()?;
    let new = all.iter().filter(is_new).filter(|one| new.contains(one));
    Ok((new.cloned().collect(), all))
}

/// Waits, unless the user wants the run to end.
pub(crate) fn pause(span: Duration, interrupt: &Interrupt) -> Result<(), Failure> {
    let began = Instant::now();
    while began.elapsed() < span {
        if interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        thread::sleep(LISTEN.min(span));
    }
    Ok(())
}
