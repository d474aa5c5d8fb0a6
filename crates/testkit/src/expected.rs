//! The answers that a world must lead to, from what was decided while it was
//! written. Plain loops over plain lists: slow, and easy to agree with.

mod deleted;
mod listened;

use crate::facts::Counts;
use crate::json::{Json, map};
use crate::recording::{ContactMatch, ObjectId};
use crate::world::World;
use crate::{Emit, Result};

/// Hands `who-deleted.jsonl`, `who-listened.jsonl` and `counts.json` to `emit`.
pub(crate) fn write(world: &World, emit: &mut Emit<'_>) -> Result<()> {
    emit("who-deleted.jsonl", lines(&deleted::rows(world)).as_bytes())?;
    emit(
        "who-listened.jsonl",
        lines(&listened::rows(world)).as_bytes(),
    )?;
    emit(
        "counts.json",
        format!("{}\n", counts(&world.facts.counts).pretty()).as_bytes(),
    )
}

fn lines(rows: &[Json]) -> String {
    let mut text = String::new();
    for row in rows {
        row.write(&mut text);
        text.push('\n');
    }
    text
}

fn counts(counts: &Counts) -> Json {
    let by_name = counts
        .events_by_name
        .iter()
        .map(|(name, count)| (name.clone().into(), Json::from(*count)))
        .collect();
    map! {
        "cloudtrail_records" => counts.cloudtrail_records,
        "duplicates" => counts.duplicates,
        "aggregated" => counts.aggregated,
        "contact_records" => counts.contact_records,
        "contacts" => counts.contacts,
        "users_listed" => counts.users_listed,
        "files" => counts.files,
        "events_by_name" => Json::Map(by_name),
    }
}

/// Adds what is known about an object and its contact. Where the log names no
/// object, nothing is.
fn describe_object(row: &mut Json, world: &World, object: Option<ObjectId>) {
    let object = object.map(|id| &world.objects[id.0]);
    let contact_match = object.map_or(ContactMatch::None, |object| object.contact_match);
    let contact = object
        .filter(|_| contact_match != ContactMatch::None)
        .map(|object| &world.contacts[object.contact]);
    let latest = contact.filter(|contact| contact.recorded);
    let agent = latest.and_then(|contact| contact.agent);
    row.set("contact_id", contact.map(|contact| &contact.id));
    row.set("contact_match", contact_match.name());
    row.set(
        "recording_kind",
        object.map_or("none", |object| object.kind.name()),
    );
    row.set("redacted", object.map(|object| object.redacted));
    row.set(
        "agent",
        agent.map(|agent| &world.staff.users[agent].username),
    );
    row.set("channel", latest.map(|contact| contact.channel));
    row.set("queue", latest.and_then(|contact| contact.queue));
}
