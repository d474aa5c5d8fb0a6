//! Compares reports on the synthetic contact centre with the answers that its
//! generator decided on, never with what the program once said.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use earwitness_export::{Format, Options, writer};
use earwitness_parser::Reader;
use earwitness_query::{Ask, Batch, Evidence, Gathering, Library, Report, Scope, Window, answer};
use serde_json::{Map, Value};

type Row = Map<String, Value>;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn gather(report: &Report, folder: &Path, scope: &Scope) -> Arc<Evidence> {
    let mut reader = Reader::new(report.interest(), 1 << 30);
    let mut gathering = Gathering::default();
    for file in files(folder) {
        let origin = file.strip_prefix(folder).unwrap().to_str().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        gathering.absorb(Batch::read(origin, &bytes, &mut reader, &scope.window));
    }
    Arc::new(gathering.into_evidence(scope))
}

fn rows(report: &Report, evidence: &Arc<Evidence>, ask: &Ask) -> Vec<Row> {
    let frame = answer(report, evidence, ask).unwrap();
    let mut text = Vec::new();
    writer(Format::Jsonl, &Options::default())
        .write(&frame, &mut text)
        .unwrap();
    read_rows(&text)
}

fn read_rows(text: &[u8]) -> Vec<Row> {
    serde_json::Deserializer::from_slice(text)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap()
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
    let actual = rows(report, &evidence, &Ask::default());
    assert_rows(&actual, &expected);
    let columns = answer(report, &evidence, &Ask::default()).unwrap();
    let columns = columns.get_column_names_owned();
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
    let all = rows(
        report,
        &gather(report, &folder, &Scope::default()),
        &Ask::default(),
    );
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
        all_objects: false,
    };
    let evidence = gather(report, &folder, &scope);
    assert!(evidence.counts().reconcile());
    let inside = rows(report, &evidence, &Ask::default());
    let expected = times
        .iter()
        .filter(|time| (first..last).contains(*time))
        .count();
    assert_eq!(inside.len(), expected);
}
