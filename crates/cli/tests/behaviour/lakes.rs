//! Whatever ends a run that writes to a lake, the lake reads as before or as after.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use earwitness_testkit::{files, folder};

use crate::support::{earwitness, finish, one_delete, report, run, scratch, skipped, start, wait};

/// What the lake answers, and how it accounts for every record.
fn answer(lake: &str) -> (String, u64) {
    let run = run(&[
        "report",
        "who-listened",
        "--lake",
        lake,
        "--output",
        "jsonl",
    ])
    .exits(0);
    (run.text().to_owned(), run.counts().read)
}

fn count_files(lake: &str) -> usize {
    files(Path::new(lake)).unwrap().len()
}

fn copy(from: &str, to: &str) {
    let mut copy = Command::new("cp");
    let copied = copy.args(["-r", from, to]).status().unwrap();
    assert!(copied.success());
}

/// Lets a command work on a copy of `lake` to its end, then kills it on others at
/// many moments: each must answer as before or as after, prove sound, and come to
/// the same end once the work is done again.
fn kill_at_many_moments(lake: &str, work: &[&str]) {
    let home = scratch();
    let copy_of = |name: &str| {
        let path = home.path().join(name).to_str().unwrap().to_owned();
        copy(lake, &path);
        path
    };
    let working_on = |lake: &str| {
        let mut command = earwitness();
        command.args(work).args(["--lake", lake]);
        command
    };
    let whole = copy_of("whole");
    let before = answer(lake);
    let started = Instant::now();
    finish(&mut working_on(&whole)).exits(0);
    let took = started.elapsed();
    let after = answer(&whole);

    let mut killed = 0;
    for moment in 0..=MOMENTS {
        let lake = copy_of(&format!("killed-{moment}"));
        let mut child = start(&mut working_on(&lake));
        thread::sleep(took * moment / MOMENTS);
        child.kill().unwrap();
        killed += u32::from(wait(child).code.is_none());
        let now = answer(&lake);
        assert!(now == before || now == after, "{moment}");
        run(&["lake", "check", "--lake", &lake]).exits(0);

        finish(&mut working_on(&lake)).exits(0);
        assert_eq!(answer(&lake), after, "{moment}");
        run(&["lake", "check", "--lake", &lake])
            .exits(0)
            .says("all as their ledgers say");
        assert_eq!(count_files(&lake), count_files(&whole), "{moment}");
    }
    assert!(killed > MOMENTS / 3, "{killed}");
}

/// How often a run is killed.
const MOMENTS: u32 = 24;

fn first_day() -> Vec<String> {
    let logs = folder("contact-centre");
    let mut some: Vec<String> = files(&logs)
        .unwrap()
        .iter()
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    assert!(some.len() > 10);
    some.truncate(5);
    some
}

fn lake_of(home: &Path, inputs: &[String]) -> String {
    let lake = home.join("lake").to_str().unwrap().to_owned();
    let mut command = earwitness();
    command.arg("ingest").args(inputs);
    finish(command.args(["--lake", &lake])).exits(0);
    lake
}

#[test]
fn a_killed_ingest_leaves_the_lake_as_before_or_as_after() {
    let home = scratch();
    let lake = lake_of(home.path(), &first_day());
    let logs = folder("contact-centre");
    kill_at_many_moments(&lake, &["ingest", logs.to_str().unwrap()]);
}

#[test]
fn a_killed_compaction_leaves_the_lake_as_it_answers() {
    let home = scratch();
    let lake = lake_of(home.path(), &first_day());
    for file in files(&folder("contact-centre")).unwrap() {
        let mut command = earwitness();
        command.arg("ingest").arg(file);
        finish(command.args(["--lake", &lake])).exits(0);
    }
    kill_at_many_moments(&lake, &["lake", "compact"]);
}

