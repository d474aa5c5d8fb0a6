use std::io::{self, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;

/// Whether the user wants the run to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<Signals>);

#[derive(Debug, Default)]
struct Signals {
    heard: AtomicBool,
    /// Nothing is under way that an end at once would leave half done.
    free: AtomicBool,
}

impl Interrupt {
    /// Listens for Ctrl-C and the signals that ask a process to end. The first
    /// lets the run end in order; the second ends it at once.
    ///
    /// # Errors
    /// When the system gives no handler.
    pub(crate) fn listen() -> Result<Self, ctrlc::Error> {
        let interrupt = Self::default();
        match ctrlc::try_set_handler(interrupt.handler()) {
            // Whoever started the run has it ignore a signal, as nohup does,
            // and that is theirs to decide.
            Err(ctrlc::Error::MultipleHandlers) => Ok(interrupt),
            listening => listening.map(|()| interrupt),
        }
    }

    fn handler(&self) -> impl FnMut() + use<> {
        let heard = self.clone();
        move || {
            if heard.set() || heard.0.free.load(Ordering::Relaxed) {
                process::exit(Exit::Interrupted.code().into());
            }
        }
    }

    /// Returns true once a signal came.
    pub(crate) fn is_set(&self) -> bool {
        self.0.heard.load(Ordering::Relaxed)
    }

    /// Runs work that cannot look at signals and writes nothing: a signal
    /// meanwhile ends the run at once.
    pub(crate) fn let_end<R>(&self, work: impl FnOnce() -> R) -> R {
        self.0.free.store(true, Ordering::Relaxed);
        let result = work();
        self.0.free.store(false, Ordering::Relaxed);
        result
    }

    /// Wraps what is written to, so that a signal ends the writing in order.
    pub(crate) fn writer<'a>(&'a self, out: &'a mut dyn Write) -> impl Write + 'a {
        Interruptible {
            interrupt: self,
            out,
        }
    }

    /// Notes a signal and returns whether there was one before.
    fn set(&self) -> bool {
        self.0.heard.swap(true, Ordering::Relaxed)
    }
}

struct Interruptible<'a> {
    interrupt: &'a Interrupt,
    out: &'a mut dyn Write,
}

impl Write for Interruptible<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.interrupt.is_set() {
            // `ErrorKind::Interrupted` would only make the caller try again.
            return Err(io::Error::other("interrupted"));
        }
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_signal_is_known_as_such() {
        let interrupt = Interrupt::default();
        assert!(!interrupt.is_set());
        assert!(!interrupt.set());
        assert!(interrupt.is_set());
        assert!(interrupt.set());
    }

    // The signal meets the whole test process, so this must stay the only one.
    #[cfg(unix)]
    #[test]
    fn a_signal_is_heard() {
        use std::time::{Duration, Instant};

        let interrupt = Interrupt::default();
        // Also where whoever runs the tests ignores signals.
        ctrlc::set_handler(interrupt.handler()).unwrap();
        let id = process::id().to_string();
        let mut kill = process::Command::new("sh");
        let sent = kill.args(["-c", "kill -TERM $0", &id]).status();
        assert!(sent.unwrap().success());
        let started = Instant::now();
        while !interrupt.is_set() {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "no signal came"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
