//! Reports that are written when they are due: each window once, whole, whatever
//! happens to the run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::signals::heeding_signals;
use crate::support::{
    Run, delivery, earwitness, finish, s3_call, shell, start, three_months, wait,
};

/// A folder with logs of three months and a jobs file.
fn centre(keys: &str) -> tempfile::TempDir {
    let folder = three_months();
    shell("mkdir reports", folder.path());
    jobs(folder.path(), keys);
    folder
}

fn jobs(folder: &Path, keys: &str) {
    let text = format!(
        "[[job]]\nname = \"deletions\"\nreport = \"who-deleted\"\ninputs = [\"logs\"]\n\
         window = \"previous-month\"\nstart = 2026-01-01\nto = \"reports\"\n{keys}\n"
    );
    fs::write(folder.join("jobs.toml"), text).unwrap();
}

fn command(folder: &Path, now: &str) -> Command {
    let mut command = earwitness();
    // Elsewhere, as a clock would start it.
    command
        .current_dir("/")
        .arg("run")
        .arg(folder.join("jobs.toml"));
    command.args(["--now", now]);
    command
}

fn run_at(folder: &Path, now: &str) -> Run {
    finish(&mut command(folder, now))
}

/// Adds a log that tells of one more deletion.
fn deliver(folder: &Path, name: &str, event_id: &str, time: &str) {
    let log = delivery(&[s3_call("DeleteObject", event_id, time)]);
    fs::write(folder.join("logs").join(name), log).unwrap();
}

/// The reports that stand, with their bytes.
fn reports(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder.join("reports")).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    let file = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read(path).unwrap())
    };
    files.map(file).collect()
}

fn names(folder: &Path) -> Vec<String> {
    reports(folder).into_keys().collect()
}

fn record(folder: &Path, window: &str) -> Value {
    let path = format!("reports/_earwitness/deletions/windows/{window}.json");
    serde_json::from_slice(&fs::read(folder.join(path)).unwrap()).unwrap()
}

#[test]
fn three_missed_months_are_written_oldest_first_and_once() {
    let folder = centre("formats = [\"csv\"]");
    let run = run_at(folder.path(), "2026-04-02").exits(0);
    let written: Vec<&str> = run.text().lines().collect();
    let expected = ["2026-01", "2026-02", "2026-03"].map(|month| {
        ["csv", "summary.txt"].map(|suffix| format!("reports/deletions-{month}.{suffix}"))
    });
    assert_eq!(written, expected.concat());
    let reports = reports(folder.path());
    for month in 1..=3 {
        let rows = &reports[&format!("deletions-2026-{month:02}.csv")];
        let rows = std::str::from_utf8(rows).unwrap();
        assert_eq!(rows.lines().count(), 2, "{rows}");
        assert!(rows.contains(&format!("event-{month}")), "{rows}");
    }
    let again = run_at(folder.path(), "2026-04-02").exits(0);
    assert_eq!(again.text(), "");
    assert!(again.stderr.contains("nothing is due"));
    assert_eq!(self::reports(folder.path()), reports);
}

#[test]
fn a_window_gives_the_same_bytes_whenever_it_is_written() {
    let keys = "formats = [\"html\", \"csv\", \"xlsx\", \"parquet\", \"json\", \"jsonl\", \"table\"]\n\
                timezone = \"Europe/Berlin\"";
    let (early, late) = (centre(keys), centre(keys));
    for now in ["2026-02-01T09:00:00Z", "2026-03-05", "2026-04-02"] {
        run_at(early.path(), now).exits(0);
    }
    run_at(late.path(), "2027-01-01").exits(0);
    let late = reports(late.path());
    let early = reports(early.path());
    assert_eq!(early.len(), 3 * 8);
    for (name, bytes) in &early {
        assert!(late[name] == *bytes, "{name} differs");
    }
}

#[test]
fn a_month_in_which_nothing_happened_has_its_report_too() {
    let folder = centre("formats = [\"csv\"]");
    run_at(folder.path(), "2026-05-02").exits(0);
    let reports = reports(folder.path());
    let rows = std::str::from_utf8(&reports["deletions-2026-04.csv"]).unwrap();
    assert_eq!(rows.lines().count(), 1, "{rows}");
    let summary = std::str::from_utf8(&reports["deletions-2026-04.summary.txt"]).unwrap();
    for part in [
        "window: 2026-04-01T00:00:00Z (inclusive) to 2026-05-01T00:00:00Z (exclusive)",
        "rows: 0",
        "does not mean that it did not happen",
        "coverage: unknown",
        "records read 3 = ",
        "cannot see",
    ] {
        assert!(summary.contains(part), "{part}: {summary}");
    }
}

