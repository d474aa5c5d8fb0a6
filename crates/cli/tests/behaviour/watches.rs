//! New rows are printed as files arrive: each once, across restarts.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::signals::heeding_signals;
use crate::support::{
    Run, column, delivery, earwitness, finish, json_lines, one_delete, run, s3_call, scratch,
    shell, start, wait,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with logs that are there before anybody watches.
fn folder() -> tempfile::TempDir {
    let folder = scratch();
    shell("mkdir logs", folder.path());
    arrive(folder.path(), "first.json", &one_delete("first"));
    folder
}

fn arrive(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join("logs").join(name), text).unwrap();
}

fn watch(folder: &Path, report: &str, arguments: &[&str]) -> Command {
    let mut command = earwitness();
    of(&mut command, folder, report, arguments);
    command
}

fn of(command: &mut Command, folder: &Path, report: &str, arguments: &[&str]) {
    command.arg("watch").arg(folder.join("logs"));
    command.args(["--report", report, "--output", "jsonl"]);
    command.args(arguments).env("XDG_STATE_HOME", folder);
}

/// Looks once.
fn look(folder: &Path) -> Run {
    look_for(folder, "who-deleted")
}

fn look_for(folder: &Path, report: &str) -> Run {
    finish(&mut watch(folder, report, &["--once"]))
}

/// What became of each row, with the id of its event.
fn told(rows: &[Map<String, Value>]) -> Vec<String> {
    let id = |row: &Map<String, Value>| {
        let id = row.get("event_id").or(row.get("first_event_id"));
        id.unwrap().as_str().unwrap_or("-").to_owned()
    };
    let word = |row| {
        format!(
            "{} {}",
            column(std::slice::from_ref(row), "change")[0],
            id(row)
        )
    };
    rows.iter().map(word).collect()
}

#[test]
fn each_row_is_printed_once_and_what_was_there_before_is_not() {
    let folder = folder();
    let first = look(folder.path()).exits(0);
    assert_eq!(first.text(), "");
    assert!(
        first.stderr.contains("1 inputs are there already"),
        "{}",
        first.stderr
    );

    arrive(folder.path(), "second.json", &one_delete("second"));
    arrive(folder.path(), "third.json", &one_delete("third"));
    let run = look(folder.path()).exits(0);
    assert_eq!(told(&run.rows()), ["new second", "new third"]);
    assert_eq!(look(folder.path()).exits(0).text(), "");

    // A second delivery is no second deletion.
    arrive(folder.path(), "a-copy.json", &one_delete("second"));
    assert_eq!(look(folder.path()).exits(0).text(), "");

    // A file that grows tells what is new in it.
    let grown = [one_delete("third"), one_delete("fourth")].join("\n");
    arrive(folder.path(), "third.json", &grown);
    assert_eq!(told(&look(folder.path()).exits(0).rows()), ["new fourth"]);

    let other = look_for(folder.path(), "denied-attempts").exits(0);
    assert_eq!(other.text(), "", "another question has a state of its own");
}

#[test]
fn a_folder_that_is_empty_is_waited_for() {
    let folder = folder();
    shell("rm logs/*", folder.path());
    assert_eq!(look(folder.path()).exits(0).text(), "");
    arrive(folder.path(), "first.json", &one_delete("first"));
    assert_eq!(told(&look(folder.path()).exits(0).rows()), ["new first"]);
}

#[test]
fn what_is_there_already_is_printed_where_it_is_wanted() {
    let folder = folder();
    let run = finish(&mut watch(
        folder.path(),
        "who-deleted",
        &["--once", "--from-start"],
    ));
    assert_eq!(told(&run.exits(0).rows()), ["new first"]);
    assert_eq!(look(folder.path()).exits(0).text(), "");
}

