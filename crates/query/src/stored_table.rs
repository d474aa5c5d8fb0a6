//! The tables that reports see, as they lie in files for other engines.
//!
//! They hold what every report could ask: what depends on a report (which
//! events it reads, its window, its zone) is left to its SQL, which
//! [`Question`](crate::Question) writes. Two things differ from the tables
//! inside: numbers that mean nothing beyond a run are left out, and places count
//! anew every day, so that each day can be made on its own.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use crate::access::Access;
use crate::column::{self, Cells, Column};
use crate::error::QueryError;
use crate::evidence::Evidence;
use crate::monitor_request::MonitorRequest;
use crate::monitoring::Monitoring;
use crate::recording_buckets::RecordingBucket;
use crate::review::Reviewed;
use crate::s3_deletion::S3Deletion;
use crate::table::{self, Table};
use crate::trail_change::TrailChange;

/// A table in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredTable {
    /// One that reports see.
    Of(Table),
    /// Which events show which buckets to hold recordings.
    RecordingBuckets,
}

/// The type of a stored column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredType {
    /// Text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// Microseconds since 1970, UTC.
    Time,
    /// True or false.
    Flag,
}

/// A column of a stored table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredColumn {
    /// The name.
    pub name: &'static str,
    /// The type.
    pub kind: StoredType,
    /// What a value means.
    pub meaning: &'static str,
}

/// Columns that hold nothing beyond a run, or follow from the others in the
/// zone of a report.
const LEFT_OUT: [&str; 6] = [
    "actor_ref",
    "bucket_ref",
    "object_ref",
    "local_date",
    "local_hour",
    "local_weekday",
];

/// So many bits of a place count within its day; the day, counted since 1970,
/// stands above them.
const PLACE_BITS: u32 = 36;

const DAY_MICROS: i64 = 86_400_000_000;

static ACCESSES: [Column<Access>; 2] = [
    Column {
        name: "children_by_s3",
        meaning: "how many of batch_children just S3 itself reports",
        cells: Cells::Integer(|at| Some(i64::from(at.row.children_by_s3))),
    },
    Column {
        name: "kept_by_bucket",
        meaning: "whether the row is about recordings only if recording_buckets says so",
        cells: Cells::Flag(|at| Some(at.evidence.is_kept_by_bucket(at.row))),
    },
];

static VERDICTS: [Column<Reviewed>; 1] = [Column {
    name: "date",
    meaning: "the day of the access, as 2026-01-31, UTC",
    cells: Cells::Day(|at| at.evidence.accesses[at.row.access].time),
}];

static TRAIL_CHANGES: [Column<TrailChange>; 2] = [
    Column {
        name: "event_ms",
        meaning: "event_time in milliseconds since 1970, for arithmetic",
        cells: Cells::Integer(|at| Some(at.row.time.div_euclid(1000))),
    },
    Column {
        name: "date",
        meaning: "the day of event_time, as 2026-01-31, UTC",
        cells: Cells::Day(|at| at.row.time),
    },
];

static MONITOR_REQUESTS: [Column<MonitorRequest>; 2] = [
    Column {
        name: "event_ms",
        meaning: "event_time in milliseconds since 1970, for arithmetic",
        cells: Cells::Integer(|at| Some(at.row.time.div_euclid(1000))),
    },
    Column {
        name: "date",
        meaning: "the day of event_time, as 2026-01-31, UTC",
        cells: Cells::Day(|at| at.row.time),
    },
];

static MONITORINGS: [Column<Monitoring>; 1] = [Column {
    name: "started_ms",
    meaning: "started_at in milliseconds since 1970, for arithmetic",
    cells: Cells::Integer(|at| at.row.started.map(|started| started.div_euclid(1000))),
}];

static S3_DELETIONS: [Column<S3Deletion>; 3] = [
    Column {
        name: "placed_ms",
        meaning: "the time by which it is in a window, in milliseconds since 1970: CloudTrail's where it records the request",
        cells: Cells::Integer(|at| Some(at.row.placed_at.div_euclid(1000))),
    },
    Column {
        name: "kept_by_bucket",
        meaning: "whether the row is about recordings only if recording_buckets says so",
        cells: Cells::Flag(|at| Some(at.evidence.is_reported_by_bucket(at.row))),
    },
    Column {
        name: "placed_on",
        meaning: "the day of placed_ms, as 2026-01-31, UTC",
        cells: Cells::Day(|at| at.row.placed_at),
    },
];

