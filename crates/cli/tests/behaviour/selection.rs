//! Which rows are asked for.

use crate::support::{CONTACT, column, delivery, report, report_on_bytes, s3_call};

fn three_deletes() -> Vec<u8> {
    let at = |id: &str, time: &str| s3_call("DeleteObject", id, time);
    delivery(&[
        at("1", "2026-03-02T09:59:59Z"),
        at("2", "2026-03-02T10:00:00Z"),
        at("3", "2026-03-02T10:00:01Z"),
    ])
    .into_bytes()
}

#[track_caller]
fn assert_events(arguments: &[&str], expected: &[&str]) {
    let arguments = [&["--output", "jsonl"], arguments].concat();
    let run = report_on_bytes("who-deleted", &three_deletes(), &arguments).exits(0);
    assert_eq!(column(&run.rows(), "event_id"), expected, "{arguments:?}");
}

#[test]
fn a_window_has_its_first_second_and_not_its_last() {
    assert_events(&["--since", "2026-03-02T10:00:00Z"], &["2", "3"]);
    assert_events(&["--until", "2026-03-02T10:00:00Z"], &["1"]);
    assert_events(
        &[
            "--since",
            "2026-03-02T10:00:00Z",
            "--until",
            "2026-03-02T10:00:01Z",
        ],
        &["2"],
    );
    assert_events(&["--since", "2026-03-02T11:00:00+01:00"], &["2", "3"]);
    assert_events(&["--since", "2026-03-02T10:00:00.001Z"], &["3"]);
    assert_events(
        &["--since", "2026-03-02", "--until", "2026-03-03"],
        &["1", "2", "3"],
    );
    assert_events(
        &["--since", "1970-01-01", "--until", "9999-12-31"],
        &["1", "2", "3"],
    );
}

#[test]
fn the_window_is_echoed() {
    let run = report_on_bytes(
        "who-deleted",
        &three_deletes(),
        &["--since", "2026-03-02T11:00+01:00"],
    );
    run.exits(0)
        .says("window: 2026-03-02T10:00:00Z (inclusive) to the last event");
}

#[test]
fn a_user_is_found_by_name_id_and_arn() {
    for user in ["ana", "AIDAEXAMPLE", "arn:aws:iam::111122223333:user/ana"] {
        assert_events(&["--user", user], &["1", "2", "3"]);
    }
    assert_events(&["--user", "bob"], &[]);
}

#[test]
fn a_connect_user_is_found_by_name_and_by_id() {
    let centre = |user: &str| {
        let arguments = ["--user", user, "--output", "jsonl"];
        report("who-deleted", "fixtures/contact-centre", &arguments)
            .exits(0)
            .rows()
    };
    let by_name = centre("noor.lopez");
    assert_eq!(by_name.len(), 3);
    let id = by_name[0]["user_id"].as_str().unwrap();
    assert_eq!(centre(id), by_name);
}

#[test]
fn a_user_without_rows_brings_the_nearest_to_mind() {
    let run = report(
        "who-deleted",
        "fixtures/contact-centre",
        &["--user", "nor.lopez"],
    );
    run.exits(0).says("did you mean 'noor.lopez'?");
}

#[test]
fn a_contact_is_found_in_either_case() {
    assert_events(&["--contact-id", CONTACT], &["1", "2", "3"]);
    assert_events(&["--contact-id", &CONTACT.to_uppercase()], &["1", "2", "3"]);
    assert_events(
        &["--contact-id", "0a1b2c3d-1111-4222-8333-444455556667"],
        &[],
    );
}

#[test]
fn a_bucket_is_found_whole_only() {
    assert_events(&["--bucket", crate::support::BUCKET], &["1", "2", "3"]);
    assert_events(&["--bucket", "amazon-connect"], &[]);
}

#[test]
fn no_rows_are_no_error_and_what_cannot_be_seen_is_said() {
    let run = report_on_bytes(
        "who-deleted",
        &three_deletes(),
        &["--since", "2027-01-01", "--output", "csv"],
    );
    let run = run
        .exits(0)
        .says("this report cannot see: deletions by S3 Lifecycle");
    assert_eq!(run.text().lines().count(), 1);
}

#[test]
fn other_objects_are_left_out_unless_asked_for() {
    let mut other = s3_call("DeleteObject", "1", "2026-03-02T10:00:00Z");
    other["requestParameters"] =
        serde_json::json!({"bucketName": "example-bucket", "key": "notes.txt"});
    let log = delivery(&[other]);
    for (arguments, rows) in [
        (&["--output", "jsonl"][..], 0),
        (&["--output", "jsonl", "--all-objects"][..], 1),
    ] {
        let run = report_on_bytes("who-deleted", log.as_bytes(), arguments).exits(0);
        assert_eq!(run.rows().len(), rows, "{arguments:?}");
    }
}
