use std::io;

use polars::frame::DataFrame;
use polars::prelude::{PlSmallStr, Series};
use rayon::prelude::*;

use crate::ExportError;
use crate::cell::Cell;
use crate::column::{Column, to_cell_type};

/// How many rows are made ready at a time: the memory that row order costs.
const BLOCK_ROWS: usize = 8_192;

/// One row of a frame.
pub(crate) struct Row<'a> {
    names: &'a [&'a PlSmallStr],
    columns: &'a [Column<'a>],
    index: usize,
}

impl<'a> Row<'a> {
    /// Returns the row's cell in the column at a place.
    pub(crate) fn cell(&self, place: usize) -> Cell<'a> {
        self.columns[place].cell(self.index)
    }

    /// Returns the row's cells in column order.
    pub(crate) fn cells(&self) -> impl ExactSizeIterator<Item = Cell<'a>> {
        self.columns.iter().map(|column| column.cell(self.index))
    }

    /// Returns the row's cells in column order, each with its column's name.
    pub(crate) fn named_cells(&self) -> impl ExactSizeIterator<Item = (&'a str, Cell<'a>)> {
        self.names
            .iter()
            .map(|name| name.as_str())
            .zip(self.cells())
    }
}

/// Neighbouring rows of a frame, made ready to be read row by row.
///
/// Columns are cast and joined from their chunks a block of rows at a time, so
/// that a large result is never held twice.
pub(crate) struct Block<'a> {
    names: &'a [&'a PlSmallStr],
    columns: Vec<Series>,
    height: usize,
}

impl<'a> Block<'a> {
    fn of(
        rows: &DataFrame,
        names: &'a [&'a PlSmallStr],
        start: usize,
    ) -> Result<Block<'a>, ExportError> {
        let height = BLOCK_ROWS.min(rows.height() - start);
        Ok(Block {
            names,
            columns: block(rows, start, height)?,
            height,
        })
    }

    /// Calls `visit` for each row in order, and ends at its first error.
    pub(crate) fn for_each_row(
        &self,
        mut visit: impl FnMut(&Row<'_>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let columns = self.columns.iter().map(Column::new);
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        for index in 0..self.height {
            visit(&Row {
                names: self.names,
                columns: &columns,
                index,
            })?;
        }
        Ok(())
    }
}

/// Calls `visit` for each row in order, and ends at its first error.
pub(crate) fn for_each_row(
    rows: &DataFrame,
    mut visit: impl FnMut(&Row<'_>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let names = rows.get_column_names();
    for start in (0..rows.height()).step_by(BLOCK_ROWS) {
        Block::of(rows, &names, start)?.for_each_row(&mut visit)?;
    }
    Ok(())
}

/// Encodes blocks of rows side by side, as many as there are threads, and writes
/// them in order: the bytes do not depend on how many there are.
pub(crate) fn write_blocks(
    rows: &DataFrame,
    out: &mut dyn io::Write,
    encode: impl Fn(&Block<'_>) -> Result<Vec<u8>, ExportError> + Sync,
) -> Result<(), ExportError> {
    let names = rows.get_column_names();
    let starts: Vec<usize> = (0..rows.height()).step_by(BLOCK_ROWS).collect();
    for starts in starts.chunks(rayon::current_num_threads()) {
        let encoded: Vec<Vec<u8>> = starts
            .par_iter()
            .map(|start| encode(&Block::of(rows, &names, *start)?))
            .collect::<Result<_, _>>()?;
        for bytes in encoded {
            out.write_all(&bytes).map_err(ExportError::Write)?;
        }
    }
    Ok(())
}

fn block(rows: &DataFrame, start: usize, height: usize) -> Result<Vec<Series>, ExportError> {
    rows.columns()
        .iter()
        .map(|column| {
            column
                .slice(start as i64, height)
                .take_materialized_series()
        })
        .map(|column| to_cell_type(&column.rechunk()))
        .collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;

    #[test]
    fn every_row_comes_once_and_in_order_across_blocks() {
        let count = 2 * BLOCK_ROWS as i64 + 3;
        let rows = df!("n" => (0..count).collect::<Vec<_>>()).unwrap();
        let mut seen = Vec::new();
        for_each_row(&rows, |row| {
            seen.extend(row.cells().map(|cell| format!("{cell}")));
            Ok(())
        })
        .unwrap();
        let expected: Vec<_> = (0..count).map(|n| n.to_string()).collect();
        assert_eq!(seen, expected);
    }
}
