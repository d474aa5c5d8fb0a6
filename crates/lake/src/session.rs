//! One run that writes: everything of it becomes true at once, or nothing.
//!
//! 1. The run locks a file of its name in `_earwitness/runs` and notes in it
//!    each data file that it begins.
//! 2. Data files are written under hidden names, and waited for until they are on
//!    the disk.
//! 3. The ledger lands by a rename that replaces nothing: from then on, readers
//!    of ledgers see all of the run. Where its number is taken, another run
//!    committed meanwhile: what it said is looked at, and the next number tried.
//! 4. Data files get their visible names, what they replace is removed, and the
//!    file of the run goes.
//!
//! A run that dies before step 3 leaves hidden files that no ledger names; one
//! that dies behind it leaves files that still have hidden names, which readers
//! open all the same. The next run that writes finds the file that nobody locks
//! any more, and takes away the one or goes on with the other.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File, TryLockError};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::data_file::DataFile;
use crate::error::LakeError;
use crate::folder::{Folder, sync_folder};
use crate::ledger::{FileEntry, Kind, Ledger, Table, file_name, number_of, unlanded_file_name};
use crate::state::State;

/// A run that writes.
pub(crate) struct Session {
    pub(crate) folder: Folder,
    pub(crate) run: String,
    /// Locked as long as the run lives.
    notes: File,
    notes_path: PathBuf,
    begun: Vec<String>,
    landed: bool,
}

impl Session {
    /// Begins a run, and ends what runs that died left undone.
    pub(crate) fn begin(folder: Folder) -> Result<Session, LakeError> {
        tidy(&folder)?;
        loop {
            // No other run, here or on another machine, has the same name.
            let random = RandomState::new().build_hasher().finish();
            let run = format!("{random:016x}");
            let notes_path = folder.runs().join(&run);
            let failed = LakeError::io("write", &notes_path);
            let notes = File::create_new(&notes_path).map_err(&failed)?;
            notes.lock().map_err(&failed)?;
            // Whoever tidied up in between took the run for dead.
            if notes_path.exists() {
                return Ok(Session {
                    folder,
                    run,
                    notes,
                    notes_path: notes_path.clone(),
                    begun: Vec::new(),
                    landed: false,
                });
            }
        }
    }

    /// Returns a path for another data file in a folder below the lake.
    pub(crate) fn next_path(&mut self, folder: &str) -> Result<String, LakeError> {
        let path = format!("{folder}/{}-{:04}.parquet", self.run, self.begun.len() + 1);
        let noted = writeln!(self.notes, "{path}");
        noted.map_err(LakeError::io("write", &self.notes_path))?;
        self.begun.push(path.clone());
        Ok(path)
    }

    /// Begins a data file in a folder below the lake.
    pub(crate) fn data_file(
        &mut self,
        table: Table,
        folder: &str,
    ) -> Result<DataFile<'_>, LakeError> {
        let path = self.next_path(folder)?;
        Ok(DataFile::new(&self.folder, table, path))
    }

    /// Lets the ledger land that `make` makes with regard to what the lake says
    /// at that moment, unless there is none to make. Returns its number.
    pub(crate) fn commit(
        mut self,
        mut make: impl FnMut(&State) -> Result<Option<Ledger>, LakeError>,
    ) -> Result<Option<u64>, LakeError> {
        self.sync_folders()?;
        let ledger = loop {
            let state = State::read(&self.folder)?;
            let Some(mut ledger) = make(&state)? else {
                return Ok(None);
            };
            ledger.number = state.last + 1;
            ledger.previous.clone_from(&state.last_sha256);
            if ledger.land(&self.folder.ledgers())? {
                break ledger;
            }
        };
        self.landed = true;
        settle(&self.folder, &ledger)?;
        let _ = fs::remove_file(&self.notes_path);
        Ok(Some(ledger.number))
    }

    /// Waits until the names of the data files are on the disk.
    fn sync_folders(&self) -> Result<(), LakeError> {
        let mut folders = BTreeSet::new();
        for path in &self.begun {
            let mut path = Path::new(path);
            while let Some(parent) = path.parent() {
                folders.insert(self.folder.root().join(parent));
                path = parent;
            }
        }
        folders.iter().try_for_each(|folder| sync_folder(folder))
    }
}

