//! Contacts and the recordings that their records name.

use std::collections::{BTreeMap, BTreeSet};

use earwitness_parser::{ContactRecord, ContentHash, Time};

use crate::names::{Names, Renaming};
use crate::object::Object;
use crate::recording_key::{RecordingKey, RecordingKind};
use crate::symbols::{Symbol, Symbols, Translation};

/// One version of a contact record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    pub(crate) contact_id: Symbol,
    pub(crate) initial_contact_id: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) instance_arn: Symbol,
    pub(crate) channel: Symbol,
    pub(crate) initiation_method: Symbol,
    pub(crate) initiated: Option<i64>,
    pub(crate) disconnected: Option<i64>,
    pub(crate) updated: Option<i64>,
    pub(crate) agent: Symbol,
    pub(crate) agent_user_id: Symbol,
    /// The lowest hierarchy group that the agent was in: its name.
    pub(crate) agent_group: Symbol,
    /// The ids of the agent's groups from the topmost down, between slashes.
    pub(crate) agent_group_path: Symbol,
    pub(crate) queue: Symbol,
    content: ContentHash,
}

impl Contact {
    pub(crate) fn of(
        record: &ContactRecord<'_>,
        content: ContentHash,
        symbols: &mut Symbols,
    ) -> Contact {
        let micros = |time: Time| time.0.map(|time| time.0);
        let groups = &record.agent.hierarchy_groups;
        let path: Vec<&str> = groups.groups().filter_map(|group| group.id()).collect();
        let path = (!path.is_empty()).then(|| path.join("/"));
        let group = groups.groups().last();
        Contact {
            contact_id: contact_id(record, symbols),
            initial_contact_id: symbols.intern_opt(record.initial_contact_id.get()),
            account_id: symbols.intern_opt(record.aws_account_id.get()),
            instance_arn: symbols.intern_opt(record.instance()),
            channel: symbols.intern_opt(record.channel.get()),
            initiation_method: symbols.intern_opt(record.initiation_method.get()),
            initiated: micros(record.initiation_timestamp),
            disconnected: micros(record.disconnect_timestamp),
            updated: micros(record.last_update_timestamp),
            agent: symbols.intern_opt(record.agent.username.get()),
            agent_user_id: symbols.intern_opt(record.agent.user_id()),
            agent_group: symbols.intern_opt(group.and_then(|group| group.name.get())),
            agent_group_path: symbols.intern_opt(path.as_deref()),
            queue: symbols.intern_opt(record.queue.name.get()),
            content,
        }
    }

    pub(crate) fn translated(self, to: &Translation) -> Contact {
        Contact {
            contact_id: to.of(self.contact_id),
            initial_contact_id: to.of(self.initial_contact_id),
            account_id: to.of(self.account_id),
            instance_arn: to.of(self.instance_arn),
            channel: to.of(self.channel),
            initiation_method: to.of(self.initiation_method),
            agent: to.of(self.agent),
            agent_user_id: to.of(self.agent_user_id),
            agent_group: to.of(self.agent_group),
            agent_group_path: to.of(self.agent_group_path),
            queue: to.of(self.queue),
            ..self
        }
    }

    /// Orders versions of one contact; any order of reading picks the same.
    fn version(&self) -> (Option<i64>, u64) {
        (self.updated, self.content.0)
    }
}

/// File names have contact ids in lower case.
pub(crate) fn contact_id(record: &ContactRecord<'_>, symbols: &mut Symbols) -> Symbol {
    let id = record.contact_id.get().map(str::to_ascii_lowercase);
    symbols.intern_opt(id.as_deref())
}

/// A recording that a contact record names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recording {
    pub(crate) object: u32,
    pub(crate) contact_id: Symbol,
    pub(crate) kind: RecordingKind,
    pub(crate) redacted: bool,
    pub(crate) status: Symbol,
    pub(crate) participant: Symbol,
    pub(crate) deletion_reason: Symbol,
    pub(crate) updated: Option<i64>,
    content: ContentHash,
}

