//! A lake answers as its inputs do: every shipped report on every small world,
//! on the contact centre and on every shape that a log arrives in, in any window.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/lakes.rs"]
mod lakes;
#[path = "../../query/tests/support/worlds.rs"]
#[expect(dead_code, reason = "worlds are gathered here in another way")]
mod worlds;

use std::path::Path;

use earwitness_query::{DataFrame, Report, Scope, Table, Window};
use earwitness_testkit::{files, folder};
use lakes::{
    Input, assert_answers_alike, assert_same, everything_of, gather, gather_raw, rows_of, take_in,
};
use polars::prelude::SortMultipleOptions;
use tempfile::TempDir;

/// Returns the files below a folder.
fn inputs_of(folder: &Path) -> Vec<Input> {
    let files = files(folder).unwrap().into_iter();
    let inputs: Vec<Input> = files
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().to_str().unwrap();
            (name.to_owned(), std::fs::read(&file).unwrap())
        })
        .collect();
    assert!(!inputs.is_empty());
    inputs
}

#[test]
fn every_world_is_answered_alike() {
    let mut rows = 0;
    for (name, world) in worlds::worlds() {
        let inputs = worlds::inputs(&world).into_iter();
        let inputs: Vec<Input> = inputs
            .map(|(name, content)| (name, content.into_bytes()))
            .collect();
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        rows += assert_answers_alike(&name, lake.path(), &inputs, &worlds::scope(&world));
    }
    assert!(rows > 100, "{rows}");
}

#[test]
fn every_shape_of_a_log_is_answered_alike() {
    for name in [
        "contact-centre",
        "wrappers",
        "versions",
        "malformed",
        "s3-reports",
    ] {
        let inputs = inputs_of(&folder(name));
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        assert_answers_alike(name, lake.path(), &inputs, &Scope::default());
    }
}

/// What lies outside the window matters too: how large an object was when it was
/// made, what a bucket is known to hold, who sent the batch that a key is from.
#[test]
fn every_window_is_answered_alike() {
    let inputs = inputs_of(&folder("contact-centre"));
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let everything = earwitness_parser::Interest::everything();
    let all = gather_raw(&inputs, &everything, &Scope::default());
    let (first, last) = all.seen().unwrap();
    let step = (last - first) / 7;
    let mut rows = 0;
    for part in (0..7).step_by(2) {
        let since = first + part * step;
        for until in [Some(since + step), Some(since + 1), None] {
            let scope = Scope {
                window: Window {
                    since: Some(since),
                    until,
                },
                all_objects: part % 4 == 0,
                ..Scope::default()
            };
            rows += assert_answers_alike(&format!("part {part}"), lake.path(), &inputs, &scope);
        }
    }
    assert!(rows > 100, "{rows}");
}

/// No column of a table is lost on the way, whether a report asks for it or not.
#[test]
fn every_table_is_alike() {
    let mut rows = 0;
    for name in ["contact-centre", "s3-reports"] {
        let inputs = inputs_of(&folder(name));
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        let library = earwitness_query::Library::shipped().unwrap();
        let mut events: Vec<String> = library
            .reports()
            .flat_map(|report| report.events.clone())
            .collect();
        events.sort();
        events.dedup();
        for table in Table::ALL {
            let report = everything_of(table, &events);
            let interest = report.interest();
            let scope = Scope::default();
            let raw = rows_of(&report, gather_raw(&inputs, &interest, &scope));
            let kept = rows_of(&report, gather(lake.path(), &interest, &scope).unwrap());
            // Only a report puts rows in an order that means something.
            let sorted = |frame: &DataFrame| {
                let columns = frame.get_column_names_owned().into_iter();
                let columns = columns.filter(|name| !name.ends_with("_ref"));
                let columns: Vec<_> = columns.collect();
                frame.sort(columns, SortMultipleOptions::default()).unwrap()
            };
            assert_same(table.name(), &sorted(&kept), &sorted(&raw));
            rows += raw.height();
        }
    }
    assert!(rows > 100, "{rows}");
}

