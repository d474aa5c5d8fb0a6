//! Contacts come in, and Connect writes their recordings.

use super::Scenario;
use crate::contact::{Contact, QUEUES};
use crate::facts::CallEnd;
use crate::record::S3Call;
use crate::recording::{
    ContactMatch, Object, ObjectId, RecordingKind, analysis_key, attachment_key, call_key,
    chat_key, email_key, evaluation_key, ivr_key, redacted_analysis_key, redacted_call_key,
    screen_key,
};
use crate::world::{World, call_end};

pub(super) fn play(scenario: Scenario, world: &mut World, at: i64) {
    match scenario {
        Scenario::CallBeforeTheLog => call(world, at - 5 * 86_400, Past::BeforeTheLog),
        Scenario::CallUnderAnotherName => call(world, at, Past::AnotherName),
        Scenario::CallWithoutRecord => call(world, at, Past::NoRecord),
        Scenario::RedactedCall => call(world, at, Past::Redacted),
        Scenario::IvrCall => ivr_call(world, at),
        Scenario::Chat => chat(world, at, false),
        Scenario::ChatWithAttachment => chat(world, at, true),
        Scenario::Email => email(world, at),
        Scenario::Evaluated => evaluated(world, at),
        Scenario::ScreenRecorded => screen_recorded(world, at),
        _ => call(world, at, Past::Usual),
    }
}

/// What is unusual about a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Past {
    Usual,
    BeforeTheLog,
    AnotherName,
    NoRecord,
    /// Contact Lens surely left a redacted twin.
    Redacted,
}

fn call(world: &mut World, at: i64, past: Past) {
    let contact = new_contact(world, at, "VOICE", true);
    world.contacts[contact].recorded = past != Past::NoRecord;
    let id = world.contacts[contact].id.clone();
    let name = if past == Past::AnotherName {
        world.rng.uuid()
    } else {
        id.clone()
    };
    let size = world.rng.between(400_000, 12_000_000);
    let contact_match = if past == Past::NoRecord {
        ContactMatch::FileName
    } else {
        ContactMatch::ContactRecord
    };
    let logged = past != Past::BeforeTheLog;
    let draft = Draft {
        contact,
        size,
        contact_match,
        logged,
    };
    let recording = draft.add(world, call_key(&name, at + 40), RecordingKind::Call, false);
    if contact_match == ContactMatch::ContactRecord {
        world.contacts[contact].recordings.push(recording);
    }
    let lens = Draft {
        contact_match: ContactMatch::FileName,
        ..draft
    };
    let redacted = past == Past::Redacted;
    if redacted || (past == Past::Usual && world.rng.one_in(2)) {
        let ended_at = world.contacts[contact].ended_at;
        let size = world.rng.between(8_000, 90_000);
        let text = Draft { size, ..lens };
        text.add(
            world,
            analysis_key("Voice", &id, ended_at),
            RecordingKind::Analysis,
            false,
        );
        if redacted || world.rng.one_in(2) {
            let key = redacted_analysis_key("Voice", &id, ended_at);
            text.add(world, key, RecordingKind::Analysis, true);
            lens.add(
                world,
                redacted_call_key(&id, ended_at),
                RecordingKind::Call,
                true,
            );
        }
    }
    stream(world, contact);
}

fn ivr_call(world: &mut World, at: i64) {
    let contact = new_contact(world, at, "VOICE", false);
    let key = ivr_key(&world.contacts[contact].id, at);
    let recording = Draft::recorded(world, contact, 200_000, 2_000_000).add(
        world,
        key,
        RecordingKind::IvrCall,
        false,
    );
    world.contacts[contact].recordings.push(recording);
    stream(world, contact);
}

fn chat(world: &mut World, at: i64, attachment: bool) {
    let contact = new_contact(world, at, "CHAT", true);
    let id = world.contacts[contact].id.clone();
    let draft = Draft::recorded(world, contact, 2_000, 60_000);
    let recording = draft.add(world, chat_key(&id, at), RecordingKind::Chat, false);
    world.contacts[contact].recordings.push(recording);
    if attachment {
        let key = attachment_key(&world.rng.uuid(), at + 60);
        Draft {
            contact_match: ContactMatch::None,
            ..draft
        }
        .add(world, key, RecordingKind::Attachment, false);
    }
    if world.rng.one_in(4) {
        let key = analysis_key("Chat", &id, at + 600);
        Draft {
            contact_match: ContactMatch::FileName,
            ..draft
        }
        .add(world, key, RecordingKind::Analysis, false);
    }
    stream(world, contact);
}

fn email(world: &mut World, at: i64) {
    let contact = new_contact(world, at, "EMAIL", true);
    let key = email_key(&world.contacts[contact].id.clone(), &world.rng.uuid(), at);
    let draft = Draft::recorded(world, contact, 3_000, 40_000);
    Draft {
        contact_match: ContactMatch::FileName,
        ..draft
    }
    .add(world, key, RecordingKind::Email, false);
    stream(world, contact);
}

