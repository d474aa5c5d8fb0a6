//! Puts the inputs together: every record once, in one order.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::access::Access;
use crate::batch::{Batch, Made};
use crate::contacts::Contacts;
use crate::counts::Counts;
use crate::evidence::{Evidence, Input, Scope};
use crate::names::Names;
use crate::symbols::Symbol;
use crate::trail_change::TrailChange;
use crate::users::Users;

/// Everything gathered so far.
///
/// The result does not depend on which inputs were read at the same time, only
/// on the order in which their batches are absorbed.
#[derive(Debug, Default)]
pub struct Gathering {
    pub(crate) names: Names,
    pub(crate) accesses: Vec<Access>,
    pub(crate) made: Vec<Made>,
    pub(crate) trail_changes: Vec<TrailChange>,
    pub(crate) contacts: Contacts,
    pub(crate) users: Users,
    pub(crate) inputs: Vec<Input>,
    pub(crate) counts: Counts,
    seen: HashSet<(Symbol, u64), foldhash::fast::FixedState>,
    corrected: Vec<(Symbol, Symbol)>,
}

impl Gathering {
    /// Takes in what one input held. Same event id and same content is the
    /// same record, delivered again.
    pub fn absorb(&mut self, batch: Batch) {
        let to = self.names.absorb(&batch.names);
        let input = u32::try_from(self.inputs.len()).unwrap_or(u32::MAX);
        self.counts.add(&batch.counts);

        for mut access in batch.accesses {
            access.rename(&to, input);
            if self.seen.insert((access.event_id, access.content.0)) {
                self.accesses.push(access);
            } else {
                self.counts.duplicates += 1;
            }
        }
        for mut change in batch.trail_changes {
            change.rename(&to, input);
            self.trail_changes.push(change);
        }
        self.made.extend(batch.made.into_iter().map(|made| Made {
            object: to.object(made.object),
            ..made
        }));
        for contact in batch.contacts {
            if self.contacts.learn(contact.translated(&to.symbols)) {
                self.counts.kept += 1;
            } else {
                self.counts.duplicates += 1;
            }
        }
        for recording in batch.recordings {
            let recording = recording.renamed(&to);
            let object = self.names.objects.get(recording.object);
            self.contacts.learn_recording(recording, object);
        }
        for user in batch.users {
            self.users.learn(user.translated(&to.symbols));
        }
        self.corrected.extend(
            batch
                .corrected
                .iter()
                .map(|(original, by)| (to.symbol(*original), to.symbol(*by))),
        );
        self.inputs.push(Input {
            origin: self.names.symbols.intern(&batch.origin),
            sha256: self.names.symbols.intern_opt(batch.sha256.as_deref()),
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
        let symbols = &self.names.symbols;
        self.accesses.sort_by(|a, b| {
            let key = |access: &Access| (access.time, access.input, access.index);
            (a.time, symbols.str(a.event_id))
                .cmp(&(b.time, symbols.str(b.event_id)))
                .then_with(|| key(a).cmp(&key(b)))
        });
        self.trail_changes
            .sort_by_key(|change| (change.time, change.input));
        self.drop_repeated_changes();
        crate::batch_delete::attribute(&mut self.accesses, &self.names.objects);
        crate::object_size::fill(&mut self.accesses, std::mem::take(&mut self.made));
        self.users.index();
        Evidence::new(self, scope)
    }

    fn drop_corrected(&mut self) {
        // A correction may carry the id of what it corrects: it then stays
        // and only other records of that id go.
        let corrected: HashMap<Symbol, Symbol> = self.corrected.drain(..).collect();
        if corrected.is_empty() {
            return;
        }
        let before = self.accesses.len();
        let corrections: BTreeSet<Symbol> = corrected.values().copied().collect();
        self.accesses.retain(|access| {
            !corrected.contains_key(&access.event_id) || corrections.contains(&access.event_id)
        });
        self.counts.duplicates += (before - self.accesses.len()) as u64;
    }

    /// A request across accounts is logged in each of them under one shared
    /// id. The caller's own account says more about the caller than the
    /// bucket owner's, which may have just an account number.
    fn drop_shared_copies(&mut self) {
        let mut best: HashMap<Symbol, (bool, usize)> = HashMap::new();
        for (place, access) in self.accesses.iter().enumerate() {
            if access.shared_event_id.is_none() {
                continue;
            }
            let principal = self.names.principals.get(access.principal);
            let vague = self.names.symbols.str(principal.kind) == "AWSAccount";
            let candidate = (vague, place);
            best.entry(access.shared_event_id)
                .and_modify(|best| *best = candidate.min(*best))
                .or_insert(candidate);
        }
        let before = self.accesses.len();
        let mut place = 0;
        self.accesses.retain(|access| {
            let keep = best
                .get(&access.shared_event_id)
                .is_none_or(|(_, best)| *best == place);
            place += 1;
            keep
        });
        self.counts.duplicates += (before - self.accesses.len()) as u64;
    }

    fn drop_repeated_changes(&mut self) {
        let mut seen = HashSet::new();
        let before = self.trail_changes.len();
        self.trail_changes.retain(|change| {
            change.event_id.is_none() || seen.insert((change.event_id, change.event_name))
        });
        self.counts.duplicates += (before - self.trail_changes.len()) as u64;
    }
}
