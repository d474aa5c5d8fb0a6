//! What could not be read: named on standard error, in full in a file where
//! the user asks for one.

use std::path::Path;

use earwitness_export::{ExportError, visible, write_file};
use earwitness_parser::Reject;
use earwitness_sources::Problem;

use crate::console;

/// So many are named on standard error, and so many of any one input.
const SHOWN: usize = 40;
const SHOWN_OF_ONE: usize = 3;

/// Everything of the inputs that could not be read.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    origin: String,
    reject: Option<Reject>,
    why: String,
}

impl Unread {
    /// Begins with what could not be listed.
    pub(crate) fn of(problems: &[Problem]) -> Unread {
        let mut unread = Unread::default();
        for problem in problems {
            unread.add_input(&problem.origin, problem.why.to_string());
        }
        unread
    }

    /// Adds an input that could not be read at all, or only in part.
    pub(crate) fn add_input(&mut self, origin: &str, why: String) {
        self.entries.push(Entry {
            origin: origin.to_owned(),
            reject: None,
            why,
        });
    }

    /// Adds the rejects of one input.
    pub(crate) fn add_rejects(&mut self, origin: &str, rejects: &[Reject]) {
        self.entries.extend(rejects.iter().map(|reject| Entry {
            origin: origin.to_owned(),
            reject: Some(reject.clone()),
            why: reject.reason.to_string(),
        }));
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names them on standard error, a few of each input.
    pub(crate) fn say(&self) {
        self.say_as("not read", "; --rejects-file PATH lists them all");
    }

    /// Names them in these words, and where there are too many, what lists them.
    pub(crate) fn say_as(&self, what: &str, all: &str) {
        let mut shown = 0;
        let of_one = self.entries.chunk_by(|a, b| a.origin == b.origin);
        for entries in of_one {
            let room = SHOWN_OF_ONE.min(SHOWN - shown);
            for entry in entries.iter().take(room) {
                console::say(&format!("{what}: {entry}"));
            }
            shown += entries.len().min(room);
        }
        if shown < self.entries.len() {
            console::say(&format!("{what}: {} more{all}", self.entries.len() - shown));
        }
    }

    /// Writes them all as JSON lines.
    pub(crate) fn write(&self, path: &Path, force: bool) -> Result<(), ExportError> {
        write_file(path, force, |out| {
            for entry in &self.entries {
                let position = entry.reject.as_ref().map(|reject| reject.position);
                let line = serde_json::json!({
                    "input": entry.origin,
                    "record_index": position.map(|position| position.index),
                    "byte_offset": position.map(|position| position.offset),
                    "reason": entry.why,
                });
                writeln!(out, "{line}").map_err(ExportError::Write)?;
            }
            Ok(())
        })
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.origin)?;
        if let Some(reject) = &self.reject {
            let position = reject.position;
            write!(f, ", record {} at byte {}", position.index, position.offset)?;
        }
        write!(f, ": {}", visible(&self.why))
    }
}
