//! Gives records back from the columns of the `events` table.

use std::collections::HashMap;

use earwitness_parser::Timestamp;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{
    BooleanChunked, DataType, Int64Chunked, Series, StringChunked, UInt32Chunked, UInt64Chunked,
};

use crate::event_columns::{
    COPIES, INPUT, INPUT_VERSION, Kind, LAYOUT, MEMBERS, RECORD, RECORD_INDEX,
};

/// A row group of events.
pub(crate) struct EventRecords {
    members: Vec<MemberValues>,
    layout: StringChunked,
    record: StringChunked,
    input: StringChunked,
    input_version: UInt32Chunked,
    record_index: UInt64Chunked,
    copies: UInt32Chunked,
    event_name: StringChunked,
    event_time: Int64Chunked,
    /// The places of the members that a layout names, once it was met.
    layouts: HashMap<String, Option<Vec<usize>>>,
}

enum MemberValues {
    Text(StringChunked),
    Json(StringChunked),
    Flag(BooleanChunked),
    Time(Int64Chunked),
}

/// Where a record lay, and how often else it was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Custody<'a> {
    pub(crate) input: &'a str,
    pub(crate) version: u32,
    pub(crate) index: u64,
    pub(crate) copies: u32,
}

/// Iterates over the columns that records are given back from.
fn columns() -> impl Iterator<Item = &'static str> {
    let members = MEMBERS.iter().map(|member| member.column);
    members.chain([INPUT, INPUT_VERSION, RECORD_INDEX, COPIES, LAYOUT, RECORD])
}

/// Returns which of the columns hold nothing, a bit each.
pub(crate) fn nulls(frame: &DataFrame) -> u64 {
    let is_null = |name| {
        let column = frame.column(name);
        column.is_ok_and(|column| column.null_count() == column.len())
    };
    let bits = columns().enumerate().filter(|(_, name)| is_null(name));
    bits.map(|(place, _)| 1 << place).sum()
}

/// Returns the columns that hold something, by the bits of those that hold nothing.
pub(crate) fn columns_beside(nulls: u64) -> Vec<String> {
    let columns = columns().enumerate();
    let columns = columns.filter(|(place, _)| nulls & (1 << place) == 0);
    columns.map(|(_, name)| name.to_owned()).collect()
}

impl EventRecords {
    /// Takes apart a row group that was read without the columns that hold nothing.
    pub(crate) fn of(frame: &DataFrame, nulls: u64) -> PolarsResult<EventRecords> {
        let is_left_out = |name: &str| {
            let mut columns = columns().enumerate();
            columns.any(|(place, column)| column == name && nulls & (1 << place) != 0)
        };
        let column = |name: &str, of: DataType| -> PolarsResult<Series> {
            if is_left_out(name) {
                return Ok(Series::full_null(name.into(), frame.height(), &of));
            }
            Ok(frame.column(name)?.as_materialized_series().clone())
        };
        let text = |name: &str| -> PolarsResult<StringChunked> {
            Ok(column(name, DataType::String)?.str()?.clone())
        };
        let number = |name: &str, of: DataType| -> PolarsResult<Series> {
            Ok(column(name, of)?.to_physical_repr().into_owned())
        };
        let mut members = Vec::with_capacity(MEMBERS.len());
        for member in &MEMBERS {
            members.push(match member.kind {
                Kind::Text => MemberValues::Text(text(member.column)?),
                Kind::Json => MemberValues::Json(text(member.column)?),
                Kind::Flag => {
                    let flags = number(member.column, DataType::Boolean)?;
                    MemberValues::Flag(flags.bool()?.clone())
                }
                Kind::Time => {
                    MemberValues::Time(number(member.column, DataType::Int64)?.i64()?.clone())
                }
            });
        }
        Ok(EventRecords {
            members,
            layout: text(LAYOUT)?,
            record: text(RECORD)?,
            input: text(INPUT)?,
            input_version: number(INPUT_VERSION, DataType::UInt32)?.u32()?.clone(),
            record_index: number(RECORD_INDEX, DataType::UInt64)?.u64()?.clone(),
            copies: number(COPIES, DataType::UInt32)?.u32()?.clone(),
            event_name: text("event_name")?,
            event_time: number("event_time", DataType::Int64)?.i64()?.clone(),
            layouts: HashMap::new(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.input.len()
    }

    pub(crate) fn event_name(&self, row: usize) -> &str {
        self.event_name.get(row).unwrap_or_default()
    }

    pub(crate) fn event_time(&self, row: usize) -> Option<i64> {
        self.event_time.get(row)
    }

    /// Returns where a record lay; `None` where the row does not tell.
    pub(crate) fn custody(&self, row: usize) -> Option<Custody<'_>> {
        Some(Custody {
            input: self.input.get(row)?,
            version: self.input_version.get(row)?,
            index: self.record_index.get(row)?,
            copies: self.copies.get(row)?,
        })
    }

    /// Appends a record as it was delivered. `None` where the row holds none.
    pub(crate) fn push_record(&mut self, row: usize, out: &mut Vec<u8>) -> Option<()> {
        if let Some(record) = self.record.get(row) {
            out.extend_from_slice(record.as_bytes());
            return Some(());
        }
        let layout = self.layout.get(row)?;
        if !self.layouts.contains_key(layout) {
            let places = places(layout);
            self.layouts.insert(layout.to_owned(), places);
        }
        let places = self.layouts.get(layout)?.as_ref()?;
        out.push(b'{');
        for (number, &place) in places.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            out.push(b'"');
            out.extend_from_slice(MEMBERS[place].key.as_bytes());
            out.extend_from_slice(b"\":");
            self.members[place].push(row, out);
        }
        out.push(b'}');
        Some(())
    }
}

impl MemberValues {
    fn push(&self, row: usize, out: &mut Vec<u8>) {
        let quoted = |text: &str, out: &mut Vec<u8>| {
            out.push(b'"');
            out.extend_from_slice(text.as_bytes());
            out.push(b'"');
        };
        match self {
            MemberValues::Text(values) => match values.get(row) {
                Some(text) => quoted(text, out),
                None => out.extend_from_slice(b"null"),
            },
            MemberValues::Json(values) => {
                out.extend_from_slice(values.get(row).unwrap_or("null").as_bytes());
            }
            MemberValues::Flag(values) => out.extend_from_slice(match values.get(row) {
                Some(true) => b"true",
                Some(false) => b"false",
                None => b"null",
            }),
            MemberValues::Time(values) => match values.get(row) {
                Some(time) => quoted(&Timestamp(time).to_string(), out),
                None => out.extend_from_slice(b"null"),
            },
        }
    }
}

fn places(layout: &str) -> Option<Vec<usize>> {
    let keys = layout.split(',').filter(|key| !key.is_empty());
    let place = |key: &str| MEMBERS.iter().position(|member| member.key == key);
    keys.map(place).collect()
}

#[cfg(test)]
mod tests {
    use earwitness_parser::{Event, Timestamp};

