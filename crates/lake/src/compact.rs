//! Makes few large files of many small ones, and one ledger of many.
//!
//! A program that lists folders in place of ledgers may see, while files are
//! exchanged, an event twice, in the new file and in the old one; it misses none.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::Column;

use crate::contact_rows::{self, ContactRow, ContactRows};
use crate::data_file::OpenFile;
use crate::document_rows::{self, CONTENT, DocumentRows};
use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION, RECORD, RECORD_INDEX};
use crate::event_file::write_events;
use crate::event_records::EventRecords;
use crate::folder::Folder;
use crate::ingest::{PARTITION_BYTES, now};
use crate::ledger::{FileEntry, Group, Kind, Ledger, Stored, Table};
use crate::names::Names;
use crate::rows::{Row, Rows};
use crate::session::Session;
use crate::state::{Listed, State};

/// What a compaction came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Compacted {
    /// Data files and their bytes before.
    pub files_before: u64,
    /// See `files_before`.
    pub bytes_before: u64,
    /// Data files and their bytes after.
    pub files_after: u64,
    /// See `files_after`.
    pub bytes_after: u64,
    /// Deliveries that another one, the same byte by byte, now stands for.
    pub copies: u64,
    /// The number of the ledger; `None` where there was nothing to do.
    pub ledger: Option<u64>,
}

/// Compacts a lake.
///
/// # Errors
/// When the folder is no lake, a file is damaged, or another compaction was
/// faster. The lake is then as before.
pub fn compact(lake: &Path, stop: &dyn Fn() -> bool) -> Result<Compacted, LakeError> {
    let folder = Folder::of(lake)?;
    let session = Session::begin(folder.clone())?;
    let state = State::read(&folder)?;
    if state.ledgers.is_empty() {
        return Err(LakeError::Empty {
            path: lake.to_owned(),
        });
    }
    let mut work = Work {
        state: &state,
        session,
        stop,
        names: Names::default(),
        as_rows: state
            .inputs()
            .filter(|(_, input)| input.stored == Stored::Rows)
            .map(|(_, input)| (input.name.as_str(), input.version))
            .collect(),
        replaced: Vec::new(),
        files: Vec::new(),
        copies: 0,
    };
    work.events()?;
    work.contacts()?;
    work.documents(Table::Documents)?;
    work.documents(Table::Originals)?;
    work.commit(lake)
}

struct Work<'s> {
    state: &'s State,
    session: Session,
    stop: &'s dyn Fn() -> bool,
    names: Names,
    /// Inputs whose rows reports read.
    as_rows: HashSet<(&'s str, u32)>,
    replaced: Vec<String>,
    files: Vec<FileEntry>,
    copies: u64,
}

impl<'s> Work<'s> {
    fn go_on(&self) -> Result<(), LakeError> {
        if (self.stop)() {
            return Err(LakeError::Stopped);
        }
        Ok(())
    }

    /// Returns the small files of a table, those of one folder together, where
    /// there are several.
    fn small(&self, table: Table, large: usize) -> Vec<(String, Vec<Listed<'s>>)> {
        let mut folders: BTreeMap<String, Vec<Listed<'_>>> = BTreeMap::new();
        // What is full to one half cannot be put together with another such.
        for (ledger, file) in self.state.files().filter(|(_, file)| file.table == table) {
            if file.content_bytes < large as u64 / 2 || is_of_before(file) {
                let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                let files = folders.entry(folder.to_owned()).or_default();
                files.push((ledger, file));
            }
        }
        folders
            .retain(|_, files| files.len() > 1 || files.iter().any(|(_, file)| is_of_before(file)));
        folders.into_iter().collect()
    }

