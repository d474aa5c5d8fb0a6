//! Makes small worlds: a record, and what a test is about laid over it.

use std::sync::Arc;

use earwitness_export::{Format, Options, writer};
use earwitness_parser::Reader;
use earwitness_query::{Ask, Batch, Counts, Evidence, Gathering, Library, Report, Scope, answer};
use serde_json::{Value, json};

pub(crate) const BUCKET: &str = "amazon-connect-example-recordings";
pub(crate) const ID: &str = "12345678-90ab-cdef-1234-567890abcdef";
pub(crate) const USER: &str = "99999999-90ab-cdef-1234-567890abcdef";

pub(crate) fn key() -> String {
    format!("connect/a/CallRecordings/2026/03/01/{ID}_20260301T15:00_UTC.wav")
}

/// A delete of a recording by root; `change` overwrites what a test is about.
pub(crate) fn delete(id: &str, change: Value) -> Value {
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

pub(crate) fn session(role: &str, session: &str) -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": format!("AROAEXAMPLE:{session}"),
        "arn": format!("arn:aws:sts::111122223333:assumed-role/{role}/{session}"),
        "accountId": "111122223333",
        "sessionContext": {"sessionIssuer": {"userName": role}},
    })
}

pub(crate) fn report(name: &str) -> Report {
    Library::shipped().unwrap().find(name).unwrap().clone()
}

pub(crate) fn gather(report: &Report, inputs: &[Value], scope: &Scope) -> Arc<Evidence> {
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

pub(crate) fn rows(report: &Report, evidence: &Arc<Evidence>, ask: &Ask) -> Vec<Value> {
    let frame = answer(report, evidence, ask).unwrap();
    let mut text = Vec::new();
    let jsonl = writer(Format::Jsonl, &Options::default());
    jsonl.write(&frame, &mut text).unwrap();
    let rows = serde_json::Deserializer::from_slice(&text).into_iter();
    rows.collect::<Result<_, _>>().unwrap()
}

pub(crate) fn deleted(records: &[Value]) -> (Vec<Value>, Counts) {
    let report = report("who-deleted");
    let evidence = gather(&report, &[json!({"Records": records})], &Scope::default());
    (
        rows(&report, &evidence, &Ask::default()),
        evidence.counts().clone(),
    )
}

pub(crate) fn column(rows: &[Value], name: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    rows.iter().map(|row| text(&row[name])).collect()
}

/// Reads of a recording; `changes` overwrite what a test is about.
pub(crate) fn listened(changes: &[Value]) -> Vec<Value> {
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