    use super::*;
    use crate::event_columns::frame;
    use crate::rows::Rows;

    /// Records as they are delivered, and as they are not.
    const RECORDS: [&str; 12] = [
        r#"{"eventVersion":"1.11","userIdentity":{"type":"Root"},"eventTime":"2026-03-02T09:05:17Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","readOnly":true,"requestParameters":{"bucketName":"b","key":"k"},"responseElements":null,"errorCode":null,"managementEvent":false,"tlsDetails":{"a": [1, 2]}}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z"}"#,
        r#"{"eventTime":"2026-03-02T09:05:17Z","eventName":"GetObject"}"#,
        r#"{"eventTime":"2026-03-02T09:05:17.250Z","eventName":"","requestID":""}"#,
        // White space, escapes, another form of the time, other types, unknown and
        // repeated members: each is kept as it is written.
        r#"{ "eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z"}"#,
        r#"{"eventName":"Get\u004fbject","eventTime":"2026-03-02T09:05:17Z"}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T10:05:17+01:00"}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","eventVersion":1.05}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","readOnly":"true"}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","newMember":{"x":1}}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","eventName":"PutObject"}"#,
        r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","event\u0049D":"1"}"#,
    ];

    #[test]
    fn records_come_back_byte_by_byte() {
        let mut rows = Rows::default();
        for (index, record) in (0..).zip(RECORDS) {
            let event: Event<'_> = serde_json::from_str(record).unwrap();
            let time = event.event_time.0.unwrap_or(Timestamp(0));
            rows.push(&event, time, record, (0, index, 7));
        }
        let inputs = [("an input".to_owned(), 3)];
        let sorted = rows.sorted(&inputs);
        let (frame, names) = frame(&rows, &sorted, &inputs).unwrap();
        assert_eq!(names, ["", "GetObject", "PutObject"]);
        let nulls = nulls(&frame);
        // What is left out is what nothing is said of.
        let frame = frame.select(columns_beside(nulls)).unwrap();
        assert!(nulls.count_ones() > 15 && frame.width() < 24, "{nulls:b}");
        let mut records = EventRecords::of(&frame, nulls).unwrap();
        let mut as_written = 0;
        for row in 0..records.len() {
            let custody = records.custody(row).unwrap();
            let record = RECORDS[usize::try_from(custody.index).unwrap()];
            let from = (custody.input, custody.version, custody.copies);
            assert_eq!(from, ("an input", 3, 7));
            let event: Event<'_> = serde_json::from_str(record).unwrap();
            assert_eq!(records.event_name(row), event.event_name.as_str());
            assert_eq!(
                records.event_time(row),
                event.event_time.0.map(|time| time.0)
            );
            as_written += usize::from(records.record.get(row).is_some());
            let mut text = Vec::new();
            records.push_record(row, &mut text).unwrap();
            assert_eq!(std::str::from_utf8(&text).unwrap(), record);
        }
        assert_eq!(as_written, 8);
    }

    #[test]
    fn a_layout_of_unknown_members_gives_nothing() {
        assert_eq!(
            places("eventName,eventTime").map(|places| places.len()),
            Some(2)
        );
        assert_eq!(places("eventName,other"), None);
    }
}
