//! A column of a table: declared once, with its name, its meaning and where its
//! values come from. The declaration makes the frame, the schema and the docs.

use std::collections::HashMap;

use earwitness_parser::Timestamp;
use polars::prelude::*;
use polars::series::IsSorted;

use crate::evidence::Evidence;
use crate::symbols::{Symbol, Symbols};

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
                return texts(
                    name,
                    &evidence.names.symbols,
                    at().map(|at| value(&at)),
                    rows.len(),
                );
            }
            Cells::Phrase(value) => return phrases(name, at().map(|at| value(&at))),
            Cells::Word(value) => return words(name, at().map(|at| value(&at))),
            Cells::Day(value) => return days(name, at().map(|at| value(&at))),
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
pub(crate) fn frame<R>(
    columns: &[Column<R>],
    wanted: Option<&[PlSmallStr]>,
    evidence: &Evidence,
    rows: &[R],
) -> PolarsResult<DataFrame> {
    let series: PolarsResult<Vec<polars::prelude::Column>> = match wanted {
        None => columns
            .iter()
            .map(|column| Ok(column.series(evidence, rows)?.into()))
            .collect(),
        Some(names) => names
            .iter()
            .map(|name| {
                let column = columns.iter().find(|column| column.name == name.as_str());
                let column = column.ok_or_else(|| polars_err!(ColumnNotFound: "{name}"))?;
                Ok(column.series(evidence, rows)?.into())
            })
            .collect(),
    };
    DataFrame::new(rows.len(), series?)
}

/// Builds a text column that holds each distinct text once.
fn texts(
    name: PlSmallStr,
    symbols: &Symbols,
    values: impl Iterator<Item = Symbol>,
    rows: usize,
) -> PolarsResult<Series> {
    let mut places = vec![u32::MAX; symbols.len()];
    let mut distinct: Vec<&str> = Vec::new();
    let mut indices: Vec<Option<IdxSize>> = Vec::with_capacity(rows);
    for symbol in values {
        indices.push(symbol.index().map(|index| {
            if places[index] == u32::MAX {
                places[index] = distinct.len() as u32;
                distinct.push(symbols.str(symbol));
            }
            places[index]
        }));
    }
    gathered(name, &distinct, indices)
}

fn words(name: PlSmallStr, values: impl Iterator<Item = &'static str>) -> PolarsResult<Series> {
    let mut distinct: Vec<&str> = Vec::new();
    let indices = values
        .map(|word| {
            let known = distinct.iter().position(|known| *known == word);
            let place = known.unwrap_or_else(|| {
                distinct.push(word);
                distinct.len() - 1
            });
            Some(place as IdxSize)
        })
        .collect();
    gathered(name, &distinct, indices)
}

fn phrases<'a>(
    name: PlSmallStr,
    values: impl Iterator<Item = Option<&'a str>>,
) -> PolarsResult<Series> {
    let mut places = HashMap::new();
    let mut distinct: Vec<&str> = Vec::new();
    let indices = values
        .map(|phrase| {
            let phrase = phrase.filter(|phrase| !phrase.is_empty())?;
            let place = places.entry(phrase).or_insert_with(|| {
                distinct.push(phrase);
                distinct.len() - 1
            });
            Some(*place as IdxSize)
        })
        .collect();
    gathered(name, &distinct, indices)
}

fn days(name: PlSmallStr, moments: impl Iterator<Item = i64>) -> PolarsResult<Series> {
    let mut places = HashMap::new();
    let mut distinct: Vec<String> = Vec::new();
    let indices = moments
        .map(|micros| {
            let day = micros.div_euclid(86_400_000_000);
            let place = places.entry(day).or_insert_with(|| {
                // A time's text begins with its day.
                let mut text = Timestamp(micros).to_string();
                text.truncate("2026-01-31".len());
                distinct.push(text);
                distinct.len() - 1
            });
            Some(*place as IdxSize)
        })
        .collect();
    let distinct: Vec<&str> = distinct.iter().map(String::as_str).collect();
    gathered(name, &distinct, indices)
}

fn gathered(
    name: PlSmallStr,
    distinct: &[&str],
    indices: Vec<Option<IdxSize>>,
) -> PolarsResult<Series> {
    let distinct = StringChunked::from_slice(name, distinct);
    let indices = IdxCa::from_iter_options(PlSmallStr::EMPTY, indices.into_iter());
    Ok(distinct.take(&indices)?.into_series())
}