/// Contact records as they are delivered, and as they are not; the first four are of
/// contacts that events lead to.
const CONTACT_RECORDS: [&str; 9] = [
    // Two versions of one time, one with an object that only a contact record places.
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"AAAAAAAA-0000-4000-8000-000000000001","AWSAccountId":"111122223333","Channel":"VOICE","InitiationMethod":"INBOUND","InitiationTimestamp":"2026-03-02T08:00:00Z","DisconnectTimestamp":"2026-03-02T08:05:00Z","LastUpdateTimestamp":"2026-03-02T08:06:00Z","Agent":{"ARN":"arn:aws:connect:us-west-2:111122223333:instance/i/agent/u1","Username":"ana\u0000\"x","HierarchyGroups":{"Level1":{"ARN":"arn:aws:connect:us-west-2:111122223333:instance/i/agent-group/g1","GroupName":"Top"},"Level3":{"ARN":"arn:aws:connect:us-west-2:111122223333:instance/i/agent-group/g3","GroupName":"Low"}}},"Queue":{"Name":"Basic"},"Recordings":[{"Location":"b/own/place.wav","Status":"AVAILABLE","StorageType":"S3","MediaStreamType":"AUDIO","ParticipantType":"IVR"},{"Location":"b/own/place.wav","Status":"DELETED","StorageType":"S3","DeletionReason":"why"}],"Recording":{"Location":"b/own/place.wav","Status":"AVAILABLE","Type":"AUDIO"}}"#,
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"aaaaaaaa-0000-4000-8000-000000000001","Channel":"CHAT","LastUpdateTimestamp":"2026-03-02T08:06:00Z","Agent":{"ARN":"arn:aws:connect:us-west-2:111122223333:instance/i/agent/u1","Username":"ana.b"},"Recordings":[{"Location":"b/own/screen%20.mp4","StorageType":"S3","MediaStreamType":"VIDEO"}]}"#,
    // A contact known by the name of a file alone, and one whose id is no UUID.
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"aaaaaaaa-0000-4000-8000-000000000002","InitialContactId":"aaaaaaaa-0000-4000-8000-000000000001","Queue":null,"Channel":7,"LastUpdateTimestamp":"soon"}"#,
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"no-uuid","Recording":{"Location":"b/own/other.wav","Status":"AVAILABLE","Type":"AUDIO"},"AgentConnectionAttempts":1}"#,
    // Nobody asks for these, but the first names an agent.
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"aaaaaaaa-0000-4000-8000-000000000003","LastUpdateTimestamp":"2026-03-02T08:00:00Z","Agent":{"ARN":"arn:aws:connect:us-west-2:111122223333:instance/i/agent/0a0a0a0a-0000-4000-8000-00000000000a","Username":"who.deletes"},"Recording":{"Location":"b/own/unasked.wav","Status":"AVAILABLE","Type":"AUDIO"}}"#,
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"aaaaaaaa-0000-4000-8000-000000000004"}"#,
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"no-uuid-too","Recordings":[]}"#,
    // Without an id they are no contacts, and the whole input is kept.
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":null,"Channel":"VOICE"}"#,
    r#"{"AWSContactTraceRecordFormatVersion":"2017-03-10","Channel":"CHAT"}"#,
];

/// A contact as `describe-contact` prints it, which events lead to.
const DESCRIBED_CONTACT: &str = r#"{"Contact":{"Arn":"arn:aws:connect:us-west-2:111122223333:instance/i/contact/aaaaaaaa-0000-4000-8000-000000000005","Id":"aaaaaaaa-0000-4000-8000-000000000005","Channel":"VOICE","InitiationMethod":"INBOUND","LastUpdateTimestamp":"2026-03-02T10:06:00+02:00","AgentInfo":{"Id":"u9"},"QueueInfo":{"Id":"q"},"Recordings":[{"Location":"b/own/described.wav","Status":"AVAILABLE","StorageType":"S3"}]}}"#;

