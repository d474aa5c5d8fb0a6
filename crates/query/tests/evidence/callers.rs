//! Who is behind a record, and where nothing tells.

use earwitness_query::{Ask, Scope, Window};
use serde_json::{Value, json};

use crate::small::{
    BUCKET, ID, USER, column, delete, deleted, gather, listened, report, rows, session,
};

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
        ..Scope::default()
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
fn a_newer_listing_names_a_person_before_an_older_one() {
    let record = delete(
        "1",
        json!({
            "userIdentity": session("AWSServiceRoleForAmazonConnect_EXAMPLE", USER),
        }),
    );
    let listing = |username: &str, from: &str| json!({"UserSummaryList": [{"Id": USER, "Username": username}], "valid_from": from});
    let older = listing("older", "2026-02-01");
    let newer = listing("newer", "2026-03-01");
    let undated = json!({"UserSummaryList": [{"Id": USER, "Username": "undated"}]});
    let report = report("who-deleted");
    for inputs in [
        [
            record.clone(),
            older.clone(),
            newer.clone(),
            undated.clone(),
        ],
        [undated, newer, older, record],
    ] {
        let evidence = gather(&report, &inputs, &Scope::default());
        let rows = rows(&report, &evidence, &Ask::default());
        assert_eq!(column(&rows, "actor"), ["newer"]);
    }
}
