//! A lake that is read.

use std::collections::HashMap;
use std::path::Path;

use earwitness_parser::{Interest, Reader, Reject};
use earwitness_query::{Batch, Gathering, Place, Scattered, Totals, Window};
use rayon::prelude::*;

use crate::contact_rows;
use crate::data_file::OpenFile;
use crate::document_rows::{self, CONTENT};
use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION, RECORD};
use crate::event_records::{self, EventRecords};
use crate::folder::Folder;
use crate::ledger::{FileEntry, Group, InputEntry, Ledger, Stored, Table};
use crate::state::State;

/// A lake as of one moment.
#[derive(Debug)]
pub struct Lake {
    pub(crate) folder: Folder,
    pub(crate) state: State,
}

/// What a question needs of a lake.
pub struct Needs<'a> {
    /// The records that matter.
    pub interest: &'a Interest,
    /// The time that the question is about.
    pub window: Window,
    /// The most bytes that a document may have once inflated.
    pub max_inflated_bytes: u64,
    /// Tells whether the run is to end.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// What could not be read when it was taken in, or of what was taken in.
#[derive(Debug)]
pub enum Unread<'a> {
    /// An input that was not read, or not to its end.
    Input(&'a str),
    /// Pieces of an input: those that are listed, and how many more there are.
    Pieces(&'a [Reject], u64),
}

/// An input's place in the lake's order.
type Key<'s> = (&'s str, u32);

/// So many row groups are read before they are put together, for each thread.
const GROUPS_AT_A_TIME: usize = 2;

impl Lake {
    /// Opens a lake and reads its ledgers.
    ///
    /// # Errors
    /// When the folder is no lake, or a ledger is damaged or of a later version.
    pub fn open(path: &Path) -> Result<Lake, LakeError> {
        let folder = Folder::of(path)?;
        let state = State::read(&folder)?;
        if state.ledgers.is_empty() {
            return Err(LakeError::Empty {
                path: path.to_owned(),
            });
        }
        Ok(Lake { folder, state })
    }

