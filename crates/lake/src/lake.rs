//! A lake that is read.

mod contacts;
mod documents;
mod events;

use std::collections::HashMap;
use std::path::Path;

use earwitness_parser::{Interest, Reader, Reject};
use earwitness_query::{Batch, Gathering, Totals, Window};

use crate::error::LakeError;
use crate::folder::Folder;
use crate::ledger::{InputEntry, Ledger, Stored, Table};
use crate::state::{Listed, State};

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
        let picks_contacts = self.picks_contacts(needs);
        if !picks_contacts {
            for (place, batch) in self.contacts(needs, &order)? {
                if stored(place) == Some(Stored::Rows) {
                    batches.insert(place, batch);
                }
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
        for (ledger, input) in &inputs {
            let calls = input.tallies.iter().flat_map(|(name, _, first, last)| {
                let name = ledger.names.get(*name as usize);
                let name = name.filter(|name| needs.interest.heeds(name.as_bytes()));
                name.into_iter()
                    .flat_map(|name| [(name.as_str(), *first), (name.as_str(), *last)])
            });
            gathering.learn_logging_calls(calls);
        }
        let events = self.events(needs, &order, &stored, &gathering)?;
        gathering.absorb_scattered(events);
        if picks_contacts {
            self.pick_contacts(needs, &mut gathering)?;
        }
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

    fn files(&self, table: Table) -> impl Iterator<Item = Listed<'_>> {
        let files = self.state.files();
        files.filter(move |(_, file)| file.table == table)
    }

    /// Iterates over the row groups of a table: their files, and their places there.
    fn groups(&self, table: Table) -> impl Iterator<Item = (Listed<'_>, usize)> {
        self.files(table).flat_map(|(ledger, file)| {
            let groups = 0..file.groups.len();
            groups.map(move |group| ((ledger, file), group))
        })
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