fn evaluated(world: &mut World, at: i64) {
    let contact = new_contact(world, at, "VOICE", true);
    let id = world.contacts[contact].id.clone();
    let draft = Draft::recorded(world, contact, 400_000, 12_000_000);
    let recording = draft.add(world, call_key(&id, at + 40), RecordingKind::Call, false);
    world.contacts[contact].recordings.push(recording);
    let key = evaluation_key(&world.rng.uuid(), at + 3_000);
    Draft {
        contact_match: ContactMatch::None,
        size: 4_200,
        ..draft
    }
    .add(world, key, RecordingKind::Evaluation, false);
    stream(world, contact);
}

fn screen_recorded(world: &mut World, at: i64) {
    let contact = new_contact(world, at, "VOICE", true);
    let id = world.contacts[contact].id.clone();
    let draft = Draft::recorded(world, contact, 900_000, 30_000_000);
    let key = screen_key(&world.rng.uuid(), at);
    let sound = draft.add(world, call_key(&id, at + 40), RecordingKind::Call, false);
    let screen = draft.add(world, key, RecordingKind::Screen, false);
    world.contacts[contact].recordings.extend([sound, screen]);
    stream(world, contact);
}

fn new_contact(world: &mut World, at: i64, channel: &'static str, with_agent: bool) -> usize {
    let agents = world.staff.agents();
    let agent = with_agent.then(|| match world.contacts.is_empty() {
        // The user whom only contact records name is the first to answer.
        true => crate::people::RECORDS_ONLY,
        false => world.rng.pick(&agents),
    });
    let lasts = world.rng.between(90, 900);
    let contact = Contact {
        id: world.rng.uuid(),
        channel,
        agent,
        queue: with_agent.then(|| world.rng.pick(&QUEUES)),
        started_at: at,
        ended_at: at + lasts,
        recorded: true,
        recordings: Vec::new(),
        deletion_reason: None,
    };
    world.contacts.push(contact);
    world.contacts.len() - 1
}

/// Delivers the contact record, and now and then a later one that says more.
fn stream(world: &mut World, contact: usize) {
    if !world.contacts[contact].recorded {
        return;
    }
    let first_at = world.contacts[contact].ended_at.max(crate::clock::START) + 60;
    world.facts.counts.contacts += 1;
    let first = world.contacts[contact].record(first_at, &world.staff, &world.objects);
    world.stream_contact(contact, first_at);
    if world.contacts.len().is_multiple_of(9) && world.contacts[contact].queue.is_some() {
        let later = first_at + world.rng.between(3_600, 40_000);
        world.contacts[contact].queue = Some(world.rng.pick(&QUEUES));
        world.stream_contact(contact, later);
        if world.contacts.len().is_multiple_of(18) {
            // The old record again, after the new one: the last to come is
            // not the latest.
            world.stream(later + 7_200, &first);
        }
    }
}

/// An object about to be written.
#[derive(Clone, Copy)]
struct Draft {
    contact: usize,
    size: i64,
    contact_match: ContactMatch,
    /// Whether the log shows it being written.
    logged: bool,
}

impl Draft {
    fn recorded(world: &mut World, contact: usize, least: i64, most: i64) -> Self {
        let size = world.rng.between(least, most);
        Self {
            contact,
            size,
            contact_match: ContactMatch::ContactRecord,
            logged: true,
        }
    }

    /// Writes the object a little after the contact ended.
    fn add(self, world: &mut World, key: String, kind: RecordingKind, redacted: bool) -> ObjectId {
        let ended_at = world.contacts[self.contact].ended_at;
        let at = ended_at + world.rng.between(20, 300);
        let size = self.size.unsigned_abs();
        if self.logged {
            let mut call =
                S3Call::new("PutObject", at, world.cast.uploader, &mut world.rng).on(&key);
            call.bytes_in = size;
            let kms = "arn:aws:kms:us-west-2:111122223333:key/00000000-0000-4000-8000-00000000000a";
            call.parameters = vec![
                ("x-amz-server-side-encryption", "aws:kms".into()),
                ("x-amz-server-side-encryption-aws-kms-key-id", kms.into()),
            ];
            debug_assert_eq!(call_end(&call), CallEnd::Ok);
            world.write_call(&call);
        }
        let misnamed = matches!(kind, RecordingKind::Call | RecordingKind::IvrCall)
            && !key.contains(&world.contacts[self.contact].id);
        world.objects.push(Object {
            key,
            kind,
            redacted,
            misnamed,
            size,
            contact: self.contact,
            contact_match: self.contact_match,
            available_from: at + 30,
            written_at: self.logged.then_some(at),
            deleted: false,
        });
        ObjectId(world.objects.len() - 1)
    }
}
