//! Finds who is behind the per-key records of a batch delete.
//!
//! Since June 2025 S3 logs a `DeleteObjects` call together with one
//! `DeleteObject` per key. The latter are raised by the service and may name
//! nobody; the call names the caller and no key.

use std::collections::{BTreeMap, HashMap};

use crate::access::{Access, AttributedBy};
use crate::object::Object;
use crate::operation::{Action, Outcome};
use crate::symbols::{Distinct, Symbol};
use crate::window::BATCH_MICROS;

/// Gives each per-key record the caller of its batch delete, and counts each
/// batch delete's per-key records. `accesses` are in the order of time.
///
/// The request id decides. Without one that matches, batch deletes in the same
/// bucket within a minute decide, if all of them have the same caller: who of
/// several it was, the logs do not say.
pub(crate) fn attribute(accesses: &mut [Access], objects: &Distinct<Object>) {
    let bucket = |access: &Access| objects.get(access.object).bucket;
    let mut by_request: HashMap<(Symbol, Symbol), usize> = HashMap::new();
    let mut by_bucket: BTreeMap<Symbol, Vec<usize>> = BTreeMap::new();
    for (place, access) in accesses.iter().enumerate() {
        if access.action == Action::BatchDelete && access.outcome == Outcome::Ok {
            if !access.request_id.is_none() {
                by_request.insert((bucket(access), access.request_id), place);
            }
            by_bucket.entry(bucket(access)).or_default().push(place);
        }
    }
    for child in 0..accesses.len() {
        let record = accesses[child];
        if !record.is_batch_child {
            continue;
        }
        let parent = match by_request.get(&(bucket(&record), record.request_id)) {
            Some(parent) => Some((*parent, AttributedBy::RequestId)),
            None => by_bucket
                .get(&bucket(&record))
                .and_then(|parents| only_caller(accesses, parents, record.time))
                .map(|parent| (parent, AttributedBy::BucketAndTime)),
        };
        if let Some((parent, how)) = parent {
            accesses[parent].children += 1;
            let caller = accesses[parent];
            let record = &mut accesses[child];
            record.principal = caller.principal;
            record.source_ip = caller.source_ip;
            record.user_agent = caller.user_agent;
            record.attributed_by = how;
        }
    }
}

/// Returns the batch delete closest in time, if every one near has its caller.
fn only_caller(accesses: &[Access], parents: &[usize], time: i64) -> Option<usize> {
    let start = parents.partition_point(|&parent| accesses[parent].time < time - BATCH_MICROS);
    let near = parents[start..]
        .iter()
        .take_while(|&&parent| accesses[parent].time <= time + BATCH_MICROS);
    let mut closest: Option<usize> = None;
    for &parent in near {
        let distance = |place: usize| accesses[place].time.abs_diff(time);
        closest = match closest {
            Some(known) if accesses[known].principal != accesses[parent].principal => return None,
            Some(known) if distance(known) <= distance(parent) => Some(known),
            _ => Some(parent),
        };
    }
    closest
}
