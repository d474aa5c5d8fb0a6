//! What one input held, before it is put together with the others.

use earwitness_parser::{
    ContactRecord, ContentHash, Event, Interest, Item, Passed, Reader, Reject, Timestamp,
};

use crate::access::Access;
use crate::contacts::{Contact, Recording};
use crate::counts::Counts;
use crate::directory::DirectoryRecord;
use crate::logging_call::LoggingCall;
use crate::monitor_request::MonitorRequest;
use crate::monitoring::Monitoring;
use crate::names::Names;
use crate::operation::{Action, Outcome};
use crate::recording_buckets::{RecordingBuckets, S3_REPORT};
use crate::recording_key::{RecordingKey, RecordingKind, canonical_key};
use crate::s3_deletion::S3Deletion;
use crate::symbols::Symbol;
use crate::trail_change::TrailChange;
use crate::users::{User, UserSource};
use crate::window::Window;

/// The size of an object from the request that made it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    pub(crate) object: u32,
    pub(crate) time: i64,
    /// Its bytes; `None` where the request does not tell.
    pub(crate) bytes: Option<u64>,
}

/// So many rejects of one input are kept; the others are counted.
const LISTED_REJECTS: usize = 10_000;

/// Everything that one input held that a report could need.
///
/// Independent of other inputs, so that inputs can be read at the same time.
#[derive(Debug, Clone)]
pub struct Batch {
    pub(crate) origin: String,
    pub(crate) sha256: Option<String>,
    pub(crate) names: Names,
    pub(crate) accesses: Vec<Access>,
    pub(crate) made: Vec<Made>,
    pub(crate) trail_changes: Vec<TrailChange>,
    pub(crate) logging_calls: Vec<LoggingCall>,
    pub(crate) monitor_requests: Vec<MonitorRequest>,
    pub(crate) monitorings: Vec<Monitoring>,
    pub(crate) s3_deletions: Vec<S3Deletion>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) recordings: Vec<Recording>,
    /// Agents of contact records.
    pub(crate) users: Vec<User>,
    pub(crate) directory: Vec<DirectoryRecord>,
    /// Buckets that an event shows to hold recordings.
    pub(crate) recording_buckets: RecordingBuckets,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) counts: Counts,
    pub(crate) first_event: Option<i64>,
    pub(crate) last_event: Option<i64>,
}

impl Batch {
    /// Makes the batch of an input that could not be read at all.
    pub fn empty(origin: &str) -> Batch {
        Batch {
            origin: origin.to_owned(),
            sha256: None,
            names: Names::default(),
            accesses: Vec::new(),
            made: Vec::new(),
            trail_changes: Vec::new(),
            logging_calls: Vec::new(),
            monitor_requests: Vec::new(),
            monitorings: Vec::new(),
            s3_deletions: Vec::new(),
            contacts: Vec::new(),
            recordings: Vec::new(),
            users: Vec::new(),
            directory: Vec::new(),
            recording_buckets: RecordingBuckets::default(),
            rejects: Vec::new(),
            counts: Counts::default(),
            first_event: None,
            last_event: None,
        }
    }

    /// Reads one input. Events outside `window` are not kept, except those
    /// close enough to it to say who is behind one inside.
    pub fn read(origin: &str, input: &[u8], reader: &mut Reader, window: &Window) -> Batch {
        let mut batch = Batch::empty(origin);
        let window = window.padded();
        let interest = reader.interest().clone();
        reader.read(input, &mut |item| batch.take(item, &window, &interest));
        batch
    }

    /// Records the input's SHA-256, in hex.
    #[must_use]
    pub fn with_sha256(mut self, sha256: String) -> Batch {
        self.sha256 = Some(sha256);
        self
    }

    /// Returns what could not be read, at most the first ten thousand pieces.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    /// Returns the times of the earliest and the latest event that the question
    /// is about, in microseconds since 1970.
    pub fn seen(&self) -> Option<(i64, i64)> {
        Some((self.first_event?, self.last_event?))
    }

    /// Tells whether the input says of contacts or people what holds for events
    /// of other inputs and other times.
    pub fn tells_contacts_or_people(&self) -> bool {
        !(self.contacts.is_empty() && self.users.is_empty() && self.directory.is_empty())
    }

    /// Returns how many pieces could not be read and are not listed.
    pub fn unlisted_rejects(&self) -> u64 {
        self.counts.rejected - self.rejects.len() as u64
    }