    /// Gathers what a question needs, as if its inputs were read in the order of
    /// their names. What could not be read is handed to `unread`.
    ///
    /// Data files that a compaction replaces meanwhile are looked up again.
    ///
    /// # Errors
    /// When a data file is missing or damaged.
    pub fn gather(
        &mut self,
        needs: &Needs<'_>,
        unread: &mut dyn FnMut(&str, Unread<'_>),
    ) -> Result<Gathering, LakeError> {
        loop {
            match self.gather_once(needs) {
                Ok((gathering, told)) => {
                    for (origin, told) in &told {
                        match told {
                            Told::Input(why) => unread(origin, Unread::Input(why)),
                            Told::Pieces(rejects, more) => {
                                unread(origin, Unread::Pieces(rejects, *more));
                            }
                        }
                    }
                    return Ok(gathering);
                }
                Err(LakeError::MissingData { path }) => {
                    let state = State::read(&self.folder)?;
                    if state.last == self.state.last {
                        return Err(LakeError::MissingData { path });
                    }
                    self.state = state;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn gather_once(
        &self,
        needs: &Needs<'_>,
    ) -> Result<(Gathering, Vec<(String, Told)>), LakeError> {
        let inputs = self.inputs();
        let order: HashMap<Key<'_>, u32> = (0..)
            .zip(&inputs)
            .map(|(place, (_, input))| ((input.name.as_str(), input.version), place))
            .collect();
        let stored = |place: u32| inputs.get(place as usize).map(|(_, input)| input.stored);
        let mut batches: HashMap<u32, Batch> = HashMap::new();
        for (place, batch) in self.documents(needs, &order)? {
            batches.insert(place, batch);
        }
        for (place, batch) in self.contacts(needs, &order)? {
            if stored(place) == Some(Stored::Rows) {
                batches.insert(place, batch);
            }
        }

        let mut told = Vec::new();
        for ledger in &self.state.ledgers {
            for problem in &ledger.problems {
                let is_input = order.contains_key(&(problem.name.as_str(), 0));
                let told_already = told.iter().any(|(name, _)| *name == problem.name);
                if !is_input && !told_already {
                    told.push((problem.name.clone(), Told::Input(problem.why.clone())));
                }
            }
        }
        let mut gathering = Gathering::default();
        for (place, (ledger, input)) in (0..).zip(&inputs) {
            if let Some(problem) = &input.problem {
                told.push((input.name.clone(), Told::Input(problem.clone())));
            }
            let batch = batches.remove(&place);
            let batch = match (input.stored, batch) {
                (Stored::Rows, batch) => batch
                    .unwrap_or_else(|| Batch::empty(&input.name))
                    .beyond(&totals(ledger, input, needs.interest)),
                // Nothing of it was read when it was taken in.
                (Stored::Document, batch) => batch.unwrap_or_else(|| Batch::empty(&input.name)),
            };
            let batch = batch.with_sha256(input.sha256.clone());
            // What a later content of the same name replaced was told in its time.
            let after = inputs.get(place as usize + 1);
            let is_last = after.is_none_or(|(_, after)| after.name != input.name);
            if is_last && !batch.rejects().is_empty() {
                let more = batch.unlisted_rejects();
                let pieces = Told::Pieces(batch.rejects().to_vec(), more);
                told.push((input.name.clone(), pieces));
            }
            gathering.absorb(batch);
        }
        for ledger in &self.state.ledgers {
            let named = ledger
                .recording_buckets
                .iter()
                .filter_map(|(name, bucket)| {
                    let name = ledger.names.get(*name as usize)?;
                    Some((bucket.as_str(), name.as_str()))
                });
            let of_interest = named.filter(|(_, name)| needs.interest.wants(name.as_bytes()));
            gathering.learn_recording_buckets(of_interest);
        }
        gathering.absorb_scattered(self.events(needs, &order, &stored)?);
        Ok((gathering, told))
    }

    /// Returns the inputs that count, in the order of their names and versions.
    ///
    /// Of a listing of the directory only the last version counts: it was written
    /// over. Of anything else every version does, since a log that loses records
    /// takes no evidence back. What was not read to its end counts until it was.
    fn inputs(&self) -> Vec<(&Ledger, &InputEntry)> {
        let mut inputs: Vec<_> = self.state.inputs().collect();
        inputs.sort_by(|(_, a), (_, b)| (&a.name, a.version).cmp(&(&b.name, b.version)));
        let count: Vec<bool> = (0..inputs.len())
            .map(|place| {
                let (_, input) = inputs[place];
                let after = inputs.get(place + 1);
                let is_last = after.is_none_or(|(_, after)| after.name != input.name);
                is_last || !(input.directory || input.problem.is_some())
            })
            .collect();
        let mut count = count.into_iter();
        inputs.retain(|_| count.next().unwrap_or(true));
        inputs
    }

    fn files(&self, table: Table) -> impl Iterator<Item = (&Ledger, &FileEntry)> {
        let files = self.state.files();
        files.filter(move |(_, file)| file.table == table)
    }

    /// Reads the inputs again that are stored as a whole.
    fn documents(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let groups: Vec<(&FileEntry, usize)> = self
            .files(Table::Documents)
            .flat_map(|(_, file)| (0..file.groups.len()).map(move |group| (file, group)))
            .collect();
        let read: Result<Vec<Vec<(u32, Batch)>>, LakeError> = groups
            .par_iter()
            .map_init(
                || needs.reader(),
                |reader, (file, group)| {
                    needs.go_on()?;
                    let open = OpenFile::new(&self.folder, file);
                    let frame = open.group(*group, document_rows::columns())?;
                    let damaged = |_| open.damaged("its columns are not those of documents");
                    let column = |name: &str| frame.column(name).map_err(damaged);
                    let names = column(INPUT)?.as_materialized_series();
                    let names = names.str().map_err(damaged)?;
                    let versions = column(INPUT_VERSION)?.as_materialized_series();
                    let versions = versions.u32().map_err(damaged)?;
                    let contents = column(CONTENT)?.as_materialized_series();
                    let contents = contents.binary().map_err(damaged)?;
                    let mut batches = Vec::new();
                    for row in 0..frame.height() {
                        let (Some(name), Some(version), Some(content)) =
                            (names.get(row), versions.get(row), contents.get(row))
                        else {
                            return Err(open.damaged("a document has no name or no content"));
                        };
                        // Nothing came of an input that could not be read at all.
                        if let Some(place) = order.get(&(name, version))
                            && !(content.is_empty() && self.is_problem(name, version))
                        {
                            let batch = Batch::read(name, content, reader, &needs.window);
                            batches.push((*place, batch));
                        }
                    }
                    Ok(batches)
                },
            )
            .collect();
        Ok(read?.into_iter().flatten().collect())
    }

    fn is_problem(&self, name: &str, version: u32) -> bool {
        let mut inputs = self.state.inputs();
        inputs.any(|(_, input)| {
            input.name == name && input.version == version && input.problem.is_some()
        })
    }

    /// Reads contact records again, those of each input together.
    fn contacts(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let files: Vec<&FileEntry> = self.files(Table::Contacts).map(|(_, file)| file).collect();
        let read: Result<Vec<Vec<(u32, Batch)>>, LakeError> = files
            .par_iter()
            .map_init(
                || Reader::new(needs.interest.clone(), usize::MAX),
                |reader, file| self.contacts_of(file, needs, order, reader),
            )
            .collect();
        Ok(read?.into_iter().flatten().collect())
    }

    fn contacts_of(
        &self,
        file: &FileEntry,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        reader: &mut Reader,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let open = OpenFile::new(&self.folder, file);
        let mut batches = Vec::new();
        let mut text: Vec<u8> = Vec::new();
        let mut current: Option<(String, u32)> = None;
        let mut end = |current: &mut Option<(String, u32)>, text: &mut Vec<u8>| {
            if let Some((name, version)) = current.take()
                && let Some(place) = order.get(&(name.as_str(), version))
            {
                let batch = Batch::read(&name, text, reader, &needs.window);
                batches.push((*place, batch));
            }
            text.clear();
        };
        for group in 0..file.groups.len() {
            needs.go_on()?;
            let frame = open.group(group, contact_rows::columns())?;
            let damaged = |_| open.damaged("its columns are not those of contact records");
            let column = |name: &str| frame.column(name).map_err(damaged);
            let names = column(INPUT)?.as_materialized_series();
            let names = names.str().map_err(damaged)?;
            let versions = column(INPUT_VERSION)?.as_materialized_series();
            let versions = versions.u32().map_err(damaged)?;
            let records = column(RECORD)?.as_materialized_series();
            let records = records.str().map_err(damaged)?;
            for row in 0..frame.height() {
                let (Some(name), Some(version), Some(record)) =
                    (names.get(row), versions.get(row), records.get(row))
                else {
                    return Err(open.damaged("a contact record has no input or no text"));
                };
                let same = |(current, of): &(String, u32)| current == name && *of == version;
                if !current.as_ref().is_some_and(same) {
                    end(&mut current, &mut text);
                    current = Some((name.to_owned(), version));
                }
                text.extend_from_slice(record.as_bytes());
                text.push(b'\n');
            }
        }
        end(&mut current, &mut text);
        Ok(batches)
    }

    /// Reads the events again that a question needs.
    fn events(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        stored: &(dyn Fn(u32) -> Option<Stored> + Sync),
    ) -> Result<Scattered, LakeError> {
        let window = needs.window.padded();
        let groups: Vec<(&FileEntry, usize)> = self
            .files(Table::Events)
            .flat_map(|(ledger, file)| {
                let groups = file.groups.iter().enumerate();
                let needed = groups
                    .filter(move |(_, group)| is_needed(needs.interest, ledger, group, &window));
                needed.map(move |(place, _)| (file, place))
            })
            .collect();
        let mut scattered = Scattered::default();
        let at_a_time = rayon::current_num_threads() * GROUPS_AT_A_TIME;
        for groups in groups.chunks(at_a_time) {
            let read: Result<Vec<Scattered>, LakeError> = groups
                .par_iter()
                .map(|(file, group)| self.events_of(file, *group, needs, order, stored))
                .collect();
            for read in read? {
                scattered.absorb(read);
            }
        }
        Ok(scattered)
    }

    fn events_of(
        &self,
        file: &FileEntry,
        group: usize,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        stored: &(dyn Fn(u32) -> Option<Stored> + Sync),
    ) -> Result<Scattered, LakeError> {
        needs.go_on()?;
        let open = OpenFile::new(&self.folder, file);
        let frame = open.group(group, event_records::columns())?;
        let damaged = |_| open.damaged("its columns are not those of events");
        let mut records = EventRecords::of(&frame).map_err(damaged)?;
        let window = needs.window.padded();
        let mut text = Vec::new();
        let mut places = Vec::new();
        for row in 0..records.len() {
            let name = records.event_name(row);
            let in_time = records
                .event_time(row)
                .is_none_or(|time| window.contains(time) || Scattered::outlives_window(name));
            if !in_time || !needs.interest.wants(name.as_bytes()) {
                continue;
            }
            let Some(custody) = records.custody(row) else {
                return Err(open.damaged("an event does not say which input it is from"));
            };
            let input = order.get(&(custody.input, custody.version)).copied();
            let Some(input) = input.filter(|input| stored(*input) == Some(Stored::Rows)) else {
                continue;
            };
            places.push(Place {
                input,
                index: custody.index,
                copies: custody.copies,
            });
            if records.push_record(row, &mut text).is_none() {
                return Err(open.damaged("an event has no record"));
            }
            text.push(b'\n');
        }
        // Of nothing, a reader says that it is empty.
        if places.is_empty() {
            return Ok(Scattered::default());
        }
        let mut reader = Reader::new(needs.interest.clone(), usize::MAX);
        Scattered::read(&text, &places, &mut reader, &needs.window)
            .ok_or_else(|| open.damaged("its records are no events"))
    }
}

/// What could not be read, until it is known that nothing is read again.
enum Told {
    Input(String),
    Pieces(Vec<Reject>, u64),
}

impl Needs<'_> {
    fn reader(&self) -> Reader {
        let max_bytes = usize::try_from(self.max_inflated_bytes).unwrap_or(usize::MAX);
        Reader::new(self.interest.clone(), max_bytes)
    }

    fn go_on(&self) -> Result<(), LakeError> {
        if (self.stop)() {
            return Err(LakeError::Stopped);
        }
        Ok(())
    }
}

fn wants(interest: &Interest, ledger: &Ledger, name: u32) -> bool {
    let name = ledger.names.get(name as usize);
    name.is_some_and(|name| interest.wants(name.as_bytes()))
}

/// Tells whether a row group may have a row that matters.
fn is_needed(interest: &Interest, ledger: &Ledger, group: &Group, window: &Window) -> bool {
    let overlaps = window.since.is_none_or(|since| group.last >= since)
        && window.until.is_none_or(|until| group.first < until);
    group.names.iter().any(|&place| {
        let name = ledger.names.get(place as usize);
        name.is_some_and(|name| {
            interest.wants(name.as_bytes()) && (overlaps || Scattered::outlives_window(name))
        })
    })
}

fn totals(ledger: &Ledger, input: &InputEntry, interest: &Interest) -> Totals {
    let mut totals = Totals {
        read: input.records,
        events: input.events,
        aggregated: input.aggregated,
        ..Totals::default()
    };
    for (name, count, first, last) in &input.tallies {
        if wants(interest, ledger, *name) {
            totals.of_interest += count;
            let seen = totals.seen.unwrap_or((*first, *last));
            totals.seen = Some((seen.0.min(*first), seen.1.max(*last)));
        }
    }
    totals
}
