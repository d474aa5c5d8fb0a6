//! What a listen is, and no more than the logs say of it.

use serde_json::{Value, json};

use crate::small::{BUCKET, column, key, listened};

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
