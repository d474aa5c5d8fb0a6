use chrono::{NaiveTime, TimeDelta};
use polars::prelude::{
    BooleanChunked, DataType, Float64Chunked, Int32Chunked, Int64Chunked, IntoSeries, PolarsError,
    PolarsResult, Series, StringChunked, TimeUnit, UInt64Chunked,
};

use crate::ExportError;
use crate::cell::Cell;

/// Brings a column to one of the few types that cells have.
///
/// Types without a cell of their own become text, decimals become floats.
///
/// # Errors
/// When polars cannot cast the type to text.
pub(crate) fn to_cell_type(column: &Series) -> Result<Series, ExportError> {
    use DataType as D;
    let target = match column.dtype() {
        D::Null
        | D::String
        | D::Boolean
        | D::Int64
        | D::UInt64
        | D::Float64
        | D::Date
        | D::Datetime(TimeUnit::Microseconds, _) => return Ok(column.clone()),
        D::Datetime(_, zone) => D::Datetime(TimeUnit::Microseconds, zone.clone()),
        D::Float32 | D::Decimal(..) => D::Float64,
        D::Time | D::Duration(_) => return clock_text(column).map_err(|e| column_error(column, e)),
        dtype if dtype.is_signed_integer() => D::Int64,
        dtype if dtype.is_unsigned_integer() => D::UInt64,
        _ => D::String,
    };
    column
        .strict_cast(&target)
        .map_err(|source| column_error(column, source))
}

/// Returns times of day and durations as ISO 8601 has them, such as `09:05:17`
/// and `PT90.5S`; polars drops the fractions of the one and has no text for the
/// other.
fn clock_text(column: &Series) -> PolarsResult<Series> {
    let text: StringChunked = match column.dtype() {
        DataType::Time => {
            let nanos = column.time()?.physical().iter();
            nanos.map(|nanos| nanos.map(time_of_day)).collect()
        }
        _ => {
            let column = column.cast(&DataType::Duration(TimeUnit::Microseconds))?;
            let micros = column.duration()?.physical().iter();
            let text = |micros| TimeDelta::microseconds(micros).to_string();
            micros.map(|micros| micros.map(text)).collect()
        }
    };
    Ok(text.with_name(column.name().clone()).into_series())
}

fn time_of_day(nanos: i64) -> String {
    let since_midnight = TimeDelta::nanoseconds(nanos);
    let (time, _) = NaiveTime::MIN.overflowing_add_signed(since_midnight);
    format!("{time:?}")
}

fn column_error(column: &Series, source: PolarsError) -> ExportError {
    ExportError::Column {
        column: column.name().to_string(),
        dtype: column.dtype().to_string(),
        source,
    }
}

/// A column whose type is known, to be read row by row.
pub(crate) enum Column<'a> {
    Null,
    Text(&'a StringChunked),
    Int(&'a Int64Chunked),
    UInt(&'a UInt64Chunked),
    Float(&'a Float64Chunked),
    Bool(&'a BooleanChunked),
    Time(&'a Int64Chunked),
    Date(&'a Int32Chunked),
}

impl<'a> Column<'a> {
    /// Borrows a column that [`to_cell_type`] returned.
    pub(crate) fn new(column: &'a Series) -> Result<Self, ExportError> {
        Self::resolve(column).map_err(|source| column_error(column, source))
    }

    fn resolve(column: &'a Series) -> PolarsResult<Self> {
        Ok(match column.dtype() {
            DataType::Null => Self::Null,
            DataType::Int64 => Self::Int(column.i64()?),
            DataType::UInt64 => Self::UInt(column.u64()?),
            DataType::Float64 => Self::Float(column.f64()?),
            DataType::Boolean => Self::Bool(column.bool()?),
            DataType::Datetime(..) => Self::Time(column.datetime()?.physical()),
            DataType::Date => Self::Date(column.date()?.physical()),
            _ => Self::Text(column.str()?),
        })
    }

    /// Returns the value at `row`. A float that is no number has no value.
    pub(crate) fn cell(&self, row: usize) -> Cell<'a> {
        let cell = match self {
            Self::Null => None,
            Self::Text(values) => values.get(row).map(Cell::Text),
            Self::Int(values) => values.get(row).map(Cell::Int),
            Self::UInt(values) => values.get(row).map(Cell::UInt),
            Self::Float(values) => values.get(row).filter(|v| v.is_finite()).map(Cell::Float),
            Self::Bool(values) => values.get(row).map(Cell::Bool),
            Self::Time(values) => values.get(row).map(Cell::Time),
            Self::Date(values) => values.get(row).map(Cell::Date),
        };
        cell.unwrap_or(Cell::Null)
    }
}

/// Tells whether cells of a type are numbers, which line up on the right.
pub(crate) fn is_number(dtype: &DataType) -> bool {
    dtype.is_primitive_numeric() || dtype.is_decimal()
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, TimeZone};

    use super::*;

    fn first(column: &Series) -> String {
        let column = to_cell_type(column).unwrap();
        Column::new(&column).unwrap().cell(0).to_string()
    }

    #[test]
    fn every_whole_number_is_read() {
        let ints = Series::new("n".into(), [7i64]);
        for dtype in [
            DataType::Int8,
            DataType::Int16,
            DataType::Int32,
            DataType::UInt32,
            DataType::UInt64,
            DataType::Int128,
        ] {
            assert_eq!(first(&ints.cast(&dtype).unwrap()), "7", "{dtype}");
        }
        assert_eq!(
            first(&Series::new("n".into(), [u64::MAX])),
            u64::MAX.to_string()
        );
    }

    #[test]
    fn every_time_unit_and_zone_is_read_as_utc_microseconds() {
        let seconds = 1_772_442_317i64;
        let berlin = TimeZone::opt_try_new(Some("Europe/Berlin")).unwrap();
        for (unit, scale) in [
            (TimeUnit::Milliseconds, 1_000),
            (TimeUnit::Microseconds, 1_000_000),
            (TimeUnit::Nanoseconds, 1_000_000_000),
        ] {
            for zone in [None, Some(TimeZone::UTC), berlin.clone()] {
                let ticks = Series::new("t".into(), [seconds * scale]);
                let times = ticks.cast(&DataType::Datetime(unit, zone)).unwrap();
                assert_eq!(first(&times), "2026-03-02T09:05:17Z");
            }
        }
    }

    #[test]
    fn what_is_no_number_has_no_value() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let column = Series::new("f".into(), [value]);
            assert_eq!(Column::new(&column).unwrap().cell(0), Cell::Null);
        }
    }

    #[test]
    fn other_types_become_text() {
        let nulls = Series::new_null("n".into(), 1);
        assert_eq!(first(&nulls), "");
        let ticks = Series::new("d".into(), [90_500i64]);
        let unit = TimeUnit::Milliseconds;
        assert_eq!(
            first(&ticks.cast(&DataType::Duration(unit)).unwrap()),
            "PT90.5S"
        );
        assert_eq!(
            first(&ticks.cast(&DataType::Time).unwrap()),
            "00:00:00.000090500"
        );
        assert_eq!(first(&Series::new("b".into(), [&b"bytes"[..]])), "bytes");
    }

    #[test]
    fn a_list_is_refused_with_the_way_out() {
        let inner = Series::new("".into(), ["a", "b"]);
        let lists = Series::new("tags".into(), [inner]);
        let error = to_cell_type(&lists).unwrap_err();
        assert_eq!(
            error.to_string(),
            "write the column `tags` of type list[str]; cast it to text in the query"
        );
    }
}
