//! Reports that go to a bucket, and logs that arrive in one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use earwitness_testkit::Moto;

use crate::aws::{earwitness_at, moto};
use crate::support::{
    Run, column, delivery, finish, one_delete, s3_call, scratch, shell, start, three_months, wait,
};

/// A folder with logs of three months, a jobs file, and a bucket of its own.
fn centre(moto: &Moto, bucket: &str, keys: &str) -> tempfile::TempDir {
    let folder = three_months();
    let text = format!(
        "[[job]]\nname = \"deletions\"\nreport = \"who-deleted\"\ninputs = [\"logs\"]\n\
         window = \"previous-month\"\nstart = 2026-01-01\nto = \"s3://{bucket}/out\"\n\
         formats = [\"csv\"]\n{keys}\n"
    );
    fs::write(folder.path().join("jobs.toml"), text).unwrap();
    moto.aws(&["s3", "mb", &format!("s3://{bucket}")]);
    folder
}

fn command(moto: &Moto, folder: &Path, now: &str) -> Command {
    let mut command = earwitness_at(moto.url());
    command.arg("run").arg(folder.join("jobs.toml"));
    command.args(["--now", now]);
    command
}

fn run_at(moto: &Moto, folder: &Path, now: &str) -> Run {
    finish(&mut command(moto, folder, now))
}

/// All that lies in a bucket, reports and state.
fn objects(moto: &Moto, bucket: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = scratch();
    let to = folder.path().to_str().unwrap();
    moto.aws(&[
        "s3",
        "cp",
        "--quiet",
        "--recursive",
        &format!("s3://{bucket}/out"),
        to,
    ]);
    let mut objects = BTreeMap::new();
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder.path()).unwrap();
                objects.insert(name.to_str().unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    objects
}

fn reports(moto: &Moto, bucket: &str) -> BTreeMap<String, Vec<u8>> {
    let mut objects = objects(moto, bucket);
    objects.retain(|name, _| !name.starts_with("_earwitness/"));
    objects
}

#[test]
fn a_bucket_gets_what_a_folder_gets_and_nothing_twice() {
    let Some(moto) = moto("reports in a bucket") else {
        return;
    };
    let hook = "on_success = [\"sh\", \"-c\", \"echo \\\"$EARWITNESS_FILES\\\" >> told\"]";
    let folder = centre(moto, "reports-once", hook);
    let run = run_at(moto, folder.path(), "2026-04-02").exits(0);
    assert_eq!(run.text().lines().count(), 6);
    assert!(
        run.text()
            .starts_with("s3://reports-once/out/deletions-2026-01.csv\n")
    );
    let told = fs::read_to_string(folder.path().join("told")).unwrap();
    assert_eq!(told, run.text());

    let local = scratch();
    shell(
        &format!("cp -r {}/. . && mkdir out", folder.path().display()),
        local.path(),
    );
    let jobs = fs::read_to_string(local.path().join("jobs.toml")).unwrap();
    let jobs = jobs.replace("s3://reports-once/out", "out");
    fs::write(local.path().join("jobs.toml"), jobs).unwrap();
    run_at(moto, local.path(), "2026-04-02").exits(0);
    let first = reports(moto, "reports-once");
    assert_eq!(first.len(), 6);
    for (name, bytes) in &first {
        assert!(
            fs::read(local.path().join("out").join(name)).unwrap() == *bytes,
            "{name}"
        );
    }

    let again = run_at(moto, folder.path(), "2026-04-02").exits(0);
    assert!(again.stderr.contains("nothing is due"), "{}", again.stderr);
    assert_eq!(again.text(), "");
    let forecast = finish(command(moto, folder.path(), "2026-04-02").arg("--dry-run")).exits(0);
    assert!(
        forecast.text().contains("the inputs are as they were"),
        "{}",
        forecast.text()
    );

    let late = delivery(&[s3_call("DeleteObject", "late", "2026-03-31T23:59:59Z")]);
    fs::write(folder.path().join("logs/late.json"), late).unwrap();
    let run = run_at(moto, folder.path(), "2026-04-03").exits(0);
    assert!(
        run.text()
            .contains("s3://reports-once/out/deletions-2026-03.rev2.csv\n")
    );
    let after = reports(moto, "reports-once");
    assert_eq!(after.len(), 8);
    for (name, bytes) in &first {
        assert!(after[name] == *bytes, "{name} was changed");
    }
    let all = objects(moto, "reports-once");
    assert!(
        !all.keys().any(|name| name.contains("/staged/")),
        "{:?}",
        all.keys()
    );
}

