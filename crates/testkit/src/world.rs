//! The world while it runs: who and what there is, and what happens next.

use crate::actor::{ActorId, ActorKind, Cast};
use crate::contact::Contact;
use crate::delivery::{Firehose, Queue, Trail, Waiting};
use crate::facts::{Access, CallEnd, Counts, Deletion, Facts, Touch};
use crate::json::Json;
use crate::people::{Directory, Staff};
use crate::record::{S3Call, Written};
use crate::recording::{Object, ObjectId};
use crate::rng::Rng;
use crate::scenario::{self, Scenario};
use crate::{Centre, Emit, Result, clock};

/// A running contact centre.
pub(crate) struct World {
    pub(crate) rng: Rng,
    pub(crate) staff: Staff,
    pub(crate) cast: Cast,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) objects: Vec<Object>,
    pub(crate) facts: Facts,
    /// Whether user names were learned from contact records, by user.
    seen_in_records: Vec<bool>,
    events: Queue,
    contact_records: Queue,
    order: u64,
    /// Batch deletes keep apart, so that time alone can tell them apart.
    next_batch_at: i64,
    second_copy_chosen: bool,
    remember: bool,
}

impl World {
    pub(crate) fn new(centre: &Centre, remember: bool) -> Self {
        let mut rng = Rng::new(centre.seed);
        let staff = Staff::new(centre.users(), &mut rng);
        let cast = Cast::new(&staff, &mut rng);
        let counts = Counts {
            users_listed: staff.users_listed(),
            ..Counts::default()
        };
        Self {
            seen_in_records: vec![false; staff.users.len()],
            rng,
            staff,
            cast,
            contacts: Vec::new(),
            objects: Vec::new(),
            facts: Facts {
                counts,
                ..Facts::default()
            },
            events: Queue::default(),
            contact_records: Queue::default(),
            order: 0,
            next_batch_at: clock::START,
            second_copy_chosen: false,
            remember,
        }
    }

    /// Lets everything happen, and hands each finished file to `emit`.
    pub(crate) fn run(&mut self, centre: &Centre, emit: &mut Emit<'_>) -> Result<()> {
        let mut trail = Trail::new(centre.records_per_file(), Rng::new(centre.seed ^ 1));
        let mut firehose =
            Firehose::new(centre.contact_records_per_file(), Rng::new(centre.seed ^ 2));
        for (name, content) in self.staff.directory_files() {
            emit(name, format!("{}\n", content.pretty()).as_bytes())?;
        }
        let musts = scenario::musts(&mut self.rng);
        let mut done = 0;
        // Milliseconds, so that busy centres do not round to whole seconds.
        let (mut now, step) = (clock::START * 1_000, centre.milliseconds_per_event());
        while self.count() < centre.events {
            let before = self.count();
            let at = now / 1_000;
            // The musts are spread over the first 80 % of the events.
            let due = before * musts.len() * 10 / (centre.events * 8).max(1);
            let room = before + scenario::MOST_EVENTS < centre.events;
            if done < musts.len() && room && (musts[done].opens() || done <= due) {
                self.play(musts[done], at);
                done += 1;
            } else if room {
                let next = scenario::any(&mut self.rng);
                self.play(next, at);
            }
            if self.count() == before {
                self.noise(at, room);
            }
            now += (self.count() - before) as i64 * self.rng.between(step / 2, step * 3 / 2);
            self.deliver(now / 1_000, &mut trail, &mut firehose, emit)?;
        }
        self.deliver(i64::MAX, &mut trail, &mut firehose, emit)?;
        trail.finish(emit)?;
        firehose.finish(emit)?;
        self.facts.counts.files = trail.files;
        Ok(())
    }

    fn deliver(
        &mut self,
        now: i64,
        trail: &mut Trail,
        firehose: &mut Firehose,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        while let Some(event) = self.events.pop_before(now) {
            trail.accept(event, emit)?;
        }
        while let Some(record) = self.contact_records.pop_before(now) {
            firehose.accept(record, emit)?;
        }
        Ok(())
    }

    fn count(&self) -> usize {
        self.facts.counts.cloudtrail_records
    }

    /// Sends a record on its way to the trail.
    pub(crate) fn log(&mut self, at: i64, name: Option<&str>, record: &Json, may_double: bool) {
        let late = self.rng.one_in(50);
        let delay = if late {
            self.rng.between(6 * 3_600, 30 * 3_600)
        } else {
            self.rng.between(120, 840)
        };
        let twice = may_double && self.rng.one_in(50);
        let copies = if twice { 2 } else { 1 };
        let counts = &mut self.facts.counts;
        counts.cloudtrail_records += copies;
        counts.duplicates += copies - 1;
        if let Some(name) = name {
            match counts.events_by_name.get_mut(name) {
                Some(count) => *count += copies,
                None => {
                    counts.events_by_name.insert(name.to_owned(), copies);
                }
            }
        }
        let mut body = String::with_capacity(2_560);
        record.write(&mut body);
        self.order += 1;
        self.events.push(Waiting {
            deliver_at: at + delay,
            order: self.order,
            body,
            twice,
        });
    }

