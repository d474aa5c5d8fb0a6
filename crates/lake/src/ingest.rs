//! Takes inputs into a lake: those that it does not know yet.

mod held;
mod read;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::contact_rows::{ContactRow, ContactRows};
use crate::document_rows::DocumentRows;
use crate::error::LakeError;
use crate::event_file::write_events;
use crate::folder::Folder;
use crate::ledger::{FileEntry, InputEntry, Kind, Ledger, ProblemEntry, Stored, Table};
use crate::names::Names;
use crate::rows::Rows;
use crate::session::Session;
use crate::shard::Shard;
use crate::state::State;
use held::Held;
use read::{Known, NewInput, Read, read_all};

/// Brings the bytes of an input.
pub type Bring<'a, I> = dyn Fn(&I, &mut Vec<u8>) -> Result<(), String> + Sync + 'a;

/// What is to be taken in.
pub struct Ingest<'a, I> {
    /// The inputs, which `name` names.
    pub inputs: &'a [I],
    /// Returns the name that users know an input by.
    pub name: &'a (dyn Fn(&I) -> &str + Sync),
    /// Returns the bytes that an input is thought to have.
    pub size_hint: &'a (dyn Fn(&I) -> u64 + Sync),
    /// Returns what tells the input's content from any other that its name has had,
    /// where that is known before it is read: such an input is read once.
    pub etag: &'a (dyn Fn(&I) -> Option<&str> + Sync),
    /// Hears which inputs are going to be read, in this order.
    pub plan: &'a (dyn Fn(&[&I]) + Sync),
    /// Replaces the buffer's content with the input's; else says what is wrong,
    /// with what came before in the buffer.
    pub read: &'a Bring<'a, I>,
    /// What was to be read and could not be listed, with the reason.
    pub problems: &'a [(String, String)],
    /// The part of the inputs that is taken in.
    pub shard: Shard,
    /// The most bytes that an input may have once inflated.
    pub max_inflated_bytes: u64,
    /// Tells whether the run is to end.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// What taking in came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// Inputs of this shard.
    pub inputs: u64,
    /// Those of them that the lake knew already, unchanged.
    pub known: u64,
    /// Inputs that were known with another content: what was taken in before
    /// stays, what is new comes beside it.
    pub changed: Vec<String>,
    /// New inputs with the content of another one.
    pub same_content: u64,
    /// Records of the inputs that were taken in.
    pub records: u64,
    /// CloudTrail records among them.
    pub events: u64,
    /// Inputs that were not read to their end, with the reason, and those that
    /// hold pieces that could not be read, with their number.
    pub unread: Vec<(String, String)>,
    /// The number of the ledger; `None` where there was nothing new.
    pub ledger: Option<u64>,
}

/// How much of one partition is held before it is written, in bytes.
pub(crate) const PARTITION_BYTES: usize = 128 << 20;
/// So many inputs, of so many bytes, are read before they are put together.
const INPUTS_AT_A_TIME: usize = 16;
const BYTES_AT_A_TIME: u64 = 16 << 20;
/// Runs that commit the same inputs meanwhile make a run begin again.
const TRIES: usize = 5;

/// Takes in what is new.
///
/// # Errors
/// When the folder is no lake and no new one, or cannot be written. The lake is
/// then as before.
pub fn ingest<I: Sync>(lake: &Path, ask: &Ingest<'_, I>) -> Result<Ingested, LakeError> {
    let folder = Folder::of_new(lake)?;
    for _ in 0..TRIES {
        if let Some(ingested) = Run::begin(&folder, ask)?.run()? {
            return Ok(ingested);
        }
    }
    Err(LakeError::Busy {
        path: lake.to_owned(),
    })
}

/// One try.
struct Run<'a, I> {
    ask: &'a Ingest<'a, I>,
    session: Session,
    known: Known,
    contents: HashSet<String>,
    known_problems: HashSet<(String, String)>,
    names: Names,
    recording_buckets: HashSet<(u32, String)>,
    inputs: Vec<InputEntry>,
    /// The names and versions of `inputs`.
    input_names: Vec<(String, u32)>,
    held: Held,
    contacts: ContactRows,
    documents: DocumentRows,
    originals: DocumentRows,
    files: Vec<FileEntry>,
    ingested: Ingested,
}