impl Drop for Session {
    /// Takes away what did not come to be.
    fn drop(&mut self) {
        if self.landed {
            return;
        }
        for path in &self.begun {
            let _ = fs::remove_file(self.folder.hidden(path));
            remove_empty_folders(&self.folder, path);
        }
        let _ = fs::remove_file(&self.notes_path);
    }
}

/// Does what is left to do once a ledger has landed.
fn settle(folder: &Folder, ledger: &Ledger) -> Result<(), LakeError> {
    let mut folders = BTreeSet::new();
    for FileEntry { path, .. } in &ledger.files {
        let (hidden, visible) = (folder.hidden(path), folder.data(path));
        match fs::rename(&hidden, &visible) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => renamed.map_err(LakeError::io("write", &visible))?,
        }
        folders.extend(visible.parent().map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| sync_folder(folder))?;
    for path in &ledger.replaced {
        // Its own run may be about to rename it: then the first name is gone.
        for path in [folder.hidden(path), folder.data(path)] {
            remove(&path)?;
        }
        remove_empty_folders(folder, path);
    }
    if ledger.kind == Kind::Compaction {
        for (number, path) in ledgers(folder)? {
            if number < ledger.number {
                remove(&path)?;
            }
        }
    }
    Ok(())
}

/// Ends what runs that died left undone.
fn tidy(folder: &Folder) -> Result<(), LakeError> {
    let runs = folder.runs();
    // A copy of a lake may come without it.
    fs::create_dir_all(&runs).map_err(LakeError::io("write", &runs))?;
    let mut state = None;
    for entry in fs::read_dir(&runs).map_err(LakeError::io("read", &runs))? {
        let path = entry.map_err(LakeError::io("read", &runs))?.path();
        let Some(notes) = notes_of_the_dead(&path)? else {
            continue;
        };
        let state = match &mut state {
            Some(state) => state,
            state => state.insert(State::read(folder)?),
        };
        let run = path.file_name().unwrap_or_default().to_string_lossy();
        for ledger in state.ledgers.iter().filter(|ledger| ledger.run == run) {
            settle(folder, ledger)?;
        }
        let named: HashSet<&str> = state.files().map(|(_, file)| file.path.as_str()).collect();
        for path in notes.lines().filter(|path| is_of_run(path, &run)) {
            if !named.contains(path) {
                remove(&folder.hidden(path))?;
                remove(&folder.data(path))?;
                remove_empty_folders(folder, path);
            }
        }
        remove(&folder.ledgers().join(unlanded_file_name(&run)))?;
        remove(&path)?;
    }
    Ok(())
}

/// Reads the notes of a run whose process is gone; `None` while it lives.
fn notes_of_the_dead(path: &Path) -> Result<Option<String>, LakeError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(LakeError::io("read", path))?,
    };
    match file.try_lock() {
        Ok(()) => {}
        // Where locks are not to be had, a run is not known to be dead.
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return Ok(None),
    }
    let notes = fs::read(path).map_err(LakeError::io("read", path))?;
    Ok(Some(String::from_utf8_lossy(&notes).into_owned()))
}

/// Tells whether a path is one that a run gives its data files.
fn is_of_run(path: &str, run: &str) -> bool {
    let (folder, name) = path.split_once('/').unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    Table::ALL.iter().any(|table| table.folder() == folder)
        && name.starts_with(run)
        && name.ends_with(".parquet")
        && !path.split('/').any(|part| part == "..")
}

/// Lists the ledgers that are there.
pub(crate) fn ledgers(folder: &Folder) -> Result<Vec<(u64, PathBuf)>, LakeError> {
    let path = folder.ledgers();
    let failed = LakeError::io("read", &path);
    let mut found = Vec::new();
    for entry in fs::read_dir(&path).map_err(&failed)? {
        let entry = entry.map_err(&failed)?;
        let number = entry.file_name().to_str().and_then(number_of);
        found.extend(number.map(|number| (number, path.join(file_name(number)))));
    }
    found.sort_unstable();
    Ok(found)
}

pub(crate) fn remove(path: &Path) -> Result<(), LakeError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(LakeError::io("remove", path)),
    }
}

/// Removes the folders of a path that nothing is left in.
fn remove_empty_folders(folder: &Folder, path: &str) {
    let mut path = Path::new(path);
    while let Some(parent) = path.parent().filter(|parent| *parent != Path::new("")) {
        if fs::remove_dir(folder.root().join(parent)).is_err() {
            return;
        }
        path = parent;
    }
}
