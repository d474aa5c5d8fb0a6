//! Keeps one of the copies that a request across accounts leaves in each.
//!
//! Source: AWS CloudTrail User Guide, `sharedEventID`.

use std::collections::HashMap;

use crate::access::Access;
use crate::names::Names;

/// Keeps the copy that says most about the caller: the caller's own account
/// knows them, the bucket owner's may have just an account number.
pub(crate) fn drop_shared_copies(accesses: &mut Vec<Access>, names: &Names) {
    // Placeholder ids exist: the rest of the request has to agree too.
    let request = |access: &Access| {
        (!access.shared_event_id.is_none()).then_some((
            access.shared_event_id,
            access.event_name,
            access.request_id,
            access.object,
            access.time,
        ))
    };
    let mut best = HashMap::new();
    for (place, access) in accesses.iter().enumerate() {
        let Some(request) = request(access) else {
            continue;
        };
        let kind = names.principals.get(access.principal).kind;
        let vague = names.symbols.str(kind) == "AWSAccount";
        let candidate = (vague, place);
        best.entry(request)
            .and_modify(|best| *best = candidate.min(*best))
            .or_insert(candidate);
    }
    let mut place = 0;
    accesses.retain(|access| {
        let best = request(access).and_then(|request| best.get(&request));
        let keep = best.is_none_or(|(_, best)| *best == place);
        place += 1;
        keep
    });
}
