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

/// Returns the terminal's width in columns where standard output is one, 80
/// where it does not tell.
pub(crate) fn width() -> Option<u16> {
    let size = || console::Term::stdout().size_checked();
    let columns = || size().map_or(80, |(_, columns)| columns);
    io::stdout().is_terminal().then(columns)
}
