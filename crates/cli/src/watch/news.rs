//! Tells what is new of an answer.

use std::collections::HashMap;

use earwitness_export::labelled_rows;
use earwitness_query::DataFrame;

use super::ledger::{Ledger, Printed};
use crate::changes::{COPIES, hashes_of};
use crate::failure::Failure;

/// The column that says what became of a row.
pub(crate) const CHANGE: &str = "change";

/// What a row is about stays what it is when more is known of it.
const ABOUT: [&str; 6] = [
    "event_id",
    "first_event_id",
    "bucket",
    "key",
    "version_id",
    "monitor_contact_id",
];

/// An answer with what tells its rows from others.
#[derive(Debug)]
pub(crate) struct Answer {
    rows: DataFrame,
    known: Vec<Printed>,
}

/// Rows to print, and how they are known when they are out.
#[derive(Debug)]
pub(crate) struct News {
    /// Behind the column [`CHANGE`].
    pub(crate) rows: DataFrame,
    pub(crate) printed: Vec<Printed>,
}

impl Answer {
    pub(crate) fn of(rows: DataFrame) -> Result<Answer, Failure> {
        let names = rows.get_column_names();
        let has_id = |name: &str| names.iter().any(|column| column.as_str() == name);
        let is_known_by_id = has_id("event_id") || has_id("first_event_id");
        let whole = hashes_of(&rows, |name| !COPIES.contains(&name))?;
        let about = if is_known_by_id {
            hashes_of(&rows, |name| ABOUT.contains(&name))?
        } else {
            whole.clone()
        };
        let known = about.into_iter().zip(whole);
        let known = known.map(|(about, row)| Printed { about, row }).collect();
        Ok(Answer { rows, known })
    }

    /// Returns what this answer has that the one before had not, and has not what
    /// that had; without what was printed already.
    pub(crate) fn news(&self, before: &Answer, ledger: &Ledger) -> Result<News, Failure> {
        let mut stood: HashMap<&Printed, u32> = HashMap::new();
        for row in &before.known {
            *stood.entry(row).or_default() += 1;
        }
        let mut fresh = Vec::new();
        for (place, row) in (0u32..).zip(&self.known) {
            match stood.get_mut(row) {
                Some(count) if *count > 0 => *count -= 1,
                _ => fresh.push((place, row)),
            }
        }
        let mut vanished: HashMap<&str, Vec<u32>> = HashMap::new();
        for (place, row) in (0u32..).zip(&before.known) {
            if let Some(count) = stood.get_mut(row).filter(|count| **count > 0) {
                *count -= 1;
                vanished.entry(&row.about).or_default().push(place);
            }
        }

        let mut now = Vec::new();
        let mut printed = Vec::new();
        for (place, row) in fresh {
            let replaces = vanished.get_mut(row.about.as_str()).and_then(Vec::pop);
            let was_printed = ledger.printed(&row.about);
            if was_printed.is_some_and(|rows| rows.contains(&row.row)) {
                continue;
            }
            let stands = || before.known.iter().any(|known| known.about == row.about);
            let is_change = replaces.is_some() || (was_printed.is_some() && !stands());
            now.push((place, if is_change { "changed" } else { "new" }));
            printed.push(row.clone());
        }
        let mut gone: Vec<(u32, &str)> = vanished
            .into_values()
            .flatten()
            .map(|place| (place, "gone"))
            .collect();
        gone.sort_unstable();
        let rows = labelled_rows(CHANGE, &[(&self.rows, &now[..]), (&before.rows, &gone[..])])?;
        Ok(News { rows, printed })
    }
}
