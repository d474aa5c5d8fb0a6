//! Every record counts once: copies, corrections and placeholders told apart.

use earwitness_query::{Ask, Scope};
use serde_json::json;

use crate::small::{BUCKET, column, delete, deleted, gather, key, report, rows, session};

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
