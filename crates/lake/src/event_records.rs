//! Gives records back from the columns of the `events` table.

use std::collections::HashMap;

use earwitness_parser::Timestamp;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{
    BooleanChunked, DataType, Int64Chunked, Series, StringChunked, UInt32Chunked, UInt64Chunked,
};

use crate::data_file::OpenFile;
use crate::error::LakeError;
use crate::event_columns::{
    COPIES, INPUT, INPUT_VERSION, Kind, LAYOUT, MEMBERS, RECORD, RECORD_INDEX,
};
use crate::known_columns::KnownColumns;

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

impl EventRecords {
    /// Reads a row group.
    ///
    /// # Errors
    /// When the file is not there, or not what its ledger says.
    pub(crate) fn read(open: &OpenFile<'_>, group: usize) -> Result<EventRecords, LakeError> {
        let known = open.known_columns(group);
        let frame = open.group(group, known.others())?;
        let records = EventRecords::of(&frame, &known);
        records.map_err(|_| open.damaged("its columns are not those of events"))
    }

    /// Takes apart a row group that was read without the columns that are known.
    fn of(frame: &DataFrame, known: &KnownColumns<'_>) -> PolarsResult<EventRecords> {
        let column = |name: &str, of: DataType| known.column(frame, name, &of);
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
    use crate::known_columns::known;
    use crate::ledger::{Group, Kind, Ledger};
    use crate::names::Names;
    use crate::rows::Rows;

    /// Records as they are delivered, and as they are not.
    const RECORDS: [&str; 13] = [
        r#"{"eventVersion":"1.09","eventTime":"2026-03-02T09:05:17Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-west-2","errorCode":"AccessDenied","readOnly":false,"eventType":"AwsApiCall","apiVersion":"1","managementEvent":true,"recipientAccountId":"111122223333","vpcEndpointId":"vpce-1","eventCategory":"Data","tlsDetails":{}}"#,
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
        let mut as_written = 0;
        let mut groups = vec![(0, frame.height())];
        // Of one row, every column says one thing or nothing.
        groups.extend((0..frame.height()).map(|row| (row, 1)));
        for (first, height) in groups {
            let frame = frame.slice(first as i64, height);
            let mut names = Names::default();
            let group = Group {
                columns: Some(known(&frame, &mut names)),
                ..Group::default()
            };
            let mut ledger = Ledger::new(Kind::Ingest, "00aa", 0);
            ledger.names = names.into_texts();
            let known = KnownColumns::of(&ledger, &group);
            let others = known.others();
            // Most hold nothing; one row says what it says in few others.
            assert!(
                others.len() < if height == 1 { 12 } else { 30 },
                "{others:?}"
            );
            let frame = frame.select(others).unwrap();
            let mut records = EventRecords::of(&frame, &known).unwrap();
            assert_eq!(records.len(), height);
            for row in 0..height {
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
        }
        assert_eq!(as_written, 2 * 8);
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
