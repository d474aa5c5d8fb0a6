//! The shipped SQL is portable: DuckDB, which shares no code with polars, gives
//! the same answer over the same tables in Parquet, row by row in order.
//!
//! Every report is asked of every small world in `fixtures/reports`, its own and
//! the others', and of the synthetic contact centre. Where there is no Python 3
//! or no registry that has DuckDB the test says so and passes; with the
//! environment variable `CI` set it fails.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/rows.rs"]
mod rows;
#[path = "support/worlds.rs"]
mod worlds;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use earwitness_export::{Format, Options, writer};
use earwitness_query::{
    Ask, DataFrame, Evidence, Library, ParameterValue, Report, Scope, Table, answer,
};
use earwitness_testkit::Python;
use polars::prelude::Column;
use rows::{Row, rows};
use serde_json::Value;
use tempfile::TempDir;

/// What one engine answers.
#[derive(Debug, Clone)]
struct Answer {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Answer {
    fn of_earwitness(frame: &DataFrame) -> Answer {
        let columns: Vec<String> = frame
            .get_column_names()
            .iter()
            .map(|name| name.to_string())
            .collect();
        let cells = |row: &Row| columns.iter().map(|column| row[column].clone()).collect();
        let rows = rows(frame).iter().map(cells).collect();
        Answer { columns, rows }
    }

    /// Reads what the script wrote; an error where DuckDB refused the query.
    fn of_duckdb(answer: &Value) -> Result<Answer, String> {
        if let Some(error) = answer["error"].as_str() {
            return Err(error.to_owned());
        }
        Ok(Answer {
            columns: serde_json::from_value(answer["columns"].clone()).unwrap(),
            rows: serde_json::from_value(answer["rows"].clone()).unwrap(),
        })
    }

    /// Says the first thing in which `other` is not the same.
    fn difference(&self, other: &Answer) -> Option<String> {
        if self.columns != other.columns {
            return Some(format!(
                "columns: {:?}, and {:?}",
                self.columns, other.columns
            ));
        }
        for (place, (mine, theirs)) in self.rows.iter().zip(&other.rows).enumerate() {
            for ((column, mine), theirs) in self.columns.iter().zip(mine).zip(theirs) {
                if !same(column, mine, theirs) {
                    return Some(format!("row {place}, {column}: {mine}, and {theirs}"));
                }
            }
        }
        let (mine, theirs) = (self.rows.len(), other.rows.len());
        (mine != theirs).then(|| format!("rows: {mine}, and {theirs}"))
    }
}

/// Compares values; whole numbers exactly, and a share at a tie may round to
/// either side.
fn same(column: &str, mine: &Value, theirs: &Value) -> bool {
    if mine == theirs {
        return true;
    }
    let whole = |value: &Value| value.is_i64() || value.is_u64();
    match (mine.as_f64(), theirs.as_f64()) {
        (Some(mine), Some(theirs)) if column == "share" => (mine - theirs).abs() < 1.5e-4,
        (Some(float), Some(other)) if !(whole(mine) && whole(theirs)) => {
            (float - other).abs() <= 1e-9 * float.abs().max(1.0)
        }
        _ => false,
    }
}

/// One report asked of one world, with our answer.
struct Case {
    name: String,
    answer: Answer,
}

impl Case {
    /// Answers the report, and writes what DuckDB needs to answer it into a
    /// folder of its own below `home`.
    fn prepare(home: &Path, report: &Report, world: &str, evidence: &Arc<Evidence>) -> Case {
        let name = format!("{} of {world}", report.name);
        let folder = home.join(&name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("query.sql"), report.query()).unwrap();
        for table in Table::ALL {
            write(&folder, table.name(), &table.rows(evidence).unwrap());
        }
        if let Some(parameters) = parameters(report) {
            write(&folder, "parameters", &parameters);
        }
        let frame = answer(report, evidence, &Ask::default()).unwrap();
        let answer = Answer::of_earwitness(&frame);
        Case { name, answer }
    }

