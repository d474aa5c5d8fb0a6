//! Callers that reach recordings without Connect.

use super::Scenario;
use super::listen::{download, mark, object_call, read};
use crate::actor::ActorId;
use crate::clock;
use crate::facts::Touch;
use crate::names::{OTHER_BUCKETS, PREFIX, RECORDINGS_BUCKET};
use crate::record::S3Call;
use crate::recording::{ObjectId, RecordingKind};
use crate::world::World;

/// Plays `scenario`; none when there is nothing to play it on.
pub(super) fn play(scenario: Scenario, world: &mut World, at: i64) -> Option<()> {
    let cast = &world.cast;
    match scenario {
        Scenario::SelectFromTranscript => {
            let who = cast.operator;
            let object = world.pick_object(at, |object| object.kind == RecordingKind::Chat)?;
            let mut call = object_call(world, "SelectObjectContent", who, object, at);
            call.bytes_out = world.objects[object.0].size / 3;
            call.parameters = vec![("select", "".into()), ("select-type", "2".into())];
            world.access(&call, Some(object), Touch::Read);
        }
        Scenario::MetadataByRole => {
            let who = cast.archiver;
            let object = anything(world, at)?;
            for (i, name) in [
                "HeadObject",
                "GetObjectTagging",
                "GetObjectAcl",
                "GetObjectAttributes",
            ]
            .into_iter()
            .enumerate()
            {
                let call = object_call(world, name, who, object, at + i as i64 * 3);
                world.access(&call, Some(object), Touch::Head);
            }
        }
        Scenario::ReadByRoot => read_anything(world, world.cast.root, at)?,
        Scenario::ReadByIamUser => read_anything(world, world.cast.operator, at)?,
        Scenario::ReadByPerson => {
            let who = world.rng.pick(&[world.cast.jane, world.cast.omar]);
            let object = anything(world, at)?;
            mark(world, who, at - 20);
            // What the Download button of the S3 console does.
            download(world, who, object, at);
        }
        Scenario::ReadByRole => {
            let who = cast.archiver;
            let object = anything(world, at)?;
            let call = object_call(world, "HeadObject", who, object, at);
            world.access(&call, Some(object), Touch::Head);
            read(world, who, object, at + 1);
        }
        Scenario::ReadByService => read_anything(world, world.cast.transcriber, at)?,
        Scenario::ReadByAnalyzer => {
            let who = cast.analyzer;
            let object = anything(world, at)?;
            let call = object_call(world, "GetObjectAcl", who, object, at);
            world.access(&call, Some(object), Touch::Head);
        }
        Scenario::ReadByOtherAccount => read_anything(world, world.cast.other_account, at)?,
        Scenario::ReadByAnonymous => read_anything(world, world.cast.anonymous, at)?,
        Scenario::AnalyzerMark => mark(world, world.cast.analyzer, at),
        Scenario::SynchronizationMarks => {
            mark(world, world.cast.synchronization, at);
            mark(world, world.cast.synchronization_session, at + 90);
        }
        Scenario::CopyOut => copy_out(world, at)?,
        _ => report_in_recordings_bucket(world, at),
    }
    Some(())
}

fn anything(world: &mut World, at: i64) -> Option<ObjectId> {
    world.pick_object(at, |_| true)
}

fn read_anything(world: &mut World, who: ActorId, at: i64) -> Option<()> {
    let object = anything(world, at)?;
    read(world, who, object, at);
    Some(())
}

/// A copy to another bucket: neither a listen nor a delete.
fn copy_out(world: &mut World, at: i64) -> Option<()> {
    let object = anything(world, at)?;
    let key = &world.objects[object.0].key;
    let source = format!("/{RECORDINGS_BUCKET}/{}", key.replace(':', "%3A"));
    let mut call = S3Call::new("CopyObject", at, world.cast.archiver, &mut world.rng)
        .on(&format!("copies/{}", world.rng.uuid()));
    call.bucket = OTHER_BUCKETS[1];
    call.parameters = vec![("x-amz-copy-source", source.into())];
    world.write_call(&call);
    Some(())
}

/// An object beside the recordings that is none: no answer may show it.
fn report_in_recordings_bucket(world: &mut World, at: i64) {
    let key = format!(
        "{PREFIX}/Reports/{}/queues-{}.csv",
        clock::folder(at),
        world.rng.hex(8)
    );
    for (i, name) in ["GetObject", "HeadObject", "DeleteObject"]
        .into_iter()
        .enumerate()
    {
        let at = at + i as i64 * 30;
        let mut call = S3Call::new(name, at, world.cast.jane, &mut world.rng).on(&key);
        call.bytes_out = if name == "GetObject" { 18_220 } else { 0 };
        world.write_call(&call);
    }
}
