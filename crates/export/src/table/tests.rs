use polars::prelude::df;

use super::*;
use crate::sample::{hostile_rows, written};
use crate::{Format, Options};

fn table(rows: &DataFrame, width: Option<u16>, max_table_rows: Option<usize>) -> String {
    let options = Options {
        width,
        max_table_rows,
        ..Options::default()
    };
    String::from_utf8(written(Format::Table, &options, rows)).unwrap()
}

#[test]
fn hostile_rows_stand_in_columns() {
    let text = table(&hostile_rows(), None, None);
    insta::assert_snapshot!(text);
    let widths: Vec<_> = text.lines().map(|line| line.width()).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
}

#[test]
fn a_narrow_terminal_gets_records() {
    insta::assert_snapshot!(table(&hostile_rows(), Some(80), None));
}

#[test]
fn the_width_decides_to_the_column() {
    let rows = df!("a" => ["four"], "n" => [1i64]).unwrap();
    let natural = table(&rows, None, None);
    let width = natural.lines().next().unwrap().width() as u16;
    assert_eq!(table(&rows, Some(width), None), natural);
    assert!(table(&rows, Some(width - 1), None).starts_with("-[ 1 ]--"));
}

#[test]
fn rows_past_the_limit_are_counted() {
    let rows = df!("n" => (0..1_236i64).collect::<Vec<_>>()).unwrap();
    insta::assert_snapshot!(table(&rows, None, Some(2)), @r"
    ┌───┐
    │ n │
    ╞═══╡
    │ 0 │
    │ 1 │
    └───┘
    … 1,234 more rows; --output csv shows all
    ");
    let one_more = table(&rows.head(Some(3)), None, Some(2));
    assert!(one_more.ends_with("\n… 1 more row; --output csv shows all\n"));
    let all = table(&rows.head(Some(2)), None, Some(2));
    assert!(!all.contains('…'));
}

#[test]
fn no_rows_show_the_header() {
    let rows = df!("actor" => ["ana"], "requests" => [1i64]).unwrap();
    insta::assert_snapshot!(table(&rows.clear(), Some(80), None), @r"
    ┌───────┬──────────┐
    │ actor ┆ requests │
    ╞═══════╪══════════╡
    └───────┴──────────┘
    (no rows)
    ");
    insta::assert_snapshot!(table(&rows.clear(), Some(10), None), @r"
    actor | requests
    (no rows)
    ");
}

#[test]
fn numbers_are_grouped() {
    assert_eq!(grouped(1), "1");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(1_000), "1,000");
    assert_eq!(grouped(1_234_567), "1,234,567");
}
