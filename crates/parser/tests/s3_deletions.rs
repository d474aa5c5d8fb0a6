//! `Object Deleted` events of S3 in every wrapper that they arrive in, and what
//! only looks like one.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use earwitness_parser::{Interest, Item, Passed, Reader};
use serde_json::{Value, json};

#[derive(Debug, Default, PartialEq)]
struct Seen {
    deletions: Vec<String>,
    events: Vec<String>,
    passed: Vec<Passed>,
    rejects: Vec<String>,
}

fn read_as(text: &str, interest: Interest) -> Seen {
    let mut seen = Seen::default();
    Reader::new(interest, 1 << 20).read(text.as_bytes(), &mut |item| match item {
        Item::S3Deletion { deletion, .. } => seen.deletions.push(format!(
            "{} {} {} {:?} {}",
            deletion.time,
            deletion.key.as_str(),
            deletion.version_id.as_str(),
            deletion.delete_marker,
            deletion.by_lifecycle
        )),
        Item::Event { event, .. } => seen.events.push(event.event_id.as_str().to_owned()),
        Item::Passed(passed) => seen.passed.push(passed),
        Item::Reject(reject) => seen.rejects.push(reject.reason.to_string()),
        Item::Contact { .. } | Item::Directory { .. } => {}
    });
    seen
}

fn read(text: &str) -> Seen {
    read_as(text, Interest::everything())
}

/// AWS writes `detail-type` before `detail`; a `Value` has its keys in the order
/// of letters, `detail` first.
fn deleted(change: &Value) -> Value {
    let mut event = json!({
        "version": "0",
        "id": "00000000-0000-4000-8000-000000000001",
        "detail-type": "Object Deleted",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-03-02T09:05:17Z",
        "region": "us-west-2",
        "resources": ["arn:aws:s3:::b"],
        "detail": {
            "version": "0",
            "bucket": {"name": "b"},
            "object": {"key": "a:1+2.wav", "version-id": "v", "sequencer": "617b398000000000"},
            "request-id": "EXAMPLE1",
            "requester": "s3.amazonaws.com",
            "reason": "Lifecycle Expiration",
            "deletion-type": "Delete Marker Created",
        },
    });
    for (key, value) in change.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

const SAID: &str = "2026-03-02T09:05:17Z a:1+2.wav v Some(true) true";

#[test]
fn the_envelope_tells_the_time_in_any_order_and_any_wrapper() {
    let event = deleted(&json!({}));
    let text = event.to_string();
    let detail = event["detail"].to_string();
    let as_aws_writes = format!(
        r#"{{"version":"0","detail-type":"Object Deleted","source":"aws.s3","account":"1","time":"2026-03-02T09:05:17Z","region":"r","detail":{detail}}}"#
    );
    for text in [
        text.clone(),
        as_aws_writes,
        format!("[{text}]"),
        json!({"Records": [{"body": text}]}).to_string(),
        json!({"Messages": [{"Body": json!({"Message": text}).to_string()}]}).to_string(),
        json!({"logEvents": [{"message": text}]}).to_string(),
        format!("2026-03-02T09:05:18.000Z {text}"),
    ] {
        assert_eq!(read(&text).deletions, [SAID], "{text}");
    }
    let many = read(&format!("{text}\n{text}{text}"));
    assert_eq!((many.deletions.len(), many.rejects.len()), (3, 0));
}

#[test]
fn other_events_and_bare_details_stay_notifications() {
    let created = deleted(&json!({"detail-type": "Object Created"}));
    let elsewhere = deleted(&json!({"source": "example.app"}));
    let bare = deleted(&json!({}))["detail"].clone();
    for event in [created, elsewhere, bare] {
        let seen = read(&event.to_string());
        assert_eq!(seen.passed, [Passed::S3Notification], "{event}");
        assert!(seen.deletions.is_empty());
    }
    let unwanted = Interest::in_events(["DeleteObject"]);
    let seen = read_as(&deleted(&json!({})).to_string(), unwanted.clone());
    assert_eq!(seen.passed, [Passed::S3Notification]);
    let seen = read_as(
        &deleted(&json!({})).to_string(),
        unwanted.and_s3_deletions(),
    );
    assert_eq!(seen.deletions, [SAID]);
}

#[test]
fn what_is_missing_is_named() {
    for (change, why) in [
        (json!({"time": "redacted"}), "no time"),
        (json!({"time": null}), "no time"),
        (
            json!({"detail": {"request-id": "1"}}),
            "without bucket or key",
        ),
        (json!({"detail": []}), "without bucket or key"),
    ] {
        let seen = read(&deleted(&change).to_string());
        assert_eq!(seen.rejects.len(), 1, "{change}");
        assert!(seen.rejects[0].contains(why), "{seen:?}");
    }
}

/// Parameters of a request become keys of its record.
#[test]
fn a_caller_cannot_pass_a_record_off_as_a_deletion_of_s3() {
    let record = json!({
        "eventVersion": "1.11",
        "eventTime": "2026-03-02T09:05:17Z",
        "eventName": "DeleteObject",
        "eventID": "1",
        "userAgent": "\"detail-type\":\"Object Deleted\",\"source\":\"aws.s3\"",
        "requestParameters": {"detail-type": "Object Deleted", "source": "aws.s3", "detail": {}},
    });
    let bridged = deleted(&json!({"detail-type": "AWS API Call via CloudTrail", "detail": record}));
    for text in [record.to_string(), bridged.to_string()] {
        let seen = read(&text);
        assert_eq!(seen.events, ["1"], "{text}");
        assert!(seen.deletions.is_empty());
    }
}

#[test]
fn a_cut_event_is_named_and_costs_no_other() {
    let text = deleted(&json!({})).to_string();
    for end in 1..text.len() {
        let seen = read(&format!("{text}\n{}", &text[..end]));
        assert_eq!(seen.deletions, [SAID], "{end}");
        assert!(!seen.rejects.is_empty(), "{end}");
    }
}
