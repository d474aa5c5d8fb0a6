//! Compares reports on the synthetic contact centre with the answers that its
//! generator decided on, never with what the program once said.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/rows.rs"]
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use earwitness_query::{Ask, Library, Scope, Window, answer};
use folder::gather;
use rows::{Row, read_rows, rows};
use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// Compares values; a share at a tie may round to either side.
fn same(actual: &Value, expected: &Value) -> bool {
    match (actual.as_f64(), expected.as_f64()) {
        (Some(actual), Some(expected)) => (actual - expected).abs() < 1.5e-4,
        _ => actual == expected,
    }
}

/// Compares row by row, in the columns that the expected rows have.
fn assert_rows(actual: &[Row], expected: &[Row]) {
    assert!(!expected.is_empty());
    let id = |row: &Row| {
        let id = row.get("event_id").or(row.get("first_event_id"));
        id.map(Value::to_string).unwrap_or_default()
    };
    let by_id: BTreeMap<String, &Row> = actual.iter().map(|row| (id(row), row)).collect();
    assert_eq!(by_id.len(), actual.len(), "two rows have one id");
    let mut wrong = Vec::new();
    for row in expected {
        let Some(actual) = by_id.get(&id(row)) else {
            wrong.push(format!("missing {row:?}"));
            continue;
        };
        for (column, value) in row {
            if !actual.get(column).is_some_and(|actual| same(actual, value)) {
                wrong.push(format!(
                    "{}: {column} is {:?} and should be {value}",
                    id(row),
                    actual.get(column)
                ));
            }
        }
    }
    for row in actual {
        if !expected.iter().any(|wanted| id(wanted) == id(row)) {
            wrong.push(format!("superfluous {row:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let order = |rows: &[Row]| rows.iter().map(id).collect::<Vec<_>>();
    assert_eq!(order(actual).len(), order(expected).len());
}

fn assert_report(name: &str) {
    let library = Library::shipped().unwrap();
    let report = library.find(name).unwrap();
    let evidence = gather(
        report,
        &fixtures().join("contact-centre"),
        &Scope::default(),
    );
    assert!(evidence.counts().reconcile(), "{}", evidence.counts());
    let expected = fixtures().join(format!("expected/contact-centre/{name}.jsonl"));
    let expected = read_rows(&std::fs::read(expected).unwrap());
    let frame = answer(report, &evidence, &Ask::default()).unwrap();
    assert_rows(&rows(&frame), &expected);
    let columns = frame.get_column_names_owned();
    let documented: Vec<&String> = report.columns.iter().map(|column| &column.name).collect();
    assert_eq!(columns, documented);
}

#[test]
fn who_deleted_answers_as_decided() {
    assert_report("who-deleted");
}

#[test]
fn who_listened_answers_as_decided() {
    assert_report("who-listened");
}

#[test]
fn a_window_is_half_open_and_counts_what_it_leaves_out() {
    let library = Library::shipped().unwrap();
    let report = library.find("who-deleted").unwrap();
    let folder = fixtures().join("contact-centre");
    let evidence = gather(report, &folder, &Scope::default());
    let all = rows(&answer(report, &evidence, &Ask::default()).unwrap());
    let times: Vec<i64> = all
        .iter()
        .map(|row| {
            let text = row["event_time"].as_str().unwrap();
            earwitness_parser::Timestamp::parse(text).unwrap().0
        })
        .collect();
    let (first, last) = (times[3], times[times.len() - 3]);
    let scope = Scope {
        window: Window {
            since: Some(first),
            until: Some(last),
        },
        ..Scope::default()
    };
    let evidence = gather(report, &folder, &scope);
    assert!(evidence.counts().reconcile());
    let inside = rows(&answer(report, &evidence, &Ask::default()).unwrap());
    let expected = times
        .iter()
        .filter(|time| (first..last).contains(*time))
        .count();
    assert_eq!(inside.len(), expected);
}
