//! A lake answers as its inputs do: every shipped report on every small world,
//! on the contact centre and on every shape that a log arrives in, in any window.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/lakes.rs"]
mod lakes;
#[path = "../../query/tests/support/worlds.rs"]
#[expect(dead_code, reason = "worlds are gathered here in another way")]
mod worlds;

use std::path::Path;

use earwitness_query::{DataFrame, Scope, Table, Window};
use earwitness_testkit::{files, folder};
use lakes::{
    Input, assert_answers_alike, assert_same, everything_of, gather, gather_raw, rows_of, take_in,
};
use polars::prelude::SortMultipleOptions;
use tempfile::TempDir;

/// Returns the files below a folder.
fn inputs_of(folder: &Path) -> Vec<Input> {
    let files = files(folder).unwrap().into_iter();
    let inputs: Vec<Input> = files
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().to_str().unwrap();
            (name.to_owned(), std::fs::read(&file).unwrap())
        })
        .collect();
    assert!(!inputs.is_empty());
    inputs
}

#[test]
fn every_world_is_answered_alike() {
    let mut rows = 0;
    for (name, world) in worlds::worlds() {
        let inputs = worlds::inputs(&world).into_iter();
        let inputs: Vec<Input> = inputs
            .map(|(name, content)| (name, content.into_bytes()))
            .collect();
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        println!("{name}");
        rows += assert_answers_alike(lake.path(), &inputs, &worlds::scope(&world));
    }
    assert!(rows > 100, "{rows}");
}

#[test]
fn every_shape_of_a_log_is_answered_alike() {
    for name in [
        "contact-centre",
        "wrappers",
        "versions",
        "malformed",
        "s3-reports",
    ] {
        let inputs = inputs_of(&folder(name));
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        println!("{name}");
        assert_answers_alike(lake.path(), &inputs, &Scope::default());
    }
}

/// What lies outside the window matters too: how large an object was when it was
/// made, what a bucket is known to hold, who sent the batch that a key is from.
#[test]
fn every_window_is_answered_alike() {
    let inputs = inputs_of(&folder("contact-centre"));
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let everything = earwitness_parser::Interest::everything();
    let all = gather_raw(&inputs, &everything, &Scope::default());
    let (first, last) = all.seen().unwrap();
    let step = (last - first) / 7;
    let mut rows = 0;
    for part in 0..7 {
        let since = first + part * step;
        for until in [Some(since + step), Some(since + 1), None] {
            let scope = Scope {
                window: Window {
                    since: Some(since),
                    until,
                },
                all_objects: part % 2 == 0,
                ..Scope::default()
            };
            rows += assert_answers_alike(lake.path(), &inputs, &scope);
        }
    }
    assert!(rows > 100, "{rows}");
}

/// No column of a table is lost on the way, whether a report asks for it or not.
#[test]
fn every_table_is_alike() {
    let mut rows = 0;
    for name in ["contact-centre", "s3-reports"] {
        let inputs = inputs_of(&folder(name));
        let lake = TempDir::new().unwrap();
        take_in(lake.path(), &inputs).unwrap();
        let library = earwitness_query::Library::shipped().unwrap();
        let mut events: Vec<String> = library
            .reports()
            .flat_map(|report| report.events.clone())
            .collect();
        events.sort();
        events.dedup();
        for table in Table::ALL {
            let report = everything_of(table, &events);
            let interest = report.interest();
            let scope = Scope::default();
            let raw = rows_of(&report, gather_raw(&inputs, &interest, &scope));
            let kept = rows_of(&report, gather(lake.path(), &interest, &scope).unwrap());
            // Only a report puts rows in an order that means something.
            let sorted = |frame: &DataFrame| {
                let columns = frame.get_column_names_owned().into_iter();
                let columns = columns.filter(|name| !name.ends_with("_ref"));
                let columns: Vec<_> = columns.collect();
                frame.sort(columns, SortMultipleOptions::default()).unwrap()
            };
            assert_same(table.name(), &sorted(&kept), &sorted(&raw));
            rows += raw.height();
        }
    }
    assert!(rows > 100, "{rows}");
}
