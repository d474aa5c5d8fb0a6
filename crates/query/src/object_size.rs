//! Fills in the size of objects from the requests that made them.

use std::collections::HashMap;

use crate::access::Access;
use crate::batch::Made;

/// Gives each access the size its object had: what the record says, else the
/// bytes of the newest `PutObject` at or before it, unless the object was made
/// anew since in a way that tells no size.
pub(crate) fn fill(accesses: &mut [Access], made: Vec<Made>) {
    let mut by_object: HashMap<u32, Vec<(i64, Option<u64>)>> = HashMap::new();
    for made in made {
        by_object
            .entry(made.object)
            .or_default()
            .push((made.time, made.bytes));
    }
    for sizes in by_object.values_mut() {
        sizes.sort_unstable();
    }
    for access in accesses {
        if access.object_size.is_none()
            && let Some(sizes) = by_object.get(&access.object)
        {
            let before = sizes.partition_point(|(time, _)| *time <= access.time);
            access.object_size = before.checked_sub(1).and_then(|newest| sizes[newest].1);
        }
    }
}
