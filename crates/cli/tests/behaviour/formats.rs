//! Every format says the same.

use serde_json::{Map, Value};

use crate::support::report;

fn rows(name: &str, format: &str) -> String {
    let run = report(
        name,
        "fixtures/contact-centre",
        &["--output", format, "--csv-raw"],
    );
    run.exits(0).text().to_owned()
}

/// Tells whether a CSV cell says what a JSON value says; 1 is 1.0.
fn same(value: &Value, cell: &str) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::String(text) => text == cell,
        Value::Number(number) => number.as_f64() == cell.parse().ok(),
        Value::Bool(flag) => cell.parse() == Ok(*flag),
        Value::Array(_) | Value::Object(_) => false,
    }
}

#[test]
fn csv_json_and_jsonl_agree_cell_by_cell() {
    for name in ["who-deleted", "who-listened"] {
        let json: Vec<Map<String, Value>> = serde_json::from_str(&rows(name, "json")).unwrap();
        let jsonl = crate::support::json_lines(&rows(name, "jsonl"));
        assert!(json.len() > 20, "{name}");
        assert_eq!(json, jsonl, "{name}");

        let text = rows(name, "csv");
        let mut csv = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = csv.headers().unwrap().iter().map(str::to_owned).collect();
        let mut lines = 0;
        for (row, line) in json.iter().zip(csv.records()) {
            let line = line.unwrap();
            assert_eq!(row.len(), names.len(), "{name}");
            for (column, cell) in names.iter().zip(&line) {
                let value = &row[column];
                assert!(same(value, cell), "{name} {column}: {value} {cell}");
            }
            lines += 1;
        }
        assert_eq!(lines, json.len(), "{name}");
    }
}

#[test]
fn every_column_is_documented_in_order() {
    for name in ["who-deleted", "who-listened"] {
        let csv = rows(name, "csv");
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        let documented = crate::support::run(&["reports", name, "--columns"]).exits(0);
        let documented = documented.text().lines();
        let documented: Vec<&str> = documented
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(header, documented, "{name}");
    }
}

#[test]
fn a_table_shows_as_many_rows_as_the_others() {
    for name in ["who-deleted", "who-listened"] {
        let table = rows(name, "table");
        let shown = table
            .lines()
            .filter(|line| line.starts_with("│ 2026-"))
            .count();
        assert_eq!(shown, rows(name, "jsonl").lines().count(), "{name}");
    }
}

#[test]
fn parquet_is_parquet() {
    let folder = crate::support::scratch();
    let file = folder.path().join("deletes.parquet");
    let file_name = file.to_str().unwrap();
    report(
        "who-deleted",
        "fixtures/contact-centre",
        &["--out-file", file_name],
    )
    .exits(0);
    let bytes = std::fs::read(file).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
}
