//! Where everything lies in a lake's folder.
//!
//! ```text
//! events/account=111122223333/region=us-east-1/date=2026-03-01/RUN-0001.parquet
//! contacts/RUN-0002.parquet
//! documents/RUN-0003.parquet
//! _earwitness/ledgers/00000001.json
//! _earwitness/runs/RUN
//! ```
//!
//! A name that begins with `_` or `.` is passed over by Spark, Athena and Trino:
//! a data file has one until the ledger that names it has landed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use earwitness_parser::{Event, Timestamp};

use crate::error::LakeError;

/// A lake's folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Finds the folder of a lake that is there.
    ///
    /// # Errors
    /// When there is none, or it is the folder of something else.
    pub(crate) fn of(path: &Path) -> Result<Folder, LakeError> {
        let folder = Folder(path.to_owned());
        match fs::metadata(path) {
            Ok(_) if folder.ledgers().is_dir() => Ok(folder),
            Ok(_) => Err(LakeError::NotALake {
                path: path.to_owned(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LakeError::NotThere {
                path: path.to_owned(),
            }),
            Err(error) => Err(LakeError::io("open lake", path)(error)),
        }
    }

    /// Finds the folder of a lake, or makes one where there is nothing.
    ///
    /// # Errors
    /// When it is the folder of something else, or cannot be made.
    pub(crate) fn of_new(path: &Path) -> Result<Folder, LakeError> {
        let found = Folder::of(path);
        match found {
            Err(LakeError::NotThere { .. }) => {}
            // Another run may be making it right now.
            Err(LakeError::NotALake { .. }) if is_empty(path) || folder_begun(path) => {}
            found => return found,
        }
        let folder = Folder(path.to_owned());
        for part in [folder.runs(), folder.ledgers()] {
            fs::create_dir_all(&part).map_err(LakeError::io("make lake", path))?;
        }
        Ok(folder)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn ledgers(&self) -> PathBuf {
        self.0.join("_earwitness").join("ledgers")
    }

    pub(crate) fn runs(&self) -> PathBuf {
        self.0.join("_earwitness").join("runs")
    }

    /// Returns where a data file lies once its ledger has landed.
    pub(crate) fn data(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Returns where it lies before.
    pub(crate) fn hidden(&self, path: &str) -> PathBuf {
        match path.rsplit_once('/') {
            Some((folder, name)) => self.0.join(folder).join(format!("_{name}")),
            None => self.0.join(format!("_{path}")),
        }
    }

    /// Opens a data file that a ledger names: what was to be renamed may still
    /// have its hidden name.
    pub(crate) fn open_data(&self, path: &str) -> Result<File, LakeError> {
        let visible = self.data(path);
        let found = match File::open(&visible) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Between the two looks it may have been renamed.
                File::open(self.hidden(path)).or_else(|_| File::open(&visible))
            }
            found => found,
        };
        found.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => LakeError::MissingData { path: visible },
            _ => LakeError::io("read", &visible)(error),
        })
    }
}

fn folder_begun(path: &Path) -> bool {
    path.join("_earwitness").is_dir()
}

fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Waits until the names in a folder are on the disk. Not every system lets a
/// folder be opened for that.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LakeError> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(LakeError::io("write", folder))?;
    }
    Ok(())
}

/// Returns the folder of an event, by account, region and day of the event in
/// UTC. What a record says in their place is text of anyone's: what is no
/// account or region becomes `unknown`.
pub(crate) fn partition(event: &Event<'_>, time: Timestamp) -> String {
    let is_account =
        |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_region = |text: &&str| {
        text.len() <= 32
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let account = event.account_id().filter(is_account).unwrap_or("unknown");
    let region = event.aws_region.get().filter(is_region);
    let region = region.unwrap_or("unknown");
    let time = time.to_string();
    let date = time.get(..10).unwrap_or("unknown");
    format!("events/account={account}/region={region}/date={date}")
}
