//! The contact centre's answers, as they were decided when it was made.

use serde_json::{Map, Value};

use crate::support::{json_lines, report, root};

fn expected(name: &str) -> Vec<Map<String, Value>> {
    let file = root().join(format!("fixtures/expected/contact-centre/{name}.jsonl"));
    json_lines(&std::fs::read_to_string(file).unwrap())
}

/// Compares the columns that the expected rows have.
fn compare(name: &str) {
    let expected = expected(name);
    assert!(expected.len() > 20);
    let rows = report(name, "fixtures/contact-centre", &["--output", "jsonl"])
        .exits(0)
        .rows();
    let key = |row: &Map<String, Value>| row.values().map(Value::to_string).collect::<Vec<_>>();
    let mut found: Vec<Map<String, Value>> = Vec::new();
    for row in &rows {
        let columns = expected[0].keys();
        found.push(
            columns
                .map(|column| (column.clone(), row[column].clone()))
                .collect(),
        );
    }
    let mut expected = expected;
    expected.sort_by_key(key);
    found.sort_by_key(key);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found, "{name}");
    }
    assert_eq!(expected.len(), found.len(), "{name}");
}

#[test]
fn who_deleted_is_answered_in_full() {
    compare("who-deleted");
}

#[test]
fn who_listened_is_answered_in_full() {
    compare("who-listened");
}
