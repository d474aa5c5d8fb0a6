//! `who-listened`: one row a sitting.

use std::collections::BTreeMap;

use super::describe_object;
use crate::actor::{ActorId, ActorKind};
use crate::clock;
use crate::facts::{Access, CallEnd, Touch};
use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET, REGION};
use crate::recording::ObjectId;
use crate::world::World;

/// The longest pause within a sitting, and the farthest a mark lies from the
/// sitting it corroborates.
const GAP_SECONDS: i64 = 30 * 60;

/// Accesses of one object by one actor, one after another.
struct Sitting<'a> {
    who: ActorId,
    bucket: &'static str,
    object: Option<ObjectId>,
    end: CallEnd,
    accesses: Vec<&'a Access>,
    marked: bool,
}

impl Sitting<'_> {
    fn started_at(&self) -> i64 {
        self.accesses[0].at
    }

    fn ended_at(&self) -> i64 {
        self.accesses[self.accesses.len() - 1].at
    }

    fn reads(&self) -> impl Iterator<Item = &&Access> {
        let ok = self.end == CallEnd::Ok;
        self.accesses
            .iter()
            .filter(move |access| ok && access.touch == Touch::Read)
    }

    fn bytes(&self) -> u64 {
        self.reads().map(|access| access.bytes).sum()
    }
}

pub(super) fn rows(world: &World) -> Vec<Json> {
    let counts = |access: &&Access| {
        access.touch != Touch::Mark
            || access.bucket == RECORDINGS_BUCKET
            || world.kind(access.who) == ActorKind::ConnectUser
    };
    // A mark that was refused is an attempt like any other.
    let is_mark = |access: &&Access| access.touch == Touch::Mark && access.end == CallEnd::Ok;
    let (marks, touches): (Vec<_>, Vec<_>) = world
        .facts
        .accesses
        .iter()
        .filter(counts)
        .partition(is_mark);
    let mut sittings = sittings(touches.into_iter());
    let lone_marks = marks
        .into_iter()
        .filter(|mark| !corroborates(mark, &mut sittings))
        .collect::<Vec<_>>();
    sittings.extend(self::sittings(lone_marks.into_iter()));
    let mut rows = sittings
        .iter()
        .map(|sitting| sorted_row(world, sitting))
        .collect::<Vec<_>>();
    rows.sort_by(|(left, _), (right, _)| left.cmp(right));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Cuts the accesses of each actor to each object where a pause is too long.
/// Calls that succeeded, were denied and failed sit apart.
fn sittings<'a>(accesses: impl Iterator<Item = &'a Access>) -> Vec<Sitting<'a>> {
    let mut groups = BTreeMap::<_, Vec<&Access>>::new();
    for access in accesses {
        groups
            .entry((access.who, access.bucket, access.object, access.end))
            .or_default()
            .push(access);
    }
    let mut sittings = Vec::<Sitting<'_>>::new();
    for ((who, bucket, object, end), mut accesses) in groups {
        accesses.sort_by_key(|access| (access.at, &access.event_id));
        let mut previous = None;
        for access in accesses {
            match (previous, sittings.last_mut()) {
                (Some(at), Some(sitting)) if access.at - at <= GAP_SECONDS => {
                    sitting.accesses.push(access)
                }
                _ => sittings.push(Sitting {
                    who,
                    bucket,
                    object,
                    end,
                    accesses: vec![access],
                    marked: false,
                }),
            }
            previous = Some(access.at);
        }
    }
    sittings
}

