//! Says what a lake holds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use crate::lake::Lake;
use crate::ledger::Table;

/// What a lake holds.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Status {
    /// Ledgers that count, and the number of the last one.
    pub ledgers: u64,
    /// See `ledgers`.
    pub last_ledger: u64,
    /// When it was written, in microseconds since 1970.
    pub last_written: i64,
    /// Inputs, and records in them.
    pub inputs: u64,
    /// See `inputs`.
    pub records: u64,
    /// Names of inputs that had several contents.
    pub changed: u64,
    /// Inputs that were not read to their end or hold pieces that could not be read.
    pub unread: u64,
    /// CloudTrail events, and the times of the first and the last of them, in
    /// microseconds since 1970.
    pub events: u64,
    /// See `events`.
    pub seen: Option<(i64, i64)>,
    /// Folders of events: accounts, regions and days.
    pub partitions: u64,
    /// Of each table: its name, its files, their rows and bytes.
    pub tables: Vec<(&'static str, u64, u64, u64)>,
}

impl Lake {
    /// Returns what the lake holds.
    pub fn status(&self) -> Status {
        let last = self.state.ledgers.last();
        let mut status = Status {
            ledgers: self.state.ledgers.len() as u64,
            last_ledger: self.state.last,
            last_written: last.map_or(0, |ledger| ledger.written),
            ..Status::default()
        };
        let mut versions: HashMap<&str, u64> = HashMap::new();
        for (_, input) in self.state.inputs() {
            status.inputs += 1;
            status.records += input.records;
            status.events += input.events;
            status.unread += u64::from(input.rejected > 0 || input.problem.is_some());
            *versions.entry(input.name.as_str()).or_default() += 1;
            for (_, _, first, last) in &input.tallies {
                let seen = status.seen.unwrap_or((*first, *last));
                status.seen = Some((seen.0.min(*first), seen.1.max(*last)));
            }
        }
        status.changed = versions.values().filter(|count| **count > 1).count() as u64;
        let mut partitions = BTreeSet::new();
        let mut tables: BTreeMap<Table, (u64, u64, u64)> = BTreeMap::new();
        for (_, file) in self.state.files() {
            let table = tables.entry(file.table).or_default();
            *table = (table.0 + 1, table.1 + file.rows, table.2 + file.bytes);
            if file.table == Table::Events {
                partitions.insert(file.path.rsplit_once('/').map(|(folder, _)| folder));
            }
        }
        status.partitions = partitions.len() as u64;
        status.tables = tables
            .into_iter()
            .map(|(table, (files, rows, bytes))| (table.folder(), files, rows, bytes))
            .collect();
        status
    }

    /// Returns the folder of the lake.
    pub fn path(&self) -> &Path {
        self.folder.root()
    }
}
