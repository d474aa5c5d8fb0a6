//! Puts what S3 itself reports beside what CloudTrail records, so that a
//! deletion that several of them tell counts once.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::access::{Access, AttributedBy};
use crate::names::Names;
use crate::operation::{Action, Outcome};
use crate::s3_deletion::{InCloudTrail, Reported, S3Deletion};
use crate::symbols::Symbol;
use crate::window::BATCH_MICROS;

/// How far apart a server access log and EventBridge may place one deletion by
/// S3 Lifecycle, which carries no request.
const LIFECYCLE_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// So many events about one object are held beside a line of a log: as many as
/// a batch delete may name versions.
const MOST_COMPARED: usize = 1_000;

/// Joins the two reports of a deletion that a server access log and EventBridge
/// both tell: the log's says more of the caller, and learns what only the event
/// says. `deletions` are in the order of time.
pub(crate) fn join_reports(deletions: &mut Vec<S3Deletion>) {
    let mut events: HashMap<u32, VecDeque<usize>> = HashMap::new();
    for (place, deletion) in deletions.iter().enumerate() {
        if deletion.reported == Reported::EventBridge {
            events.entry(deletion.object).or_default().push_back(place);
        }
    }
    if events.is_empty() {
        return;
    }
    let mut joined = HashSet::new();
    for place in 0..deletions.len() {
        let line = deletions[place];
        let Some(events) = events.get_mut(&line.object) else {
            continue;
        };
        if line.reported != Reported::AccessLog || line.outcome != Outcome::Ok {
            continue;
        }
        // No later line is near these either.
        let too_old = |&event: &usize| deletions[event].time < line.time - LIFECYCLE_MICROS;
        while events.front().is_some_and(too_old) {
            events.pop_front();
        }
        let near = events.iter().take(MOST_COMPARED);
        let same = near
            .enumerate()
            .find(|(_, event)| is_same(&line, &deletions[**event]));
        if let Some((at, event)) = same.map(|(at, event)| (at, *event)) {
            events.remove(at);
            let event = deletions[event];
            deletions[place].learn(&event);
            joined.insert((event.input, event.index));
        }
    }
    deletions.retain(|deletion| {
        deletion.reported != Reported::EventBridge
            || !joined.contains(&(deletion.input, deletion.index))
    });
}

/// Tells whether a line and an event about one object are about one deletion:
/// they name one request, or S3 Lifecycle did it within a day.
fn is_same(line: &S3Deletion, event: &S3Deletion) -> bool {
    let one_request = !line.request_id.is_none() && line.request_id == event.request_id;
    let one_expiry = line.by_lifecycle
        && event.by_lifecycle
        && line.time.abs_diff(event.time) <= LIFECYCLE_MICROS.unsigned_abs();
    let markers_agree = match (line.delete_marker, event.delete_marker) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    (one_request || one_expiry) && may_be_one(line.version_id, event.version_id) && markers_agree
}

/// Versions agree unless two are named: a log leaves out that of a delete
/// marker.
fn may_be_one(version: Symbol, other: Symbol) -> bool {
    version.is_none() || other.is_none() || version == other
}

impl S3Deletion {
    /// Takes what only the event about the same deletion says.
    fn learn(&mut self, event: &S3Deletion) {
        self.reported = Reported::Both;
        self.delete_marker = self.delete_marker.or(event.delete_marker);
        self.object_size = self.object_size.or(event.object_size);
        for (mine, theirs) in [
            (&mut self.version_id, event.version_id),
            (&mut self.source_ip, event.source_ip),
            (&mut self.account_id, event.account_id),
            (&mut self.region, event.region),
        ] {
            fill(mine, theirs);
        }
    }
}

fn fill(mine: &mut Symbol, theirs: Symbol) {
    if mine.is_none() {
        *mine = theirs;
    }
}