#[test]
fn a_row_that_later_logs_tell_more_of_is_printed_as_changed() {
    let folder = folder();
    look_for(folder.path(), "who-listened").exits(0);
    let read = |id: &str, time: &str| delivery(&[s3_call("GetObject", id, time)]);
    arrive(folder.path(), "1.json", &read("r1", "2026-03-02T10:00:00Z"));
    arrive(folder.path(), "2.json", &read("r2", "2026-03-02T11:00:00Z"));
    let run = look_for(folder.path(), "who-listened").exits(0);
    assert_eq!(told(&run.rows()), ["new r1", "new r2"]);
    // Lies between the two, and makes one sitting of them.
    arrive(folder.path(), "3.json", &read("r3", "2026-03-02T10:30:00Z"));
    let run = look_for(folder.path(), "who-listened").exits(0);
    assert_eq!(told(&run.rows()), ["changed r1", "gone r2"]);
    assert_eq!(run.rows()[0]["requests"], 3);
}

#[test]
fn names_that_come_later_are_no_news_of_old_rows() {
    let folder = folder();
    look(folder.path()).exits(0);
    arrive(folder.path(), "second.json", &one_delete("second"));
    look(folder.path()).exits(0);
    let users = r#"{"UserSummaryList":[{"Id":"12345678-90ab-cdef-1234-567890abcdef","Arn":"arn:aws:connect:us-west-2:111122223333:instance/11111111-2222-3333-4444-555555555555/agent/12345678-90ab-cdef-1234-567890abcdef","Username":"ana"}]}"#;
    arrive(folder.path(), "users.json", users);
    assert_eq!(look(folder.path()).exits(0).text(), "");
    arrive(folder.path(), "third.json", &one_delete("third"));
    assert_eq!(told(&look(folder.path()).exits(0).rows()), ["new third"]);
}

#[test]
fn old_files_are_not_read_again() {
    let folder = folder();
    look(folder.path()).exits(0);
    // Were it read again, it would say so: it is of the same size and time, and
    // nonsense.
    shell(
        "touch -r logs/first.json time && printf '%*s' $(stat -c %s logs/first.json) x > logs/first.json
         touch -r time logs/first.json",
        folder.path(),
    );
    let later = delivery(&[s3_call("DeleteObject", "later", "2026-04-02T10:00:00Z")]);
    arrive(folder.path(), "later.json", &later);
    let run = look(folder.path()).exits(0);
    assert_eq!(told(&run.rows()), ["new later"]);
    assert!(!run.stderr.contains("not read"), "{}", run.stderr);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_printed() {
    let folder = folder();
    look(folder.path()).exits(0);
    arrive(folder.path(), "bad.json", "{\"Records\":[{\"eventName\":");
    arrive(folder.path(), "second.json", &one_delete("second"));
    let run = look(folder.path()).exits(3);
    assert_eq!(told(&run.rows()), ["new second"]);
    assert!(run.stderr.contains("bad.json"), "{}", run.stderr);
    assert!(!look(folder.path()).exits(0).stderr.contains("bad.json"));
}

#[test]
fn a_watch_that_is_killed_at_any_moment_loses_no_row() {
    const MOMENTS: u32 = 25;
    let mut cut = 0;
    let mut twice = 0;
    for moment in 0..MOMENTS {
        let folder = folder();
        look(folder.path()).exits(0);
        for name in ["a", "b", "c"] {
            arrive(folder.path(), &format!("{name}.json"), &one_delete(name));
        }
        let child = start(&mut watch(folder.path(), "who-deleted", &["--once"]));
        // It waits for a second to see whether the files are whole.
        thread::sleep(Duration::from_millis(950 + u64::from(moment) * 8));
        shell(&format!("kill -KILL {} || true", child.id()), folder.path());
        let killed = wait(child);
        cut += u32::from(killed.code.is_none());
        let mut printed = killed.text().to_owned();
        printed.push_str(look(folder.path()).exits(0).text());
        let rows = json_lines(&printed);
        let mut ids = column(&rows, "event_id");
        twice += u32::from(ids.len() > 3);
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids, ["a", "b", "c"], "moment {moment}");
        assert_eq!(look(folder.path()).exits(0).text(), "");
    }
    assert!(cut > 0, "no watch was killed in time");
    assert!(twice <= cut, "a watch that was not killed printed twice");
}

