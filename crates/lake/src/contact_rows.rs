//! The `contacts` table: contact records as they were delivered, with the columns
//! that they are looked up by.
//!
//! Source: Amazon Connect Administrator Guide, "Contact records data model".

use earwitness_parser::ContactRecord;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{Column, DataType, TimeUnit, TimeZone};

use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION, RECORD, RECORD_INDEX};
use crate::ledger::{FileEntry, Group, Table};
use crate::session::Session;

/// Contact records on their way into a data file, in the order of their inputs.
#[derive(Debug, Default)]
pub(crate) struct ContactRows {
    rows: Vec<ContactRow>,
    bytes: usize,
}

#[derive(Debug)]
struct ContactRow {
    input: String,
    version: u32,
    index: u64,
    record: String,
}

/// What is held before it is written, in bytes, and what a row group has at most.
pub(crate) const HELD_BYTES: usize = 64 << 20;
const GROUP_ROWS: usize = 16 * 1024;

/// Returns the columns that contact records are given back from.
pub(crate) fn columns() -> Vec<String> {
    [INPUT, INPUT_VERSION, RECORD_INDEX, RECORD]
        .map(str::to_owned)
        .to_vec()
}

impl ContactRows {
    pub(crate) fn push(&mut self, input: &str, version: u32, index: u64, record: String) {
        self.bytes += input.len() + record.len() + size_of::<ContactRow>();
        self.rows.push(ContactRow {
            input: input.to_owned(),
            version,
            index,
            record,
        });
    }

    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= HELD_BYTES
    }

    /// Writes what is held into a data file, if anything is.
    pub(crate) fn write(&mut self, session: &mut Session) -> Result<Option<FileEntry>, LakeError> {
        let rows = std::mem::take(&mut self.rows);
        let bytes = std::mem::take(&mut self.bytes);
        if rows.is_empty() {
            return Ok(None);
        }
        let mut file = session.data_file(Table::Contacts, Table::Contacts.folder())?;
        for rows in rows.chunks(GROUP_ROWS) {
            let frame = frame(rows).map_err(|source| LakeError::Encode {
                path: Table::Contacts.folder().into(),
                source,
            })?;
            let group = Group {
                rows: rows.len() as u64,
                ..Group::default()
            };
            file.write(frame, group)?;
        }
        file.finish(bytes).map(Some)
    }
}

fn frame(rows: &[ContactRow]) -> PolarsResult<DataFrame> {
    let read: Vec<ContactRecord<'_>> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.record).unwrap_or_default())
        .collect();
    let text = |name: &str, value: fn(&ContactRecord<'_>) -> Option<String>| {
        let values: Vec<Option<String>> = read.iter().map(value).collect();
        Column::new(name.into(), values)
    };
    let time = |name: &str, value: fn(&ContactRecord<'_>) -> Option<i64>| {
        let values: Vec<Option<i64>> = read.iter().map(value).collect();
        let zoned = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        Column::new(name.into(), values).cast(&zoned)
    };
    let inputs: Vec<&str> = rows.iter().map(|row| row.input.as_str()).collect();
    let versions: Vec<u32> = rows.iter().map(|row| row.version).collect();
    let indices: Vec<u64> = rows.iter().map(|row| row.index).collect();
    let records: Vec<&str> = rows.iter().map(|row| row.record.as_str()).collect();
    let columns = vec![
        text("contact_id", |record| {
            record.contact_id.get().map(str::to_ascii_lowercase)
        }),
        text("account_id", |record| {
            record.aws_account_id.get().map(str::to_owned)
        }),
        text("instance_arn", |record| {
            record.instance().map(str::to_owned)
        }),
        text("channel", |record| record.channel.get().map(str::to_owned)),
        text("agent", |record| {
            record.agent.username.get().map(str::to_owned)
        }),
        text("queue", |record| record.queue.name.get().map(str::to_owned)),
        time("initiated", |record| {
            record.initiation_timestamp.0.map(|time| time.0)
        })?,
        time("updated", |record| {
            record.last_update_timestamp.0.map(|time| time.0)
        })?,
        Column::new(INPUT.into(), inputs),
        Column::new(INPUT_VERSION.into(), versions),
        Column::new(RECORD_INDEX.into(), indices),
        Column::new(RECORD.into(), records),
    ];
    DataFrame::new(rows.len(), columns)
}
