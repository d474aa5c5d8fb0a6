//! A contact centre as a seed and a size.

use crate::expected;
use crate::facts::Counts;
use crate::world::World;
use crate::{Emit, Result};

/// A contact centre to be written: the same seed and size are the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Centre {
    /// Decides everything that is left to chance.
    pub seed: u64,
    /// CloudTrail records, second copies among them. Below some 400 there is
    /// no room for everything that must happen.
    pub events: usize,
}

/// Days that a small world lasts.
const DAYS: i64 = 3;
const EVENTS_PER_DAY: i64 = 20_000;

impl Centre {
    /// The world of the committed fixtures: three days.
    pub fn small() -> Self {
        Self {
            seed: 20_260_301,
            events: 600,
        }
    }

    /// Writes deliveries, contact records and the directory, one file at a
    /// time: what waits for delivery and the names of the recordings are all
    /// that memory holds.
    ///
    /// # Errors
    /// When a file cannot be compressed or `emit` fails.
    pub fn write(&self, emit: &mut Emit<'_>) -> Result<Counts> {
        let mut world = World::new(self, false);
        world.run(self, emit)?;
        Ok(world.facts.counts)
    }

    /// Writes the world like [`Centre::write`], then the answers to
    /// `emit_expected`. Keeps every access to a recording in memory.
    ///
    /// # Errors
    /// When a file cannot be compressed or either sink fails.
    pub fn write_with_answers(
        &self,
        emit: &mut Emit<'_>,
        emit_expected: &mut Emit<'_>,
    ) -> Result<Counts> {
        let mut world = World::new(self, true);
        world.run(self, emit)?;
        expected::write(&world, emit_expected)?;
        Ok(world.facts.counts)
    }

    pub(crate) fn users(&self) -> usize {
        (self.events / 2_000).clamp(14, 300)
    }

    pub(crate) fn records_per_file(&self) -> usize {
        (self.events / 14).clamp(20, 430)
    }

    pub(crate) fn contact_records_per_file(&self) -> usize {
        (self.events / 60).clamp(8, 500)
    }

    pub(crate) fn milliseconds_per_event(&self) -> i64 {
        let events = (self.events as i64).max(1);
        let days = (events / EVENTS_PER_DAY).max(DAYS);
        days * 86_400_000 / events
    }
}
