//! A trail is verified, and the exit code says what came of it.

use std::path::{Path, PathBuf};

use crate::support::{Run, earwitness, finish, root, scratch};

pub(crate) const KEYS: &str = "fixtures/signed-trail/keys.json";

/// Copies the fixture's trail, so that it can be changed.
pub(crate) fn trail_in(folder: &Path) -> PathBuf {
    let from = root().join("fixtures/signed-trail/trail");
    let to = folder.join("trail");
    for file in earwitness_testkit::files(&from).unwrap() {
        let path = to.join(file.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::copy(file, path).unwrap();
    }
    to
}

/// The log files of the trail, in their order.
pub(crate) fn logs_of(trail: &Path) -> Vec<PathBuf> {
    let files = earwitness_testkit::files(trail).unwrap().into_iter();
    let is_log = |path: &PathBuf| path.to_str().unwrap().contains("/CloudTrail/");
    files.filter(is_log).collect()
}

fn verify(trail: &Path, arguments: &[&str]) -> Run {
    let mut command = earwitness();
    command
        .arg("verify")
        .arg(trail)
        .args(["--public-keys", KEYS]);
    finish(command.args(arguments))
}

#[test]
fn a_whole_trail_with_a_gap_ends_with_3() {
    let run = verify(&root().join("fixtures/signed-trail/trail"), &[]).exits(3);
    run.says("digests 7: valid 7\nlog files 6: valid 6\n")
        .says("gap: trail example-trail");
}

#[test]
fn a_trail_without_a_gap_ends_with_0() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    for file in earwitness_testkit::files(&trail).unwrap() {
        let name = file.to_str().unwrap();
        if ["T05", "T06", "T07", "T08", "T09"]
            .iter()
            .any(|hour| name.contains(hour))
        {
            std::fs::remove_file(file).unwrap();
        }
    }
    verify(&trail, &[]).exits(0).says("digests 4: valid 4\n");
}

#[test]
fn a_changed_and_a_missing_file_end_with_5() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    let logs = logs_of(&trail);
    std::fs::write(&logs[0], "{\"Records\":[]}").unwrap();
    std::fs::remove_file(&logs[1]).unwrap();
    let run = verify(&trail, &["--output", "jsonl"]).exits(5);
    let verdicts: Vec<_> = run
        .rows()
        .iter()
        .map(|row| row["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["modified", "missing"]);
}

#[test]
fn threads_do_not_matter() {
    let trail = root().join("fixtures/signed-trail/trail");
    let rows = |threads| verify(&trail, &["--all", "--output", "csv", "--threads", threads]).stdout;
    assert_eq!(rows("1"), rows("4"));
    assert_eq!(rows("4").iter().filter(|byte| **byte == b'\n').count(), 15);
}

/// Runs a command on the fixture's trail.
fn on_the_trail(command: &[&str], arguments: &[&str]) -> Run {
    let mut run = earwitness();
    run.args(command).arg("fixtures/signed-trail/trail");
    finish(run.args(arguments))
}

const MARCH_1: [&str; 4] = ["--since", "2026-03-01", "--until", "2026-03-01T03:00"];

#[test]
fn coverage_that_is_required_and_lacking_ends_with_3() {
    for command in [&["coverage"][..], &["report", "who-deleted"]] {
        let keys = [&MARCH_1[..], &["--require-coverage", "--public-keys", KEYS]].concat();
        on_the_trail(command, &keys)
            .exits(0)
            .says("1 region: of 3 hours 3 covered and validated\n");
        let later = ["--since", "2026-03-01", "--until", "2026-03-01T05:00"];
        on_the_trail(command, &[&later[..], &["--require-coverage"]].concat())
            .exits(3)
            .says("of 5 hours 3 covered, 2 blinded\n");
        on_the_trail(command, &later).exits(0);
    }
}

#[test]
fn a_page_says_which_hours_it_speaks_for() {
    let folder = scratch();
    for command in [
        &["report", "who-listened"][..],
        &["dashboard", "who-listened"],
    ] {
        let page = folder.path().join(format!("{}.html", command[0]));
        let out_file = ["--out-file", page.to_str().unwrap()];
        on_the_trail(command, &[&MARCH_1[..], &out_file].concat()).exits(0);
        let page = std::fs::read_to_string(page).unwrap();
        assert!(
            page.contains("1 region: of 3 hours 3 covered"),
            "{command:?}"
        );
    }
}

#[test]
fn coverage_is_listed_hour_by_hour() {
    let run = on_the_trail(&["coverage"], &["--hours", "--output", "jsonl"]).exits(0);
    let states: Vec<_> = run.rows().iter().map(|row| row["state"].clone()).collect();
    assert_eq!(states.len(), 9);
    assert_eq!(states[3..7], ["blinded"; 4]);
    assert_eq!(states[8], "unknown");
}

#[test]
fn an_event_is_shown_with_its_chain_of_custody() {
    let run = on_the_trail(&["show", "EXAMPLE-0001"], &["--public-keys", KEYS]).exits(0);
    let rows = run.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["verdict"], "valid");
    assert_eq!(rows[0]["digest_verdict"], "valid");
    assert_eq!(rows[0]["record"]["eventName"], "StopLogging");
    assert_eq!(
        (&rows[0]["record_index"], &rows[0]["byte_offset"]),
        (&0.into(), &12.into())
    );
    assert!(rows[0]["digest"].as_str().unwrap().contains("T040000Z"));
    on_the_trail(&["show", "EXAMPLE-0001"], &[]).exits(0);
    on_the_trail(&["show", "EXAMPLE-9999"], &[])
        .exits(1)
        .says("no record has the event id");
}

#[test]
fn an_event_of_a_changed_file_ends_with_5() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    let (from, to) = (logs_of(&trail)[3].clone(), logs_of(&trail)[0].clone());
    std::fs::copy(from, to).unwrap();
    let mut command = earwitness();
    command
        .args(["show", "EXAMPLE-0001", "--public-keys", KEYS])
        .arg(&trail);
    let run = finish(&mut command).exits(5);
    let verdicts: Vec<_> = run
        .rows()
        .iter()
        .map(|row| row["verdict"].clone())
        .collect();
    assert_eq!(verdicts, ["modified", "valid"]);
}

#[test]
fn a_report_on_changed_logs_says_so() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    std::fs::remove_file(&logs_of(&trail)[0]).unwrap();
    let report = |arguments: &[&str]| {
        let mut command = earwitness();
        command
            .args(["report", "who-deleted"])
            .arg(&trail)
            .args(arguments);
        finish(&mut command)
    };
    report(&["--public-keys", KEYS])
        .exits(5)
        .says("`earwitness verify` names them");
    report(&[]).exits(0).says("`earwitness verify` names them");
}
