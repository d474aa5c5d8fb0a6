//! The folder that a job's reports stand in.
//!
//! 1. A window's files are written below `staged/`, and waited for until they are
//!    on the disk.
//! 2. The record of the window lands: from then on the report is there.
//! 3. The files take their places by renames that replace nothing.
//!
//! A run that dies before step 2 leaves files that no record names, which the
//! next run takes away; one that dies behind it leaves files on their way, which
//! the next run puts into their places.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use earwitness_proof::sha256;
use tempfile::TempPath;

use super::destination::{Place, taken};
use super::state::{Record, State, WrittenFile, sync_folder};
use crate::failure::{Failure, failed_at as failed};

/// The folder that a job's reports stand in.
#[derive(Debug)]
pub(crate) struct Shelf {
    place: Arc<Place>,
    staged: PathBuf,
}

/// Files on their way; they go away with it unless a record has landed.
#[derive(Debug)]
pub(crate) struct Staged<'s> {
    shelf: &'s Shelf,
    names: Vec<String>,
    landed: bool,
}

impl Shelf {
    pub(crate) fn of(place: Arc<Place>, state: &State) -> Shelf {
        Shelf {
            place,
            staged: state.staged(),
        }
    }

    /// Returns how people know a file of a report.
    pub(crate) fn path(&self, name: &str) -> String {
        self.place.path(name)
    }

    /// Ends what runs that died left undone.
    pub(crate) fn settle(&self, records: &[Record]) -> Result<(), Failure> {
        for file in records.iter().flat_map(|record| &record.files) {
            self.place.recall(&self.staged, file)?;
        }
        let entries = fs::read_dir(&self.staged).map_err(failed("list", &self.staged))?;
        for entry in entries {
            let entry = entry.map_err(failed("list", &self.staged))?;
            let name = entry.file_name();
            let mut files = records.iter().flat_map(|record| &record.files);
            match files.find(|file| *file.name == *name) {
                Some(file) => self.place(file)?,
                None => fs::remove_file(entry.path()).map_err(failed("remove", &entry.path()))?,
            }
        }
        sync_folder(self.place.root())
    }

    /// Begins a window's files.
    pub(crate) fn stage(&self) -> Staged<'_> {
        Staged {
            shelf: self,
            names: Vec::new(),
            landed: false,
        }
    }

    /// Moves a file to its place, where nothing of another content stands.
    fn place(&self, file: &WrittenFile) -> Result<(), Failure> {
        let from = self.staged.join(&file.name);
        let to = self.place.root().join(&file.name);
        let placed = TempPath::try_from_path(&from).map_err(failed("move", &from))?;
        match placed.persist_noclobber(&to) {
            Ok(()) => match self.place.place(&self.staged, file)? {
                Some(there) if sha256(&there) != file.sha256 => Err(taken(&self.path(&file.name))),
                _ => Ok(()),
            },
            Err(error) => {
                // It would go with its guard, and is all there is of the report.
                let kept = error.path.keep();
                kept.map_err(|error| failed("keep", &from)(error.error))?;
                if error.error.kind() != io::ErrorKind::AlreadyExists {
                    return Err(failed("write", &to)(error.error));
                }
                let there = fs::read(&to).map_err(failed("read", &to))?;
                if sha256(&there) != file.sha256 {
                    return Err(taken(&self.path(&file.name)));
                }
                fs::remove_file(&from).map_err(failed("remove", &from))
            }
        }
    }
}

impl Staged<'_> {
    /// Adds a file and returns where to write it.
    ///
    /// # Errors
    /// When its place is taken.
    pub(crate) fn add(&mut self, name: &str) -> Result<PathBuf, Failure> {
        if self.shelf.place.has(name) {
            return Err(taken(&self.shelf.path(name)));
        }
        self.names.push(name.to_owned());
        Ok(self.shelf.staged.join(name))
    }

    /// Describes the files as they lie on the disk.
    pub(crate) fn written(&self) -> Result<Vec<WrittenFile>, Failure> {
        sync_folder(&self.shelf.staged)?;
        let describe = |name: &String| {
            let path = self.shelf.staged.join(name);
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            Ok(WrittenFile {
                name: name.clone(),
                bytes: bytes.len() as u64,
                sha256: sha256(&bytes),
            })
        };
        self.names.iter().map(describe).collect()
    }

    /// Puts the files into their places, once their record has landed.
    pub(crate) fn place(mut self, files: &[WrittenFile]) -> Result<(), Failure> {
        self.landed = true;
        files.iter().try_for_each(|file| self.shelf.place(file))?;
        sync_folder(self.shelf.place.root())
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if self.landed {
            return;
        }
        for name in &self.names {
            let _ = fs::remove_file(self.shelf.staged.join(name));
        }
    }
}
