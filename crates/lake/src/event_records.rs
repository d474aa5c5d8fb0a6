//! Gives records back from the columns of the `events` table.

use std::collections::HashMap;

use earwitness_parser::Timestamp;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{BooleanChunked, Int64Chunked, StringChunked, UInt32Chunked, UInt64Chunked};

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

/// Returns the columns that records are given back from.
pub(crate) fn columns() -> Vec<String> {
    let members = MEMBERS.iter().map(|member| member.column);
    let others = [INPUT, INPUT_VERSION, RECORD_INDEX, COPIES, LAYOUT, RECORD];
    members.chain(others).map(str::to_owned).collect()
}

impl EventRecords {
    pub(crate) fn of(frame: &DataFrame) -> PolarsResult<EventRecords> {
        let text = |name: &str| -> PolarsResult<StringChunked> {
            Ok(frame.column(name)?.as_materialized_series().str()?.clone())
        };
        let number = |name: &str| {
            frame
                .column(name)
                .map(|column| column.as_materialized_series().clone())
        };
        let mut members = Vec::with_capacity(MEMBERS.len());
        for member in &MEMBERS {
            members.push(match member.kind {
                Kind::Text => MemberValues::Text(text(member.column)?),
                Kind::Json => MemberValues::Json(text(member.column)?),
                Kind::Flag => MemberValues::Flag(number(member.column)?.bool()?.clone()),
                Kind::Time => {
                    let times = number(member.column)?.to_physical_repr().into_owned();
                    MemberValues::Time(times.i64()?.clone())
                }
            });
        }
        Ok(EventRecords {
            members,
            layout: text(LAYOUT)?,
            record: text(RECORD)?,
            input: text(INPUT)?,
            input_version: number(INPUT_VERSION)?.u32()?.clone(),
            record_index: number(RECORD_INDEX)?.u64()?.clone(),
            copies: number(COPIES)?.u32()?.clone(),
            event_name: text("event_name")?,
            event_time: number("event_time")?
                .to_physical_repr()
                .into_owned()
                .i64()?
                .clone(),
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
