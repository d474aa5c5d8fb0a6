//! Holds each access by a Connect user against what their profiles granted.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::Access;
use crate::actor::ActorKind;
use crate::contacts::Contact;
use crate::evidence::Evidence;
use crate::operation::Action;
use crate::permission::Right;
use crate::symbols::Symbol;
use crate::verdict::{Case, Person, Verdict, Wanted};

/// An access with its verdict: a row of the `verdicts` table.
#[derive(Debug)]
pub(crate) struct Reviewed {
    /// The access, as its place.
    pub(crate) access: usize,
    pub(crate) right: Right,
    pub(crate) verdict: Arc<Verdict>,
}

/// Who did what when, as far as that decides a verdict: a million accesses come
/// to a few of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Question {
    user_id: Symbol,
    session: Symbol,
    /// The time, as far as the directory tells times apart.
    epoch: usize,
    wanted: Wanted,
}

/// Reviews every read of content and every delete by a Connect user.
pub(crate) fn review(evidence: &Evidence) -> Vec<Reviewed> {
    let mut cases = HashMap::new();
    let mut closed = HashMap::new();
    let mut rows = Vec::new();
    for (place, access) in evidence.accesses.iter().enumerate() {
        let actor = evidence.actor_of(access);
        let Some(right) = right(access).filter(|_| actor.kind == ActorKind::ConnectUser) else {
            continue;
        };
        let facts = evidence.facts_of(access);
        let question = Question {
            user_id: actor.user_id,
            session: actor.name,
            epoch: evidence.directory.epoch(access.time),
            wanted: Wanted {
                right,
                kind: facts.kind,
                redacted: facts.redacted == Some(true),
            },
        };
        let case = cases.entry(question).or_insert_with(|| {
            let person = Person {
                user_id: actor.user_id,
                session: actor.name,
                time: access.time,
            };
            Case::of(evidence, person, question.wanted)
        });
        // Whose contact it is matters to the restricted only.
        let contact = case
            .restricted_to()
            .and_then(|_| evidence.contacts.get(facts.contact_id));
        let agent = contact.map(|contact| {
            let Contact {
                agent_user_id,
                agent_group,
                agent_group_path,
                ..
            } = *contact;
            (agent_user_id, agent_group, agent_group_path)
        });
        let verdict = closed
            .entry((question, agent))
            .or_insert_with(|| Arc::new(case.clone().at_contact(contact).close()));
        rows.push(Reviewed {
            access: place,
            right,
            verdict: Arc::clone(verdict),
        });
    }
    rows
}

/// Returns the right that an access makes use of. A browser that is told to
/// save an object downloads it; other reads may be either, and count as the
/// lesser.
fn right(access: &Access) -> Option<Right> {
    match access.action {
        Action::Read if access.presigned_download => Some(Right::Download),
        Action::Read => Some(Right::Listen),
        Action::Delete => Some(Right::Delete),
        // The per-key records of the others stand for them.
        Action::BatchDelete if access.children == access.children_by_s3 => Some(Right::Delete),
        _ => None,
    }
}