#[test]
fn a_log_that_comes_late_makes_a_revision_and_leaves_what_was_written() {
    let folder = centre("formats = [\"csv\"]");
    run_at(folder.path(), "2026-04-02").exits(0);
    let before = reports(folder.path());

    // A log of another time changes nothing of the window.
    deliver(
        folder.path(),
        "other.json",
        "event-9",
        "2026-04-02T10:00:00Z",
    );
    let same = run_at(folder.path(), "2026-04-03").exits(0);
    assert_eq!(same.text(), "");
    assert!(same.stderr.contains("the rows did not"), "{}", same.stderr);
    assert_eq!(reports(folder.path()), before);
    // Which is noted, so that it is not read again for nothing.
    let same = run_at(folder.path(), "2026-04-03").exits(0);
    assert!(!same.stderr.contains("the rows did not"), "{}", same.stderr);

    deliver(
        folder.path(),
        "late.json",
        "event-late",
        "2026-03-31T23:59:59Z",
    );
    let run = run_at(folder.path(), "2026-04-04").exits(0);
    assert_eq!(
        run.text(),
        "reports/deletions-2026-03.rev2.csv\nreports/deletions-2026-03.rev2.summary.txt\n"
    );
    assert!(
        run.stderr.contains("add 1 rows and take 0 away"),
        "{}",
        run.stderr
    );
    let after = reports(folder.path());
    for (name, bytes) in &before {
        assert!(after[name] == *bytes, "{name} was changed");
    }
    assert_eq!(after.len(), before.len() + 2);
    let revised = std::str::from_utf8(&after["deletions-2026-03.rev2.csv"]).unwrap();
    assert_eq!(revised.lines().count(), 3, "{revised}");
    let second = record(folder.path(), "2026-03.rev2");
    assert_eq!(
        [
            &second["revision"],
            &second["rows_added"],
            &second["rows_removed"]
        ],
        [2, 1, 0]
    );

    // A copy of a log that sorts in front changes `input` alone, which is no other row.
    let logs = folder.path().join("logs");
    fs::copy(logs.join("late.json"), logs.join("a-copy.json")).unwrap();
    assert_eq!(run_at(folder.path(), "2026-04-05").exits(0).text(), "");

    // Behind `revise_for` the window is closed.
    deliver(
        folder.path(),
        "later.json",
        "event-later",
        "2026-03-31T23:59:59Z",
    );
    assert_eq!(run_at(folder.path(), "2026-04-16").exits(0).text(), "");
}

#[test]
fn a_run_that_is_killed_at_any_moment_is_completed_by_the_next() {
    let keys = "formats = [\"html\", \"csv\", \"xlsx\", \"parquet\"]";
    let whole = centre(keys);
    let began = Instant::now();
    run_at(whole.path(), "2026-04-02").exits(0);
    let takes = began.elapsed();
    let whole = reports(whole.path());
    assert_eq!(whole.len(), 3 * 5);

    const MOMENTS: u32 = 40;
    let (mut cut, mut stood) = (0, 0);
    for moment in 0..MOMENTS {
        let folder = centre(keys);
        let mut child = start(&mut command(folder.path(), "2026-04-02"));
        thread::sleep(takes * moment / MOMENTS);
        // It may have ended by now.
        let _ = child.kill();
        cut += u32::from(wait(child).code.is_none());
        let left = reports(folder.path());
        stood += left.len();
        for (name, bytes) in &left {
            assert!(whole[name] == *bytes, "moment {moment}: {name} is half");
        }
        run_at(folder.path(), "2026-04-02").exits(0);
        assert!(reports(folder.path()) == whole, "moment {moment}");
        let staged = folder.path().join("reports/_earwitness/deletions/staged");
        assert_eq!(fs::read_dir(staged).unwrap().count(), 0);
    }
    assert!(cut > 10, "{cut} runs were killed in time");
    assert!(stood > 0, "no run got as far as a report");
}

#[test]
fn files_on_their_way_are_finished_or_taken_away() {
    let folder = centre("formats = [\"csv\"]");
    run_at(folder.path(), "2026-04-02").exits(0);
    let whole = reports(folder.path());
    // As a run leaves it that dies behind the record, and one that dies before.
    shell(
        "cd reports && mv deletions-2026-02.csv _earwitness/deletions/staged/ &&
         echo half > _earwitness/deletions/staged/deletions-2026-04.csv",
        folder.path(),
    );
    run_at(folder.path(), "2026-04-02").exits(0);
    assert!(reports(folder.path()) == whole);
    let staged = folder.path().join("reports/_earwitness/deletions/staged");
    assert_eq!(fs::read_dir(staged).unwrap().count(), 0);
}

