//! Fills in the size of objects from the requests that made them.

use crate::access::Access;
use crate::batch::Made;

/// Gives each access the size its object had: what the record says, else the
/// bytes of the newest `PutObject` at or before it, unless the object was made
/// anew since in a way that tells no size.
pub(crate) fn fill(accesses: &mut [Access], mut made: Vec<Made>) {
    made.sort_unstable_by_key(|made| (made.object, made.time, made.bytes));
    for access in accesses {
        if access.object_size.is_some() {
            continue;
        }
        let (object, time) = (access.object, access.time);
        let before = made.partition_point(|made| (made.object, made.time) <= (object, time));
        let newest = before.checked_sub(1).map(|newest| &made[newest]);
        access.object_size = newest
            .filter(|newest| newest.object == object)
            .and_then(|newest| newest.bytes);
    }
}
