//! A cluster answers as earwitness does: `earwitness lake tables` writes the
//! tables, `earwitness lake ddl` defines them, and `earwitness lake sql` asks a
//! Sail cluster of two workers, which speaks Spark SQL; `earwitness report`
//! answers from the logs themselves. All rows are compared, in order.
//!
//! Every report is asked of every small world in `fixtures/reports`, and of the
//! synthetic contact centre whole, in a window and in a zone. What is printed
//! for Trino and Athena, which cannot be run here, is at least read by a parser
//! that knows them.
//!
//! Where there is no Python 3 or no registry that has Sail the tests say so and
//! pass; with the environment variable `CI` set they fail.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[expect(
    dead_code,
    reason = "other tests gather the worlds; here they are files"
)]
#[path = "../../query/tests/support/worlds.rs"]
mod worlds;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use earwitness_testkit::Python;
use serde_json::{Value, json};
use tempfile::TempDir;

const EARWITNESS: &str = env!("CARGO_BIN_EXE_earwitness");

fn earwitness(arguments: &[&str]) -> String {
    let output = Command::new(EARWITNESS).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    // 3: some worlds hold what cannot be read.
    let done = matches!(output.status.code(), Some(0 | 3));
    assert!(done, "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// Logs with the tables that are made of them, and how they are asked.
struct Cases {
    home: PathBuf,
    cases: Vec<Value>,
}

impl Cases {
    fn new(home: &TempDir) -> Cases {
        Cases {
            home: home.path().to_owned(),
            cases: Vec::new(),
        }
    }

    /// Takes logs into a lake, and makes the tables from it.
    fn add(&mut self, name: &str, logs: &Path, more: Value) {
        let home = self.home.join(name.replace(['.', '-'], "_"));
        let (lake, tables) = (home.join("lake"), home.join("tables"));
        if !tables.exists() {
            let lake = lake.to_str().unwrap();
            earwitness(&["ingest", logs.to_str().unwrap(), "--lake", lake, "--quiet"]);
            let out = tables.to_str().unwrap();
            earwitness(&["lake", "tables", "--lake", lake, "--out", out, "--quiet"]);
        }
        self.push(logs, &tables, more);
    }

    fn push(&mut self, logs: &Path, tables: &Path, more: Value) {
        let mut case = json!({
            "logs": logs,
            "tables": tables,
            "database": format!("case_{}", self.cases.len()),
        });
        let more = more.as_object().unwrap().clone();
        case.as_object_mut().unwrap().extend(more);
        self.cases.push(case);
    }

    /// Makes the tables from the logs themselves, a day in each run.
    fn add_by_day(&mut self, name: &str, logs: &Path, days: &[&str]) {
        let tables = self.home.join(format!("{name} by day"));
        let out = tables.to_str().unwrap();
        for bounds in days.windows(2) {
            let [since, until] = bounds else { continue };
            let logs = logs.to_str().unwrap();
            let window = ["--since", since, "--until", until, "--force", "--quiet"];
            earwitness(&[&["lake", "tables", logs, "--out", out], &window[..]].concat());
        }
        self.push(logs, &tables, json!({}));
    }

    /// Asks a cluster everything, and returns what the script printed.
    fn ask(self, python: &Python) -> Output {
        let file = self.home.join("cases.json");
        fs::write(&file, Value::from(self.cases).to_string()).unwrap();
        let mut command = python.command(&script("spark_engine.py"));
        command.args(["--earwitness", EARWITNESS, "--cases"]);
        command.arg(file).output().unwrap()
    }

    /// Writes a world's inputs into a folder of their own.
    fn add_world(&mut self, name: &str, world: &Value) {
        let logs = self.home.join(name).join("logs");
        for (origin, content) in worlds::inputs(world) {
            let file = logs.join(origin);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, content).unwrap();
        }
        let zone = world["timezone"].as_str();
        let more = zone.map_or_else(|| json!({}), |zone| json!({ "timezone": zone }));
        self.add(name, &logs, more);
    }
}

fn python(check: &str) -> Option<&'static Python> {
    Python::with_spark(Path::new(env!("CARGO_TARGET_TMPDIR")), check)
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

#[test]
fn a_cluster_answers_every_shipped_report_alike() {
    let Some(python) = python("the SQL for Spark") else {
        return;
    };
    let home = TempDir::new().unwrap();
    let mut cases = Cases::new(&home);
    for (name, world) in worlds::worlds() {
        cases.add_world(&name, &world);
    }
    let centre = earwitness_testkit::folder("contact-centre");
    for more in [
        json!({}),
        json!({"since": "2026-03-01T20:00:00Z", "until": "2026-03-03"}),
        json!({"timezone": "Asia/Kathmandu"}),
    ] {
        cases.add("contact-centre", &centre, more);
    }
    let days = [
        "2026-02-28",
        "2026-03-01",
        "2026-03-02",
        "2026-03-03",
        "2026-03-04",
    ];
    cases.add_by_day("contact-centre", &centre, &days);
    // Its contact records tell of more than one day, in a table that is one file.
    let monitoring = home.path().join("live-monitoring/logs");
    cases.add_by_day("live-monitoring", &monitoring, &days);
    let output = cases.ask(python);
    let said = String::from_utf8_lossy(&output.stdout);
    let summary: Value = serde_json::from_str(&said)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(summary["differences"], json!([]));
    assert!(summary["workers"].as_u64().unwrap() >= 2, "{said}");
    assert!(summary["exchanges"].as_u64().unwrap() >= 2, "{said}");
    assert!(summary["asked"].as_u64().unwrap() > 300, "{said}");
    let rows = summary["rows"].as_object().unwrap();
    assert!(!rows.is_empty());
    assert!(
        rows.values().all(|rows| rows.as_u64().unwrap() > 1),
        "{said}"
    );
}

/// The check finds what it is there for.
#[test]
fn a_cluster_with_other_tables_is_found_to_differ() {
    let Some(python) = python("the comparison with a cluster") else {
        return;
    };
    let home = TempDir::new().unwrap();
    let mut cases = Cases::new(&home);
    let centre = earwitness_testkit::folder("contact-centre");
    cases.add("contact-centre", &centre, json!({}));
    let tables = Path::new(cases.cases[0]["tables"].as_str().unwrap());
    fs::remove_dir_all(tables.join("accesses/date=2026-03-02")).unwrap();
    let output = cases.ask(python);
    assert_eq!(output.status.code(), Some(1));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!summary["differences"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_printed_for_trino_and_athena_is_sql() {
    let Some(python) = python("the SQL for Trino and Athena") else {
        return;
    };
    let home = TempDir::new().unwrap();
    let mut written = 0;
    let mut write = |dialect: &str, name: &str, text: &str| {
        let file = home.path().join(format!("{name}.{dialect}.sql"));
        fs::write(file, text).unwrap();
        written += 1;
    };
    let listed = earwitness(&["reports"]);
    let reports = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    let reports: Vec<&str> = reports.collect();
    assert!(reports.len() > 10);
    for dialect in ["trino", "athena"] {
        let location = ["--location", "s3://amazon-connect-example/tables"];
        let ddl = earwitness(&[
            "lake",
            "ddl",
            "--dialect",
            dialect,
            location[0],
            location[1],
        ]);
        assert!(ddl.contains("projection"));
        write(dialect, "ddl", &ddl);
        for report in &reports {
            let contact = "12345678-90ab-cdef-1234-567890abcdef";
            let sql = earwitness(
                &[
                    "lake",
                    "sql",
                    report,
                    "--dialect",
                    dialect,
                    "--since",
                    "2026-03-01",
                    "--timezone",
                    "Europe/Berlin",
                ]
                .iter()
                .copied()
                .chain(
                    (*report == "contact-timeline")
                        .then_some(["--contact-id", contact])
                        .into_iter()
                        .flatten(),
                )
                .collect::<Vec<_>>(),
            );
            write(dialect, report, &sql);
        }
    }
    let output = python
        .command(&script("other_dialects.py"))
        .arg(home.path())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let read = String::from_utf8_lossy(&output.stdout);
    assert_eq!(read.trim(), format!("{written} files"), "{error}");
}