impl Recording {
    /// Reads the recordings of a contact record that are S3 objects.
    pub(crate) fn all_of(
        record: &ContactRecord<'_>,
        content: ContentHash,
        names: &mut Names,
    ) -> Vec<Recording> {
        let contact_id = contact_id(record, &mut names.symbols);
        record
            .objects()
            .map(|(recording, bucket, key)| {
                let object = names.object(Some(bucket), Some(key));
                let symbols = &mut names.symbols;
                let layout = RecordingKey::parse(symbols.str(names.objects.get(object).key));
                let kind = match (layout.kind, recording.media_stream_type.get()) {
                    (RecordingKind::None, Some("VIDEO")) => RecordingKind::Screen,
                    (RecordingKind::None, Some("CHAT")) => RecordingKind::Chat,
                    (RecordingKind::None, _) => {
                        if recording.participant_type.get() == Some("IVR") {
                            RecordingKind::IvrCall
                        } else {
                            RecordingKind::Call
                        }
                    }
                    (kind, _) => kind,
                };
                Recording {
                    kind,
                    redacted: layout.redacted,
                    object,
                    contact_id,
                    status: symbols.intern_opt(recording.status.get()),
                    participant: symbols.intern_opt(recording.participant_type.get()),
                    deletion_reason: symbols.intern_opt(recording.deletion_reason.get()),
                    updated: record.last_update_timestamp.0.map(|time| time.0),
                    content,
                }
            })
            .collect()
    }

    pub(crate) fn renamed(self, to: &Renaming) -> Recording {
        Recording {
            object: to.object(self.object),
            contact_id: to.symbol(self.contact_id),
            status: to.symbol(self.status),
            participant: to.symbol(self.participant),
            deletion_reason: to.symbol(self.deletion_reason),
            ..self
        }
    }
}

/// The newest version of each contact, and each recording any version named.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    by_id: BTreeMap<Symbol, Contact>,
    recordings: BTreeMap<u32, Recording>,
    recording_buckets: BTreeSet<Symbol>,
    /// Whether there are any, of which not all may have been taken in.
    are_there: bool,
}

impl Contacts {
    /// Takes in a version; tells whether the contact is new.
    pub(crate) fn learn(&mut self, contact: Contact) -> bool {
        let mut new = false;
        self.are_there = true;
        let newest = self.by_id.entry(contact.contact_id).or_insert_with(|| {
            new = true;
            contact
        });
        if contact.version() > newest.version() {
            *newest = contact;
        }
        new
    }

    /// Takes in that there are contacts, which need not be known.
    pub(crate) fn learn_that_they_are(&mut self) {
        self.are_there = true;
    }

    /// Takes in that recordings lie in a bucket.
    pub(crate) fn learn_bucket(&mut self, bucket: Symbol) {
        self.recording_buckets.insert(bucket);
    }

    /// Takes in a recording; a newer contact record wins over an older one.
    pub(crate) fn learn_recording(&mut self, recording: Recording, object: Object) {
        self.recording_buckets.insert(object.bucket);
        let known = self.recordings.entry(recording.object).or_insert(recording);
        let version = |recording: &Recording| (recording.updated, recording.content.0);
        if version(&recording) > version(known) {
            *known = recording;
        }
    }

    pub(crate) fn are_there(&self) -> bool {
        self.are_there
    }

    pub(crate) fn get(&self, contact_id: Symbol) -> Option<&Contact> {
        self.by_id.get(&contact_id)
    }

    pub(crate) fn recording(&self, object: u32) -> Option<&Recording> {
        self.recordings.get(&object)
    }

    pub(crate) fn has_bucket(&self, bucket: Symbol) -> bool {
        self.recording_buckets.contains(&bucket)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.by_id.values()
    }

    pub(crate) fn recordings(&self) -> impl Iterator<Item = &Recording> {
        self.recordings.values()
    }
}
