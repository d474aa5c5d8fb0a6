//! The `contacts` table: contact records as they were delivered, with the columns
//! that they are looked up by and that reports are answered from.
//!
//! Source: Amazon Connect Administrator Guide, "Contact records data model".

use std::collections::{BTreeSet, HashSet};

use earwitness_parser::{ContactRecord, ContentHash, HierarchyGroups};
use earwitness_query::canonical_key;
use foldhash::fast::RandomState;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{Column, DataType, TimeUnit, TimeZone};
use serde::Serialize;
use sha2::{Digest, Sha256};

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
pub(crate) struct ContactRow {
    pub(crate) input: String,
    pub(crate) version: u32,
    pub(crate) index: u64,
    pub(crate) record: String,
    /// Whether reports read the row; otherwise they read the whole input.
    pub(crate) is_read: bool,
}

/// What is held before it is written, in bytes, and what a row group has at most.
pub(crate) const HELD_BYTES: usize = 64 << 20;
const GROUP_ROWS: usize = 16 * 1024;

pub(crate) const CONTACT_ID: &str = "contact_id";
pub(crate) const UPDATED: &str = "updated";
pub(crate) const AGENT: &str = "agent";
pub(crate) const AGENT_ARN: &str = "agent_arn";
/// The hash of the record's text; null where reports do not read the row.
pub(crate) const CONTENT_HASH: &str = "content_hash";
/// The hashes of the objects that the record names, eight bytes each.
pub(crate) const OBJECT_HASHES: &str = "object_hashes";
pub(crate) const HIERARCHY_GROUPS: &str = "hierarchy_groups";
pub(crate) const RECORDINGS: &str = "recordings";

/// Returns the columns that contact records are given back from.
pub(crate) fn columns() -> Vec<String> {
    [INPUT, INPUT_VERSION, RECORD_INDEX, RECORD]
        .map(str::to_owned)
        .to_vec()
}

/// Hashes of objects, each once.
pub(crate) type ObjectHashes = HashSet<[u8; 8], RandomState>;

/// Hashes an object: bucket and key in its canonical form.
pub(crate) fn object_hash(bucket: &str, key: &str) -> [u8; 8] {
    let hash = Sha256::new()
        .chain_update(bucket)
        .chain_update([0])
        .chain_update(key)
        .finalize();
    let mut short = [0; 8];
    short.copy_from_slice(&hash[..8]);
    short
}

impl ContactRows {
    pub(crate) fn push(&mut self, row: ContactRow) {
        self.bytes += row.input.len() + row.record.len() + size_of::<ContactRow>();
        self.rows.push(row);
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
        let mut buckets = BTreeSet::new();
        for rows in rows.chunks(GROUP_ROWS) {
            let frame = frame(rows, &mut buckets).map_err(|source| LakeError::Encode {
                path: Table::Contacts.folder().into(),
                source,
            })?;
            let group = Group {
                rows: rows.len() as u64,
                ..Group::default()
            };
            file.write(frame, group)?;
        }
        let mut entry = file.finish(bytes)?;
        entry.recording_buckets = Some(buckets.into_iter().collect());
        Ok(Some(entry))
    }
}

/// An object of a record, with AWS's names.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StoredRecording<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    storage_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    media_stream_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    participant_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletion_reason: Option<&'a str>,
}

/// A hierarchy group of a record, with AWS's names.
#[derive(Serialize)]
struct StoredGroup<'a> {
    #[serde(rename = "ARN")]
    arn: Option<&'a str>,
    #[serde(rename = "GroupName", skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

/// The objects of a record: their hashes, and what it says of each as JSON.
struct Objects {
    hashes: Vec<u8>,
    recordings: Option<String>,
}

impl Objects {
    /// Reads the objects. The first recording stands in a record twice, and once is
    /// enough: what comes first counts.
    fn of(record: &ContactRecord<'_>, buckets: &mut BTreeSet<String>) -> Objects {
        let mut hashes: Vec<[u8; 8]> = Vec::new();
        let mut recordings = Vec::new();
        for (recording, bucket, key) in record.objects() {
            let hash = object_hash(bucket, &canonical_key(key));
            if hashes.contains(&hash) {
                continue;
            }
            hashes.push(hash);
            if !buckets.contains(bucket) {
                buckets.insert(bucket.to_owned());
            }
            recordings.push(StoredRecording {
                location: recording.location.get(),
                status: recording.status.get(),
                storage_type: recording.storage_type.get(),
                media_stream_type: recording.media_stream_type.get(),
                participant_type: recording.participant_type.get(),
                deletion_reason: recording.deletion_reason.get(),
            });
        }
        Objects {
            hashes: hashes.concat(),
            recordings: json(&recordings),
        }
    }
}

