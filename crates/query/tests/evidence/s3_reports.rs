//! Deletions that S3 itself reports, and which of them other records tell too.

use std::sync::Arc;

use earwitness_parser::Reader;
use earwitness_query::{Ask, Batch, Counts, Gathering, Scope, Window};
use serde_json::{Value, json};

use crate::small::{BUCKET, ID, USER, column, delete, key, report, rows, session};

const MARY: &str = "arn:aws:iam::111122223333:user/mary";

/// A line of a server access log; `version` is `-` for none.
fn line(operation: &str, request: &str, requester: &str, status: &str, version: &str) -> String {
    let key = key().replace(':', "%253A");
    format!(
        "EXAMPLEOWNER {BUCKET} [02/Mar/2026:09:05:17 +0000] 192.0.2.1 {requester} {request} \
         {operation} {key} \"-\" {status} - - - - - \"-\" \"-\" {version} EXAMPLE=\n"
    )
}

fn event(id: u8, time: &str, request: &str, requester: &str, version: Option<&str>) -> String {
    let reason = match requester {
        "s3.amazonaws.com" => "Lifecycle Expiration",
        _ => "DeleteObject",
    };
    json!({
        "id": id, "detail-type": "Object Deleted", "source": "aws.s3", "account": "111122223333",
        "time": time, "region": "us-west-2",
        "detail": {
            "bucket": {"name": BUCKET}, "object": {"key": key(), "version-id": version},
            "request-id": request, "requester": requester, "reason": reason,
            "deletion-type": "Permanently Deleted",
        },
    })
    .to_string()
}

fn deleted_in(inputs: &[String], window: Window) -> (Vec<Value>, Counts) {
    let report = report("who-deleted");
    let scope = Scope {
        window,
        ..Scope::default()
    };
    let mut reader = Reader::new(report.interest(), 1 << 20);
    let mut gathering = Gathering::default();
    for input in inputs {
        gathering.absorb(Batch::read("input", input.as_bytes(), &mut reader, &window));
    }
    let evidence = Arc::new(gathering.into_evidence(&scope));
    assert!(evidence.counts().reconcile(), "{}", evidence.counts());
    (
        rows(&report, &evidence, &Ask::default()),
        evidence.counts().clone(),
    )
}

fn deleted(inputs: &[String]) -> (Vec<Value>, Counts) {
    deleted_in(inputs, Window::default())
}

