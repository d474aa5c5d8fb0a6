//! Finds who is behind the per-key records of a batch delete.
//!
//! Since June 2025 S3 logs a `DeleteObjects` call together with one
//! `DeleteObject` per key. The latter are raised by the service and may name
//! nobody; the call names the caller and no key.

use std::collections::{BTreeMap, HashMap};

use crate::access::{Access, AttributedBy};
use crate::names::Names;
use crate::operation::{Action, Outcome};
use crate::symbols::Symbol;
use crate::window::BATCH_MICROS;

/// Gives each per-key record that names nobody the caller of its batch delete,
/// and counts each batch delete's per-key records. `accesses` are in the order
/// of time.
///
/// The request id decides. Without one that matches, batch deletes in the same
/// bucket within a minute decide, if all of them have the same caller: who of
/// several it was, the logs do not say.
pub(crate) fn attribute(accesses: &mut [Access], names: &Names) {
    let bucket = |access: &Access| names.objects.get(access.object).bucket;
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
        if let Some(parent) = by_request.get(&(bucket(&record), record.request_id)) {
            accesses[*parent].children += 1;
            give_caller(accesses, child, *parent, AttributedBy::RequestId);
        } else if record.attributed_by == AttributedBy::Nothing
            && let Some(parents) = by_bucket.get(&bucket(&record))
            && let Some(parent) = only_caller(accesses, parents, record.time, names)
        {
            accesses[parent].children += 1;
            give_caller(accesses, child, parent, AttributedBy::BucketAndTime);
        }
    }
}

/// A record that names its caller keeps it.
fn give_caller(accesses: &mut [Access], child: usize, parent: usize, how: AttributedBy) {
    let parent = accesses[parent];
    let record = &mut accesses[child];
    if record.attributed_by == AttributedBy::Nothing {
        record.caller = parent.caller;
        record.source_ip = parent.source_ip;
        record.user_agent = parent.user_agent;
        record.attributed_by = how;
    }
}

/// Returns the batch delete closest in time, if every one near has its caller.
fn only_caller(accesses: &[Access], parents: &[usize], time: i64, names: &Names) -> Option<usize> {
    let start = parents.partition_point(|&parent| accesses[parent].time < time - BATCH_MICROS);
    let near = parents[start..]
        .iter()
        .take_while(|&&parent| accesses[parent].time <= time + BATCH_MICROS);
    let caller = |place: usize| names.principals.get(accesses[place].caller);
    let distance = |place: usize| accesses[place].time.abs_diff(time);
    let mut closest: Option<usize> = None;
    for &parent in near {
        closest = match closest {
            Some(known) if !caller(known).is_same_caller(&caller(parent)) => return None,
            Some(known) if distance(known) <= distance(parent) => Some(known),
            _ => Some(parent),
        };
    }
    closest
}
