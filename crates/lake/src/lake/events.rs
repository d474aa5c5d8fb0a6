//! Reads the events again that a question needs.

use std::collections::HashMap;
use std::mem;

use earwitness_parser::{Interest, Reader};
use earwitness_query::{Gathering, Place, Scattered, Window};
use rayon::prelude::*;

use super::{Key, Lake, Needs};
use crate::data_file::OpenFile;
use crate::error::LakeError;
use crate::event_records::EventRecords;
use crate::ledger::{Group, Ledger, Stored, Table};
use crate::state::Listed;

/// So many rows are read before they are put together, for each thread; one row
/// group at least.
const ROWS_AT_A_TIME: u64 = 64 * 1024;

impl Lake {
    /// Reads the events again that a question needs, for `gathering` to take in.
    pub(super) fn events(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        stored: &(dyn Fn(u32) -> Option<Stored> + Sync),
        gathering: &Gathering,
    ) -> Result<Scattered, LakeError> {
        let window = needs.window.padded();
        let groups: Vec<(Listed<'_>, usize)> = self
            .groups(Table::Events)
            .filter(|((ledger, file), group)| {
                let group = file.groups.get(*group);
                group.is_some_and(|group| is_needed(needs.interest, ledger, group, &window))
            })
            .collect();
        let mut scattered = gathering.scattered();
        let mut ready: Vec<Scattered> = Vec::new();
        let mut left = groups.as_slice();
        while !left.is_empty() {
            let (some, rest) = left.split_at(at_a_time(left));
            left = rest;
            // Some are put together while the next are read.
            let before = mem::take(&mut ready);
            let (read, ()) = rayon::join(
                || {
                    let some = some.par_iter();
                    some.map(|(file, group)| self.events_of(*file, *group, needs, order, stored))
                        .collect::<Result<_, _>>()
                },
                || before.into_iter().for_each(|read| scattered.absorb(read)),
            );
            ready = read?;
        }
        ready.into_iter().for_each(|read| scattered.absorb(read));
        Ok(scattered)
    }

    fn events_of(
        &self,
        (ledger, file): Listed<'_>,
        group: usize,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
        stored: &(dyn Fn(u32) -> Option<Stored> + Sync),
    ) -> Result<Scattered, LakeError> {
        needs.go_on()?;
        let open = OpenFile::new(&self.folder, ledger, file);
        let mut records = EventRecords::read(&open, group)?;
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

/// Returns how many of the row groups are read at once: one at least.
fn at_a_time(groups: &[(Listed<'_>, usize)]) -> usize {
    let most = ROWS_AT_A_TIME * rayon::current_num_threads() as u64;
    let mut rows = 0;
    let fit = groups.iter().take_while(|((_, file), group)| {
        rows += file.groups.get(*group).map_or(0, |group| group.rows);
        rows <= most
    });
    fit.count().max(1)
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