fn batch(change: Value) -> Value {
    let mut record = delete(
        "parent",
        json!({"eventName": "DeleteObjects", "requestID": "R",
            "requestParameters": {"bucketName": BUCKET, "delete": ""}}),
    );
    for (key, value) in change.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

fn child(id: &str, change: Value) -> Value {
    let mut record = delete(
        id,
        json!({"eventType": "AwsServiceEvent", "userIdentity": {}}),
    );
    for (key, value) in change.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

#[test]
fn every_requester_has_its_name() {
    let connect = format!(
        "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForAmazonConnect_EXAMPLE/{USER}"
    );
    for (requester, actor, kind, how) in [
        (MARY, "mary", "iam-user", "caller"),
        (&*connect, USER, "connect-user", "caller"),
        (
            "arn:aws:sts::111122223333:assumed-role/Admin/i-0abc",
            "Admin/i-0abc",
            "role-session",
            "caller",
        ),
        ("arn:aws:iam::111122223333:root", "root", "root", "caller"),
        ("444455556666", "444455556666", "other-account", "caller"),
        (
            "svc:config.amazonaws.com",
            "config.amazonaws.com",
            "aws-service",
            "caller",
        ),
        ("-", "anonymous", "anonymous", "caller"),
        ("EXAMPLEOWNER", "EXAMPLEOWNER", "unknown", "none"),
    ] {
        let (rows, _) = deleted(&[line("REST.DELETE.OBJECT", "R", requester, "204", "-")]);
        let said = [
            &rows[0]["actor"],
            &rows[0]["actor_kind"],
            &rows[0]["attributed_by"],
        ];
        assert_eq!(said, [actor, kind, how], "{requester}");
        assert_eq!(rows[0]["contact_id"], ID);
    }
}

#[test]
fn a_line_delivered_twice_is_a_duplicate() {
    let expired = line("S3.EXPIRE.OBJECT", "R", "AmazonS3", "-", "v");
    let (rows, counts) = deleted(&[expired.repeat(2), expired]);
    assert_eq!(rows.len(), 1);
    assert_eq!((counts.read, counts.kept, counts.duplicates), (3, 1, 2));
}

#[test]
fn one_request_that_both_tell_counts_once() {
    let record = delete("1", json!({"requestID": "R"})).to_string();
    let inputs = [
        record,
        line("REST.DELETE.OBJECT", "R", MARY, "204", "-"),
        event(1, "2026-03-02T09:05:17Z", "R", "111122223333", Some("v")),
    ];
    let (rows, counts) = deleted(&inputs);
    assert_eq!(column(&rows, "evidence"), ["cloudtrail+s3"]);
    assert_eq!(column(&rows, "actor"), ["root"]);
    assert_eq!((counts.read, counts.kept, counts.duplicates), (3, 2, 1));
}

#[test]
fn a_request_of_another_id_or_key_is_another() {
    let other = delete("1", json!({"requestID": "OTHER"})).to_string();
    let (rows, _) = deleted(&[other, line("REST.DELETE.OBJECT", "R", MARY, "204", "-")]);
    assert_eq!(column(&rows, "evidence"), ["cloudtrail", "s3-access-log"]);
    let parameters = json!({"bucketName": BUCKET, "key": key().replace("1234", "9999")});
    let elsewhere = delete(
        "1",
        json!({"requestID": "R", "requestParameters": parameters}),
    );
    let lines = line("REST.DELETE.OBJECT", "R", MARY, "204", "-");
    let (rows, _) = deleted(&[elsewhere.to_string(), lines]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_batch_without_keys_gets_them_from_s3() {
    let session = session("Admin", "mary@example.com");
    let parent = batch(json!({"userIdentity": session, "userAgent": "[aws-cli/2]"}));
    let lines = line("BATCH.DELETE.OBJECT", "R", "-", "204", "v1")
        + &line("BATCH.DELETE.OBJECT", "R", "-", "204", "v2");
    let (rows, counts) = deleted(&[parent.to_string(), lines]);
    assert_eq!(column(&rows, "version_id"), ["v1", "v2"]);
    for row in &rows {
        assert_eq!(row["actor"], "Admin/mary@example.com");
        assert_eq!(row["attributed_by"], "request-id");
        assert_eq!(row["event_id"], "parent");
        assert_eq!(row["user_agent"], "aws-cli/2");
        assert_eq!(row["evidence"], "cloudtrail+s3");
    }
    assert_eq!((counts.read, counts.kept), (3, 3));
}

#[test]
fn per_key_records_of_a_batch_win_over_s3() {
    for request in [json!("R"), Value::Null] {
        let records = json!({"Records": [
            batch(json!({})),
            child("1", json!({"requestID": request, "eventTime": "2026-03-02T09:05:18Z"})),
        ]});
        let lines = line("BATCH.DELETE.OBJECT", "R", MARY, "204", "-");
        let (rows, _) = deleted(&[records.to_string(), lines]);
        assert_eq!(column(&rows, "event_id"), ["1"], "{request}");
        assert_eq!(column(&rows, "evidence"), ["cloudtrail+s3"], "{request}");
    }
}

#[test]
fn an_expiry_that_a_log_and_an_event_tell_within_a_day_counts_once() {
    for (time, version, evidence) in [
        ("2026-03-03T09:05:17Z", "v", &["s3-access-log+s3-event"][..]),
        ("2026-03-01T09:05:17Z", "v", &["s3-access-log+s3-event"]),
        ("2026-03-03T09:05:18Z", "v", &["s3-access-log", "s3-event"]),
        ("2026-03-02T09:05:17Z", "w", &["s3-access-log", "s3-event"]),
    ] {
        let inputs = [
            line("S3.EXPIRE.OBJECT", "R", "AmazonS3", "-", "v"),
            event(1, time, "OTHER", "s3.amazonaws.com", Some(version)),
        ];
        let (rows, _) = deleted(&inputs);
        assert_eq!(column(&rows, "evidence"), evidence, "{time} {version}");
        assert_eq!(column(&rows, "actor")[0], "S3 Lifecycle");
    }
}

#[test]
fn two_lines_about_one_key_stay_two_and_take_an_event_each() {
    let lines = line("S3.EXPIRE.OBJECT", "A", "AmazonS3", "-", "v")
        + &line("S3.EXPIRE.OBJECT", "B", "AmazonS3", "-", "w");
    let events = event(
        1,
        "2026-03-02T10:00:00Z",
        "C",
        "s3.amazonaws.com",
        Some("w"),
    ) + &event(
        2,
        "2026-03-02T11:00:00Z",
        "D",
        "s3.amazonaws.com",
        Some("v"),
    );
    let (rows, counts) = deleted(&[lines, events]);
    assert_eq!(column(&rows, "version_id"), ["v", "w"]);
    assert_eq!((counts.kept, counts.duplicates), (2, 2));
}

/// A deletion stands in the window that CloudTrail's time of it lies in.
#[test]
fn a_window_between_two_times_of_one_deletion_loses_none() {
    let start = 1_772_442_317_000_000;
    let record = delete(
        "1",
        json!({"requestID": "R", "eventTime": "2026-03-02T09:05:18Z"}),
    );
    let parent = batch(json!({"eventTime": "2026-03-02T09:05:18Z"}));
    for (record, operation) in [
        (record, "REST.DELETE.OBJECT"),
        (parent, "BATCH.DELETE.OBJECT"),
    ] {
        let inputs = [record.to_string(), line(operation, "R", MARY, "204", "-")];
        let boundary = Some(start + 1_000_000);
        let before = Window {
            since: None,
            until: boundary,
        };
        let after = Window {
            since: boundary,
            until: None,
        };
        assert_eq!(deleted_in(&inputs, before).0.len(), 0, "{operation}");
        assert_eq!(deleted_in(&inputs, after).0.len(), 1, "{operation}");
    }
}

#[test]
fn other_reports_pass_what_s3_reports() {
    let report = report("who-listened");
    let mut reader = Reader::new(report.interest(), 1 << 20);
    let mut gathering = Gathering::default();
    for input in [
        line("S3.EXPIRE.OBJECT", "R", "AmazonS3", "-", "v"),
        event(1, "2026-03-02T10:00:00Z", "C", "s3.amazonaws.com", None),
    ] {
        gathering.absorb(Batch::read(
            "input",
            input.as_bytes(),
            &mut reader,
            &Window::default(),
        ));
    }
    let evidence = gathering.into_evidence(&Scope::default());
    assert_eq!((evidence.counts().read, evidence.counts().filtered), (2, 2));
}
