//! Gives contact records back from the columns of the `contacts` table, as far as
//! reports ask for them.

use std::collections::HashMap;

use earwitness_parser::{
    Agent, AgentGroup, ContactRecord, ContentHash, HierarchyGroups, List, Text, Time, Timestamp,
};
use earwitness_query::{ContactId, ContactIds, PickedContacts};
use foldhash::fast::RandomState;
use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{Int64Chunked, Series, StringChunked};

use crate::contact_rows::{
    AGENT, AGENT_ARN, CONTACT_ID, CONTENT_HASH, HIERARCHY_GROUPS, OBJECT_HASHES, ObjectHashes,
    RECORDINGS, UPDATED,
};

/// A row group of contact records, as far as it takes to know which of them matter.
pub(crate) struct ContactIndex {
    /// The contact of each row; none where reports do not read the row.
    contacts: Vec<Option<ContactId>>,
    /// Whether an object of the row matters.
    by_object: Vec<bool>,
}

/// Returns the columns that an index is made from.
pub(crate) fn index_columns() -> Vec<String> {
    [
        CONTACT_ID,
        UPDATED,
        AGENT,
        AGENT_ARN,
        OBJECT_HASHES,
        CONTENT_HASH,
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Returns the columns that contact records are picked from.
pub(crate) fn columns() -> Vec<String> {
    let texts = TEXTS.iter().map(|(name, _)| *name);
    let times = TIMES.iter().map(|(name, _)| *name);
    let others = [HIERARCHY_GROUPS, RECORDINGS, CONTENT_HASH];
    texts
        .chain(times)
        .chain(others)
        .map(str::to_owned)
        .collect()
}

/// Puts a column's text into its place in a record.
type PutText = for<'a> fn(&mut ContactRecord<'a>, Text<'a>);

const TEXTS: [(&str, PutText); 9] = [
    (CONTACT_ID, |record, text| record.contact_id = text),
    ("initial_contact_id", |record, text| {
        record.initial_contact_id = text;
    }),
    ("account_id", |record, text| record.aws_account_id = text),
    ("instance_arn", |record, text| record.instance_arn = text),
    ("channel", |record, text| record.channel = text),
    ("initiation_method", |record, text| {
        record.initiation_method = text;
    }),
    (AGENT, |record, text| record.agent.username = text),
    (AGENT_ARN, |record, text| record.agent.arn = text),
    ("queue", |record, text| record.queue.name = text),
];

type PutTime = for<'a> fn(&mut ContactRecord<'a>, Time);

const TIMES: [(&str, PutTime); 3] = [
    ("initiated", |record, time| {
        record.initiation_timestamp = time;
    }),
    ("disconnected", |record, time| {
        record.disconnect_timestamp = time;
    }),
    (UPDATED, |record, time| record.last_update_timestamp = time),
];

impl ContactIndex {
    /// Reads the index of a row group. Every record is taken in as being there, and
    /// the agents are learned.
    pub(crate) fn of(
        frame: &DataFrame,
        objects: &ObjectHashes,
        picked: &mut PickedContacts,
    ) -> PolarsResult<ContactIndex> {
        let ids = texts(frame, CONTACT_ID)?;
        let hashes = series(frame, OBJECT_HASHES)?.binary()?;
        let contents = series(frame, CONTENT_HASH)?.u64()?;
        let (names, arns) = (texts(frame, AGENT)?, texts(frame, AGENT_ARN)?);
        let updated = times(frame, UPDATED)?;
        let mut index = ContactIndex {
            contacts: Vec::with_capacity(frame.height()),
            by_object: Vec::with_capacity(frame.height()),
        };
        let mut agents: HashMap<(&str, &str), i64, RandomState> = HashMap::default();
        for row in 0..frame.height() {
            let is_read = contents.get(row).is_some();
            let contact = is_read.then(|| ContactId::of(ids.get(row)));
            index.contacts.push(contact);
            let (hashes, _) = hashes.get(row).unwrap_or_default().as_chunks();
            let matters = hashes.iter().any(|hash| objects.contains(hash));
            index.by_object.push(is_read && matters);
            let Some(contact) = contact else {
                continue;
            };
            picked.see(contact);
            if let (Some(name), Some(arn)) = (names.get(row), arns.get(row)) {
                // A record that does not say when counts as the oldest, as in reports.
                let updated = updated.get(row).unwrap_or_default();
                let latest = agents.entry((arn, name)).or_insert(updated);
                *latest = updated.max(*latest);
            }
        }
        for ((arn, name), updated) in agents {
            picked.learn_agent(&ContactRecord {
                agent: Agent {
                    arn: Text::borrowed(arn),
                    username: Text::borrowed(name),
                    ..Agent::default()
                },
                last_update_timestamp: Time(Some(Timestamp(updated))),
                ..ContactRecord::default()
            });
        }
        Ok(index)
    }

    /// Iterates over the contacts whose recordings matter.
    pub(crate) fn contacts_by_object(&self) -> impl Iterator<Item = ContactId> {
        let rows = self.contacts.iter().zip(&self.by_object);
        rows.filter_map(|(contact, by_object)| contact.filter(|_| *by_object))
    }

    /// Returns the rows that matter.
    pub(crate) fn rows(&self, contacts: &ContactIds) -> Vec<usize> {
        let is_wanted = |contact: &ContactId| contacts.contains(contact);
        let rows = self.contacts.iter().enumerate();
        rows.filter_map(|(row, contact)| contact.as_ref().filter(|id| is_wanted(id)).map(|_| row))
            .collect()
    }
}

/// Picks rows of a row group. `None` where a column does not hold what it should.
pub(crate) fn pick(
    frame: &DataFrame,
    rows: &[usize],
    picked: &mut PickedContacts,
) -> PolarsResult<Option<()>> {
    let mut text_columns = Vec::with_capacity(TEXTS.len());
    for (name, put) in TEXTS {
        text_columns.push((texts(frame, name)?, put));
    }
    let mut time_columns = Vec::with_capacity(TIMES.len());
    for (name, put) in TIMES {
        time_columns.push((times(frame, name)?, put));
    }
    let groups = texts(frame, HIERARCHY_GROUPS)?;
    let recordings = texts(frame, RECORDINGS)?;
    let contents = series(frame, CONTENT_HASH)?.u64()?;
    for &row in rows {
        let mut record = ContactRecord::default();
        for (column, put) in &text_columns {
            put(
                &mut record,
                Text::borrowed(column.get(row).unwrap_or_default()),
            );
        }
        for (column, put) in &time_columns {
            put(&mut record, Time(column.get(row).map(Timestamp)));
        }
        if let Some(groups) = groups.get(row) {
            let Ok(groups) = serde_json::from_str(groups) else {
                return Ok(None);
            };
            record.agent.hierarchy_groups = levels(groups);
        }
        if let Some(recordings) = recordings.get(row) {
            let Ok(recordings) = serde_json::from_str(recordings) else {
                return Ok(None);
            };
            record.recordings = recordings;
        }
        let Some(content) = contents.get(row) else {
            return Ok(None);
        };
        picked.pick(&record, ContentHash(content));
    }
    Ok(Some(()))
}

/// Puts groups, from the topmost down, into the levels that there are.
fn levels(groups: List<AgentGroup<'_>>) -> HierarchyGroups<'_> {
    let mut groups = groups.0.into_iter();
    let mut next = || groups.next().unwrap_or_default();
    HierarchyGroups {
        level1: next(),
        level2: next(),
        level3: next(),
        level4: next(),
        level5: next(),
    }
}

fn series<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<&'f Series> {
    Ok(frame.column(name)?.as_materialized_series())
}

fn texts<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<&'f StringChunked> {
    series(frame, name)?.str()
}

fn times(frame: &DataFrame, name: &str) -> PolarsResult<Int64Chunked> {
    let times = series(frame, name)?.to_physical_repr().into_owned();
    Ok(times.i64()?.clone())
}