#[test]
fn an_object_of_somebody_else_is_not_written_over() {
    let Some(moto) = moto("an object in the way of a report") else {
        return;
    };
    let folder = centre(moto, "reports-taken", "");
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let mine = folder.path().join("mine");
    let place = "s3://reports-taken/out/deletions-2026-01.csv";
    moto.aws(&["s3", "cp", mine.to_str().unwrap(), place]);
    let run = run_at(moto, folder.path(), "2026-02-02").exits(1);
    assert!(
        run.stderr.contains("was not written by this job"),
        "{}",
        run.stderr
    );
    assert_eq!(
        reports(moto, "reports-taken")["deletions-2026-01.csv"],
        b"mine"
    );
}

#[test]
fn a_run_that_is_killed_is_completed_by_the_next() {
    let Some(moto) = moto("killed runs to a bucket") else {
        return;
    };
    let folder = centre(moto, "reports-whole", "");
    let began = Instant::now();
    run_at(moto, folder.path(), "2026-04-02").exits(0);
    let takes = began.elapsed();
    let whole = reports(moto, "reports-whole");
    const MOMENTS: u32 = 12;
    let mut cut = 0;
    for moment in 0..MOMENTS {
        let bucket = format!("reports-killed-{moment}");
        let folder = centre(moto, &bucket, "");
        let mut child = start(&mut command(moto, folder.path(), "2026-04-02"));
        thread::sleep(takes * moment / MOMENTS);
        // It may have ended by now.
        let _ = child.kill();
        cut += u32::from(wait(child).code.is_none());
        for (name, bytes) in reports(moto, &bucket) {
            assert!(whole[&name] == bytes, "moment {moment}: {name} is half");
        }
        run_at(moto, folder.path(), "2026-04-02").exits(0);
        assert!(reports(moto, &bucket) == whole, "moment {moment}");
    }
    assert!(cut > 3, "{cut} runs were killed in time");
}

#[test]
fn two_runs_on_two_machines_write_each_window_once() {
    let Some(moto) = moto("two runs to a bucket") else {
        return;
    };
    let hook = "on_success = [\"sh\", \"-c\", \"echo $EARWITNESS_WINDOW >> told\"]";
    let folder = centre(moto, "reports-two", hook);
    let runs = [(); 3].map(|()| start(&mut command(moto, folder.path(), "2026-04-02")));
    for run in runs {
        wait(run).exits(0);
    }
    let reports = reports(moto, "reports-two");
    let names: Vec<&str> = reports.keys().map(String::as_str).collect();
    assert_eq!(names.len(), 6, "{names:?}");
}

#[test]
fn objects_that_arrive_are_watched() {
    let Some(moto) = moto("a bucket that is watched") else {
        return;
    };
    moto.aws(&["s3", "mb", "s3://watched-logs"]);
    let folder = scratch();
    let put = |name: &str| {
        let path = folder.path().join(name);
        fs::write(&path, one_delete(name)).unwrap();
        let to = format!("s3://watched-logs/logs/{name}.json");
        moto.aws(&["s3", "cp", path.to_str().unwrap(), &to]);
    };
    let look = || {
        let mut command = earwitness_at(moto.url());
        command.args([
            "watch",
            "s3://watched-logs/logs/",
            "--report",
            "who-deleted",
        ]);
        command.args(["--once", "--output", "jsonl"]);
        finish(command.env("XDG_STATE_HOME", folder.path())).exits(0)
    };
    put("first");
    assert_eq!(look().text(), "");
    thread::sleep(Duration::from_millis(1));
    put("second");
    assert_eq!(column(&look().rows(), "event_id"), ["second"]);
    assert_eq!(look().text(), "");
}
