//! Others read what is written: DuckDB reads the Parquet files, Python's own
//! `csv` module the CSV files and openpyxl the workbooks, and all find every
//! value in its type.
//!
//! None shares code with polars, with the `csv` crate or with what writes
//! workbooks. Where there is no Python 3 or no registry that has DuckDB and
//! openpyxl the tests say so and pass; with the environment variable `CI` set
//! they fail.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::path::Path;

use earwitness_export::{About, Format, Options, Roles, writer};
use earwitness_testkit::Python;
use polars::prelude::*;
use serde_json::json;
use tempfile::TempDir;

/// The values of each column, as JSON says them, for the reader to compare.
/// Times are microseconds since 1970.
type Expected = Vec<(&'static str, &'static str, Vec<serde_json::Value>)>;

/// Rows with everything that a report can hold, and what a log can try.
fn rows() -> (DataFrame, Expected) {
    let times = [
        Some(1_772_442_317_000_000i64),
        Some(1_772_442_317_250_000),
        None,
        Some(-1),
        Some(0),
        Some(253_402_300_799_999_999),
        Some(1_774_745_999_000_001),
        Some(1_772_442_317_000_000),
    ];
    let actors = [
        Some("ana"),
        Some("=cmd|' /C calc'!A0"),
        None,
        Some("\u{1b}[31mroot\u{1b}[0m"),
        Some("録音担当 김철수 🎧"),
        Some("－1＋1"),
        Some("\tTAB(1)"),
        Some("O'Brien, \"Ann\""),
    ];
    let keys = [
        Some("connect/call \"one\", two.wav"),
        Some("line one\r\nline two\n\"three\""),
        Some("+1-206-555-0100"),
        Some("\u{202e}gpj.exe\u{2066}\u{200b}"),
        None,
        Some("@SUM(A1)\u{9b}2J\u{2028}"),
        Some("\rcarriage"),
        Some("'already quoted; -1"),
    ];
    let requests = [
        Some(3i64),
        Some(-5),
        None,
        Some(i64::MAX),
        Some(i64::MIN),
        Some(1),
        Some(0),
        Some(7),
    ];
    let bytes = [
        Some(u64::MAX),
        Some(0),
        None,
        Some(44),
        Some(1),
        Some(2),
        Some(3),
        Some(1 << 53),
    ];
    let share = [
        Some(1.0),
        Some(0.1),
        None,
        Some(0.3333),
        Some(-2.5e-9),
        Some(1e300),
        Some(5e-324),
        Some(0.0),
    ];
    let redacted = [
        Some(true),
        Some(false),
        None,
        Some(true),
        Some(false),
        None,
        Some(true),
        Some(false),
    ];
    let accounts = [
        Some("001122334455"),
        Some("111122223333"),
        Some("000000000000"),
        None,
        Some("1e5"),
        Some("true"),
        Some("null"),
        Some("NaN"),
    ];
    let frame = df!(
        "event_time" => times,
        "actor" => actors,
        "key" => keys,
        "requests" => requests,
        "bytes" => bytes,
        "share" => share,
        "redacted" => redacted,
        "account_id" => accounts,
    );
    let expected = vec![
        ("event_time", "time", times.map(|v| json!(v)).to_vec()),
        ("actor", "text", actors.map(|v| json!(v)).to_vec()),
        ("key", "text", keys.map(|v| json!(v)).to_vec()),
        ("requests", "integer", requests.map(|v| json!(v)).to_vec()),
        ("bytes", "unsigned", bytes.map(|v| json!(v)).to_vec()),
        ("share", "float", share.map(|v| json!(v)).to_vec()),
        ("redacted", "flag", redacted.map(|v| json!(v)).to_vec()),
        ("account_id", "text", accounts.map(|v| json!(v)).to_vec()),
    ];
    (with_times(frame.unwrap()), expected)
}

/// More rows than one row group holds: readers skip groups by their statistics.
fn many_rows() -> DataFrame {
    let count = 300_000i64;
    let frame = df!(
        "event_time" => (0..count).map(|n| n * 1_000_000).collect::<Vec<_>>(),
        "text" => (0..count).map(|n| format!("key-{n:06}")).collect::<Vec<_>>(),
    );
    with_times(frame.unwrap())
}

fn with_times(mut rows: DataFrame) -> DataFrame {
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let times = rows.column("event_time").unwrap().cast(&utc).unwrap();
    rows.with_column(times).unwrap();
    rows
}

