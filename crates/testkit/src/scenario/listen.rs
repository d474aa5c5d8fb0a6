//! People signed in to Connect play, download and look at recordings.

use super::Scenario;
use crate::actor::ActorId;
use crate::facts::Touch;
use crate::names::REPORTS_BUCKET;
use crate::people::{NOWHERE, RECORDS_ONLY};
use crate::record::S3Call;
use crate::recording::{Object, ObjectId, RecordingKind};
use crate::world::World;

/// Plays `scenario`; none when there is nothing to play it on.
pub(super) fn play(scenario: Scenario, world: &mut World, at: i64) -> Option<()> {
    let who = world.any_user();
    match scenario {
        Scenario::TwoSittings => {
            let object = playable(world, at)?;
            let ended_at = listen(world, who, object, at);
            let later = ended_at + world.rng.between(1_801, 7_200);
            listen(world, who, object, later);
        }
        Scenario::ListenResumedAtTheGap => {
            let object = playable(world, at)?;
            let ended_at = listen(world, who, object, at);
            // Exactly thirty minutes: still the same sitting.
            ranged_read(world, who, object, ended_at + 1_800);
        }
        Scenario::WholeRead => {
            let object = playable(world, at)?;
            mark_before(world, who, at);
            read(world, who, object, at);
        }
        Scenario::ReadOfUnknownSize => {
            let object = world.pick_object(at, |object| object.written_at.is_none())?;
            let mut call = object_call(world, "GetObject", who, object, at);
            call.version = "1.09";
            call.object_size = None;
            call.bytes_out = world.objects[object.0].size;
            world.access(&call, Some(object), Touch::Read);
        }
        Scenario::PresignedDownload => {
            let object = playable(world, at)?;
            download(world, who, object, at);
        }
        Scenario::Head => {
            let object = playable(world, at)?;
            let call = object_call(world, "HeadObject", who, object, at);
            world.access(&call, Some(object), Touch::Head);
        }
        Scenario::ListenToOneOfEach => listen_to_one_of_each(world, at),
        Scenario::ListenByTheUserKnownNowhere => {
            let object = playable(world, at)?;
            listen(world, ActorId(NOWHERE), object, at);
        }
        Scenario::ListenByTheUserOfRecordsOnly => {
            let object = playable(world, at)?;
            listen(world, ActorId(RECORDS_ONLY), object, at);
        }
        Scenario::Mark => mark(world, who, at),
        Scenario::MarkOfAnotherBucket => {
            let mut call = S3Call::new("GetBucketLocation", at, who, &mut world.rng);
            call.bucket = REPORTS_BUCKET;
            call.parameters = vec![("location", "".into())];
            world.access(&call, None, Touch::Mark);
        }
        Scenario::DeniedMark => {
            let mut call = S3Call::new("GetBucketLocation", at, who, &mut world.rng);
            call.parameters = vec![("location", "".into())];
            world.access(&call.refused("AccessDenied"), None, Touch::Mark);
        }
        Scenario::DeniedRead => denied_reads(world, who, at)?,
        Scenario::MissingKey => {
            let call = S3Call::new("GetObject", at, who, &mut world.rng);
            let object = (0..world.objects.len())
                .rev()
                .take(400)
                .find(|i| world.objects[*i].deleted);
            let object = match object {
                Some(index) => ObjectId(index),
                None => playable(world, at)?,
            };
            let call = call.on(&world.objects[object.0].key).refused("NoSuchKey");
            world.access(&call, Some(object), Touch::Read);
        }
        Scenario::ErrorCode200 => {
            let object = playable(world, at)?;
            let mut call = object_call(world, "GetObject", who, object, at);
            call.bytes_out = world.objects[object.0].size;
            call.error = Some("200");
            world.access(&call, Some(object), Touch::Read);
        }
        _ => {
            let object = playable(world, at)?;
            listen(world, who, object, at);
        }
    }
    Some(())
}

fn playable(world: &mut World, at: i64) -> Option<ObjectId> {
    world.pick_object(at, |object| object.kind != RecordingKind::Attachment)
}

/// Whether an object is of the sort that is wanted.
type Wanted = fn(&Object) -> bool;

