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
        let said_at = |place: &u32| accesses[*place as usize].said();
        let hash = HASHER.hash_one(said);
        if self.0.find(hash, |place| said_at(place) == said).is_some() {
            return false;
        }
        let place = u32::try_from(accesses.len()).unwrap_or(u32::MAX);
        // The new one is not among them yet when the table grows.
        self.0
            .insert_unique(hash, place, |place| HASHER.hash_one(said_at(place)));
        true
    }
}
