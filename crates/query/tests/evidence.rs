//! Small worlds, each with one thing that must be told apart.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::sync::Arc;

use earwitness_export::{Format, Options, writer};
use earwitness_parser::Reader;
use earwitness_query::{
    Ask, Batch, Counts, Evidence, Gathering, Library, Report, Scope, Table, Window, answer,
};
use serde_json::{Value, json};

const BUCKET: &str = "amazon-connect-example-recordings";
const ID: &str = "12345678-90ab-cdef-1234-567890abcdef";
const USER: &str = "99999999-90ab-cdef-1234-567890abcdef";

fn key() -> String {
    format!("connect/a/CallRecordings/2026/03/01/{ID}_20260301T15:00_UTC.wav")
}

/// A delete of a recording by root; `change` overwrites what a test is about.
fn delete(id: &str, change: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.11",
        "eventTime": "2026-03-02T09:05:17Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteObject",
        "eventID": id,
        "awsRegion": "us-west-2",
        "recipientAccountId": "111122223333",
        "userIdentity": {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"},
        "requestParameters": {"bucketName": BUCKET, "key": key()},
    });
    for (key, value) in change.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

fn session(role: &str, session: &str) -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": format!("AROAEXAMPLE:{session}"),
        "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{session}"),
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"userName": role}},
    })
}

fn report(name: &str) -> Report {
    Library::shipped().unwrap().find(name).unwrap().clone()
}

fn gather(report: &Report, inputs: &[Value], scope: &Scope) -> Arc<Evidence> {
    let mut reader = Reader::new(report.interest(), 1 << 30);
    let mut gathering = Gathering::default();
    for (number, input) in inputs.iter().enumerate() {
        let input = input.to_string();
        let origin = format!("input {number}");
        gathering.absorb(Batch::read(
            &origin,
            input.as_bytes(),
            &mut reader,
            &scope.window,
        ));
    }
    let evidence = Arc::new(gathering.into_evidence(scope));
    assert!(evidence.counts().reconcile(), "{}", evidence.counts());
    evidence
}

fn rows(report: &Report, evidence: &Arc<Evidence>, ask: &Ask) -> Vec<Value> {
    let frame = answer(report, evidence, ask).unwrap();
    let mut text = Vec::new();
    let jsonl = writer(Format::Jsonl, &Options::default());
    jsonl.write(&frame, &mut text).unwrap();
    let rows = serde_json::Deserializer::from_slice(&text).into_iter();
    rows.collect::<Result<_, _>>().unwrap()
}

fn deleted(records: &[Value]) -> (Vec<Value>, Counts) {
    let report = report("who-deleted");
    let evidence = gather(&report, &[json!({"Records": records})], &Scope::default());
    (
        rows(&report, &evidence, &Ask::default()),
        evidence.counts().clone(),
    )
}

fn column(rows: &[Value], name: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    rows.iter().map(|row| text(&row[name])).collect()
}

#[test]
fn the_same_record_again_is_a_duplicate_and_the_same_id_alone_is_not() {
    let one = delete("1", json!({}));
    let other = delete("1", json!({"eventTime": "2026-03-02T09:05:18Z"}));
    let (rows, counts) = deleted(&[one.clone(), one.clone(), other]);
    assert_eq!((rows.len(), counts.duplicates), (2, 1));

    let mut nameless = one;
    nameless.as_object_mut().unwrap().remove("eventID");
    let mut second = nameless.clone();
    second["additionalEventData"] = json!({"x-amz-id-2": "another"});
    let (rows, counts) = deleted(&[nameless.clone(), nameless, second]);
    assert_eq!((rows.len(), counts.duplicates), (2, 1));
}

