//! The few lines beside each report that say what it answers and what that rests
//! on, also where nothing happened.

use std::io::{self, Write};

use earwitness_export::{About, visible};

use super::state::Record;

/// What a summary says beside what the writers of pages are told.
pub(crate) struct Outcome {
    pub(crate) rows: u64,
    pub(crate) revision: u32,
    pub(crate) rows_added: u64,
    pub(crate) rows_removed: u64,
}

impl Outcome {
    /// Compares with the revision before, if there is one.
    pub(crate) fn new(rows: u64, before: Option<&Record>, (added, removed): (u64, u64)) -> Outcome {
        Outcome {
            rows,
            revision: before.map_or(1, |record| record.revision + 1),
            rows_added: added,
            rows_removed: removed,
        }
    }
}

/// Writes the summary.
pub(crate) fn write(about: &About, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", visible(&about.title))?;
    writeln!(out, "{}", visible(&about.question))?;
    writeln!(out)?;
    writeln!(out, "window: {}", visible(&about.window))?;
    writeln!(out, "rows: {}", outcome.rows)?;
    if outcome.rows == 0 {
        writeln!(out, "{}", visible(&about.nothing))?;
    }
    if outcome.revision > 1 {
        writeln!(
            out,
            "revision {}: logs that came later add {} rows and take {} away; revision {} stays beside it",
            outcome.revision,
            outcome.rows_added,
            outcome.rows_removed,
            outcome.revision - 1
        )?;
    }
    if let Some(coverage) = &about.coverage {
        writeln!(out, "{}", visible(coverage))?;
    }
    for line in &about.basis {
        writeln!(out, "{}", visible(line))?;
    }
    for (name, value) in &about.settings {
        writeln!(out, "asked with {} {}", visible(name), visible(value))?;
    }
    if !about.cannot_see.is_empty() {
        writeln!(
            out,
            "this report cannot see: {}",
            visible(&about.cannot_see)
        )?;
    }
    Ok(())
}
