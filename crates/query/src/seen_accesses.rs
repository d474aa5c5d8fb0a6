//! Finds accesses that were delivered before.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::access::Access;

/// The places of the accesses so far, by what they say.
#[derive(Debug, Default)]
pub(crate) struct SeenAccesses(HashTable<u32>);

const HASHER: FixedState = FixedState::with_seed(0);

impl SeenAccesses {
    /// Tells whether an access is none of `accesses`, to which it must be added
    /// then.
    pub(crate) fn is_new(&mut self, access: &Access, accesses: &[Access]) -> bool {
        let said = access.said();
        let hash = hash(access);
        let is_same = |place: &u32| accesses[*place as usize].said() == said;
        if self.0.find(hash, is_same).is_some() {
            return false;
        }
        let place = u32::try_from(accesses.len()).unwrap_or(u32::MAX);
        // The new one is not among them yet when the table grows.
        self.0
            .insert_unique(hash, place, |place| self::hash(&accesses[*place as usize]));
        true
    }
}

/// Two accesses seldom share these without being one; the rest decides.
fn hash(access: &Access) -> u64 {
    let content = access.said().content.0;
    HASHER.hash_one((access.event_id, access.request_id, content, access.time))
}
