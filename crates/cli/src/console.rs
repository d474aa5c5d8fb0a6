//! The only place that writes to the terminal: data to standard output,
//! everything else to standard error.

use std::io::{self, IsTerminal, Write};

/// Writes a line for people to standard error. That nobody reads it is no
/// reason to stop.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes data to standard output.
pub(crate) fn write_out(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write(&mut out)?;
    out.flush()
}

/// Returns the terminal's width where standard output is one.
pub(crate) fn width() -> Option<u16> {
    io::stdout().is_terminal().then(|| {
        let (_, columns) = console_size();
        columns
    })
}

/// Reads rows and columns of the terminal, 80 columns where it does not tell.
fn console_size() -> (u16, u16) {
    console::Term::stdout().size_checked().unwrap_or((24, 80))
}
