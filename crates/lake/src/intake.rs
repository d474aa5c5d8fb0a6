//! What one input holds, on its way into the lake.

use std::collections::{BTreeMap, HashSet};

use earwitness_parser::{Event, Item, Passed, Reader, Timestamp};
use earwitness_query::Scattered;

use crate::folder::partition;
use crate::rows::Rows;

/// What one input holds.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    pub(crate) records: u64,
    pub(crate) events: u64,
    pub(crate) rejected: u64,
    pub(crate) aggregated: u64,
    pub(crate) directory: bool,
    /// Only the whole input says all that it says.
    pub(crate) as_document: bool,
    /// Of each event name: how many, the first and the last.
    pub(crate) tallies: BTreeMap<String, (u64, i64, i64)>,
    /// Event names with buckets that these events show to hold recordings.
    pub(crate) recording_buckets: HashSet<(String, String)>,
    /// Events by partition.
    pub(crate) partitions: Vec<(String, Rows)>,
    pub(crate) contacts: Vec<IntakeContact>,
}

/// A contact record.
#[derive(Debug)]
pub(crate) struct IntakeContact {
    pub(crate) index: u64,
    pub(crate) record: String,
}

impl Intake {
    /// Reads an input, of which everything matters.
    pub(crate) fn read(input: &[u8], reader: &mut Reader) -> Intake {
        let mut intake = Intake::default();
        reader.read(input, &mut |item| intake.take(item));
        intake
    }

    fn take(&mut self, item: Item<'_>) {
        self.records += 1;
        match item {
            Item::Event {
                event,
                time,
                position,
                raw,
            } => {
                self.events += 1;
                self.tally(&event, time);
                self.learn_recording_bucket(&event);
                let record = String::from_utf8_lossy(raw.text());
                // Text that is none cannot be given back from a row.
                self.as_document |= matches!(record, std::borrow::Cow::Owned(_));
                let rows = self.partition(partition(&event, time));
                rows.push(&event, time, &record, (0, position.index, 0));
            }
            Item::Contact { raw, .. } => {
                let record = String::from_utf8_lossy(raw.text());
                self.as_document |= matches!(record, std::borrow::Cow::Owned(_));
                self.contacts.push(IntakeContact {
                    index: self.records - 1,
                    record: record.into_owned(),
                });
            }
            Item::Directory { .. } => {
                self.directory = true;
                self.as_document = true;
            }
            // A count of accesses that names none: a report says how many there are.
            Item::Passed(Passed::Aggregated) => {
                self.aggregated += 1;
            }
            Item::S3Deletion { .. } | Item::Passed(_) => self.as_document = true,
            Item::Reject(_) => {
                self.rejected += 1;
                self.as_document = true;
            }
        }
    }

    fn tally(&mut self, event: &Event<'_>, time: Timestamp) {
        let name = event.event_name.as_str();
        match self.tallies.get_mut(name) {
            Some((count, first, last)) => {
                *count += 1;
                *first = time.0.min(*first);
                *last = time.0.max(*last);
            }
            None => {
                self.tallies.insert(name.to_owned(), (1, time.0, time.0));
            }
        }
    }

    fn learn_recording_bucket(&mut self, event: &Event<'_>) {
        let (Some(bucket), Some(key)) = (event.bucket(), event.key()) else {
            return;
        };
        let name = event.event_name.as_str();
        let known = |(of, holds): &(String, String)| of == name && holds == bucket;
        // There are few: an archive has a handful of buckets.
        if !self.recording_buckets.iter().any(known) && Scattered::is_recording_key(key) {
            let pair = (name.to_owned(), bucket.to_owned());
            self.recording_buckets.insert(pair);
        }
    }

    /// Records of one file are of few partitions, mostly of the one before.
    fn partition(&mut self, path: String) -> &mut Rows {
        let known = self
            .partitions
            .iter()
            .rposition(|(known, _)| *known == path);
        let place = known.unwrap_or_else(|| {
            self.partitions.push((path, Rows::default()));
            self.partitions.len() - 1
        });
        &mut self.partitions[place].1
    }
}
