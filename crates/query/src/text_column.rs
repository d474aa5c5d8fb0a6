//! Text columns: each cell is a view into text that is kept once.

use std::collections::HashMap;

use earwitness_parser::Timestamp;
use polars::prelude::*;
use polars_arrow::array::{Utf8ViewArray, View};
use polars_arrow::bitmap::BitmapBuilder;
use polars_arrow::datatypes::ArrowDataType;
use polars_buffer::Buffer;

use crate::symbols::{Symbol, Symbols};

/// Cells of a column, one after the other.
struct Cells {
    views: Vec<View>,
    filled: BitmapBuilder,
}

impl Cells {
    fn with_capacity(rows: usize) -> Cells {
        Cells {
            views: Vec::with_capacity(rows),
            filled: BitmapBuilder::with_capacity(rows),
        }
    }

    fn push(&mut self, view: Option<View>) {
        self.filled.push(view.is_some());
        self.views.push(view.unwrap_or_default());
    }

    /// Makes the column. That every view lies inside `texts` and is UTF-8 is
    /// looked at once more here.
    fn column(self, name: PlSmallStr, texts: Vec<Buffer<u8>>) -> PolarsResult<Series> {
        let cells = Utf8ViewArray::try_new(
            ArrowDataType::Utf8View,
            self.views.into(),
            texts.into(),
            self.filled.into_opt_validity(),
        )?;
        Ok(StringChunked::with_chunk(name, cells).into_series())
    }
}

/// A piece of a long text that views can point into.
///
/// A view's offset has 32 bits, so a text of many gigabytes is handed over in
/// windows that begin `STEP` bytes apart and overlap: whatever begins in one
/// step ends in its window, as long as it is no longer than a step.
const STEP: usize = 1 << 30;

/// Returns where a text lies: in which window, and where in it.
fn place(start: usize) -> (u32, u32) {
    ((start / STEP) as u32, (start % STEP) as u32)
}

/// A column of texts that the evidence holds: none of them is copied.
pub(crate) fn symbols(
    name: PlSmallStr,
    symbols: &Symbols,
    values: impl ExactSizeIterator<Item = Symbol>,
) -> PolarsResult<Series> {
    let mut cells = Cells::with_capacity(values.len());
    for symbol in values {
        cells.push(symbols.lie(symbol).map(|(start, text)| {
            let (window, offset) = place(start);
            View::new_from_bytes(text.as_bytes(), window, offset)
        }));
    }
    let all = Buffer::from_owner(symbols.shared());
    let windows = (0..all.len()).step_by(STEP).map(|start| {
        let end = all.len().min(start + 2 * STEP - 1);
        all.clone().sliced(start..end)
    });
    cells.column(name, windows.collect())
}

/// A column of a few fixed words.
pub(crate) fn words(name: PlSmallStr, values: impl Iterator<Item = &'static str>) -> PolarsResult<Series> {
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

/// A column of texts that were put together; none where they are empty.
pub(crate) fn phrases<'a>(
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

/// A column of the days of moments in microseconds since 1970, UTC.
pub(crate) fn days(name: PlSmallStr, moments: impl Iterator<Item = i64>) -> PolarsResult<Series> {
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

/// Hands out each distinct text to the rows that have it.
fn gathered(
    name: PlSmallStr,
    distinct: &[&str],
    indices: Vec<Option<IdxSize>>,
) -> PolarsResult<Series> {
    let distinct = StringChunked::from_slice(name, distinct);
    let indices = IdxCa::from_iter_options(PlSmallStr::EMPTY, indices.into_iter());
    Ok(distinct.take(&indices)?.into_series())
}
