//! Which buckets the inputs show to hold recordings, and what shows it.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Access;
use crate::actor::ActorKind;
use crate::evidence::{CONNECT_BUCKET, Evidence};
use crate::names::Renaming;
use crate::object::Object;
use crate::recording_key::RecordingKind;
use crate::s3_deletion::S3Deletion;
use crate::symbols::Symbol;

/// What stands for S3's own reports where an event's name would.
pub(crate) const S3_REPORT: &str = "s3-report";

/// Buckets, each with the names of the events that show it to hold recordings.
///
/// A report knows just what its own events show, whatever else was read.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordingBuckets(BTreeMap<Symbol, BTreeSet<Symbol>>);

/// A bucket with one thing that shows it to hold recordings: a row of the table
/// that is stored for other engines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordingBucket {
    pub(crate) bucket: Symbol,
    pub(crate) shown_by: Symbol,
}

impl RecordingBuckets {
    pub(crate) fn contains(&self, bucket: Symbol) -> bool {
        self.0.contains_key(&bucket)
    }

    /// Tells whether it is known already what this event could show.
    pub(crate) fn is_shown_by(&self, bucket: Symbol, event_name: Symbol) -> bool {
        let names = self.0.get(&bucket);
        names.is_some_and(|names| names.contains(&event_name))
    }

    pub(crate) fn learn(&mut self, bucket: Symbol, event_name: Symbol) {
        self.0.entry(bucket).or_default().insert(event_name);
    }

    pub(crate) fn absorb(&mut self, other: &RecordingBuckets, to: &Renaming) {
        for row in other.rows() {
            self.learn(to.symbol(row.bucket), to.symbol(row.shown_by));
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = RecordingBucket> {
        self.0.iter().flat_map(|(bucket, names)| {
            names.iter().map(|shown_by| RecordingBucket {
                bucket: *bucket,
                shown_by: *shown_by,
            })
        })
    }
}

impl Evidence {
    /// Tells whether an access that names no key is about recordings only
    /// because an event shows that its bucket holds some.
    pub(crate) fn is_kept_by_bucket(&self, access: &Access) -> bool {
        let caller = &self.actors[access.caller as usize];
        self.rests_on_bucket(access.object)
            && caller.kind != ActorKind::ConnectUser
            && access
                .copy_source
                .is_none_or(|source| !self.is_recording(source))
    }

    /// Tells the same of a deletion that S3 itself reports.
    pub(crate) fn is_reported_by_bucket(&self, deletion: &S3Deletion) -> bool {
        self.rests_on_bucket(deletion.object)
    }

    fn rests_on_bucket(&self, object: u32) -> bool {
        let Object { bucket, key } = self.names.objects.get(object);
        !self.all_objects
            && key.is_none()
            && !bucket.is_none()
            && !self.is_recording(object)
            && !self.contacts.has_bucket(bucket)
            && !self.names.symbols.str(bucket).starts_with(CONNECT_BUCKET)
    }

    fn is_recording(&self, object: u32) -> bool {
        self.object_facts[object as usize].kind != RecordingKind::None
    }
}
