//! Finds who is behind the per-key records of a batch delete.
//!
//! Since June 2025 S3 logs a `DeleteObjects` call together with one
//! `DeleteObject` per key. The latter are raised by the service and may name
//! nobody; the call names the caller and no key.

use std::collections::HashMap;

use crate::access::{Access, AttributedBy};
use crate::names::Names;
use crate::operation::{Action, Outcome};
use crate::principal::Principal;
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
    let mut by_bucket: HashMap<Symbol, Parents> = HashMap::new();
    for (place, access) in accesses.iter().enumerate() {
        if access.action == Action::BatchDelete && access.outcome == Outcome::Ok {
            if !access.request_id.is_none() {
                by_request.insert((bucket(access), access.request_id), place);
            }
            let caller = names.principals.get(access.caller);
            let parents = by_bucket.entry(bucket(access)).or_default();
            parents.push(place, access.time, caller);
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
            && let Some(parent) = parents.only_caller(record.time)
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

/// The batch deletes of one bucket, in the order of time.
#[derive(Default)]
struct Parents {
    places: Vec<usize>,
    times: Vec<i64>,
    callers: Vec<Principal>,
    /// For each, how many callers took turns up to it: two with one number
    /// have the same caller, and so has everything between.
    turns: Vec<usize>,
}

impl Parents {
    fn push(&mut self, place: usize, time: i64, caller: Principal) {
        let turn = match (self.turns.last(), self.callers.last()) {
            (Some(turn), Some(last)) => turn + usize::from(!last.is_same_caller(&caller)),
            _ => 0,
        };
        self.places.push(place);
        self.times.push(time);
        self.callers.push(caller);
        self.turns.push(turn);
    }

    /// Returns the one closest in time, if every one near has its caller.
    fn only_caller(&self, time: i64) -> Option<usize> {
        let start = self.times.partition_point(|&at| at < time - BATCH_MICROS);
        let end = self.times.partition_point(|&at| at <= time + BATCH_MICROS);
        let last = end.checked_sub(1).filter(|&last| start <= last)?;
        if self.turns[start] != self.turns[last] {
            return None;
        }
        let after = self
            .times
            .partition_point(|&at| at < time)
            .clamp(start, last);
        let before = after.saturating_sub(1).max(start);
        let distance = |one: usize| self.times[one].abs_diff(time);
        let closest = if distance(before) <= distance(after) {
            before
        } else {
            after
        };
        Some(self.places[closest])
    }
}
