//! Events that wait to be written, by partition.

use std::collections::BTreeMap;

use super::PARTITION_BYTES;
use crate::rows::Rows;

/// Events that wait until their partition is full, or there is no more room: then
/// partitions that are whole go first.
pub(super) struct Held {
    partitions: BTreeMap<String, Partition>,
    bytes: usize,
    /// How many bytes there is room for.
    room: usize,
}

#[derive(Default)]
struct Partition {
    rows: Rows,
    /// The last input that brought some.
    last_input: u32,
}

/// So much is held before it is written, in bytes.
const HELD_BYTES: usize = 256 << 20;
/// A partition is taken to be whole once so many inputs brought nothing for it.
const WHOLE_AFTER_INPUTS: u32 = 64;

impl Default for Held {
    fn default() -> Held {
        Held::with_room(HELD_BYTES)
    }
}

impl Held {
    fn with_room(room: usize) -> Held {
        Held {
            partitions: BTreeMap::new(),
            bytes: 0,
            room,
        }
    }

    /// Takes in events of an input, as its place among those of the run. Returns what
    /// is to be written now.
    pub(super) fn add(&mut self, path: &str, rows: &Rows, input: u32) -> Vec<(String, Rows)> {
        let partition = self.partitions.entry(path.to_owned()).or_default();
        partition.rows.append(rows, input);
        partition.last_input = input;
        self.bytes += rows.bytes();
        let mut full = Vec::new();
        if partition.rows.bytes() >= PARTITION_BYTES {
            full.extend(self.take(path));
        }
        while self.bytes >= self.room {
            // Logs come in the order of time, so a day that nothing was added to for a
            // while is whole, and gets one file in place of two.
            let is_whole = |partition: &Partition| {
                input.saturating_sub(partition.last_input) >= WHOLE_AFTER_INPUTS
            };
            let order = |(_, partition): &(&String, &Partition)| {
                (is_whole(partition), partition.rows.bytes())
            };
            let Some((path, _)) = self.partitions.iter().max_by_key(order) else {
                break;
            };
            let path = path.clone();
            full.extend(self.take(&path));
        }
        full
    }

    /// Returns one that is left.
    pub(super) fn take_any(&mut self) -> Option<(String, Rows)> {
        let path = self.partitions.keys().next()?.clone();
        self.take(&path)
    }

    fn take(&mut self, path: &str) -> Option<(String, Rows)> {
        let (path, Partition { rows, .. }) = self.partitions.remove_entry(path)?;
        self.bytes -= rows.bytes();
        Some((path, rows))
    }
}

#[cfg(test)]
mod tests {
    use earwitness_parser::{Event, Timestamp};

    use super::*;

    fn rows(bytes: usize) -> Rows {
        let mut rows = Rows::default();
        rows.push(
            &Event::default(),
            Timestamp(0),
            &" ".repeat(bytes),
            (0, 0, 0),
        );
        rows
    }

    /// Two days of many inputs, the second larger.
    #[test]
    fn a_day_that_is_whole_is_written_before_one_that_is_not() {
        let mut held = Held::with_room(200_000);
        let mut written = Vec::new();
        for input in 0..60 {
            written.extend(held.add("first", &rows(1000), input));
        }
        for input in 60..200 {
            written.extend(held.add("second", &rows(1100), input));
        }
        let paths: Vec<&str> = written.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["first"]);
        assert!(written[0].1.bytes() > 60_000);
        // Nothing is whole, and there is no more room: the largest goes.
        assert_eq!(held.add("late", &rows(100_000), 200)[0].0, "second");
        assert_eq!(held.take_any().unwrap().0, "late");
        assert!(held.take_any().is_none());
        assert_eq!(held.bytes, 0);
    }
}
