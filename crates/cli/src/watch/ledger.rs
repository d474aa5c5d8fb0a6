//! Notes what was read and printed: a file of JSON lines, to which each look
//! adds one when its rows are out.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use earwitness_export::{ExportError, write_file};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, failed_at, shown_path};

/// What was read and printed so far.
#[derive(Debug)]
pub(crate) struct Ledger {
    path: PathBuf,
    file: File,
    inputs: HashMap<String, Seen>,
    /// Hashes of the rows that were printed, by the hash of what they are about.
    printed: HashMap<String, HashSet<String>>,
}

/// What is known of an input that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) input: String,
    pub(crate) bytes: u64,
    /// Tells its content from what else it may hold.
    pub(crate) version: String,
    /// When the first event lies that the report is about, in microseconds since
    /// 1970.
    pub(crate) first_event: Option<i64>,
    /// When the last one does.
    pub(crate) last_event: Option<i64>,
    /// Whether it tells of contacts or people.
    pub(crate) tells_names: bool,
}

/// A row that was printed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Printed {
    /// The hash of what the row is about.
    pub(crate) about: String,
    /// The hash of the whole row.
    pub(crate) row: String,
}

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Heading {
    earwitness_watch: u32,
    /// Tells one question from another.
    question_sha256: String,
}

/// A line of a look.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Look {
    inputs: Vec<Seen>,
    rows: Vec<Printed>,
}

impl Ledger {
    /// Opens what an earlier watch noted; `None` where there was none. What one
    /// that died left half written is taken away.
    ///
    /// # Errors
    /// When the file cannot be read, is something else or of another question.
    pub(crate) fn open(path: &Path, question_sha256: &str) -> Result<Option<Ledger>, Failure> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed_at("read", path)(error)),
        };
        let whole = text.iter().rposition(|byte| *byte == b'\n');
        let whole = whole.map_or(0, |place| place + 1);
        let (text, half) = text.split_at(whole);
        let mut lines = text.split(|byte| *byte == b'\n');
        let heading = lines.next().unwrap_or_default();
        let heading: Heading = serde_json::from_slice(heading).map_err(|_| {
            wrong(
                path,
                "it is no state of `earwitness watch`; name another file",
            )
        })?;
        if heading.earwitness_watch != 1 || heading.question_sha256 != question_sha256 {
            return Err(wrong(
                path,
                "it is of another question or other inputs; name another file with --state",
            ));
        }
        let mut ledger = Ledger {
            path: path.to_owned(),
            file: append(path)?,
            inputs: HashMap::new(),
            printed: HashMap::new(),
        };
        for line in lines.filter(|line| !line.is_empty()) {
            let look = serde_json::from_slice(line)
                .map_err(|error| wrong(path, &format!("a line of it makes no sense ({error})")))?;
            ledger.know(look);
        }
        if !half.is_empty() {
            ledger
                .file
                .set_len(whole as u64)
                .map_err(failed_at("write", path))?;
        }
        Ok(Some(ledger))
    }

    /// Begins to note, with inputs whose rows are not printed.
    pub(crate) fn begin(
        path: &Path,
        question_sha256: &str,
        inputs: Vec<Seen>,
    ) -> Result<Ledger, Failure> {
        let heading = Heading {
            earwitness_watch: 1,
            question_sha256: question_sha256.to_owned(),
        };
        let look = Look {
            inputs,
            rows: Vec::new(),
        };
        let text = line(&heading)? + &line(&look)?;
        write_file(path, false, |out| {
            out.write_all(text.as_bytes()).map_err(ExportError::Write)
        })?;
        let mut ledger = Ledger {
            path: path.to_owned(),
            file: append(path)?,
            inputs: HashMap::new(),
            printed: HashMap::new(),
        };
        ledger.know(look);
        Ok(ledger)
    }

    /// Notes what was read, and the rows that were printed for it.
    pub(crate) fn note(&mut self, inputs: Vec<Seen>, rows: Vec<Printed>) -> Result<(), Failure> {
        let look = Look { inputs, rows };
        let line = line(&look)?;
        let written = self.file.write_all(line.as_bytes());
        let written = written.and_then(|()| self.file.sync_data());
        written.map_err(failed_at("write", &self.path))?;
        self.know(look);
        Ok(())
    }

    /// Returns what is known of an input.
    pub(crate) fn seen(&self, input: &str) -> Option<&Seen> {
        self.inputs.get(input)
    }

    /// Returns when the latest event lies of all that was read.
    pub(crate) fn last_event(&self) -> Option<i64> {
        self.inputs
            .values()
            .filter_map(|seen| seen.last_event)
            .max()
    }

    /// Returns the rows that were printed of something.
    pub(crate) fn printed(&self, about: &str) -> Option<&HashSet<String>> {
        self.printed.get(about)
    }

    fn know(&mut self, look: Look) {
        let inputs = look.inputs.into_iter();
        self.inputs
            .extend(inputs.map(|seen| (seen.input.clone(), seen)));
        for Printed { about, row } in look.rows {
            self.printed.entry(about).or_default().insert(row);
        }
    }
}

fn append(path: &Path) -> Result<File, Failure> {
    let file = File::options().append(true).open(path);
    file.map_err(failed_at("write", path))
}

fn line(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string(value).map_err(Failure::failed)?;
    Ok(text + "\n")
}

fn wrong(path: &Path, why: &str) -> Failure {
    Failure::usage(anyhow!("failed to go on from {}: {why}", shown_path(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(input: &str, last_event: i64) -> Seen {
        Seen {
            input: input.to_owned(),
            bytes: 1,
            version: "1".to_owned(),
            first_event: Some(1),
            last_event: Some(last_event),
            tells_names: false,
        }
    }

    fn printed(about: &str, row: &str) -> Printed {
        Printed {
            about: about.to_owned(),
            row: row.to_owned(),
        }
    }

    #[test]
    fn what_was_noted_is_known_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        assert!(Ledger::open(&path, "q").unwrap().is_none());
        let mut ledger = Ledger::begin(&path, "q", vec![seen("a", 5)]).unwrap();
        ledger
            .note(
                vec![seen("b", 9)],
                vec![printed("x", "1"), printed("x", "2")],
            )
            .unwrap();
        drop(ledger);
        let ledger = Ledger::open(&path, "q").unwrap().unwrap();
        assert_eq!(ledger.seen("a"), Some(&seen("a", 5)));
        assert_eq!(ledger.last_event(), Some(9));
        assert_eq!(ledger.printed("x").map(HashSet::len), Some(2));
        assert!(ledger.printed("y").is_none());
        Ledger::open(&path, "another").unwrap_err();
    }

    #[test]
    fn a_line_that_was_cut_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        drop(Ledger::begin(&path, "q", Vec::new()).unwrap());
        let whole = fs::read(&path).unwrap();
        let cut = b"{\"inputs\":[{\"input\":\"a\"";
        fs::write(&path, [&whole[..], cut].concat()).unwrap();
        let mut ledger = Ledger::open(&path, "q").unwrap().unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
        ledger.note(vec![seen("a", 5)], Vec::new()).unwrap();
        let ledger = Ledger::open(&path, "q").unwrap().unwrap();
        assert!(ledger.seen("a").is_some());
    }

    #[test]
    fn another_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        fs::write(&path, "notes\n").unwrap();
        Ledger::open(&path, "q").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"notes\n");
    }
}
