//! How many records were read, and what became of each.

use std::collections::BTreeMap;
use std::fmt;

use earwitness_parser::Passed;

/// The reconciliation: `read = kept + filtered + duplicates + rejected`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records read, of any kind.
    pub read: u64,
    /// Those of them that are CloudTrail records.
    pub events: u64,
    /// Records that the answer rests on.
    pub kept: u64,
    /// Records understood that the question is not about.
    pub filtered: u64,
    /// Records delivered again, corrected by a later one, copied to another
    /// account, or reported by S3 in a second way.
    pub duplicates: u64,
    /// Pieces of input that could not be read.
    pub rejected: u64,
    /// What was recognised and deliberately not read as an event; each is part
    /// of `filtered`.
    pub passed: BTreeMap<Passed, u64>,
}

impl Counts {
    /// Tells whether every record read is accounted for exactly once.
    pub fn reconcile(&self) -> bool {
        self.read == self.kept + self.filtered + self.duplicates + self.rejected
    }

    pub(crate) fn add(&mut self, other: &Counts) {
        self.read += other.read;
        self.events += other.events;
        self.kept += other.kept;
        self.filtered += other.filtered;
        self.duplicates += other.duplicates;
        self.rejected += other.rejected;
        for (passed, count) in &other.passed {
            *self.passed.entry(*passed).or_default() += count;
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "records read {} = kept {} + filtered {} + duplicates {} + rejected {}",
            self.read, self.kept, self.filtered, self.duplicates, self.rejected
        )
    }
}
