//! Runs every shipped report on its small world in `fixtures/reports`: rows it
//! must find and rows it must not. A new case is a new file.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/rows.rs"]
mod rows;
#[path = "support/worlds.rs"]
mod worlds;

use earwitness_query::{Ask, Library, answer};
use rows::{Row, rows};
use serde_json::Value;
use worlds::{gather, worlds};

fn fits(row: &Row, wanted: &Value) -> bool {
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
            let rows = rows(&frame);
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