/// A file may not grow past a limit, as on a disk that is full: every byte at
/// which that happens is one at which the lake must stay as it was.
#[test]
fn a_full_disk_leaves_the_lake_as_before() {
    let home = scratch();
    let lake = lake_of(home.path(), &first_day());
    let before = answer(&lake);
    let all = count_files(&lake);
    let logs = folder("contact-centre");
    let mut full = 0;
    for kibibytes in 0..24 {
        let mut command = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$@\"");
        command.args(["-c", &script, "bash"]);
        command.arg(earwitness().get_program());
        command.arg("ingest").arg(&logs).args(["--lake", &lake]);
        let ended = finish(&mut command);
        if ended.code == Some(0) {
            continue;
        }
        full += 1;
        ended.exits(1).says("File too large");
        assert_eq!(answer(&lake), before, "{kibibytes}");
        assert_eq!(count_files(&lake), all, "{kibibytes}");
        run(&["lake", "check", "--lake", &lake]).exits(0);
    }
    assert!(full > 5, "{full}");
}

#[test]
fn a_lake_that_cannot_be_written_is_said_and_read_all_the_same() {
    let home = scratch();
    let lake = lake_of(home.path(), &first_day());
    let before = answer(&lake);
    let modes = |mode: u32| {
        let folders = Command::new("find").args([&lake, "-type", "d"]).output();
        for folder in String::from_utf8(folders.unwrap().stdout).unwrap().lines() {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    modes(0o555);
    let is_heeded = fs::write(Path::new(&lake).join("probe"), "").is_err();
    if is_heeded {
        let logs = folder("contact-centre");
        let ingest = ["ingest", logs.to_str().unwrap(), "--lake", &lake];
        run(&ingest).exits(1).says("Permission denied");
    } else {
        skipped("this user may write anywhere");
    }
    assert_eq!(answer(&lake), before);
    run(&["lake", "check", "--lake", &lake]).exits(0);
    modes(0o755);
}

#[test]
fn what_could_not_be_read_is_told_by_every_report() {
    let home = scratch();
    fs::write(home.path().join("good.json"), one_delete("1")).unwrap();
    fs::write(home.path().join("cut.json"), &one_delete("2")[..200]).unwrap();
    fs::write(home.path().join("empty.json"), "").unwrap();
    let logs = home.path().to_str().unwrap();
    let lakes = scratch();
    let lake = lakes.path().join("lake").to_str().unwrap().to_owned();
    run(&["ingest", logs, "--lake", &lake])
        .exits(3)
        .says("cut.json: 1 piece that could not be read");
    run(&["ingest", logs, "--lake", &lake])
        .exits(0)
        .says("nothing new");
    let raw = report("who-deleted", logs, &["--output", "jsonl"]).exits(3);
    let kept = [
        "report",
        "who-deleted",
        "--lake",
        &lake,
        "--output",
        "jsonl",
    ];
    let kept = run(&kept).exits(3);
    assert_eq!((&kept.stdout, &kept.stderr), (&raw.stdout, &raw.stderr));

    // Once they can be read, nothing is missing any more; what was cut stays
    // counted.
    fs::write(home.path().join("cut.json"), one_delete("2")).unwrap();
    fs::write(home.path().join("empty.json"), one_delete("3")).unwrap();
    run(&["ingest", logs, "--lake", &lake])
        .exits(0)
        .says("changed since it was taken in");
    let kept = run(&[
        "report",
        "who-deleted",
        "--lake",
        &lake,
        "--output",
        "jsonl",
    ])
    .exits(0);
    assert_eq!((kept.rows().len(), kept.counts().rejected), (3, 2));
}

#[test]
fn an_interrupted_ingest_changes_nothing() {
    let home = scratch();
    let lake = home.path().join("lake");
    let pipe = home.path().join("pipe");
    crate::support::shell("mkfifo pipe", home.path());
    let mut command = crate::signals::heeding_signals();
    command.arg("ingest").arg(&pipe).arg("--lake").arg(&lake);
    let child = start(&mut command);
    let feed = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    thread::sleep(Duration::from_millis(100));
    crate::support::shell(&format!("kill -TERM {}", child.id()), home.path());
    thread::sleep(Duration::from_millis(100));
    drop(feed);
    wait(child).exits(130);
    assert_eq!(files(&lake).unwrap(), [""; 0].map(std::path::PathBuf::from));
}
