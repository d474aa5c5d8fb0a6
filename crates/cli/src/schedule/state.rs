//! What a job has written so far: plain files in `_earwitness/JOB` beside its
//! reports, to be read and, if need be, removed by people.
//!
//! - `windows/2026-03.json`: that a report of this window was written, of what,
//!   and which files it has. `2026-03.rev2.json` is its second revision. Such a
//!   file lands whole, once, and is never changed.
//! - `rows/2026-03`: a hash of each row, by which a later run tells what changed.
//! - `looks/2026-03.json`: with which inputs the window was looked at last.
//! - `hooks/2026-03.json`: that `on_success` was run.
//! - `staged/`: files on their way.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use earwitness_export::{ExportError, write_file};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::destination::Place;
use super::job::Job;
use super::period::Period;
use crate::failure::{Failure, failed_at as failed, shown_path as shown};
use crate::moment;

/// The folder below a job's destination that holds the state of all jobs.
pub(crate) const FOLDER: &str = "_earwitness";

/// What a job has written so far.
#[derive(Debug)]
pub(crate) struct State {
    folder: PathBuf,
    place: Arc<Place>,
}

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) job: String,
    pub(crate) report: String,
    /// The window's name.
    pub(crate) window: String,
    #[serde(with = "moment")]
    pub(crate) since: DateTime<Utc>,
    #[serde(with = "moment")]
    pub(crate) until: DateTime<Utc>,
    /// 1 is the first.
    pub(crate) revision: u32,
    /// The exit code that `earwitness report` ends with.
    pub(crate) exit: u8,
    pub(crate) rows: u64,
    /// Rows that the revision before did not have, and that only it had.
    pub(crate) rows_added: u64,
    /// See `rows_added`.
    pub(crate) rows_removed: u64,
    /// Tells one question from another.
    pub(crate) question_sha256: String,
    pub(crate) inputs: Listing,
    pub(crate) files: Vec<WrittenFile>,
    #[serde(with = "moment")]
    pub(crate) written_at: DateTime<Utc>,
    /// Whether `on_success` is to be run.
    pub(crate) hook: bool,
}

/// Which inputs there were, by name, size and time of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub(crate) count: u64,
    pub(crate) sha256: String,
}

/// A file of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WrittenFile {
    pub(crate) name: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// That `on_success` was run.
#[derive(Debug, Serialize, Deserialize)]
struct HookRun {
    #[serde(with = "moment")]
    ran_at: DateTime<Utc>,
}

impl Record {
    /// Returns the name of the window with its revision.
    pub(crate) fn name(&self) -> String {
        match self.revision {
            0 | 1 => self.window.clone(),
            revision => format!("{}.rev{revision}", self.window),
        }
    }

    pub(crate) fn period(&self) -> Period {
        Period {
            name: self.window.clone(),
            since: self.since,
            until: self.until,
        }
    }
}

impl State {
    pub(crate) fn of(job: &Job, place: Arc<Place>) -> State {
        State {
            folder: place.root().join(FOLDER).join(&job.name),
            place,
        }
    }

    /// Makes the folders.
    pub(crate) fn prepare(&self) -> Result<(), Failure> {
        for part in ["windows", "rows", "looks", "hooks", "staged"] {
            let folder = self.folder.join(part);
            fs::create_dir_all(&folder).map_err(failed("make the folder", &folder))?;
        }
        Ok(())
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Returns the folder of files on their way.
    pub(crate) fn staged(&self) -> PathBuf {
        self.folder.join("staged")
    }

    /// Returns what was written, by window and revision.
    pub(crate) fn records(&self) -> Result<Vec<Record>, Failure> {
        let folder = self.folder.join("windows");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed("list", &folder)(error)),
        };
        let mut records: Vec<Record> = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed("list", &folder))?.path();
            let is_hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
            if path.extension() == Some(OsStr::new("json"))
                && !path.file_name().is_some_and(is_hidden)
            {
                records.extend(read::<Record>(&path)?);
            }
        }
        records.sort_by(|a, b| {
            (a.since, &a.window, a.revision).cmp(&(b.since, &b.window, b.revision))
        });
        Ok(records)
    }

    /// Lets a record land; returns false where another run has landed one of its
    /// name meanwhile.
    pub(crate) fn land(&self, record: &Record, rows: &[String]) -> Result<bool, Failure> {
        self.place.stage(&self.staged(), record)?;
        let name = record.name();
        let mut text = rows.join("\n");
        text.push('\n');
        self.write(&self.folder.join("rows").join(&name), &text)?;
        let path = self.folder.join("windows").join(format!("{name}.json"));
        let written = write_file(&path, false, |out| {
            let text = serde_json::to_string_pretty(record).map_err(io::Error::other);
            let text = text.map_err(ExportError::Write)?;
            writeln!(out, "{text}").map_err(ExportError::Write)
        });
        match written {
            Err(ExportError::Exists { .. }) => return Ok(false),
            other => other?,
        }
        sync_folder(&self.folder.join("windows"))?;
        self.place.keep(&path, false)
    }

    /// Returns the hashes of a record's rows.
    pub(crate) fn rows(&self, record: &Record) -> Result<Vec<String>, Failure> {
        let path = self.folder.join("rows").join(record.name());
        let text = fs::read_to_string(&path).map_err(failed("read", &path))?;
        let lines = text.lines().filter(|line| !line.is_empty());
        Ok(lines.map(str::to_owned).collect())
    }

    /// Returns with which inputs a window was looked at last without there being
    /// anything new.
    pub(crate) fn last_look(&self, window: &str) -> Result<Option<Listing>, Failure> {
        read(&self.look_path(window))
    }

    /// Notes with which inputs a window was looked at.
    pub(crate) fn note_look(&self, window: &str, inputs: &Listing) -> Result<(), Failure> {
        self.write(&self.look_path(window), &json(inputs)?)
    }

    /// Tells whether `on_success` is still to be run for a record.
    pub(crate) fn awaits_hook(&self, record: &Record) -> bool {
        record.hook && !self.hook_path(record).exists()
    }

    /// Notes that `on_success` was run.
    pub(crate) fn note_hook(&self, record: &Record, ran_at: DateTime<Utc>) -> Result<(), Failure> {
        self.write(&self.hook_path(record), &json(&HookRun { ran_at })?)
    }

    /// Writes a file of the state in place of the one before.
    fn write(&self, path: &Path, text: &str) -> Result<(), Failure> {
        write_file(path, true, |out| {
            out.write_all(text.as_bytes()).map_err(ExportError::Write)
        })?;
        self.place.keep(path, true)?;
        Ok(())
    }

    fn look_path(&self, window: &str) -> PathBuf {
        self.folder.join("looks").join(format!("{window}.json"))
    }

    fn hook_path(&self, record: &Record) -> PathBuf {
        let name = record.name();
        self.folder.join("hooks").join(format!("{name}.json"))
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path)(error)),
    };
    let read = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::failed(anyhow!(
            "failed to read {}: {error}; mend it, or remove it to have its window done again",
            shown(path)
        ))
    })?;
    Ok(Some(read))
}

fn json(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::failed)?;
    Ok(text + "\n")
}

/// Waits until the names in a folder are on the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Failure> {
    // Elsewhere a folder cannot be opened.
    if cfg!(unix) {
        let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(failed("write", folder))?;
    }
    Ok(())
}
