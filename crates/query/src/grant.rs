//! Who could listen to, download or delete what, by the newest listings.

use crate::evidence::Evidence;
use crate::permission::{Needed, Right};
use crate::recording_key::RecordingKind;
use crate::symbols::Symbol;
use crate::users::User;
use crate::verdict::{Case, Person, Ruling, Verdict, Wanted};

/// A right that a person has, or what it takes to tell: a row of the `grants`
/// table.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) user: User,
    /// What it is a right to; `None` where listings are missing to tell.
    pub(crate) wanted: Option<Wanted>,
    pub(crate) verdict: Verdict,
}

/// Lists what everyone in the newest listings is granted, what nobody can tell
/// without AWS's word, and once per person each listing that is missing.
pub(crate) fn grants(evidence: &Evidence) -> Vec<Grant> {
    let mut grants = Vec::new();
    for user_id in evidence.directory.users() {
        let Some(user) = evidence.users.by_id(user_id) else {
            continue;
        };
        let person = Person {
            user_id,
            session: Symbol::NONE,
            time: i64::MAX,
        };
        let mut missing: Vec<String> = Vec::new();
        for wanted in documented() {
            let verdict = Case::of(evidence, person, wanted).close();
            let wanted = match verdict.ruling {
                Ruling::Granted => Some(wanted),
                Ruling::Unknown if verdict.is_undocumented => Some(wanted),
                Ruling::Unknown if !missing.contains(&verdict.missing) => {
                    missing.push(verdict.missing.clone());
                    None
                }
                _ => continue,
            };
            grants.push(Grant {
                user: *user,
                wanted,
                verdict,
            });
        }
    }
    grants
}

/// Lists every right to every kind of recording that permissions are
/// documented for.
fn documented() -> impl Iterator<Item = Wanted> {
    let kinds = || {
        RecordingKind::ALL
            .into_iter()
            .flat_map(|kind| [(kind, false), (kind, true)])
    };
    let wanted = Right::ALL.into_iter().flat_map(move |right| {
        kinds().map(move |(kind, redacted)| Wanted {
            right,
            kind,
            redacted,
        })
    });
    wanted.filter(|wanted| {
        let needed = |right| Needed::by(right, wanted.kind, wanted.redacted);
        match wanted.right {
            Right::Download => !needed(Right::Download).button.is_empty(),
            // What nobody can listen to is no kind of its own to delete.
            right => [right, Right::Listen]
                .into_iter()
                .all(|right| !needed(right).access.is_empty()),
        }
    })
}
