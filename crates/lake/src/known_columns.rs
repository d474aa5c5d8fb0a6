//! What a ledger says of columns of a row group of events, so that they need not be
//! opened: opening a column of few rows costs more than reading it, and reports read
//! a row group of each day.

use polars::error::{PolarsError, PolarsResult};
use polars::frame::DataFrame;
use polars::prelude::{
    BooleanChunked, ChunkFull, Column, DataType, IntoSeries, Series, StringChunked, UInt32Chunked,
};

use crate::event_columns::{COPIES, INPUT, INPUT_VERSION, LAYOUT, MEMBERS, RECORD, RECORD_INDEX};
use crate::ledger::{Columns, Group, Ledger};
use crate::names::Names;

/// What is known of the columns of a row group: of each, what it says in every row,
/// none where it says nothing.
#[derive(Debug, Default)]
pub(crate) struct KnownColumns<'l>(Vec<(&'static str, Option<&'l str>)>);

/// Columns that seldom say more than one thing of one operation and day. What a
/// caller chooses freely is none of them: a ledger is no place for it.
const OF_FEW_VALUES: [&str; 15] = [
    "event_version",
    "event_source",
    "event_name",
    "aws_region",
    "error_code",
    "read_only",
    "event_type",
    "api_version",
    "management_event",
    "recipient_account_id",
    "vpc_endpoint_id",
    "event_category",
    INPUT_VERSION,
    COPIES,
    LAYOUT,
];

/// The longest text that a ledger says of a column, in bytes.
const LONGEST: usize = 1024;

/// The columns that records are given back from, beside those of the members.
const OTHERS: [&str; 6] = [INPUT, INPUT_VERSION, RECORD_INDEX, COPIES, LAYOUT, RECORD];

/// Iterates over the columns that records are given back from, in an order that
/// never changes, as ledgers refer to it: a new member comes last.
fn columns() -> impl Iterator<Item = &'static str> {
    let members = MEMBERS.iter().map(|member| member.column);
    OTHERS.into_iter().chain(members)
}

/// Each has a bit.
const _: () = assert!(OTHERS.len() + MEMBERS.len() <= u64::BITS as usize);

/// Returns what is known of the columns of a row group.
pub(crate) fn known(frame: &DataFrame, names: &mut Names) -> Columns {
    Columns {
        nulls: nulls(frame),
        constants: constants(frame, names),
    }
}

/// Returns which of the columns hold nothing, a bit each.
fn nulls(frame: &DataFrame) -> u64 {
    let is_null = |name| {
        let column = frame.column(name);
        column.is_ok_and(|column| column.null_count() == column.len())
    };
    let bits = columns().enumerate().filter(|(_, name)| is_null(name));
    bits.map(|(place, _)| 1 << place).sum()
}

/// Returns which of the columns say one thing in every row, and the place of what.
fn constants(frame: &DataFrame, names: &mut Names) -> Vec<(u8, u32)> {
    let mut constants = Vec::new();
    for (place, name) in (0..).zip(columns()) {
        if OF_FEW_VALUES.contains(&name)
            && let Ok(column) = frame.column(name)
            && let Some(value) = constant(column)
        {
            constants.push((place, names.place(&value)));
        }
    }
    constants
}

/// Returns what a column says, where it says one thing in every row.
fn constant(column: &Column) -> Option<String> {
    let series = column.as_materialized_series();
    match series.dtype() {
        DataType::String => {
            let text = same(series.str().ok()?.iter())?;
            (text.len() <= LONGEST).then(|| text.to_owned())
        }
        DataType::Boolean => Some(same(series.bool().ok()?.iter())?.to_string()),
        DataType::UInt32 => Some(same(series.u32().ok()?.iter())?.to_string()),
        _ => None,
    }
}

/// Returns the first of some values, where all are the same.
fn same<T: Copy + PartialEq>(mut values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}

