//! One recording is deleted, or somebody tries to.

use super::Scenario;
use crate::actor::ActorId;
use crate::facts::{AttributedBy, CallEnd, DeleteOutcome, Deletion};
use crate::json::{Json, map};
use crate::names::OTHER_BUCKETS;
use crate::record::S3Call;
use crate::recording::{ObjectId, RecordingKind};
use crate::world::{World, call_end};

/// Plays `scenario`; none when there is nothing to play it on.
pub(super) fn play(scenario: Scenario, world: &mut World, at: i64) -> Option<()> {
    let cast = &world.cast;
    match scenario {
        Scenario::UiDeleteOfBoth => ui_delete_of_both(world, at)?,
        Scenario::CliDeleteMarker => {
            let who = cast.operator;
            let object = target(world, at)?;
            let version = world.rng.mixed(32);
            let mut call = delete_call(world, who, object, at);
            call.response =
                map! { "x-amz-delete-marker" => "true", "x-amz-version-id" => &version };
            decide(
                world,
                &call,
                object,
                DeleteOutcome::DeleteMarker,
                Some(version),
            );
        }
        Scenario::VersionDelete => {
            let who = world.rng.pick(&[cast.operator, cast.jane]);
            let object = target(world, at)?;
            let version = world.rng.mixed(32);
            let mut call = delete_call(world, who, object, at);
            call.parameters = vec![("versionId", Json::from(&version))];
            call.response = map! { "x-amz-version-id" => &version };
            decide(world, &call, object, DeleteOutcome::Deleted, Some(version));
        }
        Scenario::DeleteByRole => delete(world, world.cast.archiver, at)?,
        Scenario::DeleteByRoot => delete(world, world.cast.root, at)?,
        Scenario::DeniedDelete => {
            let user = world.any_user();
            let cast = &world.cast;
            let who = [user, cast.other_account, cast.anonymous, cast.omar];
            let who = world.rng.pick(&who);
            let object = target(world, at)?;
            let call = delete_call(world, who, object, at).refused("AccessDenied");
            decide(world, &call, object, DeleteOutcome::Denied, None);
        }
        Scenario::FailedDelete => {
            let who = cast.operator;
            let object = target(world, at)?;
            let error = world.rng.pick(&["InternalError", "NoSuchBucket"]);
            let call = delete_call(world, who, object, at).refused(error);
            decide(world, &call, object, DeleteOutcome::Failed, None);
        }
        Scenario::MarkerRemoval => {
            let who = cast.jane;
            let object = target(world, at)?;
            let version = world.rng.mixed(32);
            let mut call = delete_call(world, who, object, at);
            call.parameters = vec![("versionId", Json::from(&version))];
            call.response =
                map! { "x-amz-delete-marker" => "true", "x-amz-version-id" => &version };
            // A restore, so it is no deletion.
            world.write_call(&call);
        }
        Scenario::DeleteElsewhere => {
            let who = world.rng.pick(&cast.bystanders[..2]);
            let key = format!("audio/{}.wav", world.rng.uuid());
            let mut call = S3Call::new("DeleteObject", at, who, &mut world.rng).on(&key);
            call.bucket = world.rng.pick(&OTHER_BUCKETS);
            call.status = 204;
            world.write_call(&call);
        }
        _ => {
            let who = world.any_user();
            ui_delete(world, who, at)?;
        }
    }
    Some(())
}

/// A recording that is still there.
pub(super) fn target(world: &mut World, at: i64) -> Option<ObjectId> {
    world.pick_object(at, |_| true)
}

fn delete_call(world: &mut World, who: ActorId, object: ObjectId, at: i64) -> S3Call {
    let key = &world.objects[object.0].key;
    let mut call = S3Call::new("DeleteObject", at, who, &mut world.rng).on(key);
    call.status = 204;
    call
}

fn delete(world: &mut World, who: ActorId, at: i64) -> Option<()> {
    let object = target(world, at)?;
    let call = delete_call(world, who, object, at);
    decide(world, &call, object, DeleteOutcome::Deleted, None);
    Some(())
}

/// Writes the call and remembers what it was.
fn decide(
    world: &mut World,
    call: &S3Call,
    object: ObjectId,
    outcome: DeleteOutcome,
    version_id: Option<String>,
) {
    let written = world.write_call(call);
    if call_end(call) == CallEnd::Ok {
        world.objects[object.0].deleted = true;
    }
    world.remember_deletion(Deletion {
        at: call.at,
        event_id: written.event_id,
        request_id: written.request_id,
        who: Some(call.who),
        object: Some(object),
        outcome,
        version_id,
        attributed_by: AttributedBy::Caller,
    });
}

/// A person deletes a call in Connect, whose record then says so too.
fn ui_delete(world: &mut World, who: ActorId, at: i64) -> Option<()> {
    let object = world.pick_object(at, |object| {
        matches!(
            object.kind,
            RecordingKind::Call | RecordingKind::IvrCall | RecordingKind::Chat
        )
    })?;
    connect_delete(world, who, object, at);
    let contact = world.objects[object.0].contact;
    if world.contacts[contact].recordings == [object] && world.contacts[contact].recorded {
        world.contacts[contact].deletion_reason = Some("Customer asked for erasure");
        world.stream_contact(contact, at + 5);
    }
    Some(())
}

fn connect_delete(world: &mut World, who: ActorId, object: ObjectId, at: i64) {
    let mut call = delete_call(world, who, object, at);
    call.presigned = false;
    decide(world, &call, object, DeleteOutcome::Deleted, None);
}

/// The recording and its redacted twin, seconds apart.
fn ui_delete_of_both(world: &mut World, at: i64) -> Option<()> {
    let who = world.any_user();
    let redacted = world.pick_object(at, |object| {
        object.kind == RecordingKind::Call && object.redacted
    })?;
    let contact = world.objects[redacted.0].contact;
    connect_delete(world, who, redacted, at);
    let original = world.contacts[contact].recordings.first().copied();
    if let Some(original) = original.filter(|id| !world.objects[id.0].deleted) {
        connect_delete(world, who, original, at + 2);
    }
    Some(())
}
