use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use polars::frame::DataFrame;
use polars::prelude::{Column, DataType, IntoColumn, PlSmallStr, StringChunked, TimeUnit};

use crate::ExportError;

/// Adds to each time column one beside it with the same moments as a zone's
/// clocks show them: `2026-03-02T10:05:17+01:00`, under the name with `_local`
/// behind. The times in UTC stay.
///
/// # Errors
/// When the engine cannot put the columns together.
pub fn with_local_times(rows: &DataFrame, zone: Tz) -> Result<DataFrame, ExportError> {
    let mut columns = Vec::with_capacity(rows.width());
    for column in rows.columns() {
        columns.push(column.clone());
        if matches!(column.dtype(), DataType::Datetime(_, _)) {
            columns.push(local(column, zone)?);
        }
    }
    DataFrame::new(rows.height(), columns).map_err(|source| failed("the rows", "frame", source))
}

fn local(column: &Column, zone: Tz) -> Result<Column, ExportError> {
    let name = PlSmallStr::from(format!("{}_local", column.name()));
    let micros = column
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
        .and_then(|column| column.cast(&DataType::Int64))
        .map_err(|source| failed(column.name(), "time", source))?;
    let micros = micros
        .i64()
        .map_err(|source| failed(column.name(), "time", source))?;
    let texts = micros.iter().map(|micros| {
        let time = DateTime::from_timestamp_micros(micros?)?.with_timezone(&zone);
        Some(time.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    });
    let texts: StringChunked = texts.collect();
    Ok(texts.with_name(name).into_column())
}

fn failed(column: &str, dtype: &str, source: polars::prelude::PolarsError) -> ExportError {
    ExportError::Column {
        column: column.to_owned(),
        dtype: dtype.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{IntoColumn, NamedFrom, Series, TimeZone};

    use super::*;

    #[test]
    fn local_times_stand_beside_utc_with_their_offset() {
        let times = Series::new(
            "at".into(),
            [
                Some(1_772_442_317_000_000i64),
                None,
                Some(1_774_746_000_000_000),
            ],
        )
        .cast(&DataType::Datetime(
            TimeUnit::Microseconds,
            Some(TimeZone::UTC),
        ))
        .unwrap();
        let other = Series::new("n".into(), [1i64, 2, 3]);
        let rows = DataFrame::new(3, vec![times.into_column(), other.into_column()]).unwrap();
        let rows = with_local_times(&rows, chrono_tz::Europe::Berlin).unwrap();
        assert_eq!(rows.get_column_names(), ["at", "at_local", "n"]);
        let local = rows.column("at_local").unwrap().str().unwrap();
        let local: Vec<Option<&str>> = local.iter().collect();
        // Winter, nothing, and the hour in which summer begins.
        assert_eq!(
            local,
            [
                Some("2026-03-02T10:05:17+01:00"),
                None,
                Some("2026-03-29T03:00:00+02:00"),
            ]
        );
    }
}