impl<'a, I: Sync> Run<'a, I> {
    fn begin(folder: &Folder, ask: &'a Ingest<'a, I>) -> Result<Run<'a, I>, LakeError> {
        let session = Session::begin(folder.clone())?;
        let state = State::read(folder)?;
        let mut known = Known::default();
        let mut contents = HashSet::new();
        for (_, input) in state.inputs() {
            contents.insert(input.sha256.clone());
            known.add(input);
        }
        let problems = state.ledgers.iter().flat_map(|ledger| &ledger.problems);
        Ok(Run {
            ask,
            session,
            known,
            contents,
            known_problems: problems
                .map(|problem| (problem.name.clone(), problem.why.clone()))
                .collect(),
            names: Names::default(),
            recording_buckets: HashSet::new(),
            inputs: Vec::new(),
            input_names: Vec::new(),
            held: Held::default(),
            contacts: ContactRows::default(),
            documents: DocumentRows::of(Table::Documents),
            originals: DocumentRows::of(Table::Originals),
            files: Vec::new(),
            ingested: Ingested::default(),
        })
    }

    /// Returns `None` where another run committed one of the inputs meanwhile.
    fn run(mut self) -> Result<Option<Ingested>, LakeError> {
        let name = self.ask.name;
        let inputs: Vec<&I> = self
            .ask
            .inputs
            .iter()
            .filter(|input| self.ask.shard.takes(name(input)))
            .collect();
        self.ingested.inputs = inputs.len() as u64;
        let readers = Mutex::new(Vec::new());
        let known = std::mem::take(&mut self.known);
        let (unread, inputs): (Vec<&I>, Vec<&I>) = inputs
            .into_iter()
            .partition(|input| known.has_unread(self.ask, input));
        self.ingested.known += unread.len() as u64;
        (self.ask.plan)(&inputs);
        let mut ready: Vec<(&I, Read)> = Vec::new();
        let mut left = inputs.as_slice();
        while !left.is_empty() {
            let (some, rest) = left.split_at(self.at_a_time(left));
            left = rest;
            // Some are put together while the next are read.
            let before = std::mem::take(&mut ready);
            let ask = self.ask;
            let (read, kept) = rayon::join(
                || read_all(ask, some, &known, &readers),
                || self.keep_all(before),
            );
            kept?;
            if (ask.stop)() {
                return Err(LakeError::Stopped);
            }
            ready = some.iter().copied().zip(read).collect();
        }
        self.keep_all(ready)?;
        self.write_rest()?;
        self.commit()
    }

    /// Returns how many of the inputs are read at once: one at least.
    fn at_a_time(&self, inputs: &[&I]) -> usize {
        let mut bytes = 0;
        let fit = inputs.iter().take(INPUTS_AT_A_TIME).take_while(|input| {
            bytes += (self.ask.size_hint)(input);
            bytes <= BYTES_AT_A_TIME
        });
        fit.count().max(1)
    }

    fn keep_all(&mut self, read: Vec<(&I, Read)>) -> Result<(), LakeError> {
        let name = self.ask.name;
        read.into_iter()
            .try_for_each(|(input, read)| self.keep(name(input), read))
    }

    fn keep(&mut self, name: &str, read: Read) -> Result<(), LakeError> {
        let Read::New(new) = read else {
            self.ingested.known += 1;
            return Ok(());
        };
        let NewInput {
            version,
            bytes,
            sha256,
            etag,
            problem,
            intake,
            document,
        } = *new;
        let input = u32::try_from(self.inputs.len()).unwrap_or(u32::MAX);
        if version > 0 {
            self.ingested.changed.push(name.to_owned());
        }
        if !self.contents.insert(sha256.clone()) {
            self.ingested.same_content += 1;
        }
        self.ingested.records += intake.records;
        self.ingested.events += intake.events;
        if let Some(why) = &problem {
            self.ingested.unread.push((name.to_owned(), why.clone()));
        }
        if intake.rejected > 0 {
            let pieces = if intake.rejected == 1 {
                "piece"
            } else {
                "pieces"
            };
            let why = format!("{} {pieces} that could not be read", intake.rejected);
            self.ingested.unread.push((name.to_owned(), why));
        }
        for (event_name, bucket) in intake.recording_buckets {
            let place = self.names.place(&event_name);
            self.recording_buckets.insert((place, bucket));
        }
        let tallies = intake.tallies.into_iter();
        let tallies = tallies
            .map(|(name, (count, first, last))| (self.names.place(&name), count, first, last))
            .collect();
        let stored = if intake.as_document || problem.is_some() {
            Stored::Document
        } else {
            Stored::Rows
        };
        self.inputs.push(InputEntry {
            name: name.to_owned(),
            version,
            bytes,
            sha256,
            etag,
            records: intake.records,
            events: intake.events,
            contacts: intake.contacts.len() as u64,
            rejected: intake.rejected,
            aggregated: intake.aggregated,
            directory: intake.directory,
            problem,
            stored,
            tallies,
        });
        self.input_names.push((name.to_owned(), version));
        for (path, rows) in intake.partitions {
            for (path, rows) in self.held.add(&path, &rows, input) {
                self.write_partition(&path, &rows)?;
            }
        }
        for contact in intake.contacts {
            self.contacts.push(ContactRow {
                input: name.to_owned(),
                version,
                index: contact.index,
                record: contact.record,
                is_read: stored == Stored::Rows,
            });
        }
        if self.contacts.is_full() {
            self.files.extend(self.contacts.write(&mut self.session)?);
        }
        if let Some(document) = document {
            let documents = match stored {
                Stored::Document => &mut self.documents,
                Stored::Rows => &mut self.originals,
            };
            documents.push(name, version, document);
            if documents.is_full() {
                self.files.extend(documents.write(&mut self.session)?);
            }
        }
        Ok(())
    }

    fn write_partition(&mut self, path: &str, rows: &Rows) -> Result<(), LakeError> {
        let file = write_events(
            &mut self.session,
            path,
            rows,
            &rows.sorted(&self.input_names),
            &self.input_names,
            &mut self.names,
        )?;
        self.files.push(file);
        Ok(())
    }

    fn write_rest(&mut self) -> Result<(), LakeError> {
        while let Some((path, rows)) = self.held.take_any() {
            if (self.ask.stop)() {
                return Err(LakeError::Stopped);
            }
            self.write_partition(&path, &rows)?;
        }
        self.files.extend(self.contacts.write(&mut self.session)?);
        self.files.extend(self.documents.write(&mut self.session)?);
        self.files.extend(self.originals.write(&mut self.session)?);
        Ok(())
    }

    fn commit(self) -> Result<Option<Ingested>, LakeError> {
        let mut ledger = Ledger::new(Kind::Ingest, &self.session.run, now());
        let problems = self.ask.problems.iter().filter(|(name, why)| {
            self.ask.shard.takes(name)
                && !self.known_problems.contains(&(name.clone(), why.clone()))
        });
        ledger.problems = problems
            .map(|(name, why)| ProblemEntry {
                name: name.clone(),
                why: why.clone(),
            })
            .collect();
        ledger.names = self.names.into_texts();
        ledger.inputs = self.inputs;
        ledger.files = self.files;
        ledger.recording_buckets = self.recording_buckets.into_iter().collect();
        ledger.recording_buckets.sort_unstable();
        let mut ingested = self.ingested;
        if ledger.inputs.is_empty() && ledger.problems.is_empty() {
            return Ok(Some(ingested));
        }
        let mut overlaps = false;
        let landed = self.session.commit(|state| {
            let known: HashSet<(&str, u32)> = state
                .inputs()
                .map(|(_, input)| (input.name.as_str(), input.version))
                .collect();
            let mut mine = ledger.inputs.iter();
            overlaps = mine.any(|input| known.contains(&(input.name.as_str(), input.version)));
            Ok((!overlaps).then(|| ledger.clone()))
        })?;
        ingested.ledger = landed;
        Ok((!overlaps).then_some(ingested))
    }
}

/// Returns the time in microseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    })
}