/// Makes an input of deletions of objects in the bucket `b`.
fn deletions(keys: &[&str]) -> Input {
    let events: Vec<String> = (0..)
        .zip(keys)
        .map(|(id, key)| {
            format!(
                r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonConnect_x/0a0a0a0a-0000-4000-8000-00000000000a"}},"eventTime":"2026-03-02T09:00:0{id}Z","eventSource":"s3.amazonaws.com","eventName":"DeleteObject","eventID":"e{id}","requestParameters":{{"bucketName":"b","key":"{key}"}}}}"#
            )
        })
        .collect();
    let content = format!("{{\"Records\":[{}]}}", events.join(","));
    ("deletions.json".to_owned(), content.into_bytes())
}

/// A lake brings the contact records that a report's events lead to, with all that
/// the tables say of them, and no others.
#[test]
fn the_contacts_of_events_are_alike_and_no_others_are_there() {
    let keys = [
        "own/place.wav",
        "own/screen .mp4",
        "own/screen%20.mp4",
        "own/other.wav",
        "own/described.wav",
        "connect/x/CallRecordings/2026/03/02/aaaaaaaa-0000-4000-8000-000000000002_20260302T08:00_UTC.wav",
    ];
    let parts = CONTACT_RECORDS.split_at(7);
    let contacts = [("contacts-1.json", parts.0), ("contacts-2.json", parts.1)];
    let mut inputs: Vec<Input> = contacts
        .map(|(name, records)| (name.to_owned(), records.join("\n").into_bytes()))
        .into_iter()
        .collect();
    inputs.push(("contact-3.json".to_owned(), DESCRIBED_CONTACT.into()));
    inputs.push(deletions(&keys));
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let rows = assert_answers_alike("deletions", lake.path(), &inputs, &Scope::default());
    assert!(rows >= keys.len());

    let columns = |table: Table| {
        let columns = table.columns().into_iter().map(|column| column.name);
        columns.collect::<Vec<_>>().join(", ")
    };
    let ask = |table: Table, which: &str| {
        let text = format!(
            "-- title: T\n-- events: DeleteObject\n-- contacts: of events\nSELECT {} FROM {} {which}\n",
            columns(table),
            table.name(),
        );
        let report = Report::parse("contacts", &text).unwrap();
        let interest = report.interest();
        let scope = Scope::default();
        let raw = rows_of(&report, gather_raw(&inputs, &interest, &scope));
        let kept = rows_of(&report, gather(lake.path(), &interest, &scope).unwrap());
        (kept, raw)
    };
    let (kept, raw) = ask(Table::Accesses, "ORDER BY event_time");
    assert_same("accesses", &kept, &raw);
    let contacts: Vec<Option<&str>> = raw
        .column("contact_id")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .collect();
    let first = Some("aaaaaaaa-0000-4000-8000-000000000001");
    assert_eq!(contacts.iter().filter(|id| **id == first).count(), 2);
    let actor = raw.column("actor").unwrap().str().unwrap();
    assert!(actor.iter().all(|name| name == Some("who.deletes")));
    let (kept, raw) = ask(
        Table::Contacts,
        "WHERE contact_id IN (SELECT contact_id FROM accesses) ORDER BY contact_id",
    );
    assert_eq!(raw.height(), 4);
    assert_same("contacts", &kept, &raw);
    // The promise is not kept here, so that what was brought can be counted.
    let (kept, raw) = ask(Table::Contacts, "ORDER BY contact_id");
    assert_eq!((kept.height(), raw.height()), (4, 7));
    let (kept, raw) = ask(Table::Users, "ORDER BY user_id");
    assert_same("users", &kept, &raw);
}