#[test]
fn two_runs_at_once_write_each_window_once() {
    let folder = centre(
        "formats = [\"csv\"]\non_success = [\"sh\", \"-c\", \"sleep 0.2; echo $EARWITNESS_WINDOW >> told\"]",
    );
    let runs = [(); 4].map(|()| start(&mut command(folder.path(), "2026-04-02")));
    let runs = runs.map(wait).map(|run| run.exits(0));
    let told = runs
        .iter()
        .filter(|run| run.stderr.contains("another run is at it (process "));
    assert!(told.count() > 0, "{runs:?}");
    assert_eq!(names(folder.path()).len(), 3 * 2);
    let told = fs::read_to_string(folder.path().join("told")).unwrap();
    assert_eq!(told, "2026-01\n2026-02\n2026-03\n");
}

#[test]
fn a_file_of_somebody_else_is_not_written_over() {
    let folder = centre("formats = [\"csv\"]");
    fs::write(folder.path().join("reports/deletions-2026-02.csv"), "mine").unwrap();
    let run = run_at(folder.path(), "2026-04-02").exits(1);
    assert!(
        run.stderr.contains("was not written by this job"),
        "{}",
        run.stderr
    );
    assert_eq!(reports(folder.path())["deletions-2026-02.csv"], b"mine");
    // What comes behind waits, so that nothing is out of order.
    assert_eq!(
        names(folder.path()),
        [
            "deletions-2026-01.csv",
            "deletions-2026-01.summary.txt",
            "deletions-2026-02.csv"
        ]
    );
    fs::remove_file(folder.path().join("reports/deletions-2026-02.csv")).unwrap();
    run_at(folder.path(), "2026-04-02").exits(0);
    assert_eq!(names(folder.path()).len(), 6);
}

#[test]
fn a_full_disk_leaves_no_report_and_the_next_run_writes_it() {
    let folder = centre("formats = [\"csv\", \"html\"]");
    let program = env!("CARGO_BIN_EXE_earwitness");
    // Blocks of 512 bytes: enough for what is known, too little for the page.
    let script = format!(
        "trap '' XFSZ; ulimit -f 20; exec {program} run {}/jobs.toml --now 2026-04-02",
        folder.path().display()
    );
    let run = finish(Command::new("sh").args(["-c", &script])).exits(1);
    assert!(
        run.stderr.contains("the next run tries again"),
        "{}",
        run.stderr
    );
    assert_eq!(names(folder.path()), [] as [&str; 0]);
    run_at(folder.path(), "2026-04-02").exits(0);
    assert_eq!(names(folder.path()).len(), 3 * 3);
}

#[test]
fn programs_learn_what_was_written_and_what_was_not() {
    let tell = |file: &str| {
        format!(
            "[\"sh\", \"-c\", \"echo $EARWITNESS_JOB $EARWITNESS_REPORT $EARWITNESS_WINDOW $EARWITNESS_SINCE \
             $EARWITNESS_UNTIL $EARWITNESS_STATUS $EARWITNESS_EXIT $EARWITNESS_ROWS $EARWITNESS_REVISION >> {file}; \
             echo \\\"$EARWITNESS_FILES\\\" >> {file}; echo \\\"$EARWITNESS_ERROR\\\" >> {file}\"]"
        )
    };
    let keys = format!(
        "formats = [\"csv\"]\nfail_on = \"rows\"\nmax_catch_up = 1\non_success = {}\non_failure = {}",
        tell("success"),
        tell("failure")
    );
    let folder = centre(&keys);
    let run = run_at(folder.path(), "2026-04-02").exits(4);
    assert!(
        run.stderr.contains("`fail_on` wants none"),
        "{}",
        run.stderr
    );
    let real = folder.path().canonicalize().unwrap();
    let stem = real.join("reports/deletions-2026-01");
    let stem = stem.display();
    assert_eq!(
        fs::read_to_string(folder.path().join("success")).unwrap(),
        format!(
            "deletions who-deleted 2026-01 2026-01-01T00:00:00Z 2026-02-01T00:00:00Z findings 4 1 1\n\
             {stem}.csv\n{stem}.summary.txt\n\n"
        )
    );
    assert!(!folder.path().join("failure").exists());

    shell("mv logs away && mkdir logs", folder.path());
    run_at(folder.path(), "2026-04-02").exits(1);
    let told = fs::read_to_string(folder.path().join("failure")).unwrap();
    assert!(
        told.starts_with(
            "deletions who-deleted 2026-02 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z failed"
        ),
        "{told}"
    );
    assert!(told.contains("logs"), "{told}");
}