    fn replace(&mut self, files: &[Listed<'_>]) {
        let paths = files.iter().map(|(_, file)| file.path.clone());
        self.replaced.extend(paths);
    }

    fn events(&mut self) -> Result<(), LakeError> {
        for (path, files) in self.small(Table::Events, PARTITION_BYTES) {
            let mut rows = Rows::default();
            let mut inputs: Vec<(String, u32)> = Vec::new();
            let mut known: HashMap<(String, u32), u32> = HashMap::new();
            for &(ledger, file) in &files {
                for group in 0..file.groups.len() {
                    self.go_on()?;
                    let folder = self.session.folder.clone();
                    let open = OpenFile::new(&folder, ledger, file);
                    read_events(&open, group, &mut rows, &mut inputs, &mut known)?;
                    if rows.bytes() >= PARTITION_BYTES {
                        self.write_events(&path, &rows, &inputs)?;
                        rows = Rows::default();
                    }
                }
            }
            if rows.bytes() > 0 {
                self.write_events(&path, &rows, &inputs)?;
            }
            self.replace(&files);
        }
        Ok(())
    }

    fn write_events(
        &mut self,
        path: &str,
        rows: &Rows,
        inputs: &[(String, u32)],
    ) -> Result<(), LakeError> {
        let is_rows = |row: &Row| {
            let input = inputs.get(row.input as usize);
            input.is_some_and(|(name, version)| self.as_rows.contains(&(name.as_str(), *version)))
        };
        let (kept, copies) = rows.drop_copies(rows.sorted(inputs), is_rows);
        let names = &mut self.names;
        let file = write_events(&mut self.session, path, rows, &kept, inputs, names)?;
        self.files.push(file);
        if !copies.is_empty() {
            self.copies += copies.len() as u64;
            let table = Table::Duplicates;
            let mut file = self.session.data_file(table, table.folder())?;
            let frame = duplicates(&copies, inputs).map_err(|source| LakeError::Encode {
                path: table.folder().into(),
                source,
            })?;
            let group = Group {
                rows: copies.len() as u64,
                ..Group::default()
            };
            file.write(frame, group)?;
            self.files.push(file.finish(0)?);
        }
        Ok(())
    }

    fn contacts(&mut self) -> Result<(), LakeError> {
        for (_, files) in self.small(Table::Contacts, contact_rows::HELD_BYTES) {
            let as_rows = &self.as_rows;
            let mut rows = ContactRows::default();
            for &(ledger, file) in &files {
                let folder = self.session.folder.clone();
                let open = OpenFile::new(&folder, ledger, file);
                for group in 0..file.groups.len() {
                    self.go_on()?;
                    let frame = open.group(group, contact_rows::columns())?;
                    read_contacts(&frame, as_rows, &mut rows)
                        .ok()
                        .flatten()
                        .ok_or_else(|| {
                            open.damaged("its columns are not those of contact records")
                        })?;
                }
                // Records of one input lie in one file, so none is cut here.
                if rows.is_full() {
                    self.files.extend(rows.write(&mut self.session)?);
                }
            }
            self.files.extend(rows.write(&mut self.session)?);
            self.replace(&files);
        }
        Ok(())
    }

    fn documents(&mut self, table: Table) -> Result<(), LakeError> {
        for (_, files) in self.small(table, document_rows::HELD_BYTES) {
            let mut rows = DocumentRows::of(table);
            for &(ledger, file) in &files {
                let folder = self.session.folder.clone();
                let open = OpenFile::new(&folder, ledger, file);
                for group in 0..file.groups.len() {
                    self.go_on()?;
                    let frame = open.group(group, document_rows::columns())?;
                    read_documents(&frame, &mut rows)
                        .ok()
                        .flatten()
                        .ok_or_else(|| open.damaged("its columns are not those of documents"))?;
                    if rows.is_full() {
                        self.files.extend(rows.write(&mut self.session)?);
                    }
                }
            }
            self.files.extend(rows.write(&mut self.session)?);
            self.replace(&files);
        }
        Ok(())
    }

    /// Lets one ledger land that says all that the others said.
    fn commit(self, lake: &Path) -> Result<Compacted, LakeError> {
        let mut compacted = Compacted {
            copies: self.copies,
            ..Compacted::default()
        };
        for (_, file) in self.state.files() {
            compacted.files_before += 1;
            compacted.bytes_before += file.bytes;
        }
        if self.replaced.is_empty() && self.state.ledgers.len() == 1 {
            compacted.files_after = compacted.files_before;
            compacted.bytes_after = compacted.bytes_before;
            return Ok(compacted);
        }
        let run = self.session.run.clone();
        let replaced: HashSet<&str> = self.replaced.iter().map(String::as_str).collect();
        let mut overtaken = false;
        let mut after = (0, 0);
        let landed = self.session.commit(|state| {
            let there: HashSet<&str> = state.files().map(|(_, file)| file.path.as_str()).collect();
            overtaken = !replaced.is_subset(&there);
            if overtaken {
                return Ok(None);
            }
            let mut ledger = Ledger::new(Kind::Compaction, &run, now());
            ledger.files.clone_from(&self.files);
            ledger.replaced.clone_from(&self.replaced);
            let mut names = self.names.clone();
            for said in &state.ledgers {
                take_over(&mut ledger, &mut names, said, &replaced);
            }
            ledger.names = names.into_texts();
            after = (
                ledger.files.len() as u64,
                ledger.files.iter().map(|file| file.bytes).sum(),
            );
            Ok(Some(ledger))
        })?;
        if overtaken {
            return Err(LakeError::Busy {
                path: lake.to_owned(),
            });
        }
        compacted.ledger = landed;
        (compacted.files_after, compacted.bytes_after) = after;
        Ok(compacted)
    }
}

/// Tells whether an earlier release wrote a file: contact records in fewer columns, or
/// events of whose columns the ledger says nothing.
fn is_of_before(file: &FileEntry) -> bool {
    match file.table {
        Table::Contacts => file.recording_buckets.is_none(),
        Table::Events => file.groups.iter().any(|group| group.columns.is_none()),
        _ => false,
    }
}

/// Adds what an earlier ledger says to that of a compaction.
fn take_over(ledger: &mut Ledger, names: &mut Names, said: &Ledger, replaced: &HashSet<&str>) {
    let mut named = |name: u32| {
        let name = said.names.get(name as usize);
        names.place(name.map_or("", String::as_str))
    };
    for input in &said.inputs {
        let mut input = input.clone();
        for (name, ..) in &mut input.tallies {
            *name = named(*name);
        }
        ledger.inputs.push(input);
    }
    for file in &said.files {
        if replaced.contains(file.path.as_str()) {
            continue;
        }
        let mut file = file.clone();
        for name in file.groups.iter_mut().flat_map(Group::places_mut) {
            *name = named(*name);
        }
        ledger.files.push(file);
    }
    for (name, bucket) in &said.recording_buckets {
        let pair = (named(*name), bucket.clone());
        if !ledger.recording_buckets.contains(&pair) {
            ledger.recording_buckets.push(pair);
        }
    }
    for problem in &said.problems {
        if !ledger.problems.contains(problem) {
            ledger.problems.push(problem.clone());
        }
    }
}

fn read_events(
    open: &OpenFile<'_>,
    group: usize,
    rows: &mut Rows,
    inputs: &mut Vec<(String, u32)>,
    known: &mut HashMap<(String, u32), u32>,
) -> Result<(), LakeError> {
    let mut records = EventRecords::read(open, group)?;
    let mut text = Vec::new();
    for row in 0..records.len() {
        text.clear();
        let Some(custody) = records.custody(row) else {
            return Err(open.damaged("an event does not say which input it is from"));
        };
        let key = (custody.input.to_owned(), custody.version);
        let (index, copies) = (custody.index, custody.copies);
        let time = records.event_time(row);
        let input = *known.entry(key.clone()).or_insert_with(|| {
            inputs.push(key);
            u32::try_from(inputs.len() - 1).unwrap_or(u32::MAX)
        });
        records.push_record(row, &mut text);
        let record = std::str::from_utf8(&text).ok();
        let event = record.and_then(|record| serde_json::from_str(record).ok());
        let (Some(time), Some(record), Some(event)) = (time, record, event) else {
            return Err(open.damaged("an event has no record"));
        };
        let time = earwitness_parser::Timestamp(time);
        rows.push(&event, time, record, (input, index, copies));
    }
    Ok(())
}

fn read_contacts(
    frame: &DataFrame,
    as_rows: &HashSet<(&str, u32)>,
    rows: &mut ContactRows,
) -> PolarsResult<Option<()>> {
    let series = |name: &str| frame.column(name).map(Column::as_materialized_series);
    let names = series(INPUT)?.str()?;
    let versions = series(INPUT_VERSION)?.u32()?;
    let indices = series(RECORD_INDEX)?.u64()?;
    let records = series(RECORD)?.str()?;
    for row in 0..frame.height() {
        let (Some(name), Some(version), Some(index), Some(record)) = (
            names.get(row),
            versions.get(row),
            indices.get(row),
            records.get(row),
        ) else {
            return Ok(None);
        };
        rows.push(ContactRow {
            input: name.to_owned(),
            version,
            index,
            record: record.to_owned(),
            is_read: as_rows.contains(&(name, version)),
        });
    }
    Ok(Some(()))
}

fn read_documents(frame: &DataFrame, rows: &mut DocumentRows) -> PolarsResult<Option<()>> {
    let series = |name: &str| frame.column(name).map(Column::as_materialized_series);
    let names = series(INPUT)?.str()?;
    let versions = series(INPUT_VERSION)?.u32()?;
    let contents = series(CONTENT)?.binary()?;
    for row in 0..frame.height() {
        let (Some(name), Some(version), Some(content)) =
            (names.get(row), versions.get(row), contents.get(row))
        else {
            return Ok(None);
        };
        rows.push(name, version, content.to_owned());
    }
    Ok(Some(()))
}

/// Makes rows of deliveries that others stand for: where each lay, and where the
/// other.
fn duplicates(copies: &[(Row, Row)], inputs: &[(String, u32)]) -> PolarsResult<DataFrame> {
    let name = |row: &Row| {
        inputs
            .get(row.input as usize)
            .map(|(name, _)| name.as_str())
    };
    let version = |row: &Row| inputs.get(row.input as usize).map(|(_, version)| *version);
    let mut columns = Vec::new();
    let dropped: Vec<&Row> = copies.iter().map(|(copy, _)| copy).collect();
    let kept: Vec<&Row> = copies.iter().map(|(_, kept)| kept).collect();
    for (prefix, rows) in [("", dropped), ("kept_", kept)] {
        let rows = rows.into_iter();
        let names: Vec<Option<&str>> = rows.clone().map(name).collect();
        let versions: Vec<Option<u32>> = rows.clone().map(version).collect();
        let indices: Vec<u64> = rows.map(|row| row.index).collect();
        columns.push(Column::new(format!("{prefix}{INPUT}").into(), names));
        columns.push(Column::new(
            format!("{prefix}{INPUT_VERSION}").into(),
            versions,
        ));
        columns.push(Column::new(
            format!("{prefix}{RECORD_INDEX}").into(),
            indices,
        ));
    }
    DataFrame::new(copies.len(), columns)
}