/// Marks every sitting that read something near `mark` in time.
fn corroborates(mark: &Access, sittings: &mut [Sitting<'_>]) -> bool {
    // The sittings are in the order of their actors.
    let from = sittings.partition_point(|sitting| sitting.who < mark.who);
    let mut any = false;
    for sitting in sittings[from..]
        .iter_mut()
        .take_while(|sitting| sitting.who == mark.who)
    {
        let near = mark.at >= sitting.started_at() - GAP_SECONDS
            && mark.at <= sitting.ended_at() + GAP_SECONDS;
        if near && sitting.bucket == mark.bucket && sitting.reads().next().is_some() {
            sitting.marked = true;
            any = true;
        }
    }
    any
}

type SortKey = (i64, String, &'static str, Option<String>, String);

fn sorted_row(world: &World, sitting: &Sitting<'_>) -> (SortKey, Json) {
    let (actor, user_id, full_name) = world.resolve(sitting.who);
    let first = sitting.accesses[0];
    let last = sitting.accesses[sitting.accesses.len() - 1];
    let key = sitting.object.map(|id| world.objects[id.0].key.clone());
    let requests = sitting.reads().count();
    let ok = sitting.end == CallEnd::Ok;
    let heads = sitting
        .accesses
        .iter()
        .filter(|access| ok && access.touch == Touch::Head)
        .count();
    let size = object_size(world, sitting);
    let share = size.filter(|size| *size > 0 && requests > 0).map(|size| {
        let share = (sitting.bytes() as f64 / size as f64).min(1.0);
        (share * 10_000.0).round() / 10_000.0
    });
    let mut row = map! {
        "started_at" => clock::iso(sitting.started_at()),
        "ended_at" => clock::iso(sitting.ended_at()),
        "actor" => &actor,
        "actor_kind" => world.kind(sitting.who).name(),
        "user_id" => user_id,
        "full_name" => full_name,
    };
    describe_object(&mut row, world, sitting.object);
    row.set("bucket", sitting.bucket);
    row.set("key", key.as_ref());
    row.set("evidence", evidence(sitting));
    row.set("how", how(sitting, size));
    row.set("requests", requests);
    row.set("heads", heads);
    row.set("attempts", if ok { 0 } else { sitting.accesses.len() });
    row.set("bytes", sitting.bytes());
    row.set("object_size", size);
    row.set("share", share);
    row.set("account_id", ACCOUNT);
    row.set("region", REGION);
    row.set("first_event_id", &first.event_id);
    row.set("last_event_id", &last.event_id);
    (
        (
            sitting.started_at(),
            actor,
            sitting.bucket,
            key,
            first.event_id.clone(),
        ),
        row,
    )
}

fn evidence(sitting: &Sitting<'_>) -> &'static str {
    match sitting.end {
        CallEnd::Denied => "denied",
        CallEnd::Failed => "failed",
        CallEnd::Ok if sitting.object.is_none() => "bucket-mark-only",
        CallEnd::Ok if sitting.reads().next().is_none() => "metadata-only",
        CallEnd::Ok if sitting.marked => "object-read+bucket-mark",
        CallEnd::Ok => "object-read",
    }
}

/// The size that the events logged, else that of the write before them.
fn object_size(world: &World, sitting: &Sitting<'_>) -> Option<u64> {
    let object = &world.objects[sitting.object?.0];
    if sitting.end != CallEnd::Ok {
        return None;
    }
    let written = object
        .written_at
        .filter(|at| *at <= sitting.started_at())
        .map(|_| object.size);
    sitting
        .accesses
        .iter()
        .filter_map(|access| access.logged_size)
        .max()
        .or(written)
}

fn how(sitting: &Sitting<'_>, size: Option<u64>) -> &'static str {
    let sizes = sitting.reads().map(|read| read.bytes).collect::<Vec<_>>();
    if sizes.is_empty() {
        return "unknown";
    }
    if sitting.reads().any(|read| read.presigned_download) {
        return "presigned-download";
    }
    match size {
        Some(size) if sizes.iter().any(|bytes| *bytes >= size) => "whole-object",
        _ if sitting.reads().any(|read| read.partial) => "ranged-play",
        _ if sizes.iter().any(|bytes| *bytes != sizes[0]) => "ranged-play",
        Some(_) if !sitting.reads().any(|read| read.full_reply) => "ranged-play",
        _ => "unknown",
    }
}
