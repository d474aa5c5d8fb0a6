//! Proves that a lake is what its ledgers say.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::data_file::OpenFile;
use crate::error::LakeError;
use crate::event_columns::COPIES;
use crate::lake::Lake;
use crate::ledger::{FileEntry, Ledger, Stored, Table, hex};

/// What a check found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Ledgers that count, the chain of which is whole.
    pub ledgers: u64,
    /// Data files that they name.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are missing or not what their ledger says, with what is wrong,
    /// and tables that do not hold what the inputs held.
    pub damaged: Vec<(String, String)>,
    /// Files that no ledger names, with what they are.
    pub orphans: Vec<(String, &'static str)>,
}

/// Reads every file of a lake and compares it with what its ledger says.
///
/// # Errors
/// When the folder is no lake, a ledger is damaged, or a folder cannot be listed.
pub fn check(path: &Path, stop: &(dyn Fn() -> bool + Sync)) -> Result<Checked, LakeError> {
    let lake = Lake::open(path)?;
    let files: Vec<&FileEntry> = lake.state.files().map(|(_, file)| file).collect();
    let wrong: Result<Vec<Option<String>>, LakeError> = files
        .par_iter()
        .map(|file| {
            if stop() {
                return Err(LakeError::Stopped);
            }
            Ok(wrong_with(&lake, file))
        })
        .collect();
    let mut checked = Checked {
        ledgers: lake.state.ledgers.len() as u64,
        files: files.len() as u64,
        bytes: files.iter().map(|file| file.bytes).sum(),
        ..Checked::default()
    };
    for (file, wrong) in files.iter().zip(wrong?) {
        let damaged = wrong.map(|wrong| (file.path.clone(), wrong));
        checked.damaged.extend(damaged);
    }
    if checked.damaged.is_empty() {
        checked.damaged = wrong_sums(&lake)?;
    }
    checked.orphans = orphans(&lake)?;
    Ok(checked)
}

/// Says what is wrong with a file.
fn wrong_with(lake: &Lake, entry: &FileEntry) -> Option<String> {
    let file = match lake.folder.open_data(&entry.path) {
        Ok(file) => file,
        Err(LakeError::MissingData { .. }) => return Some("it is missing".to_owned()),
        Err(error) => return Some(error.to_string()),
    };
    match sum_of(file) {
        Err(error) => Some(format!("it cannot be read: {error}")),
        Ok((bytes, _)) if bytes != entry.bytes => Some(format!(
            "it has {bytes} bytes and its ledger says {}",
            entry.bytes
        )),
        Ok((_, sha256)) if sha256 != entry.sha256 => {
            Some("its SHA-256 is not what its ledger says".to_owned())
        }
        Ok(_) => None,
    }
}

fn sum_of(mut file: File) -> io::Result<(u64, String)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hex(&hasher.finalize()))),
            read => {
                hasher.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

/// Compares what the tables hold with what the inputs held.
fn wrong_sums(lake: &Lake) -> Result<Vec<(String, String)>, LakeError> {
    let mut held = [0u64; Table::ALL.len()];
    for (ledger, file) in lake.state.files() {
        held[file.table as usize] += file.rows;
        if file.table == Table::Events {
            held[Table::Events as usize] += copies(lake, ledger, file)?;
        }
    }
    let inputs = || lake.state.inputs().map(|(_, input)| input);
    let as_document = |stored| inputs().filter(move |input| input.stored == stored);
    let kept = as_document(Stored::Rows).filter(|input| input.aggregated > 0);
    let wanted = [
        (Table::Events, inputs().map(|input| input.events).sum()),
        (Table::Contacts, inputs().map(|input| input.contacts).sum()),
        (
            Table::Documents,
            as_document(Stored::Document).count() as u64,
        ),
        (Table::Originals, kept.count() as u64),
    ];
    let wrong = wanted.into_iter().filter_map(|(table, wanted)| {
        let held = held[table as usize];
        let why = format!("it holds {held} rows and the inputs held {wanted}");
        (held != wanted).then(|| (table.folder().to_owned(), why))
    });
    Ok(wrong.collect())
}

/// Counts the deliveries that rows stand for beside their own.
fn copies(lake: &Lake, ledger: &Ledger, file: &FileEntry) -> Result<u64, LakeError> {
    let open = OpenFile::new(&lake.folder, ledger, file);
    let mut copies = 0;
    for group in 0..file.groups.len() {
        let frame = open.group(group, vec![COPIES.to_owned()])?;
        let column = frame.column(COPIES).ok();
        let column = column.and_then(|column| column.as_materialized_series().u32().ok());
        let column = column.ok_or_else(|| open.damaged("its columns are not those of events"))?;
        copies += column.iter().flatten().map(u64::from).sum::<u64>();
    }
    Ok(copies)
}

/// Lists what no ledger names.
fn orphans(lake: &Lake) -> Result<Vec<(String, &'static str)>, LakeError> {
    let named: HashSet<&str> = lake
        .state
        .files()
        .map(|(_, file)| file.path.as_str())
        .collect();
    let mut found = BTreeSet::new();
    list(lake.folder.root(), "", &mut found)?;
    let orphans = found.into_iter().filter_map(|path| {
        if named.contains(path.as_str()) {
            return None;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let what = match name.strip_prefix('_') {
            Some(name) if named.contains(format!("{folder}/{name}").as_str()) => return None,
            Some(_) => {
                "a run is writing it, or left it when it was killed; the next run that writes \
                 takes away what is left"
            }
            None => "no run of this lake wrote it, or a compaction that was killed replaced it",
        };
        Some((path, what))
    });
    Ok(orphans.collect())
}

fn list(root: &Path, below: &str, found: &mut BTreeSet<String>) -> Result<(), LakeError> {
    let folder = root.join(below);
    let failed = LakeError::io("read", &folder);
    for entry in fs::read_dir(&folder).map_err(&failed)? {
        let entry = entry.map_err(&failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let path = match below {
            "" => name.into_owned(),
            below => format!("{below}/{name}"),
        };
        if !entry.file_type().map_err(&failed)?.is_dir() {
            found.insert(path);
        } else if path != "_earwitness" {
            list(root, &path, found)?;
        }
    }
    Ok(())
}
