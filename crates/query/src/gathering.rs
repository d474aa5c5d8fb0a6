//! Puts the inputs together: every record once, in one order.

use std::collections::{HashMap, HashSet};

use crate::access::Access;
use crate::batch::{Batch, Made};
use crate::evidence::{Evidence, Gathered, Input, Scope};
use crate::symbols::Symbol;
use crate::users::{User, UserSource};

/// Everything gathered so far.
///
/// The result does not depend on which inputs were read at the same time, only
/// on the order in which their batches are absorbed.
#[derive(Debug, Default)]
pub struct Gathering {
    gathered: Gathered,
    made: Vec<Made>,
    seen_users: HashSet<User>,
    seen: HashSet<(Symbol, u64), foldhash::fast::FixedState>,
}

impl Gathering {
    /// Takes in what one input held. Same event id and same content is the
    /// same record, delivered again.
    pub fn absorb(&mut self, batch: Batch) {
        let to = self.gathered.names.absorb(&batch.names);
        let input = u32::try_from(self.gathered.inputs.len()).unwrap_or(u32::MAX);
        self.gathered.counts.add(&batch.counts);

        for mut access in batch.accesses {
            access.rename(&to, input);
            if self.seen.insert((access.event_id, access.content.0)) {
                self.gathered.accesses.push(access);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        for mut change in batch.trail_changes {
            change.rename(&to, input);
            self.gathered.trail_changes.push(change);
        }
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
        for recording in batch.recordings {
            let recording = recording.renamed(&to);
            let object = self.gathered.names.objects.get(recording.object);
            self.gathered.contacts.learn_recording(recording, object);
        }
        for user in batch.users {
            let user = user.translated(&to.symbols);
            if user.source == UserSource::Directory {
                if self.seen_users.insert(user) {
                    self.gathered.counts.kept += 1;
                } else {
                    self.gathered.counts.duplicates += 1;
                }
            }
            self.gathered.users.learn(user);
        }
        let buckets = batch.recording_buckets.iter();
        let buckets = buckets.map(|bucket| to.symbol(*bucket));
        self.gathered.recording_buckets.extend(buckets);
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

    /// Ends the gathering: corrections replace what they correct, copies in
    /// several accounts become one, batch deletes find their callers, and what
    /// is outside `scope` is set aside.
    pub fn into_evidence(mut self, scope: &Scope) -> Evidence {
        self.seen = HashSet::default();
        self.drop_corrected();
        self.drop_shared_copies();
        let symbols = &self.gathered.names.symbols;
        self.gathered.accesses.sort_by(|a, b| {
            let key = |access: &Access| (access.time, access.input, access.index);
            (a.time, symbols.str(a.event_id))
                .cmp(&(b.time, symbols.str(b.event_id)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        self.gathered
            .trail_changes
            .sort_by_key(|change| (change.time, change.input));
        self.drop_repeated_changes();
        crate::batch_delete::attribute(&mut self.gathered.accesses, &self.gathered.names);
        crate::object_size::fill(&mut self.gathered.accesses, std::mem::take(&mut self.made));
        self.gathered.users.index();
        Evidence::new(self.gathered, scope)
    }

    fn drop_corrected(&mut self) {
        let accesses = &mut self.gathered.accesses;
        let before = accesses.len();
        crate::correction::drop_corrected(accesses);
        self.gathered.counts.duplicates += (before - accesses.len()) as u64;
    }

    /// A request across accounts is logged in each of them under one shared
    /// id. The caller's own account says more about the caller than the
    /// bucket owner's, which may have just an account number.
    fn drop_shared_copies(&mut self) {
        let names = &self.gathered.names;
        let accesses = &mut self.gathered.accesses;
        // Placeholder ids exist: the rest of the request has to agree too.
        let request = |access: &Access| {
            (!access.shared_event_id.is_none()).then_some((
                access.shared_event_id,
                access.event_name,
                access.request_id,
                access.object,
                access.time,
            ))
        };
        let mut best = HashMap::new();
        for (place, access) in accesses.iter().enumerate() {
            let Some(request) = request(access) else {
                continue;
            };
            let kind = names.principals.get(access.principal).kind;
            let vague = names.symbols.str(kind) == "AWSAccount";
            let candidate = (vague, place);
            best.entry(request)
                .and_modify(|best| *best = candidate.min(*best))
                .or_insert(candidate);
        }
        let before = accesses.len();
        let mut place = 0;
        accesses.retain(|access| {
            let best = request(access).and_then(|request| best.get(&request));
            let keep = best.is_none_or(|(_, best)| *best == place);
            place += 1;
            keep
        });
        self.gathered.counts.duplicates += (before - accesses.len()) as u64;
    }

    fn drop_repeated_changes(&mut self) {
        let mut seen = HashSet::new();
        let before = self.gathered.trail_changes.len();
        self.gathered.trail_changes.retain(|change| {
            change.event_id.is_none() || seen.insert((change.event_id, change.event_name))
        });
        self.gathered.counts.duplicates += (before - self.gathered.trail_changes.len()) as u64;
    }
}
