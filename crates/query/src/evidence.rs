//! What the inputs say, put together: the tables that reports see.

use std::collections::HashSet;

use chrono_tz::Tz;

use crate::access::{Access, AttributedBy};
use crate::actor::{Actor, ActorKind};
use crate::contacts::Contacts;
use crate::counts::Counts;
use crate::directory::Directory;
use crate::logging_call::{self, LoggingCall};
use crate::monitor_request::MonitorRequest;
use crate::monitoring::{self, Monitoring};
use crate::names::Names;
use crate::object_facts::{self, ObjectFacts};
use crate::operation::Action;
use crate::recording_buckets::RecordingBuckets;
use crate::recording_key::RecordingKind;
use crate::s3_deletion::S3Deletion;
use crate::symbols::Symbol;
use crate::trail_change::TrailChange;
use crate::users::Users;
use crate::window::Window;

/// What of the evidence a question is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// The time.
    pub window: Window,
    /// Every object; otherwise only recordings: keys of a known layout, and
    /// objects that a contact record names.
    pub all_objects: bool,
    /// The zone whose days and hours `local_date`, `local_hour` and
    /// `local_weekday` are; UTC by default.
    pub timezone: Tz,
}

/// An input that was read: a row of the `inputs` table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input {
    pub(crate) origin: Symbol,
    pub(crate) sha256: Symbol,
    pub(crate) records: u64,
    pub(crate) rejects: u64,
    pub(crate) first_event: Option<i64>,
    pub(crate) last_event: Option<i64>,
}

/// How the buckets begin that Connect makes itself.
pub(crate) const CONNECT_BUCKET: &str = "amazon-connect-";

/// What evidence is made of: everything the inputs held, each record once.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) names: Names,
    pub(crate) accesses: Vec<Access>,
    pub(crate) trail_changes: Vec<TrailChange>,
    pub(crate) logging_calls: Vec<LoggingCall>,
    pub(crate) monitor_requests: Vec<MonitorRequest>,
    pub(crate) monitorings: Vec<Monitoring>,
    pub(crate) s3_deletions: Vec<S3Deletion>,
    pub(crate) contacts: Contacts,
    pub(crate) users: Users,
    pub(crate) directory: Directory,
    pub(crate) inputs: Vec<Input>,
    pub(crate) counts: Counts,
    /// Buckets that events show to hold recordings.
    pub(crate) recording_buckets: RecordingBuckets,
}

/// The evidence that a report is made from.
#[derive(Debug)]
pub struct Evidence {
    pub(crate) names: Names,
    pub(crate) actors: Vec<Actor>,
    nobody: Actor,
    pub(crate) object_facts: Vec<ObjectFacts>,
    pub(crate) accesses: Vec<Access>,
    pub(crate) trail_changes: Vec<TrailChange>,
    pub(crate) monitor_requests: Vec<MonitorRequest>,
    pub(crate) monitorings: Vec<Monitoring>,
    pub(crate) s3_deletions: Vec<S3Deletion>,
    pub(crate) contacts: Contacts,
    pub(crate) users: Users,
    pub(crate) directory: Directory,
    pub(crate) inputs: Vec<Input>,
    /// Those that begin outside the window, too.
    pub(crate) monitorings_of_any_time: Vec<Monitoring>,
    pub(crate) recording_buckets: RecordingBuckets,
    pub(crate) all_objects: bool,
    pub(crate) timezone: Tz,
    counts: Counts,
    keyless_left_out: u64,
    logging_calls: Vec<LoggingCall>,
    /// Whether any object was read, or changed, within the window: recordings or
    /// others.
    pub(crate) has_reads: bool,
    pub(crate) has_writes: bool,
}