static RECORDING_BUCKETS: [Column<RecordingBucket>; 2] = [
    Column {
        name: "bucket",
        meaning: "a bucket that holds recordings",
        cells: Cells::Text(|at| at.row.bucket),
    },
    Column {
        name: "shown_by",
        meaning: "the name of an event that shows it, or s3-report",
        cells: Cells::Text(|at| at.row.shown_by),
    },
];

impl StoredTable {
    /// Returns every table.
    pub fn all() -> impl Iterator<Item = StoredTable> {
        let tables = Table::ALL.into_iter().map(StoredTable::Of);
        tables.chain([StoredTable::RecordingBuckets])
    }

    /// Returns the name that SQL uses.
    pub fn name(self) -> &'static str {
        match self {
            StoredTable::Of(table) => table.name(),
            StoredTable::RecordingBuckets => "recording_buckets",
        }
    }

    /// Returns what a row is.
    pub fn meaning(self) -> &'static str {
        match self {
            StoredTable::Of(table) => table.meaning(),
            StoredTable::RecordingBuckets => {
                "one row per bucket and name of an event that shows it to hold recordings"
            }
        }
    }

    /// Returns the column whose values are folders, a day each; none where the
    /// table is one file.
    pub fn partition(self) -> Option<&'static str> {
        match self {
            StoredTable::Of(
                Table::Accesses | Table::Verdicts | Table::TrailChanges | Table::MonitorRequests,
            ) => Some("date"),
            StoredTable::Of(Table::S3Deletions) => Some("placed_on"),
            _ => None,
        }
    }

    /// Returns the columns, the partition among them, in order.
    pub fn columns(self) -> Vec<StoredColumn> {
        let StoredTable::Of(table) = self else {
            return stored(&RECORDING_BUCKETS);
        };
        let schema = table.schema();
        let declared = table.columns().into_iter();
        let declared = declared.filter(|column| !LEFT_OUT.contains(&column.name));
        let mut columns: Vec<StoredColumn> = declared
            .filter_map(|column| {
                Some(StoredColumn {
                    name: column.name,
                    kind: StoredType::of(schema.get(column.name)?),
                    meaning: column.meaning,
                })
            })
            .collect();
        columns.extend(match table {
            Table::Accesses => stored(&ACCESSES),
            Table::Verdicts => stored(&VERDICTS),
            Table::TrailChanges => stored(&TRAIL_CHANGES),
            Table::MonitorRequests => stored(&MONITOR_REQUESTS),
            Table::Monitorings => stored(&MONITORINGS),
            Table::S3Deletions => stored(&S3_DELETIONS),
            _ => Vec::new(),
        });
        columns
    }

    /// Hands out the rows, a day at a time with its name where the table has a
    /// partition, without the partition's column.
    ///
    /// # Errors
    /// When the engine cannot make a frame, and what `take` says.
    pub fn each_part<E: From<QueryError>>(
        self,
        evidence: &Evidence,
        mut take: impl FnMut(Option<&str>, DataFrame) -> Result<(), E>,
    ) -> Result<(), E> {
        let broken = |source| QueryError::Table {
            table: self.name().to_owned(),
            source,
        };
        let whole = self.frame(evidence).map_err(broken)?;
        let Some(partition) = self.partition() else {
            return take(None, whole);
        };
        let days = days(&whole, partition).map_err(broken)?;
        let whole = whole.drop(partition).map_err(broken)?;
        for (day, places) in days {
            let places = IdxCa::from_vec(PlSmallStr::EMPTY, places);
            take(Some(&day), whole.take(&places).map_err(broken)?)?;
        }
        Ok(())
    }

    /// Makes the whole table, the partition's column with it.
    fn frame(self, evidence: &Evidence) -> PolarsResult<DataFrame> {
        let table = match self {
            StoredTable::Of(table) => table,
            StoredTable::RecordingBuckets => {
                let mut rows: Vec<_> = evidence.recording_buckets.rows().collect();
                let symbols = &evidence.names.symbols;
                rows.sort_by_key(|row| (symbols.str(row.bucket), symbols.str(row.shown_by)));
                return column::frame(&RECORDING_BUCKETS, None, evidence, &rows);
            }
        };
        let kept: Vec<PlSmallStr> = table
            .schema()
            .iter_names()
            .filter(|name| !LEFT_OUT.contains(&name.as_str()))
            .cloned()
            .collect();
        match table {
            Table::Accesses => {
                let rows = &evidence.accesses;
                let declared =
                    column::frame(&table::accesses::COLUMNS, Some(&kept), evidence, rows)?;
                let more = column::frame(&ACCESSES, None, evidence, rows)?;
                let places = places(rows.iter().map(|access| access.time));
                placed(declared, "access_id", places)?.hstack(more.columns())
            }
            Table::Verdicts => {
                let rows = crate::review::review(evidence);
                let declared = column::frame(&table::verdicts::COLUMNS, None, evidence, &rows)?;
                let more = column::frame(&VERDICTS, None, evidence, &rows)?;
                let of_accesses = places(evidence.accesses.iter().map(|access| access.time));
                let places = rows.iter().map(|row| of_accesses[row.access]).collect();
                placed(declared, "access_id", places)?.hstack(more.columns())
            }
            Table::TrailChanges => {
                let rows = &evidence.trail_changes;
                let declared = column::frame(&table::trail_changes::COLUMNS, None, evidence, rows)?;
                let more = column::frame(&TRAIL_CHANGES, None, evidence, rows)?;
                declared.hstack(more.columns())
            }
            Table::MonitorRequests => {
                let rows = &evidence.monitor_requests;
                let declared =
                    column::frame(&table::monitor_requests::COLUMNS, None, evidence, rows)?;
                let more = column::frame(&MONITOR_REQUESTS, None, evidence, rows)?;
                let places = places(rows.iter().map(|request| request.time));
                placed(declared, "request", places)?.hstack(more.columns())
            }
            Table::Monitorings => {
                // It is one file, which a run for a day writes anew.
                let rows = &evidence.monitorings_of_any_time;
                let declared = column::frame(&table::monitorings::COLUMNS, None, evidence, rows)?;
                let more = column::frame(&MONITORINGS, None, evidence, rows)?;
                declared.hstack(more.columns())
            }
            Table::S3Deletions => {
                let rows = &evidence.s3_deletions;
                let declared = column::frame(&table::s3_deletions::COLUMNS, None, evidence, rows)?;
                let more = column::frame(&S3_DELETIONS, None, evidence, rows)?;
                let places = places(rows.iter().map(|deletion| deletion.placed_at));
                placed(declared, "s3_deletion_id", places)?.hstack(more.columns())
            }
            _ => table.frame(evidence, None),
        }
    }
}

