//! A file is written whole or not at all, and nothing is overwritten unasked.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::support::{finish, report, root, scratch, skipped};

const CENTRE: &str = "fixtures/contact-centre";

#[test]
fn a_full_disk_is_said() {
    if fs::metadata("/dev/full").is_err() {
        return skipped("there is no /dev/full");
    }
    let run = report(
        "who-deleted",
        CENTRE,
        &["--output", "csv", "--out-file", "/dev/full"],
    );
    run.exits(1)
        .says("failed to write /dev/full: No space left on device");
}

#[test]
fn a_full_disk_behind_standard_output_is_said() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return skipped("there is no /dev/full");
    };
    let mut command = crate::support::earwitness();
    command.args(["report", "who-deleted", CENTRE]).stdout(full);
    command.stderr(std::process::Stdio::piped());
    let run = crate::support::wait(command.spawn().unwrap());
    run.exits(1).says("No space left on device");
}

/// Rows of a workbook lie in temporary files first: the library that writes them
/// panics where they cannot grow.
#[test]
fn a_full_disk_behind_a_workbook_is_said() {
    let folder = scratch();
    let file = folder.path().join("rows.xlsx");
    let mut full = 0;
    for kibibytes in [0, 1, 2, 4, 8, 12, 1024] {
        let mut command = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$@\"");
        command.args(["-c", &script, "bash"]);
        command.arg(crate::support::earwitness().get_program());
        command.args(["report", "who-deleted", "--out-file"]);
        command.arg(&file).arg(root().join(CENTRE));
        let ended = finish(&mut command);
        if ended.code == Some(0) {
            assert!(file.exists());
            break;
        }
        full += 1;
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended.exits(1).says("rows");
        assert!(!file.exists());
    }
    assert!((4..7).contains(&full), "{full}");
}

#[test]
fn a_folder_without_permission_is_said() {
    let folder = scratch();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(folder.path().join("try"), "").is_ok() {
        return skipped("this user may write everywhere");
    }
    let file = folder.path().join("rows.csv");
    let run = report(
        "who-deleted",
        CENTRE,
        &["--out-file", file.to_str().unwrap()],
    );
    run.exits(1).says("rows.csv");
}

#[test]
fn what_exists_stays_without_force() {
    let folder = scratch();
    let file = folder.path().join("rows.csv");
    let file_name = file.to_str().unwrap();
    fs::write(&file, "precious").unwrap();
    report("who-deleted", CENTRE, &["--out-file", file_name])
        .exits(2)
        .says("--force");
    assert_eq!(fs::read(&file).unwrap(), b"precious");

    report("who-deleted", CENTRE, &["--out-file", file_name, "--force"]).exits(0);
    assert!(fs::read(&file).unwrap().starts_with(b"event_time,"));
}

#[test]
fn nothing_else_is_left_in_the_folder() {
    let folder = scratch();
    for format in ["csv", "json", "jsonl", "parquet", "txt"] {
        let file = folder.path().join(format!("rows.{format}"));
        report(
            "who-deleted",
            CENTRE,
            &["--out-file", file.to_str().unwrap()],
        )
        .exits(0);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
}

#[test]
fn an_unusable_rejects_file_is_said_before_any_work() {
    let folder = scratch();
    let file = folder.path().join("rows.csv");
    let arguments = [
        "--out-file",
        file.to_str().unwrap(),
        "--rejects-file",
        "no-such-folder/rejects.jsonl",
    ];
    report("who-deleted", CENTRE, &arguments)
        .exits(2)
        .says("no-such-folder");
    assert!(!file.exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    for format in ["table", "csv", "json", "jsonl"] {
        let script = format!(
            "set -o pipefail; '{}' report who-listened {CENTRE} --output {format} --quiet | head -n 1 >/dev/null",
            env!("CARGO_BIN_EXE_earwitness")
        );
        let mut command = Command::new("bash");
        command.args(["-c", &script]).current_dir(root());
        let run = finish(&mut command).exits(0);
        assert_eq!(run.stderr, "", "{format}");
    }
}

#[test]
fn standard_error_that_is_closed_is_no_error() {
    let script = format!(
        "'{}' report who-deleted {CENTRE} --output csv 2>&-",
        env!("CARGO_BIN_EXE_earwitness")
    );
    let mut command = Command::new("bash");
    let run = finish(command.args(["-c", &script]).current_dir(root()));
    assert!(run.exits(0).text().lines().count() > 20);
}

#[test]
fn quiet_is_quiet() {
    let run = report("who-deleted", CENTRE, &["--quiet"]).exits(0);
    assert_eq!(run.stderr, "");
}
