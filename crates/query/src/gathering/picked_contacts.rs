//! Contact records of which only those are read that events lead to, as a lake
//! keeps them, and what is known of the others.

use std::collections::HashSet;
use std::hash::BuildHasher;

use earwitness_parser::{ContactRecord, ContentHash};
use foldhash::fast::{FixedState, RandomState};
use rayon::prelude::*;

use super::Gathering;
use crate::batch::Batch;
use crate::recording_key::{RecordingKey, uuid};

/// The id of a contact, or that a record has none.
///
/// A UUID is itself, in any case of letters; another text is told by 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContactId(u128);

/// Ids of contacts, each once.
pub type ContactIds = HashSet<ContactId, RandomState>;

/// Contact records that were picked out of many.
///
/// Which were read at the same time makes no difference.
#[derive(Debug, Default)]
pub struct PickedContacts {
    batch: Option<Batch>,
    /// The contact of each record, picked or not.
    seen: Vec<ContactId>,
}

impl ContactId {
    /// Reads an id.
    pub fn of(contact_id: Option<&str>) -> ContactId {
        const LOW: FixedState = FixedState::with_seed(0);
        const HIGH: FixedState = FixedState::with_seed(1);
        if let Some(id) = contact_id.and_then(uuid) {
            return ContactId(id);
        }
        let (low, high) = (LOW.hash_one(contact_id), HIGH.hash_one(contact_id));
        ContactId(u128::from(high) << 64 | u128::from(low))
    }
}

impl PickedContacts {
    /// Takes in that there is a record of a contact.
    pub fn see(&mut self, contact: ContactId) {
        self.seen.push(contact);
    }

    /// Takes in the agent whom a record names. Of several records that name one
    /// in the same way, the latest will do.
    pub fn learn_agent(&mut self, record: &ContactRecord<'_>) {
        self.batch().learn_agent(record);
    }

    /// Takes in a record, of whose text `content` is the hash.
    pub fn pick(&mut self, record: &ContactRecord<'_>, content: ContentHash) {
        self.batch().learn_contact(record, content);
    }

    fn batch(&mut self) -> &mut Batch {
        self.batch.get_or_insert_with(|| Batch::empty(""))
    }
}

impl Gathering {
    /// Returns the objects that the events so far are about, each once: bucket and
    /// key.
    pub fn objects_of_events(&self) -> Vec<(&str, &str)> {
        let names = &self.gathered.names;
        let objects = self.places_of_events().into_iter().filter_map(|place| {
            let object = names.objects.get(place);
            Some((
                names.symbols.get(object.bucket)?,
                names.symbols.get(object.key)?,
            ))
        });
        objects.collect()
    }

    /// Returns the contacts that the events so far are about, as far as they and
    /// the names of their objects tell.
    pub fn contacts_of_events(&self) -> ContactIds {
        let objects = self.objects_of_events().into_par_iter();
        let of_keys = objects.filter_map(|(_, key)| RecordingKey::parse(key).contact_id);
        let of_keys: Vec<ContactId> = of_keys.map(|id| ContactId::of(Some(id))).collect();
        let symbols = &self.gathered.names.symbols;
        let of_requests = self.gathered.monitor_requests.iter();
        let of_requests = of_requests
            .flat_map(|request| [request.contact_id, request.monitored_contact_id])
            .filter_map(|id| symbols.get(id));
        let of_requests = of_requests.map(|id| ContactId::of(Some(id)));
        of_keys.into_iter().chain(of_requests).collect()
    }

    fn places_of_events(&self) -> Vec<u32> {
        let accesses = self.gathered.accesses.iter();
        let of_accesses = accesses.flat_map(|access| [Some(access.object), access.copy_source]);
        let deletions = self.gathered.s3_deletions.iter();
        let of_deletions = deletions.map(|deletion| Some(deletion.object));
        let mut places: Vec<u32> = of_accesses.chain(of_deletions).flatten().collect();
        places.par_sort_unstable();
        places.dedup();
        places
    }

    /// Takes in buckets that contact records name recordings in.
    pub fn learn_buckets_of_contacts<'a>(&mut self, buckets: impl IntoIterator<Item = &'a str>) {
        for bucket in buckets {
            let bucket = self.gathered.names.symbols.intern(bucket);
            self.gathered.contacts.learn_bucket(bucket);
        }
    }

    /// Takes in contact records of inputs whose batches, without these records,
    /// were absorbed before. All of them count, those too that were not picked.
    pub fn absorb_picked_contacts(&mut self, all: Vec<PickedContacts>) {
        let mut seen: Vec<ContactId> = Vec::new();
        let known = self.gathered.contacts.iter();
        let symbols = &self.gathered.names.symbols;
        seen.extend(known.map(|contact| ContactId::of(symbols.get(contact.contact_id))));
        let known = seen.len();
        for picked in all {
            seen.extend(picked.seen);
            let Some(batch) = picked.batch else {
                continue;
            };
            let to = self.gathered.names.absorb(batch.names);
            for contact in batch.contacts {
                self.gathered
                    .contacts
                    .learn(contact.translated(&to.symbols));
            }
            self.absorb_recordings(batch.recordings, &to);
            self.absorb_users(batch.users, &to);
        }
        let records = (seen.len() - known) as u64;
        seen.par_sort_unstable();
        seen.dedup();
        let contacts = (seen.len() - known) as u64;
        if records > 0 {
            self.gathered.contacts.learn_that_they_are();
        }
        // They were set aside with the inputs that they come from.
        let counts = &mut self.gathered.counts;
        counts.filtered = counts.filtered.saturating_sub(records);
        counts.kept += contacts;
        counts.duplicates += records - contacts;
    }
}