#[test]
fn a_program_that_fails_leaves_the_report_and_is_tried_again() {
    let keys = "formats = [\"csv\"]\nmax_catch_up = 1\n";
    let folder = centre(&format!("{keys}on_success = [\"./mail.sh\"]"));
    let run = run_at(folder.path(), "2026-02-02").exits(1);
    assert!(
        run.stderr.contains("failed to start ./mail.sh"),
        "{}",
        run.stderr
    );
    assert_eq!(names(folder.path()).len(), 2);
    shell(
        "printf '#!/bin/sh\\necho mailed >> mailed; exit 3\\n' > mail.sh && chmod +x mail.sh",
        folder.path(),
    );
    let run = run_at(folder.path(), "2026-02-02").exits(1);
    assert!(run.stderr.contains("exit status: 3"), "{}", run.stderr);
    shell("sed -i 's/exit 3/exit 0/' mail.sh", folder.path());
    for _ in 0..2 {
        run_at(folder.path(), "2026-02-02").exits(0);
    }
    let mailed = fs::read_to_string(folder.path().join("mailed")).unwrap();
    assert_eq!(
        mailed, "mailed\nmailed\n",
        "once in vain, and once for good"
    );

    let slow = centre(&format!(
        "{keys}on_success = [\"sleep\", \"600\"]\nhook_timeout = \"0m\""
    ));
    let run = run_at(slow.path(), "2026-02-02").exits(1);
    assert!(
        run.stderr.contains("raise `hook_timeout`"),
        "{}",
        run.stderr
    );
    assert_eq!(names(slow.path()).len(), 2);
}

#[test]
fn an_interrupted_run_ends_with_130_and_leaves_only_what_is_whole() {
    let folder = centre(
        "formats = [\"csv\"]\non_success = [\"sh\", \"-c\", \"touch begun; exec sleep 600\"]",
    );
    let mut command = heeding_signals();
    command.arg("run").arg(folder.path().join("jobs.toml"));
    let child = start(command.args(["--now", "2026-04-02"]));
    let began = Instant::now();
    while !folder.path().join("begun").exists() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "no report was written"
        );
        thread::sleep(Duration::from_millis(10));
    }
    shell(&format!("kill -INT {}", child.id()), folder.path());
    let run = wait(child).exits(130);
    assert!(
        run.stderr.contains("the next run goes on"),
        "{}",
        run.stderr
    );
    assert_eq!(names(folder.path()).len(), 2);
    jobs(
        folder.path(),
        "formats = [\"csv\"]\non_success = [\"true\"]",
    );
    run_at(folder.path(), "2026-04-02").exits(0);
    assert_eq!(names(folder.path()).len(), 6);
}

#[test]
fn what_cannot_be_done_says_how_it_can() {
    let folder = centre("");
    shell("rmdir reports", folder.path());
    let run = run_at(folder.path(), "2026-04-02").exits(1);
    assert!(
        run.stderr.contains("make it with `mkdir -p reports`"),
        "{}",
        run.stderr
    );
    shell("mkdir logs/reports", folder.path());
    let text = fs::read_to_string(folder.path().join("jobs.toml")).unwrap();
    let text = text.replace("to = \"reports\"", "to = \"logs/reports\"");
    fs::write(folder.path().join("jobs.toml"), text).unwrap();
    let run = run_at(folder.path(), "2026-04-02").exits(1);
    assert!(
        run.stderr.contains("choose another folder"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_lake_is_read_as_its_inputs_are() {
    let folder = centre("formats = [\"csv\"]");
    run_at(folder.path(), "2026-04-02").exits(0);
    let (ingest, logs) = (
        earwitness()
            .arg("ingest")
            .arg("logs")
            .args(["--lake", "lake"])
            .current_dir(folder.path())
            .status(),
        "inputs = [\"logs\"]",
    );
    assert!(ingest.unwrap().success());
    let text = fs::read_to_string(folder.path().join("jobs.toml")).unwrap();
    let text = text
        .replace(logs, "lake = \"lake\"")
        .replace("\"deletions\"", "\"of-lake\"");
    fs::write(folder.path().join("jobs.toml"), text).unwrap();
    run_at(folder.path(), "2026-04-02").exits(0);
    let reports = reports(folder.path());
    let (of_logs, of_lake) = ("deletions-2026-02.csv", "of-lake-2026-02.csv");
    assert!(reports[of_logs] == reports[of_lake]);
    let again = run_at(folder.path(), "2026-04-03").exits(0);
    assert_eq!(again.text(), "");
}
