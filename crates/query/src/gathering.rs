//! Puts the inputs together: every record once, in one order.

mod picked_contacts;
mod scattered;

use std::collections::HashSet;

use rayon::prelude::*;

use crate::access::Access;
use crate::batch::{Batch, Made};
use crate::contacts::Recording;
use crate::correction::drop_corrected;
use crate::corroboration::{compare, join_reports};
use crate::directory::Identity;
use crate::evidence::{Evidence, Gathered, Input, Scope};
use crate::names::{Names, Renaming};
use crate::seen_accesses::SeenAccesses;
use crate::shared_copy::drop_shared_copies;
use crate::symbols::Symbol;
use crate::users::User;

pub use picked_contacts::{ContactId, ContactIds, PickedContacts};
pub use scattered::{Place, Scattered, Totals};

/// Everything gathered so far.
///
/// The result does not depend on which inputs were read at the same time, only
/// on the order in which their batches are absorbed.
#[derive(Debug, Default)]
pub struct Gathering {
    gathered: Gathered,
    made: Vec<Made>,
    seen_entries: HashSet<Identity>,
    seen: HashSet<(Symbol, u64), foldhash::fast::FixedState>,
    seen_accesses: SeenAccesses,
}

impl Gathering {
    /// Takes in what one input held. Same event id and same content is the
    /// same record, delivered again.
    pub fn absorb(&mut self, batch: Batch) {
        let to = self.gathered.names.absorb(batch.names);
        let input = u32::try_from(self.gathered.inputs.len()).unwrap_or(u32::MAX);
        self.gathered.counts.add(&batch.counts);

        for mut access in batch.accesses {
            access.rename(&to, input);
            if self.seen_accesses.is_new(&access, &self.gathered.accesses) {
                self.gathered.accesses.push(access);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        for mut change in batch.trail_changes {
            change.rename(&to, input);
            if self.seen.insert((change.event_id, change.content.0)) {
                self.gathered.trail_changes.push(change);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        self.gathered.logging_calls.extend(batch.logging_calls);
        for mut request in batch.monitor_requests {
            request.rename(&to, input);
            if self.seen.insert((request.event_id, request.content.0)) {
                self.gathered.monitor_requests.push(request);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        for mut deletion in batch.s3_deletions {
            deletion.rename(&to, input);
            if self.seen.insert((deletion.request_id, deletion.content.0)) {
                self.gathered.s3_deletions.push(deletion);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        let monitorings = batch.monitorings.into_iter();
        let monitorings = monitorings.map(|stretch| stretch.translated(&to.symbols, input));
        self.gathered.monitorings.extend(monitorings);
        self.made.extend(batch.made.into_iter().map(|made| Made {
            object: to.object(made.object),
            ..made
        }));
        for contact in batch.contacts {
            if self
                .gathered
                .contacts
                .learn(contact.translated(&to.symbols))
            {
                self.gathered.counts.kept += 1;
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        self.absorb_recordings(batch.recordings, &to);
        self.absorb_users(batch.users, &to);
        for record in batch.directory {
            let record = record.translated(&to.symbols);
            if self.seen_entries.insert(record.identity()) {
                self.gathered.counts.kept += 1;
                if let Some(user) = record.user() {
                    let symbols = &self.gathered.names.symbols;
                    self.gathered.users.learn(user, symbols);
                }
                self.gathered.directory.learn(record, input);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        self.gathered
            .recording_buckets
            .absorb(&batch.recording_buckets, &to);
        self.gathered.inputs.push(Input {
            origin: self.gathered.names.symbols.intern(&batch.origin),
            sha256: self
                .gathered
                .names
                .symbols
                .intern_opt(batch.sha256.as_deref()),
            records: batch.counts.read,
            rejects: batch.counts.rejected,
            first_event: batch.first_event,
            last_event: batch.last_event,
        });
    }

    fn absorb_recordings(&mut self, recordings: Vec<Recording>, to: &Renaming) {
        for recording in recordings {
            let recording = recording.renamed(to);
            let object = self.gathered.names.objects.get(recording.object);
            self.gathered.contacts.learn_recording(recording, object);
        }
    }

    fn absorb_users(&mut self, users: Vec<User>, to: &Renaming) {
        for user in users {
            let user = user.translated(&to.symbols);
            let symbols = &self.gathered.names.symbols;
            self.gathered.users.learn(user, symbols);
        }
    }

    /// Ends the gathering: corrections replace what they correct, copies in
    /// several accounts become one, batch deletes find their callers, what S3
    /// reports finds its place beside CloudTrail's records, and what is outside
    /// `scope` is set aside.
    pub fn into_evidence(mut self, scope: &Scope) -> Evidence {
        self.seen = HashSet::default();
        self.seen_accesses = SeenAccesses::default();
        self.drop_by(|accesses, _| drop_corrected(accesses));
        self.drop_by(drop_shared_copies);
        self.order_accesses();
        self.gathered
            .trail_changes
            .sort_by_key(|change| (change.time, change.input));
        self.gathered
            .monitor_requests
            .sort_by_key(|request| (request.time, request.input));
        crate::batch_delete::attribute(&mut self.gathered.accesses, &self.gathered.names);
        self.place_s3_deletions();
        crate::object_size::fill(&mut self.gathered.accesses, std::mem::take(&mut self.made));
        self.gathered.users.index();
        self.gathered.directory.index();
        Evidence::new(self.gathered, scope)
    }

    /// Puts accesses in the order of time, event id and input. What is sorted is
    /// small; each access moves once.
    fn order_accesses(&mut self) {
        let accesses = &mut self.gathered.accesses;
        let symbols = &self.gathered.names.symbols;
        let mut order: Vec<(i64, u32)> =
            accesses.iter().map(|access| access.time).zip(0..).collect();
        order.par_sort_unstable_by(|(time, place), (other_time, other)| {
            time.cmp(other_time).then_with(|| {
                let key = |place: u32| {
                    let access = &accesses[place as usize];
                    (symbols.str(access.event_id), access.input, access.index)
                };
                key(*place).cmp(&key(*other))
            })
        });
        *accesses = order
            .into_par_iter()
            .map(|(_, place)| accesses[place as usize])
            .collect();
    }

    /// Puts S3's reports beside CloudTrail's records. One of two reports of a
    /// deletion is a duplicate.
    fn place_s3_deletions(&mut self) {
        let Gathered {
            names,
            accesses,
            s3_deletions,
            counts,
            ..
        } = &mut self.gathered;
        s3_deletions.sort_by_key(|deletion| (deletion.time, deletion.input, deletion.index));
        let before = s3_deletions.len();
        join_reports(s3_deletions);
        counts.duplicates += (before - s3_deletions.len()) as u64;
        compare(s3_deletions, accesses, names);
    }

    /// Lets `drop` take away records that others stand for, and counts them.
    fn drop_by(&mut self, drop: impl FnOnce(&mut Vec<Access>, &Names)) {
        let accesses = &mut self.gathered.accesses;
        let before = accesses.len();
        drop(accesses, &self.gathered.names);
        self.gathered.counts.duplicates += (before - accesses.len()) as u64;
    }
}
