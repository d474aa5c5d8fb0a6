//! Runs every shipped report on its small world in `fixtures/reports`: rows it
//! must find and rows it must not. A new case is a new file.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::Path;
use std::sync::Arc;

use earwitness_export::{Format, Options, writer};
use earwitness_parser::Reader;
use earwitness_query::{Ask, Batch, Evidence, Gathering, Library, Report, Scope, answer};
use serde_json::{Map, Value, json};

fn worlds() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/reports");
    let mut worlds: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect();
    worlds.sort_by(|a, b| a.0.cmp(&b.0));
    worlds
}

/// Lays each record over the world's base record.
fn records(world: &Value) -> Vec<Value> {
    let over = |record: &Value| {
        let mut whole = world["base"].clone();
        for (key, value) in record.as_object().unwrap() {
            whole[key] = value.clone();
        }
        whole
    };
    let records = world["records"].as_array().unwrap();
    records.iter().map(over).collect()
}

fn gather(report: &Report, world: &Value) -> Arc<Evidence> {
    let mut reader = Reader::new(report.interest(), 1 << 20);
    let mut gathering = Gathering::default();
    let scope = Scope::default();
    let mut inputs = vec![json!({"Records": records(world)})];
    inputs.extend(world["inputs"].as_array().cloned().unwrap_or_default());
    for (number, input) in inputs.iter().enumerate() {
        let origin = format!("input {number}");
        let bytes = input.to_string().into_bytes();
        gathering.absorb(Batch::read(&origin, &bytes, &mut reader, &scope.window));
    }
    let evidence = Arc::new(gathering.into_evidence(&scope));
    assert!(evidence.counts().reconcile(), "{}", evidence.counts());
    evidence
}

fn fits(row: &Map<String, Value>, wanted: &Value) -> bool {
    let wanted = wanted.as_object().unwrap();
    wanted.iter().all(|(column, value)| {
        let cell = row
            .get(column)
            .unwrap_or_else(|| panic!("there is no column {column}"));
        match (cell.as_f64(), value.as_f64()) {
            (Some(cell), Some(value)) => (cell - value).abs() < 1e-9,
            _ => cell == value,
        }
    })
}

#[test]
fn every_shipped_report_finds_what_it_must_and_nothing_that_it_must_not() {
    let library = Library::shipped().unwrap();
    let worlds = worlds();
    for report in library.reports() {
        let mine = worlds.iter().filter(|(name, _)| {
            name == &report.name || name.starts_with(&format!("{}.", report.name))
        });
        let mut cases = 0;
        for (name, world) in mine {
            cases += 1;
            let ask = Ask {
                contact_id: world["ask"]["contact_id"].as_str().map(str::to_owned),
                ..Ask::default()
            };
            let frame = answer(report, &gather(report, world), &ask).unwrap();
            let mut text = Vec::new();
            let jsonl = writer(Format::Jsonl, &Options::default());
            jsonl.write(&frame, &mut text).unwrap();
            let rows: Vec<Map<String, Value>> = serde_json::Deserializer::from_slice(&text)
                .into_iter()
                .collect::<Result<_, _>>()
                .unwrap();
            assert_eq!(
                rows.len() as u64,
                world["rows"].as_u64().unwrap(),
                "{name}: {rows:#?}"
            );
            let documented = report.columns.iter().map(|column| column.name.as_str());
            let columns = frame.get_column_names_owned();
            assert_eq!(columns, documented.collect::<Vec<_>>(), "{name}");

            let must_find = world["must_find"].as_array().unwrap();
            assert!(!must_find.is_empty(), "{name} finds nothing");
            for wanted in must_find {
                assert!(
                    rows.iter().any(|row| fits(row, wanted)),
                    "{name}: no row is {wanted} in {rows:#?}"
                );
            }
            let must_not_find = world["must_not_find"].as_array().unwrap();
            assert!(!must_not_find.is_empty(), "{name} leaves nothing out");
            for unwanted in must_not_find {
                assert!(
                    !rows.iter().any(|row| fits(row, unwanted)),
                    "{name}: a row is {unwanted}"
                );
            }
        }
        assert!(cases > 0, "{} has no world", report.name);
    }
}