#[test]
fn a_watch_goes_on_until_it_is_interrupted() {
    let folder = folder();
    let mut command = heeding_signals();
    of(
        &mut command,
        folder.path(),
        "who-deleted",
        &["--every", "1s"],
    );
    let mut child = start(&mut command);
    let id = child.id();
    let (send, rows) = mpsc::channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reading = thread::spawn(move || {
        for line in lines {
            let _ = send.send(line.unwrap());
        }
    });
    let state = folder.path().join("earwitness/watch");
    let began = Instant::now();
    let is_begun = || {
        let files = fs::read_dir(&state).into_iter().flatten();
        files
            .flatten()
            .any(|file| file.path().extension() == Some("jsonl".as_ref()))
    };
    while !is_begun() {
        assert!(began.elapsed() < PATIENCE, "nothing is noted");
        thread::sleep(Duration::from_millis(20));
    }
    // One that is still written is not read half.
    let text = one_delete("slow");
    arrive(folder.path(), "slow.json", &text[..text.len() / 2]);
    thread::sleep(Duration::from_millis(300));
    arrive(folder.path(), "slow.json", &text);
    for name in ["second", "third"] {
        arrive(folder.path(), &format!("{name}.json"), &one_delete(name));
        let mut wanted = vec![name];
        if name == "second" {
            wanted.push("slow");
        }
        for _ in wanted.clone() {
            let row = rows.recv_timeout(PATIENCE).unwrap();
            let row = json_lines(&row);
            let id = column(&row, "event_id")[0];
            assert!(wanted.contains(&id), "{id}");
            assert_eq!(column(&row, "change"), ["new"]);
        }
    }
    let second = look(folder.path()).exits(1);
    assert!(
        second.stderr.contains("another watch of the same is on"),
        "{}",
        second.stderr
    );
    shell(&format!("kill -INT {id}"), folder.path());
    let run = wait(child).exits(130);
    reading.join().unwrap();
    assert!(
        run.stderr.contains("the next watch goes on from"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("not read"), "{}", run.stderr);
    assert!(rows.try_recv().is_err());
    arrive(folder.path(), "fourth.json", &one_delete("fourth"));
    assert_eq!(told(&look(folder.path()).exits(0).rows()), ["new fourth"]);
}

#[test]
fn csv_has_one_heading_and_a_table_its_main_columns() {
    let folder = folder();
    look(folder.path()).exits(0);
    arrive(folder.path(), "second.json", &one_delete("second"));
    let state = folder.path().join("state.jsonl");
    let at = |format: &str| {
        let mut command = earwitness();
        command.arg("watch").arg(folder.path().join("logs"));
        command.args([
            "--report",
            "who-deleted",
            "--once",
            "--from-start",
            "--output",
            format,
        ]);
        command.arg("--state").arg(&state);
        let run = finish(&mut command).exits(0);
        fs::remove_file(&state).unwrap();
        run
    };
    let csv = at("csv");
    let lines: Vec<&str> = csv.text().lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("change,event_time,"), "{}", lines[0]);
    let table = at("table");
    assert!(
        table.text().contains("│ change ┆ event_time"),
        "{}",
        table.text()
    );
}

#[test]
fn what_cannot_be_watched_says_what_can() {
    for (arguments, fix) in [
        (
            ["-", "--report", "who-deleted"],
            "name a folder or s3://BUCKET/PREFIX",
        ),
        (
            ["cloudtrail:us-west-2", "--report", "who-deleted"],
            "name a folder or s3://",
        ),
        (
            ["/nowhere/logs", "--report", "who-deleted"],
            "/nowhere/logs",
        ),
        (
            ["fixtures", "--report", "who-could-access"],
            "`earwitness report who-could-access`",
        ),
        (
            ["fixtures", "--report", "who-delted"],
            "Did you mean 'who-deleted'?",
        ),
    ] {
        let scratch = scratch();
        let mut command = earwitness();
        command.arg("watch").args(arguments).arg("--once");
        let run = finish(command.env("XDG_STATE_HOME", scratch.path())).exits(2);
        assert!(run.stderr.contains(fix), "{arguments:?}: {}", run.stderr);
    }
    let scratch = scratch();
    fs::write(scratch.path().join("notes"), "mine\n").unwrap();
    let notes = scratch.path().join("notes");
    let run = run(&[
        "watch",
        "fixtures",
        "--report",
        "who-deleted",
        "--once",
        "--state",
        notes.to_str().unwrap(),
    ]);
    run.exits(2).says("name another file");
    assert_eq!(fs::read(&notes).unwrap(), b"mine\n");
}