/// One object of each kind, one with personal data taken out, and one under a
/// name that is not its contact's, each by somebody else.
fn listen_to_one_of_each(world: &mut World, at: i64) {
    let sorts: [Wanted; 10] = [
        |object| object.kind == RecordingKind::Call && !object.redacted,
        |object| object.kind == RecordingKind::IvrCall,
        |object| object.kind == RecordingKind::Chat,
        |object| object.kind == RecordingKind::Screen,
        |object| object.kind == RecordingKind::Analysis,
        |object| object.kind == RecordingKind::Attachment,
        |object| object.kind == RecordingKind::Email,
        |object| object.kind == RecordingKind::Evaluation,
        |object| object.redacted,
        |object| object.misnamed,
    ];
    for (i, wanted) in sorts.into_iter().enumerate() {
        let who = world.any_user();
        if let Some(object) = world.pick_object(at, wanted) {
            read(world, who, object, at + i as i64 * 90);
        }
    }
}

/// A call about an object, with what version 1.11 logs about it.
pub(super) fn object_call(
    world: &mut World,
    name: &'static str,
    who: ActorId,
    object: ObjectId,
    at: i64,
) -> S3Call {
    let user = world.cast.get(who).user;
    let found = &world.objects[object.0];
    let mut call = S3Call::new(name, at, who, &mut world.rng).on(&found.key);
    call.object_size = Some(found.size);
    call.presigned = user.is_some_and(|user| !world.staff.users[user].proxied);
    call
}

/// Several reads of parts within minutes, half the time with a bucket mark
/// just before. Returns when the last one was.
fn listen(world: &mut World, who: ActorId, object: ObjectId, at: i64) -> i64 {
    mark_before(world, who, at);
    let mut now = at;
    for part in 0..world.rng.between(2, 6) {
        if part > 0 {
            now += world.rng.between(2, 200);
        }
        ranged_read(world, who, object, now);
    }
    now
}

fn ranged_read(world: &mut World, who: ActorId, object: ObjectId, at: i64) {
    let mut call = object_call(world, "GetObject", who, object, at);
    let size = world.objects[object.0].size;
    // Some players ask for pieces of one size, others for what they need.
    let piece = if world.rng.one_in(2) {
        6
    } else {
        world.rng.between(4, 9)
    };
    call.bytes_out = size / piece.unsigned_abs();
    call.status = 206;
    world.access(&call, Some(object), Touch::Read);
}

/// One read of the whole object.
pub(super) fn read(world: &mut World, who: ActorId, object: ObjectId, at: i64) {
    let mut call = object_call(world, "GetObject", who, object, at);
    call.bytes_out = world.objects[object.0].size;
    world.access(&call, Some(object), Touch::Read);
}

/// A presigned URL that tells the browser to save what it gets.
pub(super) fn download(world: &mut World, who: ActorId, object: ObjectId, at: i64) {
    let mut call = object_call(world, "GetObject", who, object, at);
    call.bytes_out = world.objects[object.0].size;
    call.presigned = true;
    call.parameters = vec![(
        "response-content-disposition",
        "attachment; filename=recording".into(),
    )];
    world.access(&call, Some(object), Touch::Read);
}

fn mark_before(world: &mut World, who: ActorId, at: i64) {
    if world.rng.one_in(2) {
        mark(world, who, at - 1);
    }
}

pub(super) fn mark(world: &mut World, who: ActorId, at: i64) {
    let mut call = S3Call::new("GetBucketLocation", at, who, &mut world.rng);
    call.parameters = vec![("location", "".into())];
    world.access(&call, None, Touch::Mark);
}

fn denied_reads(world: &mut World, user: ActorId, at: i64) -> Option<()> {
    let cast = &world.cast;
    let who = [
        user,
        cast.operator,
        cast.anonymous,
        cast.other_account,
        cast.omar,
    ];
    let who = world.rng.pick(&who);
    let object = playable(world, at)?;
    for attempt in 0..world.rng.between(1, 3) {
        let call = object_call(world, "GetObject", who, object, at + attempt * 40);
        world.access(&call.refused("AccessDenied"), Some(object), Touch::Read);
    }
    Some(())
}
