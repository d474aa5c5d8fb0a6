//! A bad file beside good ones is named; the good ones are read.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{one_delete, report, root, scratch, shell, skipped};

/// A folder with a good file before and after whatever a test puts there.
fn folder_with_good_files() -> tempfile::TempDir {
    let folder = scratch();
    fs::write(folder.path().join("aa.json"), one_delete("1")).unwrap();
    fs::write(folder.path().join("zz.json"), one_delete("2")).unwrap();
    folder
}

/// Expects `rows` rows, a reject for the file `name` and exit code 3.
#[track_caller]
fn assert_named(folder: &Path, name: &str, rows: usize, arguments: &[&str]) {
    let arguments = [&["--output", "jsonl"], arguments].concat();
    let run = report("who-deleted", folder, &arguments).exits(3);
    assert_eq!(run.rows().len(), rows, "{}", run.stderr);
    let named = |line: &str| line.starts_with("not read: ") && line.contains(name);
    assert!(
        run.stderr.lines().any(named),
        "{name} is not named:\n{}",
        run.stderr
    );
    run.counts();
}

#[test]
fn damage_of_every_kind() {
    let gzip = fs::read(root().join("fixtures/wrappers/delivery.json.gz")).unwrap();
    let cases: [(&str, &[u8], usize); 7] = [
        ("empty.json", b"", 2),
        ("spaces.json", b" \n ", 2),
        ("garbage.bin", b"\x00\x9f\xff\xfegarbage\x1b[2J", 2),
        ("text.txt", b"Dear Sir or Madam,\n", 2),
        ("header-only.gz", &gzip[..10], 2),
        ("half.json.gz", &gzip[..gzip.len() * 9 / 10], 3),
        ("no-array.json", b"{\"Records\":7}", 2),
    ];
    for (name, bytes, rows) in cases {
        let folder = folder_with_good_files();
        fs::write(folder.path().join(name), bytes).unwrap();
        assert_named(folder.path(), name, rows, &[]);
    }
}

#[test]
fn a_gzip_bomb_stops_at_the_limit() {
    let folder = folder_with_good_files();
    let bomb = earwitness_testkit::gzip_bomb(20_000_000).unwrap();
    fs::write(folder.path().join("bomb.json.gz"), bomb).unwrap();
    assert_named(
        folder.path(),
        "bomb.json.gz",
        2,
        &["--max-inflated-bytes", "1MB"],
    );
}

#[test]
fn a_plain_file_over_the_limit_is_named_too() {
    let folder = folder_with_good_files();
    let mut long = one_delete("3");
    long.push_str(&" ".repeat(2_000_000));
    fs::write(folder.path().join("long.json"), long).unwrap();
    assert_named(
        folder.path(),
        "long.json",
        3,
        &["--max-inflated-bytes", "1MB"],
    );
}

#[test]
fn a_file_without_permission_is_named() {
    let folder = folder_with_good_files();
    let locked = folder.path().join("locked.json");
    fs::write(&locked, one_delete("3")).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&locked).is_ok() {
        return skipped("this user may read every file");
    }
    assert_named(folder.path(), "locked.json", 2, &[]);
}

#[test]
fn a_folder_without_permission_is_named() {
    let folder = folder_with_good_files();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&locked).is_ok() {
        return skipped("this user may read every folder");
    }
    assert_named(folder.path(), "locked", 2, &[]);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn a_name_that_is_no_utf_8_is_read_and_shown_safely() {
    let folder = folder_with_good_files();
    let name = std::ffi::OsStr::from_bytes(b"b\xff\x1b[31m\n.json");
    if fs::write(folder.path().join(name), one_delete("3")).is_err() {
        return skipped("this file system takes UTF-8 names only");
    }
    let run = report("who-deleted", folder.path(), &["--output", "jsonl"]).exits(0);
    assert_eq!(run.rows().len(), 3);

    fs::write(folder.path().join(name), "garbage").unwrap();
    let run = report("who-deleted", folder.path(), &["--output", "jsonl"]).exits(3);
    assert_eq!(run.rows().len(), 2);
    assert!(!run.stderr.contains('\x1b'), "{:?}", run.stderr);
    let lines = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("not read: "));
    assert_eq!(lines.count(), 1, "{:?}", run.stderr);
}

#[test]
fn a_loop_of_links_ends() {
    let folder = folder_with_good_files();
    shell(
        "mkdir deep && ln -s .. deep/up && ln -s missing dangling",
        folder.path(),
    );
    let run = report("who-deleted", folder.path(), &["--output", "jsonl"]);
    assert_eq!(run.rows().len(), 2, "{}", run.stderr);
}
