//! Whether digests follow one another as they say.

use std::collections::{BTreeMap, HashMap};

use crate::digest::{Chain, Digest, Previous};
use crate::place::Place;
use crate::signature::Signed;

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw<'a> {
    /// The digest at this place in the list is not confirmed.
    Broken { digest: usize, why: String },
    /// A digest that another one names as the one before it.
    Missing { place: &'a Place, named_by: usize },
    /// A chain begins anew: validation or logging was off meanwhile.
    Gap {
        chain: &'a Chain,
        from: i64,
        until: i64,
    },
    /// The first digest that is here follows one that is not.
    GoesOnBefore { digest: usize },
}

/// Finds what is wrong with the chains of some digests. A digest that is not
/// signed never speaks against one that is.
pub(crate) fn flaws<'a>(digests: &[(usize, &'a Digest)], signed: &[Signed]) -> Vec<Flaw<'a>> {
    let mut at_place: HashMap<&Place, Vec<usize>> = HashMap::new();
    let mut chains: BTreeMap<&Chain, Vec<(i64, i64, usize)>> = BTreeMap::new();
    for (at, (_, digest)) in digests.iter().enumerate() {
        let same = at_place.entry(&digest.place).or_default();
        let is_copy = same
            .iter()
            .any(|other| digests[*other].1.content == digest.content);
        same.push(at);
        if let (Some(chain), Some((start, end)), false, false) =
            (&digest.chain, digest.covers, is_copy, signed[at].is_no())
        {
            chains.entry(chain).or_default().push((end, start, at));
        }
    }
    let mut flaws = Vec::new();
    for (chain, mut members) in chains {
        // Time goes one way, so that no link can lead in a circle.
        members.sort_unstable();
        let (mut last, mut last_signed) = (None, None);
        for (end, start, at) in members {
            let is_signed = signed[at].is_yes();
            let older: Option<(i64, usize)> = if is_signed { last_signed } else { last };
            let links = Links {
                digests,
                signed,
                at_place: &at_place,
            };
            match (&digests[at].1.previous, older) {
                (None, None) => {}
                (None, Some((from, _))) => flaws.push(Flaw::Gap {
                    chain,
                    from,
                    until: start,
                }),
                (Some(previous), older) => links.check(at, previous, older, &mut flaws),
            }
            last = Some((end, at));
            if is_signed {
                last_signed = last;
            }
        }
    }
    flaws
}

struct Links<'s, 'a> {
    digests: &'s [(usize, &'a Digest)],
    signed: &'s [Signed],
    at_place: &'s HashMap<&'a Place, Vec<usize>>,
}

impl<'a> Links<'_, 'a> {
    /// Checks what the digest at `at` says of the one before it.
    fn check(
        &self,
        at: usize,
        previous: &'a Previous,
        older: Option<(i64, usize)>,
        flaws: &mut Vec<Flaw<'a>>,
    ) {
        let Some(here) = self.at_place.get(&previous.place) else {
            flaws.push(match older {
                Some(_) => Flaw::Missing {
                    place: &previous.place,
                    named_by: at,
                },
                None => Flaw::GoesOnBefore { digest: at },
            });
            return;
        };
        let broken = |digest, why: &str| Flaw::Broken {
            digest,
            why: why.to_owned(),
        };
        let believed = |other: &&usize| !self.signed[**other].is_no();
        let is_meant = |other: &usize| self.is_meant(*other, previous);
        if !here.iter().any(is_meant) {
            for other in here.iter().filter(believed) {
                // Of two that contradict each other, the signed one is right.
                let accused = match (&self.signed[at], &self.signed[*other]) {
                    (Signed::Yes(_), _) => *other,
                    (_, Signed::Yes(_)) => at,
                    _ => *other,
                };
                let why = "the next digest has another hash or signature of it";
                let why = if accused == at {
                    "it has another hash or signature of the digest before it"
                } else {
                    why
                };
                flaws.push(broken(accused, why));
            }
        }
        let is_older = |(_, older): &(i64, usize)| here.contains(older);
        // An unsigned one stands in no signed one's chain.
        let counts = |other: &usize| {
            let (own, other) = (&self.signed[at], &self.signed[*other]);
            other.is_yes() || !(own.is_yes() || other.is_no())
        };
        if here.iter().any(counts) && !older.as_ref().is_some_and(is_older) {
            let why = "it does not name the digest that lies right before it";
            flaws.push(broken(at, why));
        }
    }

    /// Tells whether a digest is the one that the next one speaks of.
    fn is_meant(&self, other: usize, previous: &Previous) -> bool {
        let same_signature = match &self.signed[other] {
            Signed::Yes(signature) => signature.eq_ignore_ascii_case(&previous.signature),
            _ => true,
        };
        let content = &self.digests[other].1.content;
        same_signature && content.eq_ignore_ascii_case(&previous.content)
    }
}