    /// Sends the contact's record, as it is now, on its way to the stream.
    pub(crate) fn stream_contact(&mut self, contact: usize, updated_at: i64) {
        let record = self.contacts[contact].record(updated_at, &self.staff, &self.objects);
        self.stream(updated_at + 60, &record);
        let contact = &self.contacts[contact];
        if let Some(agent) = contact.agent {
            self.seen_in_records[agent] = true;
        }
    }

    /// Sends a contact record that was written before, again.
    pub(crate) fn stream(&mut self, at: i64, record: &Json) {
        // The first is delivered twice, so that even a small world has one.
        let twice = !std::mem::replace(&mut self.second_copy_chosen, true) || self.rng.one_in(100);
        self.facts.counts.contact_records += if twice { 2 } else { 1 };
        self.order += 1;
        let body = record.to_string();
        self.contact_records.push(Waiting {
            deliver_at: at,
            order: self.order,
            body,
            twice,
        });
    }

    pub(crate) fn write_call(&mut self, call: &S3Call) -> Written {
        let written = call.write(&self.cast, &mut self.rng);
        self.log(call.at, Some(call.name), &written.record, true);
        written
    }

    /// Writes a call that touches an object or marks a bucket, and remembers it.
    pub(crate) fn access(&mut self, call: &S3Call, object: Option<ObjectId>, touch: Touch) {
        let written = self.write_call(call);
        let end = call_end(call);
        let download = call
            .parameters
            .iter()
            .any(|(name, _)| *name == "response-content-disposition");
        let read = end == CallEnd::Ok && touch == Touch::Read;
        let logs_size = call.version == "1.11" && end == CallEnd::Ok;
        self.remember_access(Access {
            at: call.at,
            event_id: written.event_id,
            who: call.who,
            bucket: call.bucket,
            object,
            touch,
            end,
            bytes: if read { call.bytes_out } else { 0 },
            logged_size: call.object_size.filter(|_| logs_size),
            partial: read && call.version == "1.11" && call.status == 206,
            full_reply: read && call.version == "1.11" && call.status == 200,
            presigned_download: read && call.presigned && download,
        });
    }

    fn remember_access(&mut self, access: Access) {
        if self.remember {
            self.facts.accesses.push(access);
        }
    }

    pub(crate) fn remember_deletion(&mut self, deletion: Deletion) {
        if self.remember {
            self.facts.deletions.push(deletion);
        }
    }

    /// A time for a batch delete, at `at` or later, minutes from any other.
    pub(crate) fn batch_time(&mut self, at: i64) -> i64 {
        let at = at.max(self.next_batch_at);
        self.next_batch_at = at + 600;
        at
    }

    /// An object that is there at `at` and that `wanted` accepts, rather a
    /// recent one.
    pub(crate) fn pick_object(
        &mut self,
        at: i64,
        wanted: impl Fn(&Object) -> bool,
    ) -> Option<ObjectId> {
        let fits =
            |object: &Object| !object.deleted && object.available_from <= at && wanted(object);
        let newest = self.objects.len().saturating_sub(400);
        for attempt in 0..48 {
            let from = if attempt % 4 == 0 { 0 } else { newest };
            let index = from + self.rng.below(self.objects.len() - from);
            if self.objects.get(index).is_some_and(fits) {
                return Some(ObjectId(index));
            }
        }
        self.objects.iter().rposition(fits).map(ObjectId)
    }

    pub(crate) fn any_user(&mut self) -> ActorId {
        ActorId(self.rng.below(self.cast.users))
    }

    /// What the answers call an actor: name, user id and full name.
    pub(crate) fn resolve(&self, who: ActorId) -> (String, Option<String>, Option<String>) {
        let actor = self.cast.get(who);
        match actor
            .user
            .map(|index| (&self.staff.users[index], self.seen_in_records[index]))
        {
            Some((user, seen)) if seen || user.directory != Directory::Absent => (
                user.username.clone(),
                Some(user.id.clone()),
                user.full_name(),
            ),
            Some((user, _)) => (actor.name.clone(), Some(user.id.clone()), None),
            None => (actor.name.clone(), None, None),
        }
    }

    pub(crate) fn kind(&self, who: ActorId) -> ActorKind {
        self.cast.get(who).kind
    }

    pub(crate) fn play(&mut self, scenario: Scenario, at: i64) {
        scenario.play(self, at);
    }
}

/// How a call ended. An `errorCode` of "200" is a success.
pub(crate) fn call_end(call: &S3Call) -> CallEnd {
    match call.error {
        None | Some("200") => CallEnd::Ok,
        Some("AccessDenied") => CallEnd::Denied,
        Some(_) => CallEnd::Failed,
    }
}
