//! A column of a table: declared once, with its name, its meaning and where its
//! values come from. The declaration makes the frame, the schema and the docs.

use polars::prelude::*;
use polars::series::IsSorted;
use rayon::prelude::*;

use crate::evidence::Evidence;
use crate::symbols::Symbol;
use crate::text_column;

/// A row, with the evidence that its places point into.
pub(crate) struct At<'a, R> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) row: &'a R,
}

/// Where a column's values come from, by type.
pub(crate) enum Cells<R> {
    Text(fn(&At<'_, R>) -> Symbol),
    /// Text that was put together for the row; none where it is empty.
    Phrase(for<'a> fn(&At<'a, R>) -> Option<&'a str>),
    /// One of a few fixed words.
    Word(fn(&At<'_, R>) -> &'static str),
    Integer(fn(&At<'_, R>) -> Option<i64>),
    /// The row's place in its table: a total order.
    Place,
    /// Microseconds since 1970, UTC.
    Time(fn(&At<'_, R>) -> Option<i64>),
    /// The day of a moment in microseconds since 1970, as text.
    Day(fn(&At<'_, R>) -> i64),
    Flag(fn(&At<'_, R>) -> Option<bool>),
}

/// A column's declaration.
pub(crate) struct Column<R> {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) cells: Cells<R>,
}

impl<R> Column<R> {
    pub(crate) fn dtype(&self) -> DataType {
        match self.cells {
            Cells::Text(_) | Cells::Phrase(_) | Cells::Word(_) | Cells::Day(_) => DataType::String,
            Cells::Integer(_) | Cells::Place => DataType::Int64,
            Cells::Time(_) => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
            Cells::Flag(_) => DataType::Boolean,
        }
    }

    /// Names the type for people.
    pub(crate) fn type_name(&self) -> &'static str {
        match self.cells {
            Cells::Text(_) | Cells::Phrase(_) | Cells::Word(_) => "text",
            Cells::Integer(_) | Cells::Place => "integer",
            Cells::Time(_) => "time (UTC)",
            Cells::Day(_) => "date, text",
            Cells::Flag(_) => "true/false",
        }
    }

    fn series(&self, evidence: &Evidence, rows: &[R]) -> PolarsResult<Series> {
        let name = PlSmallStr::from_static(self.name);
        let at = || rows.iter().map(|row| At { evidence, row });
        Ok(match self.cells {
            Cells::Text(value) => {
                let symbols = &evidence.names.symbols;
                return text_column::symbols(name, symbols, at().map(|at| value(&at)));
            }
            Cells::Phrase(value) => return text_column::phrases(name, at().map(|at| value(&at))),
            Cells::Word(value) => return text_column::words(name, at().map(|at| value(&at))),
            Cells::Day(value) => return text_column::days(name, at().map(|at| value(&at))),
            Cells::Place => {
                let mut places = Int64Chunked::from_iter_values(name, 0..rows.len() as i64);
                // Sorting by it costs nothing then.
                places.set_sorted_flag(IsSorted::Ascending);
                places.into_series()
            }
            Cells::Integer(value) => {
                Int64Chunked::from_iter_options(name, at().map(|at| value(&at))).into_series()
            }
            Cells::Time(value) => Int64Chunked::from_iter_options(name, at().map(|at| value(&at)))
                .into_series()
                .cast(&self.dtype())?,
            Cells::Flag(value) => {
                BooleanChunked::from_iter_options(name, at().map(|at| value(&at))).into_series()
            }
        })
    }
}

/// Makes a frame of the wanted columns, in the order wanted.
pub(crate) fn frame<R: Sync>(
    columns: &[Column<R>],
    wanted: Option<&[PlSmallStr]>,
    evidence: &Evidence,
    rows: &[R],
) -> PolarsResult<DataFrame> {
    let columns: Vec<&Column<R>> = match wanted {
        None => columns.iter().collect(),
        Some(names) => {
            let find = |name: &PlSmallStr| {
                let column = columns.iter().find(|column| column.name == name.as_str());
                column.ok_or_else(|| polars_err!(ColumnNotFound: "{name}"))
            };
            names.iter().map(find).collect::<PolarsResult<_>>()?
        }
    };
    let series: PolarsResult<Vec<_>> = columns
        .par_iter()
        .map(|column| Ok(column.series(evidence, rows)?.into()))
        .collect();
    DataFrame::new(rows.len(), series?)
}