fn write(rows: &DataFrame, format: Format, options: &Options, path: &Path) {
    let mut file = fs::File::create(path).unwrap();
    writer(format, options).write(rows, &mut file).unwrap();
}

/// Writes `rows` and has them read back, unless there is no reader.
fn check(name: &str, rows: &DataFrame, expected: &Expected, format: Format, options: &Options) {
    if let Some(python) = python_for(format, name)
        && let Err(found) = read_back(python, name, rows, expected, format, options)
    {
        panic!("{found}");
    }
}

fn python(check: &str) -> Option<&'static Python> {
    Python::with_duckdb(Path::new(env!("CARGO_TARGET_TMPDIR")), check)
}

fn python_for(format: Format, check: &str) -> Option<&'static Python> {
    match format {
        Format::Xlsx => Python::with_openpyxl(Path::new(env!("CARGO_TARGET_TMPDIR")), check),
        _ => python(check),
    }
}

/// Writes `rows` and runs one check of the script on the file; the error is
/// what the script found.
fn read_back(
    python: &Python,
    name: &str,
    rows: &DataFrame,
    expected: &Expected,
    format: Format,
    options: &Options,
) -> Result<(), String> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("rows");
    write(rows, format, options, &file);
    let columns: Vec<_> = expected
        .iter()
        .map(|(name, kind, values)| json!({"name": name, "kind": kind, "values": values}))
        .collect();
    let columns_file = folder.path().join("columns.json");
    fs::write(&columns_file, serde_json::to_vec(&columns).unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/independent_readers.py");
    python.run(&script, &[Path::new(name), &file, &columns_file])
}

#[test]
fn duckdb_reads_parquet() {
    let (rows, expected) = rows();
    let options = Options::default();
    check("parquet", &rows, &expected, Format::Parquet, &options);
}

#[test]
fn duckdb_skips_row_groups_by_their_statistics() {
    let none = Expected::new();
    let options = Options::default();
    check("row-groups", &many_rows(), &none, Format::Parquet, &options);
}

#[test]
fn python_reads_csv_with_formulas_disarmed() {
    let (rows, expected) = rows();
    let options = Options::default();
    check("csv", &rows, &expected, Format::Csv, &options);
}

#[test]
fn python_reads_raw_csv() {
    let (rows, expected) = rows();
    let options = Options {
        csv_raw: true,
        ..Options::default()
    };
    check("csv-raw", &rows, &expected, Format::Csv, &options);
}

fn workbook_options() -> Options {
    Options {
        about: About {
            title: "=1+1".to_owned(),
            question: "Who?".to_owned(),
            window: "always".to_owned(),
            nothing: "Nothing.".to_owned(),
            settings: vec![("--user".to_owned(), "=HYPERLINK(\"x\")".to_owned())],
            coverage: Some("covered".to_owned()),
            basis: vec!["records read 8".to_owned(), "@SUM(A1)".to_owned()],
            columns: vec![("actor".to_owned(), "Who did it.".to_owned())],
            roles: Roles {
                time: Some("event_time".to_owned()),
                person: Some("actor".to_owned()),
                ..Roles::default()
            },
            ..About::default()
        },
        ..Options::default()
    }
}

#[test]
fn openpyxl_reads_workbooks() {
    let (rows, expected) = rows();
    let options = workbook_options();
    check("xlsx", &rows, &expected, Format::Xlsx, &options);
}

#[test]
fn a_workbook_goes_on_past_the_last_row_of_a_sheet() {
    let count = 1_048_575 + 5i64;
    let rows = df!("n" => (0..count).collect::<Vec<_>>()).unwrap();
    let none = Expected::new();
    let options = Options::default();
    check("xlsx-sheets", &rows, &none, Format::Xlsx, &options);
}

#[test]
fn a_wrong_value_in_any_column_is_found() {
    let (rows, expected) = rows();
    let options = workbook_options();
    for column in 0..expected.len() {
        let mut wrong = expected.clone();
        wrong[column].2.swap(1, 2);
        for (name, format) in [
            ("parquet", Format::Parquet),
            ("csv", Format::Csv),
            ("xlsx", Format::Xlsx),
        ] {
            let Some(python) = python_for(format, "a wrong value") else {
                continue;
            };
            let found = read_back(python, name, &rows, &wrong, format, &options).unwrap_err();
            assert!(found.contains(expected[column].0), "{name}: {found}");
        }
    }
}