    /// Says in what DuckDB's answers are not ours.
    fn differences(&self, home: &Path) -> Vec<String> {
        let text = fs::read(home.join(&self.name).join("answers.json")).unwrap();
        let answers: Value = serde_json::from_slice(&text).unwrap();
        let answers = answers.as_object().unwrap();
        assert!(!answers.is_empty());
        let difference = |(way, theirs): (&String, &Value)| {
            let difference = match Answer::of_duckdb(theirs) {
                Ok(theirs) => self.answer.difference(&theirs)?,
                Err(error) => error,
            };
            Some(format!("{}, {way}: {difference}", self.name))
        };
        answers.iter().filter_map(difference).collect()
    }
}

fn write(folder: &Path, table: &str, rows: &DataFrame) {
    let mut file = fs::File::create(folder.join(table).with_extension("parquet")).unwrap();
    let parquet = writer(Format::Parquet, &Options::default());
    parquet.write(rows, &mut file).unwrap();
}

/// Makes the table of the report's parameters, of which some reports have none.
fn parameters(report: &Report) -> Option<DataFrame> {
    let column = |parameter: &earwitness_query::Parameter| {
        let name = parameter.name.as_str().into();
        match &parameter.default {
            ParameterValue::Integer(value) => Column::new(name, [*value]),
            ParameterValue::Text(value) => Column::new(name, [value.as_str()]),
        }
    };
    let columns: Vec<Column> = report.parameters.iter().map(column).collect();
    (!columns.is_empty()).then(|| DataFrame::new(1, columns).unwrap())
}

/// Prepares a report's cases: all worlds there are.
fn prepare_all(home: &Path, report: &Report) -> Vec<Case> {
    let centre = earwitness_testkit::folder("contact-centre");
    let evidence = folder::gather(report, &centre, &Scope::default());
    let mut cases = vec![Case::prepare(home, report, "contact-centre", &evidence)];
    for (world, content) in worlds::worlds() {
        let evidence = worlds::gather(report, &content);
        cases.push(Case::prepare(home, report, &world, &evidence));
    }
    assert!(
        cases.iter().any(|case| case.answer.rows.len() > 1),
        "{}: no order is checked",
        report.name
    );
    cases
}

/// Lets DuckDB answer all cases below `home`.
fn ask_duckdb(python: &Python, home: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_engine.py");
    python.run(&script, &[home]).unwrap();
}

fn python(check: &str) -> Option<&'static Python> {
    Python::with_duckdb(Path::new(env!("CARGO_TARGET_TMPDIR")), check)
}

#[test]
fn duckdb_answers_every_shipped_report_alike() {
    let Some(python) = python("the shipped SQL") else {
        return;
    };
    let home = TempDir::new().unwrap();
    let home = home.path();
    let library = Library::shipped().unwrap();
    let cases: Vec<Case> = thread::scope(|scope| {
        let prepare = |report| scope.spawn(move || prepare_all(home, report));
        let threads: Vec<_> = library.reports().map(prepare).collect();
        let cases = threads.into_iter().map(|thread| thread.join().unwrap());
        cases.flatten().collect()
    });
    assert!(!cases.is_empty());
    ask_duckdb(python, home);
    let differences: Vec<String> = cases
        .iter()
        .flat_map(|case| case.differences(home))
        .collect();
    assert!(
        differences.is_empty(),
        "earwitness, and DuckDB:\n{}",
        differences.join("\n")
    );
}

/// The check finds what it is there for.
#[test]
fn sql_that_engines_answer_differently_is_found() {
    let Some(python) = python("SQL that is not portable") else {
        return;
    };
    let home = TempDir::new().unwrap();
    let home = home.path();
    let centre = earwitness_testkit::folder("contact-centre");
    let prepare = |name: &str, query: &str| {
        let text = format!("-- title: T\n-- events: DeleteObject, GetObject\n\n{query}\n");
        let report = Report::parse(name, &text).unwrap();
        let evidence = folder::gather(&report, &centre, &Scope::default());
        Case::prepare(home, &report, "contact-centre", &evidence)
    };
    let mut cases = [
        ("ties", "SELECT event_id FROM accesses ORDER BY bucket"),
        (
            "nulls anywhere",
            "SELECT access_id FROM accesses ORDER BY version_id, access_id",
        ),
        (
            "ties in a window",
            "SELECT ROW_NUMBER() OVER (ORDER BY bucket) AS place FROM accesses ORDER BY access_id",
        ),
        ("names", "SELECT COUNT(*) FROM accesses"),
        (
            "a row less",
            "SELECT access_id FROM accesses ORDER BY access_id",
        ),
        (
            "a wrong value",
            "SELECT access_id FROM accesses ORDER BY access_id",
        ),
        (
            "rounding",
            "SELECT ROUND(CAST(access_id AS DOUBLE) / 8, 2) AS x FROM accesses ORDER BY access_id",
        ),
    ]
    .map(|(name, query)| prepare(name, query));
    cases[4].answer.rows.pop();
    cases[5].answer.rows[7][0] = Value::Null;
    let portable = prepare(
        "portable",
        "SELECT access_id FROM accesses ORDER BY access_id",
    );
    ask_duckdb(python, home);
    for case in &cases {
        assert!(!case.differences(home).is_empty(), "{}", case.name);
    }
    assert_eq!(portable.differences(home), Vec::<String>::new());
}
