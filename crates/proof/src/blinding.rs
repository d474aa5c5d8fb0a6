//! The times in which a trail was switched off or blind to objects.

use std::collections::BTreeMap;

use earwitness_parser::Timestamp;

use crate::logging_change::{Change, LoggingChange};

/// A time in which a trail did not record all reads and writes of objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blinding {
    pub(crate) account_id: String,
    trail: String,
    /// Microseconds since 1970.
    from: i64,
    /// `None` where nothing ends it.
    until: Option<i64>,
    change: Change,
}

/// Finds the times between a change that blinds a trail and one that does away
/// with it.
pub(crate) fn blindings<'a>(changes: impl Iterator<Item = &'a LoggingChange>) -> Vec<Blinding> {
    let mut trails: BTreeMap<(&str, &str), Vec<(i64, Change)>> = BTreeMap::new();
    for change in changes {
        let trail = (change.account_id.as_str(), change.trail.as_str());
        let changes = trails.entry(trail).or_default();
        changes.push((change.time, change.change));
    }
    let mut blindings = Vec::new();
    for ((account_id, trail), mut changes) in trails {
        // What was delivered twice changed something once.
        changes.sort_unstable();
        changes.dedup();
        for selectors in [false, true] {
            let mut since: Option<(i64, Change)> = None;
            let of_kind = |change: &Change| matches!(change, Change::Selectors { .. }) == selectors;
            let of_kind = changes.iter().filter(|(_, change)| of_kind(change));
            let mut end = |since: &mut Option<(i64, Change)>, until| {
                if let Some((from, change)) = since.take() {
                    blindings.push(Blinding {
                        account_id: account_id.to_owned(),
                        trail: trail.to_owned(),
                        from,
                        until,
                        change,
                    });
                }
            };
            for (time, change) in of_kind {
                match change {
                    Change::On
                    | Change::Selectors {
                        reads: true,
                        writes: true,
                    } => end(&mut since, Some(*time)),
                    _ if since.is_none() => since = Some((*time, *change)),
                    _ => {}
                }
            }
            end(&mut since, None);
        }
    }
    blindings
}

impl Blinding {
    pub(crate) fn meets(&self, from: i64, until: i64) -> bool {
        self.from < until && self.until.is_none_or(|end| from < end)
    }

    pub(crate) fn why(&self) -> String {
        let what = match self.change {
            Change::Selectors {
                reads: false,
                writes: false,
            } => "records no reads or writes of objects",
            Change::Selectors { reads: false, .. } => "records no reads of objects",
            Change::Selectors { .. } => "records no writes of objects",
            Change::Off | Change::On => "is off",
        };
        let until = self.until.map(|until| format!(" to {}", Timestamp(until)));
        format!(
            "trail {} {what} from {}{}",
            self.trail,
            Timestamp(self.from),
            until.unwrap_or_default()
        )
    }
}