/// Returns the agent's ARN; `describe-contact` prints the id alone.
fn agent_arn(record: &ContactRecord<'_>) -> Option<String> {
    let agent = &record.agent;
    let of_id = || {
        let instance = record.instance().unwrap_or_default();
        Some(format!("{instance}/agent/{}", agent.user_id()?))
    };
    agent.arn.get().map(str::to_owned).or_else(of_id)
}

/// Writes the groups that have an id as the levels from the topmost down.
fn hierarchy(groups: &HierarchyGroups<'_>) -> Option<String> {
    let groups: Vec<StoredGroup<'_>> = groups
        .groups()
        .map(|group| StoredGroup {
            arn: group.arn.get(),
            name: group.name.get(),
        })
        .collect();
    json(&groups)
}

fn json<T: Serialize>(list: &[T]) -> Option<String> {
    let written = (!list.is_empty()).then(|| serde_json::to_string(list));
    written.and_then(Result::ok)
}

fn frame(rows: &[ContactRow], buckets: &mut BTreeSet<String>) -> PolarsResult<DataFrame> {
    let read: Vec<ContactRecord<'_>> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.record).unwrap_or_default())
        .collect();
    let text = |name: &str, value: for<'r> fn(&'r ContactRecord<'_>) -> Option<&'r str>| {
        let values: Vec<Option<&str>> = read.iter().map(value).collect();
        Column::new(name.into(), values)
    };
    let time = |name: &str, value: fn(&ContactRecord<'_>) -> Option<i64>| {
        let values: Vec<Option<i64>> = read.iter().map(value).collect();
        let zoned = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
        Column::new(name.into(), values).cast(&zoned)
    };
    let mut unread = BTreeSet::new();
    let objects: Vec<Objects> = rows
        .iter()
        .zip(&read)
        .map(|(row, record)| {
            let buckets = if row.is_read {
                &mut *buckets
            } else {
                &mut unread
            };
            Objects::of(record, buckets)
        })
        .collect();
    let hashes: Vec<&[u8]> = objects.iter().map(|all| all.hashes.as_slice()).collect();
    let recordings: Vec<Option<&str>> = objects
        .iter()
        .map(|all| all.recordings.as_deref())
        .collect();
    let groups = read
        .iter()
        .map(|record| hierarchy(&record.agent.hierarchy_groups));
    let contents = rows.iter().map(|row| {
        let hash = ContentHash::of_text(row.record.as_bytes());
        row.is_read.then_some(hash.0)
    });
    let ids = read
        .iter()
        .map(|record| record.contact_id.get().map(str::to_ascii_lowercase));
    let agent_arns = read.iter().map(agent_arn);
    let inputs: Vec<&str> = rows.iter().map(|row| row.input.as_str()).collect();
    let versions: Vec<u32> = rows.iter().map(|row| row.version).collect();
    let indices: Vec<u64> = rows.iter().map(|row| row.index).collect();
    let records: Vec<&str> = rows.iter().map(|row| row.record.as_str()).collect();
    let columns = vec![
        Column::new(CONTACT_ID.into(), ids.collect::<Vec<_>>()),
        text("initial_contact_id", |record| {
            record.initial_contact_id.get()
        }),
        text("account_id", |record| record.aws_account_id.get()),
        text("instance_arn", |record| record.instance()),
        text("channel", |record| record.channel.get()),
        text("initiation_method", |record| record.initiation_method.get()),
        text(AGENT, |record| record.agent.username.get()),
        Column::new(AGENT_ARN.into(), agent_arns.collect::<Vec<_>>()),
        Column::new(HIERARCHY_GROUPS.into(), groups.collect::<Vec<_>>()),
        text("queue", |record| record.queue.name.get()),
        time("initiated", |record| {
            record.initiation_timestamp.0.map(|time| time.0)
        })?,
        time("disconnected", |record| {
            record.disconnect_timestamp.0.map(|time| time.0)
        })?,
        time(UPDATED, |record| {
            record.last_update_timestamp.0.map(|time| time.0)
        })?,
        Column::new(RECORDINGS.into(), recordings),
        Column::new(OBJECT_HASHES.into(), hashes),
        Column::new(CONTENT_HASH.into(), contents.collect::<Vec<_>>()),
        Column::new(INPUT.into(), inputs),
        Column::new(INPUT_VERSION.into(), versions),
        Column::new(RECORD_INDEX.into(), indices),
        Column::new(RECORD.into(), records),
    ];
    DataFrame::new(rows.len(), columns)
}
