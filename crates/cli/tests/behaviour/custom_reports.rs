//! Reports of the user's own.

use std::fs;
use std::path::Path;

use crate::support::{Run, earwitness, finish, report, run, scratch};

const CENTRE: &str = "fixtures/contact-centre";

fn with_queries(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = earwitness();
    finish(command.args(arguments).arg("--queries").arg(folder))
}

/// Runs SQL over the contact centre as a report file.
fn ask(text: &str, arguments: &[&str]) -> Run {
    let folder = scratch();
    let file = folder.path().join("mine.sql");
    fs::write(&file, text).unwrap();
    report(file.to_str().unwrap(), CENTRE, arguments)
}

#[test]
fn a_folder_of_reports_adds_and_replaces() {
    let folder = scratch();
    let text = |title: &str| {
        format!(
            "-- title: {title}\n-- question: How many?\n-- events: DeleteObject\n\
             -- column: many How many.\nSELECT COUNT(*) AS many FROM accesses\n"
        )
    };
    fs::write(folder.path().join("how-many.sql"), text("How many")).unwrap();
    fs::write(folder.path().join("who-deleted.sql"), text("Mine")).unwrap();
    fs::write(folder.path().join("notes.txt"), "not a report").unwrap();

    let shipped = run(&["reports"]).exits(0).text().lines().count();
    let list = with_queries(folder.path(), &["reports"]).exits(0);
    assert_eq!(list.text().lines().count(), shipped + 1);
    let about = with_queries(folder.path(), &["reports", "who-deleted"]).exits(0);
    assert!(about.text().starts_with("who-deleted: Mine"));
    for name in ["how-many", "who-deleted"] {
        let arguments = ["report", name, CENTRE, "--output", "jsonl"];
        let rows = with_queries(folder.path(), &arguments).exits(0).rows();
        assert_eq!(rows.len(), 1);
        assert!(rows[0]["many"].as_u64().unwrap() > 20);
    }
}

#[test]
fn a_broken_head_names_file_and_line() {
    let folder = scratch();
    fs::write(
        folder.path().join("mine.sql"),
        "-- title: T\n-- evnts: A\nSELECT 1\n",
    )
    .unwrap();
    let run = with_queries(folder.path(), &["reports"]).exits(2);
    run.says("mine").says("line 2").says("'evnts'");
}

#[test]
fn sql_that_does_not_run_says_why() {
    let head = "-- title: T\n-- events: DeleteObject\n";
    for (sql, why) in [
        ("SELECT nobody FROM accesses", "line 3, column 8: "),
        ("SELECT nobody FROM accesses", "`earwitness tables`"),
        (
            "SELECT a.event_id,\n  -- evnt_id\n  a.evnt_id FROM accesses AS a",
            "line 5, column 5: no column named 'evnt_id' found in table 'a'. Did you mean 'event_id'?",
        ),
        (
            "SELECT * FROM acceses",
            "line 3, column 15: relation 'acceses' was not found. Did you mean 'accesses'?",
        ),
        ("SELECT FROM WHERE", "'WHERE'"),
        ("SELECT COUNT(* FROM accesses", "line 3, column 16: "),
        (
            "SELECT actor FROM accesses WHERE EXISTS (SELECT 1 FROM users)",
            "line 3, column 42: ",
        ),
        ("SELECT 1; SELECT 2", ""),
    ] {
        let run = ask(&format!("{head}{sql}\n"), &[])
            .exits(1)
            .says("error: ")
            .says(why);
        assert!(run.stdout.is_empty(), "{sql}");
        assert!(!run.stderr.contains("panicked"), "{sql}: {}", run.stderr);
        assert!(run.stderr.len() < 400, "{sql}: {}", run.stderr);
    }
}

#[test]
fn sql_that_does_not_ask_is_refused() {
    let head = "-- title: T\n-- events: DeleteObject\n";
    for sql in [
        "DROP TABLE accesses",
        "SELEC 1",
        "",
        "TRUNCATE TABLE accesses",
        "DELETE FROM accesses",
    ] {
        let run = ask(&format!("{head}{sql}\n"), &["--output", "csv"]);
        assert_ne!(run.code, Some(0), "{sql}");
        assert!(run.stdout.is_empty(), "{sql}");
    }
}

#[test]
fn a_limit_limits() {
    let head = "-- title: T\n-- events: DeleteObject\n";
    for sql in [
        "SELECT event_id FROM accesses LIMIT 2",
        "SELECT event_id FROM accesses ORDER BY access_id LIMIT 2",
        "SELECT event_id FROM (SELECT * FROM accesses LIMIT 2) AS some",
        "SELECT event_id FROM accesses LIMIT 2 OFFSET 1",
    ] {
        let run = ask(&format!("{head}{sql}\n"), &["--output", "jsonl"]).exits(0);
        assert_eq!(run.rows().len(), 2, "{sql}");
    }
}

#[test]
fn a_filter_on_a_column_that_the_report_lacks_is_wrong_usage() {
    let text = "-- title: T\n-- events: DeleteObject\nSELECT bucket AS place FROM accesses ORDER BY access_id\n";
    for filter in [
        ["--user", "ana"],
        ["--bucket", "b"],
        ["--contact-id", crate::support::CONTACT],
    ] {
        ask(text, &filter).exits(2).says(filter[0]);
    }
    ask(text, &[]).exits(0);
}

#[test]
fn a_folder_that_holds_no_reports_is_said() {
    let folder = scratch();
    let run = with_queries(folder.path(), &["reports"]).exits(2);
    run.says(".sql");
    with_queries(&folder.path().join("missing"), &["reports"])
        .exits(2)
        .says("missing");
}