/// Finds CloudTrail's record of each deletion. One of the same key stands for
/// it; a batch delete that leaves the key out gives its caller, and has got a
/// key. `accesses` are in the order of time, and batch deletes know their
/// per-key records.
pub(crate) fn compare(deletions: &mut [S3Deletion], accesses: &mut [Access], names: &Names) {
    if deletions.is_empty() {
        return;
    }
    let records = Records::about(deletions, accesses, names);
    for deletion in deletions
        .iter_mut()
        .filter(|deletion| !deletion.by_lifecycle)
    {
        let bucket = names.objects.get(deletion.object).bucket;
        let batch = records.batches.get(&(bucket, deletion.request_id)).copied();
        let of_key = records.of_key(deletion, accesses);
        let of_key = of_key.or_else(|| batch.and_then(|_| records.of_batch(deletion, accesses)));
        if let Some(place) = of_key {
            let record = &mut accesses[place];
            record.told_by_s3 = true;
            deletion.in_cloudtrail = InCloudTrail::Deletion;
            deletion.event_id = record.event_id;
            deletion.placed_at = record.time;
        } else if let Some(place) = batch {
            let record = &mut accesses[place];
            record.children += 1;
            record.children_by_s3 += 1;
            deletion.in_cloudtrail = InCloudTrail::Batch;
            deletion.event_id = record.event_id;
            deletion.placed_at = record.time;
            deletion.caller = record.caller;
            fill(&mut deletion.source_ip, record.source_ip);
            fill(&mut deletion.user_agent, record.user_agent);
            fill(&mut deletion.account_id, record.account_id);
            fill(&mut deletion.region, record.region);
        }
    }
}

/// The places of CloudTrail's records that may be about the deletions.
#[derive(Default)]
struct Records {
    /// By object and request.
    by_request: HashMap<(u32, Symbol), Vec<usize>>,
    /// Per-key records whose batch delete no request id tells, by object.
    loose: HashMap<u32, Vec<usize>>,
    /// Batch deletes by bucket and request.
    batches: HashMap<(Symbol, Symbol), usize>,
}

impl Records {
    fn about(deletions: &[S3Deletion], accesses: &[Access], names: &Names) -> Records {
        let requests: HashSet<Symbol> = deletions
            .iter()
            .map(|deletion| deletion.request_id)
            .filter(|request| !request.is_none())
            .collect();
        let objects: HashSet<u32> = deletions.iter().map(|deletion| deletion.object).collect();
        let mut records = Records::default();
        for (place, access) in accesses.iter().enumerate() {
            let asked = requests.contains(&access.request_id);
            match access.action {
                Action::BatchDelete if asked && access.outcome == Outcome::Ok => {
                    let bucket = names.objects.get(access.object).bucket;
                    let request = (bucket, access.request_id);
                    records.batches.insert(request, place);
                }
                // Taking away a delete marker is a request to delete, too.
                Action::Delete | Action::Restore if objects.contains(&access.object) => {
                    if asked {
                        let request = (access.object, access.request_id);
                        records.by_request.entry(request).or_default().push(place);
                    }
                    if access.is_batch_child && access.attributed_by != AttributedBy::RequestId {
                        records.loose.entry(access.object).or_default().push(place);
                    }
                }
                _ => {}
            }
        }
        records
    }

    /// Finds the record of the same request for the same key.
    fn of_key(&self, deletion: &S3Deletion, accesses: &[Access]) -> Option<usize> {
        let request = (deletion.object, deletion.request_id);
        let places = self.by_request.get(&request)?.iter();
        places
            .copied()
            .find(|&place| may_be_one(deletion.version_id, accesses[place].version_id))
    }

    /// Finds the per-key record, near in time, of a batch delete's key.
    fn of_batch(&self, deletion: &S3Deletion, accesses: &[Access]) -> Option<usize> {
        let places = self.loose.get(&deletion.object)?;
        let start = places.partition_point(|&at| accesses[at].time < deletion.time - BATCH_MICROS);
        places[start..]
            .iter()
            .copied()
            .take_while(|&at| accesses[at].time <= deletion.time + BATCH_MICROS)
            .find(|&at| may_be_one(deletion.version_id, accesses[at].version_id))
    }
}