impl Evidence {
    /// Resolves callers and objects, and sets aside what is outside `scope`.
    pub(crate) fn new(gathered: Gathered, scope: &Scope) -> Evidence {
        let Gathered {
            mut names,
            mut accesses,
            mut trail_changes,
            mut logging_calls,
            mut monitor_requests,
            mut monitorings,
            mut s3_deletions,
            contacts,
            users,
            directory,
            inputs,
            mut counts,
            recording_buckets,
        } = gathered;
        let Names {
            symbols,
            principals,
            objects,
        } = &mut names;
        let actors: Vec<Actor> = principals
            .values()
            .iter()
            .map(|principal| Actor::of(principal, &users, symbols))
            .collect();
        let nobody = Actor::unknown(symbols);
        let touched = accesses.iter().map(|access| access.object);
        let copied = accesses.iter().filter_map(|access| access.copy_source);
        let reported = s3_deletions.iter().map(|deletion| deletion.object);
        let named = touched.chain(copied).chain(reported).collect();
        let object_facts = object_facts::known(named, objects.values(), &contacts, symbols);

        let is_recording = |object: u32| object_facts[object as usize].kind != RecordingKind::None;
        let holds_recordings = |bucket: Symbol| {
            recording_buckets.contains(bucket)
                || contacts.has_bucket(bucket)
                || symbols.str(bucket).starts_with(CONNECT_BUCKET)
        };
        let in_scope = |access: &Access| {
            let object = objects.get(access.object);
            scope.all_objects
                || is_recording(access.object)
                || access.copy_source.is_some_and(is_recording)
                // What a record does not name may be a recording.
                || (object.bucket.is_none() && object.key.is_none())
                || (object.key.is_none()
                    && (holds_recordings(object.bucket)
                        || actors[access.caller as usize].kind == ActorKind::ConnectUser))
        };
        let keyless_left_out = accesses
            .iter()
            .filter(|access| access.action == Action::BatchDelete)
            .filter(|access| scope.window.contains(access.time) && !in_scope(access))
            .count() as u64;
        let has = |kinds: &[Action]| {
            let mut accesses = accesses.iter();
            accesses
                .any(|access| kinds.contains(&access.action) && scope.window.contains(access.time))
        };
        let (has_reads, has_writes) = (has(&Action::READS), has(&Action::WRITES));
        let s3_in_scope = |deletion: &S3Deletion| {
            let object = objects.get(deletion.object);
            scope.all_objects
                || is_recording(deletion.object)
                || (object.key.is_none() && holds_recordings(object.bucket))
        };
        let window = &scope.window;
        let others = trail_changes.len() + monitor_requests.len() + s3_deletions.len();
        let before = accesses.len() + others;
        accesses.retain(|access| window.contains(access.time) && in_scope(access));
        trail_changes.retain(|change| window.contains(change.time));
        logging_call::settle(&mut logging_calls, window);
        monitor_requests.retain(|request| window.contains(request.time));
        s3_deletions
            .retain(|deletion| window.contains(deletion.placed_at) && s3_in_scope(deletion));
        let mut monitorings_of_any_time = monitorings.clone();
        monitoring::settle(&mut monitorings_of_any_time, &Window::default());
        monitoring::settle(&mut monitorings, window);
        let others = trail_changes.len() + monitor_requests.len() + s3_deletions.len();
        let kept = accesses.len() + others;
        counts.kept += kept as u64;
        counts.filtered += (before - kept) as u64;

        // The engine needs the room that growing left over.
        accesses.shrink_to_fit();
        names.symbols.shrink_to_fit();
        Evidence {
            names,
            actors,
            nobody,
            object_facts,
            accesses,
            trail_changes,
            monitor_requests,
            monitorings,
            s3_deletions,
            contacts,
            users,
            directory,
            inputs,
            monitorings_of_any_time,
            recording_buckets,
            all_objects: scope.all_objects,
            timezone: scope.timezone,
            counts,
            keyless_left_out,
            logging_calls,
            has_reads,
            has_writes,
        }
    }

    /// Returns how many batch deletes that name no keys were left out, because
    /// nothing tells that their buckets hold recordings.
    pub fn keyless_left_out(&self) -> u64 {
        self.keyless_left_out
    }

    /// Returns the calls within the window that may have made a trail record less,
    /// where the question is not about such calls itself.
    pub fn logging_calls(&self) -> &[LoggingCall] {
        &self.logging_calls
    }

    /// Returns how many records were read and what became of each.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Returns the times of the earliest and the latest event that the question
    /// is about, inside its window or not, in microseconds since 1970.
    pub fn seen(&self) -> Option<(i64, i64)> {
        let first = self
            .inputs
            .iter()
            .filter_map(|input| input.first_event)
            .min()?;
        let last = self
            .inputs
            .iter()
            .filter_map(|input| input.last_event)
            .max()?;
        Some((first, last))
    }

    /// Iterates over everyone who is the actor of a row.
    pub fn actors(&self) -> impl Iterator<Item = &str> {
        let of_accesses = self.accesses.iter().map(|access| self.actor_of(access));
        let of_s3 = self.s3_deletions.iter();
        let of_s3 = of_s3.map(|deletion| self.actor(deletion.caller));
        let names: HashSet<Symbol> = of_accesses.chain(of_s3).map(|actor| actor.name).collect();
        names.into_iter().map(|name| self.names.symbols.str(name))
    }

    pub(crate) fn actor(&self, principal: u32) -> &Actor {
        &self.actors[principal as usize]
    }

    /// Returns who is behind an access: nobody known for a per-key record of a
    /// batch delete whose caller nothing tells, though S3 raised it.
    pub(crate) fn actor_of(&self, access: &Access) -> &Actor {
        match access.attributed_by {
            AttributedBy::Nothing => &self.nobody,
            _ => self.actor(access.caller),
        }
    }

    /// Returns what is known of the object that an access is about: of a copy
    /// of a recording, the recording, wherever the copy went.
    pub(crate) fn facts_of(&self, access: &Access) -> &ObjectFacts {
        let facts = |object: u32| &self.object_facts[object as usize];
        match access.copy_source.map(facts) {
            Some(source) if source.kind != RecordingKind::None => source,
            _ => facts(access.object),
        }
    }
}
