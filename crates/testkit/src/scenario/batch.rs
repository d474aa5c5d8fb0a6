//! Many recordings are deleted with one `DeleteObjects`, which never names
//! them; since June 2025 one thin `DeleteObject` an object does.

use super::Scenario;
use super::delete::target;
use crate::actor::ActorId;
use crate::facts::{AttributedBy, DeleteOutcome, Deletion};
use crate::json::map;
use crate::names::OTHER_BUCKETS;
use crate::record::S3Call;
use crate::recording::ObjectId;
use crate::world::World;

/// Plays `scenario`; none when there is nothing to play it on.
pub(super) fn play(scenario: Scenario, world: &mut World, at: i64) -> Option<()> {
    let cast = &world.cast;
    let (jane, omar, operator) = (cast.jane, cast.omar, cast.operator);
    let targets = targets(world, at)?;
    let at = world.batch_time(at);
    match scenario {
        Scenario::BatchByTime => {
            let who = world.rng.pick(&[jane, operator]);
            parent(world, who, at);
            children(
                world,
                &targets,
                at,
                None,
                (Some(who), AttributedBy::BucketAndTime),
            );
        }
        Scenario::BatchWithoutChildren => {
            let call = parent(world, jane, at);
            remember_parent(world, &call, DeleteOutcome::UnknownKeys);
        }
        Scenario::DeniedBatch => {
            let call = refused_parent(world, omar, at, "AccessDenied");
            remember_parent(world, &call, DeleteOutcome::Denied);
        }
        Scenario::FailedBatch => {
            let call = refused_parent(world, operator, at, "InternalError");
            remember_parent(world, &call, DeleteOutcome::Failed);
        }
        Scenario::OrphanedChild => {
            children(world, &targets[..1], at, None, (None, AttributedBy::None));
        }
        Scenario::ChildOfTwoCallers => {
            // Two people delete in one minute. A request id settles whose one
            // object is; the other could be either's.
            let first = parent(world, jane, at);
            let second = parent(world, omar, at + 7);
            let known = Some(first.request_id.clone());
            children(
                world,
                &targets[..1],
                at,
                known,
                (Some(jane), AttributedBy::RequestId),
            );
            children(
                world,
                &targets[1..2],
                at + 9,
                None,
                (None, AttributedBy::None),
            );
            remember_parent(world, &second, DeleteOutcome::UnknownKeys);
        }
        Scenario::BatchElsewhere => {
            let mut call = S3Call::new("DeleteObjects", at, jane, &mut world.rng);
            call.bucket = OTHER_BUCKETS[2];
            call.parameters = vec![("delete", "".into())];
            world.write_call(&call);
        }
        _ => {
            let who = world.rng.pick(&[jane, omar]);
            let call = parent(world, who, at);
            let request_id = Some(call.request_id);
            children(
                world,
                &targets,
                at,
                request_id,
                (Some(who), AttributedBy::RequestId),
            );
        }
    }
    Some(())
}

/// The parent as it was written.
struct Parent {
    who: ActorId,
    at: i64,
    event_id: String,
    request_id: String,
}

fn targets(world: &mut World, at: i64) -> Option<Vec<ObjectId>> {
    let mut targets = Vec::new();
    let wanted = world.rng.between(2, 5);
    for _ in 0..wanted * 3 {
        let object = target(world, at)?;
        if !targets.contains(&object) && (targets.len() as i64) < wanted {
            targets.push(object);
        }
    }
    (targets.len() >= 2).then_some(targets)
}

fn parent_call(world: &mut World, who: ActorId, at: i64) -> S3Call {
    let mut call = S3Call::new("DeleteObjects", at, who, &mut world.rng);
    call.parameters = vec![("delete", "".into())];
    call.bytes_in = 412;
    call.bytes_out = 731;
    call
}

fn parent(world: &mut World, who: ActorId, at: i64) -> Parent {
    let call = parent_call(world, who, at);
    write_parent(world, &call)
}

fn refused_parent(world: &mut World, who: ActorId, at: i64, error: &'static str) -> Parent {
    let call = parent_call(world, who, at).refused(error);
    write_parent(world, &call)
}

fn write_parent(world: &mut World, call: &S3Call) -> Parent {
    let written = world.write_call(call);
    Parent {
        who: call.who,
        at: call.at,
        event_id: written.event_id,
        request_id: written.request_id,
    }
}

fn remember_parent(world: &mut World, parent: &Parent, outcome: DeleteOutcome) {
    world.remember_deletion(Deletion {
        at: parent.at,
        event_id: parent.event_id.clone(),
        request_id: parent.request_id.clone(),
        who: Some(parent.who),
        object: None,
        outcome,
        version_id: None,
        attributed_by: AttributedBy::Caller,
    });
}

/// One thin event an object, within the half minute after `at`.
fn children(
    world: &mut World,
    targets: &[ObjectId],
    at: i64,
    request_id: Option<String>,
    (who, attributed_by): (Option<ActorId>, AttributedBy),
) {
    let key_in_resources = world.rng.one_in(4);
    let markers = world.rng.one_in(3);
    for (i, object) in targets.iter().enumerate() {
        let delay = if request_id.is_some() {
            i as i64 / 2
        } else {
            i as i64 * 4 + 1
        };
        let key = &world.objects[object.0].key;
        // The caller of a child is not written; any will do.
        let caller = who.unwrap_or(world.cast.root);
        let mut call = S3Call::new("DeleteObject", at + delay, caller, &mut world.rng).on(key);
        call.child = true;
        call.key_in_resources = key_in_resources;
        call.request_id.clone_from(&request_id);
        call.version = "1.11";
        let version_id = markers.then(|| world.rng.mixed(32));
        if let Some(version) = &version_id {
            call.response = map! { "x-amz-delete-marker" => "true", "x-amz-version-id" => version };
        }
        let written = world.write_call(&call);
        world.objects[object.0].deleted = true;
        world.remember_deletion(Deletion {
            at: call.at,
            event_id: written.event_id,
            request_id: written.request_id,
            who,
            object: Some(*object),
            outcome: if markers {
                DeleteOutcome::DeleteMarker
            } else {
                DeleteOutcome::Deleted
            },
            version_id,
            attributed_by,
        });
    }
}