impl<'l> KnownColumns<'l> {
    /// Takes what a ledger says of one of its row groups.
    pub(crate) fn of(ledger: &'l Ledger, group: &Group) -> KnownColumns<'l> {
        let Some(known) = &group.columns else {
            return KnownColumns::default();
        };
        let constants = known.constants.iter().filter_map(|(column, value)| {
            let column = columns().nth(usize::from(*column))?;
            Some((column, Some(ledger.names.get(*value as usize)?.as_str())))
        });
        let nulls = columns().enumerate();
        let nulls = nulls.filter(|(place, _)| known.nulls & (1 << place) != 0);
        let nulls = nulls.map(|(_, column)| (column, None));
        KnownColumns(constants.chain(nulls).collect())
    }

    /// Returns the columns that must be opened.
    pub(crate) fn others(&self) -> Vec<String> {
        let others = columns().filter(|name| self.get(name).is_none());
        others.map(str::to_owned).collect()
    }

    /// Returns a column of a row group of which only the others were read.
    ///
    /// # Errors
    /// When it is neither known nor read, or not what the ledger says.
    pub(crate) fn column(
        &self,
        frame: &DataFrame,
        name: &str,
        of: &DataType,
    ) -> PolarsResult<Series> {
        match self.get(name) {
            Some(Some(value)) => full(name, value, frame.height(), of),
            Some(None) => Ok(Series::full_null(name.into(), frame.height(), of)),
            None => Ok(frame.column(name)?.as_materialized_series().clone()),
        }
    }

    fn get(&self, name: &str) -> Option<Option<&'l str>> {
        let known = self.0.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| *value)
    }
}

/// Makes a column that says one thing in every row.
fn full(name: &str, value: &str, rows: usize, of: &DataType) -> PolarsResult<Series> {
    let name = name.into();
    let other = || PolarsError::SchemaMismatch(format!("{value:?} is no {of}").into());
    Ok(match of {
        DataType::String => StringChunked::full(name, value, rows).into_series(),
        DataType::Boolean => {
            let flag = value.parse().map_err(|_| other())?;
            BooleanChunked::full(name, flag, rows).into_series()
        }
        DataType::UInt32 => {
            let number = value.parse().map_err(|_| other())?;
            UInt32Chunked::full(name, number, rows).into_series()
        }
        _ => return Err(other()),
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::NamedFrom;

    use super::*;

    /// Lakes that are there already say what they say of columns by these places.
    #[test]
    fn the_order_of_columns_never_changes() {
        let places = [
            (0, "input"),
            (1, "input_version"),
            (2, "record_index"),
            (3, "copies"),
            (4, "layout"),
            (5, "record"),
            (6, "event_version"),
            (8, "event_time"),
            (10, "event_name"),
            (14, "error_code"),
            (16, "request_parameters"),
            (21, "read_only"),
            (26, "recipient_account_id"),
            (35, "tls_details"),
            (38, "annotation"),
        ];
        let columns: Vec<&str> = columns().collect();
        for (place, name) in places {
            assert_eq!(columns[place], name);
        }
        assert_eq!(columns.len(), 39);
    }

    #[test]
    fn what_some_rows_do_not_say_is_no_constant() {
        let said = |texts: &[Option<&str>]| constant(&Series::new("a".into(), texts).into());
        assert_eq!(said(&[Some("x"), Some("x")]).as_deref(), Some("x"));
        assert_eq!(said(&[Some("x"), None]), None);
        assert_eq!(said(&[None, Some("x")]), None);
        assert_eq!(said(&[Some("x"), Some("y")]), None);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(said(&[Some(&long), Some(&long)]), None);
        let flags = |flags: &[Option<bool>]| constant(&Series::new("a".into(), flags).into());
        assert_eq!(flags(&[Some(false), Some(false)]).as_deref(), Some("false"));
        assert_eq!(flags(&[Some(true), None]), None);
        let numbers = |numbers: &[Option<u32>]| constant(&Series::new("a".into(), numbers).into());
        assert_eq!(numbers(&[Some(7), Some(7)]).as_deref(), Some("7"));
        assert_eq!(numbers(&[Some(7), None]), None);
    }
}