#[test]
fn a_correction_takes_the_place_of_what_it_corrects() {
    let correction = json!({
        "addendum": {"reason": "UPDATED_DATA", "originalEventID": "1"},
        "requestParameters": {"bucketName": BUCKET, "key": key(), "versionId": "v2"},
    });
    let (rows, counts) = deleted(&[delete("1", json!({})), delete("2", correction)]);
    assert_eq!(column(&rows, "version_id"), ["v2"]);
    assert_eq!(counts.duplicates, 1);
    let late = json!({"addendum": {"reason": "DELIVERY_DELAY"}});
    let (rows, _) = deleted(&[delete("1", json!({})), delete("2", late)]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn of_several_corrections_the_last_one_stands() {
    let corrects = |original: &str, version: &str| {
        json!({
            "addendum": {"reason": "UPDATED_DATA", "originalEventID": original},
            "requestParameters": {"bucketName": BUCKET, "key": key(), "versionId": version},
        })
    };
    let original = delete("1", json!({}));
    let chain = [
        delete("3", corrects("2", "last")),
        original.clone(),
        delete("2", corrects("1", "first")),
    ];
    let (rows, counts) = deleted(&chain);
    assert_eq!(column(&rows, "version_id"), ["last"]);
    assert_eq!(counts.duplicates, 2);
    let siblings = [
        delete("2", corrects("1", "one")),
        delete("3", corrects("1", "two")),
        original.clone(),
    ];
    assert_eq!(deleted(&siblings).0.len(), 1);
    let (rows, _) = deleted(&[delete("1", corrects("1", "same id")), original]);
    assert_eq!(column(&rows, "version_id"), ["same id"]);
    let circle = [
        delete("1", corrects("2", "a")),
        delete("2", corrects("1", "b")),
    ];
    assert!(!deleted(&circle).0.is_empty());
}

#[test]
fn a_placeholder_for_a_shared_id_makes_no_copies() {
    let one = json!({"sharedEventID": "[ID]"});
    let other = json!({"sharedEventID": "[ID]", "eventTime": "2026-03-02T10:00:00Z"});
    let (rows, _) = deleted(&[delete("1", one), delete("2", other)]);
    assert_eq!(rows.len(), 2);
}

#[test]
fn copies_in_two_accounts_are_one_access_by_the_better_known_caller() {
    let owner = json!({
        "sharedEventID": "shared",
        "userIdentity": {"type": "AWSAccount", "principalId": "AROAEXAMPLE:x", "accountId": "444455556666"},
    });
    let caller = json!({
        "sharedEventID": "shared",
        "recipientAccountId": "444455556666",
        "userIdentity": session("Auditor", "x"),
    });
    let (rows, counts) = deleted(&[delete("1", owner), delete("2", caller)]);
    assert_eq!(column(&rows, "actor"), ["Auditor/x"]);
    assert_eq!(counts.duplicates, 1);
}

#[test]
fn every_identity_has_its_name() {
    let connect = "AWSServiceRoleForAmazonConnect_EXAMPLE";
    let cases = [
        (
            json!({"type": "Root", "arn": "arn:aws:iam::1:root"}),
            "root",
            "root",
        ),
        (
            json!({"type": "IAMUser", "userName": "mary"}),
            "mary",
            "iam-user",
        ),
        (
            json!({"type": "IAMUser", "arn": "arn:aws:iam::1:user/team/mary"}),
            "mary",
            "iam-user",
        ),
        (session(connect, USER), USER, "connect-user"),
        (session(connect, "mary.major"), "mary.major", "connect-user"),
        (
            session(
                "AWSServiceRoleForAmazonConnectSynchronization_X",
                "ResourceSynchronization",
            ),
            "AWSServiceRoleForAmazonConnectSynchronization_X/ResourceSynchronization",
            "role-session",
        ),
        (
            session("AWSReservedSSO_Admin_0123", "mary@example.com"),
            "mary@example.com",
            "identity-center",
        ),
        (session("Admin", "i-0abc"), "Admin/i-0abc", "role-session"),
        (
            json!({"type": "AWSService", "invokedBy": "config.amazonaws.com"}),
            "config.amazonaws.com",
            "aws-service",
        ),
        (
            json!({"accountId": "1", "invokedBy": "config.amazonaws.com", "principalId": "", "arn": ""}),
            "config.amazonaws.com",
            "aws-service",
        ),
        (
            json!({"type": "FederatedUser", "arn": "arn:aws:sts::1:federated-user/mary"}),
            "mary",
            "federated-user",
        ),
        (
            json!({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}}),
            "u-1",
            "identity-center",
        ),
        (
            json!({"type": "AWSAccount", "accountId": "444455556666", "principalId": "AIDA"}),
            "444455556666/AIDA",
            "other-account",
        ),
        (
            json!({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL", "principalId": ""}),
            "anonymous",
            "anonymous",
        ),
        (json!({}), "unknown", "unknown"),
        (
            json!({"type": "Role", "arn": "arn:aws:iam::1:role/team/Admin"}),
            "Admin",
            "role-session",
        ),
        (
            json!({"arn": format!("arn:aws:sts::1:assumed-role/{connect}/mary.major")}),
            "mary.major",
            "connect-user",
        ),
        (session(connect, &USER.to_uppercase()), USER, "connect-user"),
        (
            json!({"type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS", "principalId": "AIDA"}),
            "AIDA",
            "iam-user",
        ),
        (json!({"type": "AWSAccount"}), "unknown", "unknown"),
        (json!("HIDDEN"), "unknown", "unknown"),
        (
            json!({"type": "Unknown", "arn": "arn:x"}),
            "arn:x",
            "unknown",
        ),
    ];
    for (identity, actor, kind) in cases {
        let (rows, _) = deleted(&[delete("1", json!({"userIdentity": identity}))]);
        assert_eq!(column(&rows, "actor"), [actor], "{identity}");
        assert_eq!(column(&rows, "actor_kind"), [kind], "{identity}");
    }
}

#[test]
fn a_session_becomes_a_person_by_the_directory_before_the_contact_records() {
    let record = delete(
        "1",
        json!({
            "userIdentity": session("AWSServiceRoleForAmazonConnect_EXAMPLE", USER),
        }),
    );
    let contact = |username: &str, updated: &str| {
        json!({
            "AWSContactTraceRecordFormatVersion": "2017-03-10",
            "ContactId": ID,
            "LastUpdateTimestamp": updated,
            "Agent": {"ARN": format!("arn:aws:connect:us-west-2:1:instance/i/agent/{USER}"), "Username": username},
        })
    };
    let listing = json!({"UserSummaryList": [{"Id": USER, "Username": "listed",
        "Arn": format!("arn:aws:connect:us-west-2:1:instance/i/agent/{USER}")}]});
    let names = json!({"Users": [{"Id": USER, "Username": "listed",
        "IdentityInfo": {"FirstName": "Mary", "LastName": "Major"}}]});
    let report = report("who-deleted");
    let new = contact("new-name", "2026-03-03T00:00:00Z");
    let old = contact("old-name", "2026-03-01T00:00:00Z");
    let mut inputs = vec![record];
    let expect = |inputs: &[Value], actor: &str, full_name: &str| {
        let rows = rows(
            &report,
            &gather(&report, inputs, &Scope::default()),
            &Ask::default(),
        );
        assert_eq!(column(&rows, "actor"), [actor]);
        assert_eq!(column(&rows, "full_name"), [full_name]);
        assert_eq!(column(&rows, "user_id"), [USER]);
    };
    expect(&inputs, USER, "null");
    inputs.push(old);
    expect(&inputs, "old-name", "null");
    inputs.push(new);
    expect(&inputs, "new-name", "null");
    inputs.push(listing);
    expect(&inputs, "listed", "null");
    inputs.push(names);
    expect(&inputs, "listed", "Mary Major");
}

#[test]
fn a_batch_delete_speaks_for_its_keys_only_where_the_logs_tell() {
    let batch = |id: &str, who: &str, request: &str, time: &str| {
        delete(
            id,
            json!({
                "eventName": "DeleteObjects",
                "requestID": request,
                "eventTime": time,
                "userIdentity": {"type": "IAMUser", "userName": who, "arn": format!("arn:aws:iam::1:user/{who}")},
                "requestParameters": {"bucketName": BUCKET, "delete": ""},
            }),
        )
    };
    let child = |id: &str, request: &str| {
        delete(
            id,
            json!({
                "eventType": "AwsServiceEvent",
                "requestID": request,
                "userIdentity": {"accountId": "111122223333", "invokedBy": "s3.amazonaws.com"},
            }),
        )
    };
    let at = "2026-03-02T09:05:00Z";
    // The request id decides, whoever else deletes at that time.
    let (rows, _) = deleted(&[
        batch("1", "mary", "A", at),
        batch("2", "john", "B", at),
        child("3", "B"),
    ]);
    assert_eq!(column(&rows, "actor"), ["mary", "john"]);
    assert_eq!(column(&rows, "outcome"), ["unknown-keys", "deleted"]);
    assert_eq!(column(&rows, "attributed_by"), ["caller", "request-id"]);
    // Without it, one caller near in time does; of two, nobody is named.
    let (rows, _) = deleted(&[batch("1", "mary", "A", at), child("3", "X")]);
    assert_eq!(column(&rows, "actor"), ["mary"]);
    assert_eq!(column(&rows, "attributed_by"), ["bucket-and-time"]);
    let (rows, _) = deleted(&[
        batch("1", "mary", "A", at),
        batch("2", "john", "B", at),
        child("3", "X"),
    ]);
    assert_eq!(column(&rows, "actor"), ["mary", "john", "unknown"]);
    // The same caller by two access keys is one caller.
    let mut second = batch("2", "mary", "B", at);
    second["userIdentity"]["accessKeyId"] = json!("ASIAEXAMPLE");
    let (rows, _) = deleted(&[batch("1", "mary", "A", at), second, child("3", "X")]);
    assert_eq!(column(&rows, "actor"), ["mary", "mary"]);
    // A record that names its caller keeps it, and so does one that S3 did not raise.
    let mut named = child("3", "X");
    named["userIdentity"] = json!({"type": "IAMUser", "userName": "john", "arn": "a"});
    let (rows, _) = deleted(&[batch("1", "mary", "A", at), named]);
    assert_eq!(column(&rows, "actor"), ["mary", "john"]);
    let call = delete("3", json!({"eventType": "AwsApiCall", "userIdentity": {}}));
    let (rows, _) = deleted(&[batch("1", "mary", "A", at), call]);
    assert_eq!(column(&rows, "actor"), ["mary", "unknown"]);
    // Keys that were delete markers belong to their batch all the same.
    let mut marker = child("3", "A");
    marker["requestParameters"]["versionId"] = json!("v");
    marker["responseElements"] = json!({"x-amz-delete-marker": "true"});
    assert_eq!(deleted(&[batch("1", "mary", "A", at), marker]).0.len(), 0);
    // A minute apart is near, more is not; a refused batch deleted nothing.
    let (rows, _) = deleted(&[
        batch("1", "mary", "A", "2026-03-02T09:04:16Z"),
        child("3", "X"),
    ]);
    assert_eq!(column(&rows, "actor"), ["mary", "unknown"]);
    let mut refused = batch("1", "mary", "A", at);
    refused["errorCode"] = json!("AccessDenied");
    let (rows, _) = deleted(&[refused, child("3", "A")]);
    assert_eq!(column(&rows, "outcome"), ["denied", "deleted"]);
    assert_eq!(column(&rows, "actor"), ["mary", "unknown"]);
}

#[test]
fn a_batch_delete_just_outside_the_window_still_names_the_caller_inside() {
    let records = json!({"Records": [
        delete("1", json!({
            "eventName": "DeleteObjects", "requestID": "A", "eventTime": "2026-03-01T23:59:59Z",
            "requestParameters": {"bucketName": BUCKET},
        })),
        delete("2", json!({
            "eventType": "AwsServiceEvent", "requestID": "A", "eventTime": "2026-03-02T00:00:00Z",
            "userIdentity": {"invokedBy": "s3.amazonaws.com"},
        })),
    ]});
    let midnight = 1_772_409_600_000_000;
    let scope = Scope {
        window: Window {
            since: Some(midnight),
            until: None,
        },
        all_objects: false,
    };
    let report = report("who-deleted");
    let rows = rows(
        &report,
        &gather(&report, &[records], &scope),
        &Ask::default(),
    );
    assert_eq!(column(&rows, "actor"), ["root"]);
    assert_eq!(column(&rows, "event_id"), ["2"]);
}

#[test]
fn a_batch_delete_without_keys_is_told_by_its_bucket_whatever_the_window() {
    let bucket = "our-own-name";
    let keyless = delete(
        "2",
        json!({
            "eventName": "DeleteObjects",
            "requestParameters": {"bucketName": bucket},
        }),
    );
    let keyed = delete(
        "1",
        json!({
            "eventTime": "2026-02-01T00:00:00Z",
            "requestParameters": {"bucketName": bucket, "key": key()},
        }),
    );
    let scope = Scope {
        window: Window {
            since: Some(1_772_409_600_000_000),
            until: None,
        },
        all_objects: false,
    };
    let report = report("who-deleted");
    let evidence = gather(&report, &[keyed, keyless.clone()], &scope);
    let found = rows(&report, &evidence, &Ask::default());
    assert_eq!(column(&found, "outcome"), ["unknown-keys"]);
    // Where nothing tells, the user is told that something was left out.
    let evidence = gather(&report, &[keyless], &scope);
    assert_eq!(rows(&report, &evidence, &Ask::default()).len(), 0);
    assert_eq!(evidence.keyless_left_out(), 1);
}

/// Reads of a recording; `changes` overwrite what a test is about.
fn listened(changes: &[Value]) -> Vec<Value> {
    let records: Vec<Value> = changes
        .iter()
        .enumerate()
        .map(|(number, change)| {
            let mut record = delete(&number.to_string(), change.clone());
            if change["eventName"].is_null() {
                record["eventName"] = json!("GetObject");
            }
            record
        })
        .collect();
    let report = report("who-listened");
    let evidence = gather(&report, &[json!(records)], &Scope::default());
    rows(&report, &evidence, &Ask::default())
}

#[test]
fn no_more_is_heard_than_the_log_says() {
    let data = |data: Value| json!({"additionalEventData": data});
    // Unknown bytes are not nothing.
    let rows = listened(&[data(json!({"objectSize": 1000}))]);
    assert_eq!(column(&rows, "bytes"), ["null"]);
    assert_eq!(column(&rows, "share"), ["null"]);
    assert_eq!(column(&rows, "how"), ["unknown"]);
    // A full reply that ended early is no play of a range.
    let rows = listened(&[data(json!({
        "objectSize": 1000, "bytesTransferredOut": 10, "httpStatusCode": 200}))]);
    assert_eq!(column(&rows, "how"), ["unknown"]);
    // Nothing is sent of what has not changed.
    let rows = listened(&[data(json!({"objectSize": 1000, "httpStatusCode": 304}))]);
    assert_eq!(column(&rows, "evidence"), ["metadata-only"]);
    // A link that plays is no download.
    for (disposition, how) in [
        ("inline", "whole-object"),
        ("attachment; filename=a", "presigned-download"),
    ] {
        let rows = listened(&[json!({
            "requestParameters": {"bucketName": BUCKET, "key": key(), "response-content-disposition": disposition},
            "additionalEventData": {"AuthenticationMethod": "QueryString", "objectSize": 9, "bytesTransferredOut": 9.0},
        })]);
        assert_eq!(column(&rows, "how"), [how]);
    }
    // What was made anew has another size.
    let rows = listened(&[
        json!({"eventName": "PutObject", "additionalEventData": {"bytesTransferredIn": 10}}),
        json!({"eventName": "CompleteMultipartUpload", "eventTime": "2026-03-02T09:06:00Z"}),
        json!({"eventTime": "2026-03-02T09:07:00Z", "additionalEventData": {"bytesTransferredOut": 1000}}),
    ]);
    assert_eq!(column(&rows, "object_size"), ["null"]);
}

#[test]
fn callers_without_a_name_are_told_by_their_address() {
    let from = |address: &str| {
        json!({
            "userIdentity": {"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL", "principalId": ""},
            "sourceIPAddress": address,
        })
    };
    assert_eq!(
        listened(&[from("192.0.2.1"), from("192.0.2.2"), from("192.0.2.1")]).len(),
        2
    );
}

#[test]
fn a_pause_of_just_the_gap_ends_no_sitting_and_marks_reach_as_far() {
    let at = |minute: u32, second: u32| json!({"eventTime": format!("2026-03-02T09:{minute:02}:{second:02}Z")});
    assert_eq!(listened(&[at(0, 0), at(30, 0)]).len(), 1);
    assert_eq!(listened(&[at(0, 0), at(30, 1)]).len(), 2);
    let mark = |minute: u32, second: u32| {
        let mut mark = at(minute, second);
        mark["eventName"] = json!("GetBucketLocation");
        mark["requestParameters"] = json!({"bucketName": BUCKET});
        mark
    };
    for mark in [mark(0, 0), mark(30, 0), mark(59, 59)] {
        let rows = listened(&[at(30, 0), mark]);
        assert_eq!(column(&rows, "evidence"), ["object-read+bucket-mark"]);
    }
    let rows = listened(&[at(30, 1), mark(0, 0)]);
    assert_eq!(
        column(&rows, "evidence"),
        ["bucket-mark-only", "object-read"]
    );
}

#[test]
fn the_newest_contact_record_wins_in_any_order() {
    let version = |agent: &str, updated: &str| {
        json!({
            "AWSContactTraceRecordFormatVersion": "2017-03-10", "ContactId": "c-1",
            "LastUpdateTimestamp": updated, "Agent": {"Username": agent}, "Channel": "VOICE",
            "Recordings": [{"Location": format!("{BUCKET}/{}", key()), "StorageType": "S3", "MediaStreamType": "AUDIO"}],
        })
    };
    let inputs = [
        delete("1", json!({})),
        version("first", "2026-03-01T00:00:00Z"),
        version("last", "2026-03-03T00:00:00Z"),
        version("between", "2026-03-02T00:00:00Z"),
    ];
    let report = report("who-deleted");
    for turn in 0..inputs.len() {
        let mut inputs = inputs.to_vec();
        inputs.rotate_left(turn);
        let evidence = gather(&report, &inputs, &Scope::default());
        let rows = rows(&report, &evidence, &Ask::default());
        assert_eq!(column(&rows, "agent"), ["last"]);
        assert_eq!(column(&rows, "contact_id"), ["c-1"]);
        assert_eq!(column(&rows, "contact_match"), ["contact-record"]);
        assert_eq!(evidence.counts().duplicates, 2);
    }
}

#[test]
fn only_recordings_unless_all_objects_are_asked_for() {
    let other = delete(
        "1",
        json!({"requestParameters": {"bucketName": "b", "key": "report.csv"}}),
    );
    let report = report("who-deleted");
    for (all_objects, expected) in [(false, 0), (true, 1)] {
        let scope = Scope {
            all_objects,
            ..Scope::default()
        };
        let evidence = gather(&report, std::slice::from_ref(&other), &scope);
        assert_eq!(rows(&report, &evidence, &Ask::default()).len(), expected);
        assert_eq!(evidence.counts().filtered, 1 - expected as u64);
    }
}

#[test]
fn filters_and_parameters_are_values_whatever_they_hold() {
    let report = report("who-deleted");
    let name = "x' OR '1'='1 -- \"";
    let records = [
        delete(
            "1",
            json!({"userIdentity": {"type": "IAMUser", "userName": name}}),
        ),
        delete("2", json!({})),
    ];
    let evidence = gather(&report, &[json!(records)], &Scope::default());
    let ask = Ask {
        user: Some(name.to_owned()),
        ..Ask::default()
    };
    assert_eq!(column(&rows(&report, &evidence, &ask), "event_id"), ["1"]);
    let ask = Ask {
        bucket: Some("nowhere".to_owned()),
        ..Ask::default()
    };
    assert_eq!(rows(&report, &evidence, &ask).len(), 0);
    let ask = Ask {
        parameters: vec![("gap".to_owned(), 1)],
        ..Ask::default()
    };
    assert!(answer(&report, &evidence, &ask).is_err());
}

#[test]
fn every_table_answers_sql() {
    let records = json!({"Records": [
        delete("1", json!({})),
        delete("2", json!({"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"})),
    ]});
    let contact = json!({"AWSContactTraceRecordFormatVersion": "2017-03-10", "ContactId": "c",
        "Recordings": [{"Location": "b/k.wav"}],
        "Agent": {"ARN": "arn:aws:connect:r:1:instance/i/agent/u", "Username": "mary"}});
    for table in Table::ALL {
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let text = format!(
            "-- title: T\n-- events: DeleteObject, StopLogging\nSELECT {} FROM {}",
            columns.join(", "),
            table.name()
        );
        let report = Report::parse("all", &text).unwrap();
        let evidence = gather(
            &report,
            &[records.clone(), contact.clone()],
            &Scope::default(),
        );
        let rows = rows(&report, &evidence, &Ask::default());
        assert!(!rows.is_empty(), "{} is empty", table.name());
        assert_eq!(rows[0].as_object().unwrap().len(), columns.len());
        assert!(
            table
                .columns()
                .iter()
                .all(|column| !column.meaning.is_empty())
        );
    }
}