impl StoredType {
    fn of(kind: &DataType) -> StoredType {
        match kind {
            DataType::Int64 => StoredType::Integer,
            DataType::Datetime(..) => StoredType::Time,
            DataType::Boolean => StoredType::Flag,
            _ => StoredType::Text,
        }
    }
}

fn stored<R>(columns: &[Column<R>]) -> Vec<StoredColumn> {
    let column = |column: &Column<R>| StoredColumn {
        name: column.name,
        kind: StoredType::of(&column.dtype()),
        meaning: column.meaning,
    };
    columns.iter().map(column).collect()
}

/// Numbers rows within the day of each one's moment.
fn places(moments: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut next: HashMap<i64, i64> = HashMap::new();
    moments
        .map(|moment| {
            let day = moment.div_euclid(DAY_MICROS);
            let next = next.entry(day).or_insert(day << PLACE_BITS);
            let place = *next;
            *next += 1;
            place
        })
        .collect()
}

/// Lets a column be these numbers.
fn placed(mut rows: DataFrame, name: &str, places: Vec<i64>) -> PolarsResult<DataFrame> {
    let column = Int64Chunked::from_vec(name.into(), places).into_series();
    rows.with_column(column.into())?;
    Ok(rows)
}

/// Returns the places of each day's rows, the days in order.
fn days(rows: &DataFrame, partition: &str) -> PolarsResult<BTreeMap<String, Vec<IdxSize>>> {
    let mut days: BTreeMap<String, Vec<IdxSize>> = BTreeMap::new();
    for (place, day) in (0..).zip(rows.column(partition)?.str()?.iter()) {
        let day = day.unwrap_or_default();
        match days.get_mut(day) {
            Some(places) => places.push(place),
            None => {
                days.insert(day.to_owned(), vec![place]);
            }
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_anew_each_day_and_stay_in_order() {
        let moments = [-1, 0, 5, DAY_MICROS, DAY_MICROS];
        let day = 1_i64 << PLACE_BITS;
        assert_eq!(places(moments.into_iter()), [-day, 0, 1, day, day + 1]);
        let tomorrow_far_off = 2_932_896 * DAY_MICROS;
        assert!(places([tomorrow_far_off].into_iter())[0] > 0);
    }

    #[test]
    fn every_table_has_its_partition_among_its_columns() {
        let mut partitions = 0;
        for table in StoredTable::all() {
            let columns = table.columns();
            let mut names: Vec<_> = columns.iter().map(|column| column.name).collect();
            if let Some(partition) = table.partition() {
                assert!(names.contains(&partition), "{}", table.name());
                partitions += 1;
            }
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), columns.len(), "{}", table.name());
        }
        assert_eq!(partitions, 5);
    }
}
