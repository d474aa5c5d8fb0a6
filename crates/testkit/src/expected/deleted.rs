//! `who-deleted`: one row a deleted object, success or attempt.

use super::describe_object;
use crate::clock;
use crate::facts::{AttributedBy, Deletion};
use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET, REGION};
use crate::world::World;

pub(super) fn rows(world: &World) -> Vec<Json> {
    let mut deletions = world.facts.deletions.iter().collect::<Vec<_>>();
    deletions.sort_by_key(|deletion| (deletion.at, &deletion.event_id));
    deletions
        .into_iter()
        .map(|deletion| row(world, deletion))
        .collect()
}

fn row(world: &World, deletion: &Deletion) -> Json {
    let mut row = map! {
        "event_time" => clock::iso(deletion.at),
        "outcome" => deletion.outcome.name(),
    };
    match deletion.who {
        Some(who) => {
            let (actor, user_id, full_name) = world.resolve(who);
            row.set("actor", actor);
            row.set("actor_kind", world.kind(who).name());
            row.set("user_id", user_id);
            row.set("full_name", full_name);
        }
        None => {
            row.set("actor", "unknown");
            row.set("actor_kind", "unknown");
            row.set("user_id", Json::Null);
            row.set("full_name", Json::Null);
        }
    }
    describe_object(&mut row, world, deletion.object);
    row.set("bucket", RECORDINGS_BUCKET);
    row.set("key", deletion.object.map(|id| &world.objects[id.0].key));
    row.set("version_id", deletion.version_id.as_ref());
    let (source_ip, user_agent) = caller(world, deletion);
    row.set("source_ip", source_ip);
    row.set("user_agent", user_agent);
    row.set("region", REGION);
    row.set("account_id", ACCOUNT);
    row.set("event_id", &deletion.event_id);
    row.set("request_id", &deletion.request_id);
    row.set("attributed_by", deletion.attributed_by.name());
    row
}

/// Address and program of the caller, without the brackets that S3 puts
/// around the latter. Nothing is known of a caller that nothing names but
/// that the service spoke for it.
fn caller(world: &World, deletion: &Deletion) -> (String, Option<String>) {
    let Some(who) = deletion
        .who
        .filter(|_| deletion.attributed_by != AttributedBy::None)
    else {
        return (
            "s3.amazonaws.com".to_owned(),
            Some("s3.amazonaws.com".to_owned()),
        );
    };
    let actor = world.cast.get(who);
    let program = actor
        .user_agent
        .trim_start_matches('[')
        .trim_end_matches(']');
    (
        actor.source_ip.clone(),
        (!program.is_empty()).then(|| program.to_owned()),
    )
}
