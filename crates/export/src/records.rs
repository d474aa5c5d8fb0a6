use std::io::Write;

use polars::frame::DataFrame;
use unicode_width::UnicodeWidthStr;

use crate::ExportError;
use crate::cell::Cell;
use crate::rows::for_each_row;
use crate::table::show;
use crate::visible::visible;

/// The longest line over a record.
const MAX_RULE_WIDTH: usize = 60;

/// Writes each row as a record, one line per column that has a value.
///
/// Long values run on, so that they can be copied whole.
pub(crate) fn write_records(
    rows: &DataFrame,
    width: usize,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let names: Vec<String> = rows
        .get_column_names()
        .iter()
        .map(|name| visible(name))
        .collect();
    if rows.height() == 0 {
        return writeln!(out, "{}", names.join(" | ")).map_err(ExportError::Write);
    }
    let name_width = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let rule_width = width.min(MAX_RULE_WIDTH);
    let mut number = 0u64;
    let mut text = String::new();
    for_each_row(rows, |row| {
        number += 1;
        let title = format!("-[ {number} ]");
        writeln!(out, "{title:-<rule_width$}").map_err(ExportError::Write)?;
        for (name, cell) in names.iter().zip(row.cells()) {
            if cell == Cell::Null {
                continue;
            }
            show(cell, &mut text);
            let gap = name_width - name.width();
            let line = format!("{name}{:gap$} | {text}", "");
            writeln!(out, "{}", line.trim_end()).map_err(ExportError::Write)?;
        }
        Ok(())
    })
}
