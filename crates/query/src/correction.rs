//! Lets corrections take the place of what they correct.
//!
//! Source: AWS CloudTrail User Guide, `addendum` with reason `UPDATED_DATA`.

use std::collections::{HashMap, HashSet};

use crate::access::Access;
use crate::symbols::Symbol;

/// Longer chains of corrections of corrections are cut here.
const LONGEST_CHAIN: usize = 64;

/// Keeps the last correction of each corrected event, and drops the event and
/// the corrections between. A correction may carry the id of what it corrects.
pub(crate) fn drop_corrected(accesses: &mut Vec<Access>) {
    let corrections: HashMap<Symbol, Symbol> = accesses
        .iter()
        .filter(|access| !access.corrects.is_none() && access.corrects != access.event_id)
        .map(|access| (access.event_id, access.corrects))
        .collect();
    let corrected: HashSet<Symbol> = accesses
        .iter()
        .filter(|access| !access.corrects.is_none())
        .map(|access| root(access.corrects, &corrections).0)
        .collect();
    if corrected.is_empty() {
        return;
    }
    // The event that a record is about in the end, and how late a word on it
    // the record is.
    let about = |access: &Access| {
        let (event, steps) = if access.corrects.is_none() {
            (access.event_id, 0)
        } else {
            let (event, steps) = root(access.corrects, &corrections);
            (event, steps + 1)
        };
        corrected
            .contains(&event)
            .then_some((event, (steps, access.time, access.content.0)))
    };
    let mut last = HashMap::new();
    for (event, word) in accesses.iter().filter_map(about) {
        last.entry(event)
            .and_modify(|last| *last = word.max(*last))
            .or_insert(word);
    }
    accesses.retain(|access| about(access).is_none_or(|(event, word)| last[&event] == word));
}

/// Follows corrections of corrections back to the event.
fn root(mut event: Symbol, corrections: &HashMap<Symbol, Symbol>) -> (Symbol, usize) {
    let mut steps = 0;
    while let Some(before) = corrections.get(&event).filter(|_| steps < LONGEST_CHAIN) {
        event = *before;
        steps += 1;
    }
    (event, steps)
}