    pub(crate) fn take(&mut self, item: Item<'_>, window: &Window, interest: &Interest) {
        self.counts.read += 1;
        match item {
            Item::Event {
                event,
                time,
                position,
                raw,
            } => {
                if !interest.wants(event.event_name.as_str().as_bytes()) {
                    self.logging_calls.extend(LoggingCall::of(&event, time.0));
                    return self.pass(Passed::OtherEvent);
                }
                self.counts.events += 1;
                self.see(time);
                self.learn_made(&event, time);
                self.learn_recording_bucket(event.bucket(), event.key(), event.event_name.as_str());
                let only_size = |name| interest.sizes().iter().any(|size| size == name);
                if !window.contains(time.0) || event.event_name.get().is_some_and(only_size) {
                    self.counts.filtered += 1;
                } else if let Some(action) = Action::of(&event) {
                    self.accesses.push(Access::of(
                        &event,
                        action,
                        time,
                        raw,
                        position.index,
                        &mut self.names,
                    ));
                } else if let Some(change) = TrailChange::of(&event, time, raw, &mut self.names) {
                    self.trail_changes.push(change);
                } else if let Some(request) = MonitorRequest::of(&event, time, raw, &mut self.names)
                {
                    self.monitor_requests.push(request);
                } else {
                    self.counts.filtered += 1;
                }
            }
            Item::S3Deletion {
                deletion,
                position,
                content,
            } => {
                self.see(deletion.time);
                self.learn_recording_bucket(deletion.bucket.get(), deletion.key.get(), S3_REPORT);
                if window.contains(deletion.time.0) {
                    let row = S3Deletion::of(&deletion, content, position.index, &mut self.names);
                    self.s3_deletions.push(row);
                } else {
                    self.counts.filtered += 1;
                }
            }
            Item::Contact { record, raw } => {
                self.learn_agent(&record);
                // Of versions of one time, any will do, as long as it is the same one.
                let content = raw.bytes();
                self.learn_contact(&record, content);
                let symbols = &mut self.names.symbols;
                self.monitorings
                    .extend(Monitoring::all_of(&record, content, symbols));
            }
            Item::Directory {
                entry,
                listing,
                position,
                content,
            } => {
                let symbols = &mut self.names.symbols;
                match DirectoryRecord::of(&entry, listing, content, &self.origin, symbols) {
                    Ok(record) => self.directory.push(record),
                    Err(reason) => self.reject(Reject { position, reason }),
                }
            }
            Item::Passed(passed) => self.pass(passed),
            Item::Reject(reject) => self.reject(reject),
        }
    }

    fn reject(&mut self, reject: Reject) {
        self.counts.rejected += 1;
        if self.rejects.len() < LISTED_REJECTS {
            self.rejects.push(reject);
        }
    }

    fn see(&mut self, time: Timestamp) {
        self.first_event = Some(self.first_event.map_or(time.0, |first| first.min(time.0)));
        self.last_event = self.last_event.max(Some(time.0));
    }

    fn pass(&mut self, passed: Passed) {
        self.counts.filtered += 1;
        self.counts.events += u64::from(passed == Passed::OtherEvent);
        *self.counts.passed.entry(passed).or_default() += 1;
    }

    /// An object's size outlives the window: it may have been made long before.
    fn learn_made(&mut self, event: &Event<'_>, time: Timestamp) {
        let bytes = match event.event_name.as_str() {
            "PutObject" => event.additional_event_data.bytes_transferred_in.0,
            // Made anew, of a size that the record does not tell.
            "CompleteMultipartUpload" | "CopyObject" => None,
            _ => return,
        };
        if Outcome::of(event) == Outcome::Ok {
            self.made.push(Made {
                object: self.names.object(event.bucket(), event.key()),
                time: time.0,
                bytes,
            });
        }
    }

    /// What a bucket holds outlives the window too: a batch delete that names no
    /// keys is told by its bucket.
    fn learn_recording_bucket(&mut self, bucket: Option<&str>, key: Option<&str>, shown_by: &str) {
        let (Some(bucket), Some(key)) = (bucket, key) else {
            return;
        };
        let bucket = self.names.symbols.intern(bucket);
        let shown_by = self.names.symbols.intern(shown_by);
        if !self.recording_buckets.is_shown_by(bucket, shown_by)
            && RecordingKey::parse(&canonical_key(key)).kind != RecordingKind::None
        {
            self.recording_buckets.learn(bucket, shown_by);
        }
    }

    /// Takes in a contact record's contact and the recordings that it names.
    pub(crate) fn learn_contact(&mut self, record: &ContactRecord<'_>, content: ContentHash) {
        let contact = Contact::of(record, content, &mut self.names.symbols);
        self.contacts.push(contact);
        let recordings = Recording::all_of(record, content, &mut self.names);
        self.recordings.extend(recordings);
    }

    /// A stream of contact records is a directory of its own.
    pub(crate) fn learn_agent(&mut self, record: &ContactRecord<'_>) {
        let agent = &record.agent;
        let (Some(user_id), Some(username)) = (agent.user_id(), agent.username.get()) else {
            return;
        };
        self.users.push(User {
            user_id: self.names.symbols.intern(user_id),
            username: self.names.symbols.intern(username),
            full_name: Symbol::NONE,
            email: Symbol::NONE,
            hierarchy_group_id: Symbol::NONE,
            arn: self.names.symbols.intern_opt(agent.arn.get()),
            source: UserSource::ContactRecord,
            seen: record.last_update_timestamp.0.map_or(0, |time| time.0),
        });
    }
}
