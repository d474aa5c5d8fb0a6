use std::io::{self, BufWriter, Write};

use polars::frame::DataFrame;
use unicode_width::UnicodeWidthStr;

use crate::cell::Cell;
use crate::column::is_number;
use crate::records::write_records;
use crate::rows::for_each_row;
use crate::visible::{push_visible, visible};
use crate::{ExportError, Writer};

/// Writes a table to read in a terminal.
///
/// When the table is wider than the terminal, each row becomes a record of its
/// own, one line per column: wrapped cells of many columns cannot be read.
pub(crate) struct TableWriter {
    /// The terminal's width in columns; `None` when there is none.
    pub(crate) width: Option<usize>,
    /// How many rows are shown.
    pub(crate) max_rows: Option<usize>,
}

impl Writer for TableWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        let shown = rows.head(Some(self.max_rows.unwrap_or(rows.height())));
        let layout = Layout::measure(&shown)?;
        match self.width {
            Some(width) if layout.width() > width => write_records(&shown, width, &mut out)?,
            _ => layout.write(&shown, &mut out)?,
        }
        write_ending(rows.height(), shown.height(), &mut out).map_err(ExportError::Write)?;
        out.flush().map_err(ExportError::Write)
    }
}

fn write_ending(all: usize, shown: usize, out: &mut impl Write) -> io::Result<()> {
    if all == 0 {
        return writeln!(out, "(no rows)");
    }
    match all - shown {
        0 => Ok(()),
        1 => writeln!(out, "… 1 more row; --output csv shows all"),
        more => writeln!(
            out,
            "… {} more rows; --output csv shows all",
            grouped(more as u64)
        ),
    }
}

/// Returns a number with a comma between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Sets `text` to how a table shows a cell; `-` tells null from empty text.
pub(crate) fn show(cell: Cell<'_>, text: &mut String) {
    use std::fmt::Write as _;
    text.clear();
    match cell {
        Cell::Null => text.push('-'),
        Cell::Text(value) => push_visible(value, text),
        // Writing to a string cannot fail.
        other => _ = write!(text, "{other}"),
    }
}

/// A column's place in the table.
struct Place {
    name: String,
    width: usize,
    on_the_right: bool,
}

struct Layout {
    places: Vec<Place>,
}

impl Layout {
    fn measure(rows: &DataFrame) -> Result<Self, ExportError> {
        let mut places: Vec<Place> = rows
            .schema()
            .iter()
            .map(|(name, dtype)| {
                let name = visible(name);
                Place {
                    width: name.width(),
                    name,
                    on_the_right: is_number(dtype),
                }
            })
            .collect();
        let mut text = String::new();
        for_each_row(rows, |row| {
            for (cell, place) in row.cells().zip(&mut places) {
                show(cell, &mut text);
                place.width = place.width.max(text.width());
            }
            Ok(())
        })?;
        Ok(Self { places })
    }

    /// Returns the width of a line: each cell with a space on both sides, and
    /// the lines between.
    fn width(&self) -> usize {
        self.places
            .iter()
            .map(|place| place.width + 3)
            .sum::<usize>()
            + 1
    }

    fn write(&self, rows: &DataFrame, out: &mut impl Write) -> Result<(), ExportError> {
        let write = ExportError::Write;
        self.write_rule(["┌", "─", "┬", "┐"], out).map_err(write)?;
        for (at, place) in self.places.iter().enumerate() {
            self.write_cell(at, &place.name, out).map_err(write)?;
        }
        writeln!(out, "│").map_err(write)?;
        self.write_rule(["╞", "═", "╪", "╡"], out).map_err(write)?;
        let mut text = String::new();
        for_each_row(rows, |row| {
            for (at, cell) in row.cells().enumerate() {
                show(cell, &mut text);
                self.write_cell(at, &text, out).map_err(write)?;
            }
            writeln!(out, "│").map_err(write)
        })?;
        self.write_rule(["└", "─", "┴", "┘"], out).map_err(write)
    }

    fn write_cell(&self, at: usize, text: &str, out: &mut impl Write) -> io::Result<()> {
        let place = &self.places[at];
        let bar = if at == 0 { "│" } else { "┆" };
        let gap = place.width.saturating_sub(text.width());
        if place.on_the_right {
            write!(out, "{bar} {:gap$}{text} ", "")
        } else {
            write!(out, "{bar} {text}{:gap$} ", "")
        }
    }

    fn write_rule(&self, rule: [&str; 4], out: &mut impl Write) -> io::Result<()> {
        let [left, line, cross, right] = rule;
        for (at, place) in self.places.iter().enumerate() {
            out.write_all(if at == 0 { left } else { cross }.as_bytes())?;
            out.write_all(line.repeat(place.width + 2).as_bytes())?;
        }
        writeln!(out, "{right}")
    }
}

#[cfg(test)]
mod tests;
