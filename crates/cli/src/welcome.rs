//! What the program says to somebody who has just met it.

use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Commands to begin with, and what they do.
const FIRST: [(&str, &str); 3] = [
    ("earwitness reports", "the questions that it answers"),
    (
        "earwitness report who-deleted logs/",
        "one of them, of a folder with CloudTrail logs",
    ),
    (
        "earwitness dashboard logs/ --out-file week.html",
        "several of them, as a page to click through",
    ),
];

/// Says what the program is for, and three commands to try.
pub(crate) fn welcome() -> Result<Exit, Failure> {
    console::write_out(|out| {
        out.write_all(
            b"earwitness answers from AWS CloudTrail who deleted, listened to, downloaded or tried to reach which
contact-centre recording, and how sure that is. It reads logs where they lie and sends nothing anywhere.

Three commands to try:
",
        )?;
        for (command, what) in FIRST {
            writeln!(out, "  {command:<48}  {what}")?;
        }
        out.write_all(
            b"
Logs may be files, folders or s3://BUCKET/PREFIX. `earwitness --help` lists all commands.
",
        )
    })?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Args;

    #[test]
    fn the_first_commands_can_be_typed() {
        for (command, _) in FIRST {
            Args::try_parse_from(command.split(' ')).unwrap();
        }
    }
}
