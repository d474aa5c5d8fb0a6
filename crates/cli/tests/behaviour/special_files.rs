//! Inputs that are no plain files.

use std::fs;
use std::thread;

use crate::support::{earwitness, finish, one_delete, report, scratch, shell, start, wait};

#[test]
fn a_pipe_with_a_name_is_read() {
    let folder = scratch();
    shell("mkfifo pipe", folder.path());
    let pipe = folder.path().join("pipe");
    let mut command = earwitness();
    command
        .args(["report", "who-deleted", "--output", "jsonl"])
        .arg(&pipe);
    let child = start(&mut command);
    let feeding = thread::spawn(move || fs::write(pipe, one_delete("1")));
    assert_eq!(wait(child).exits(0).rows().len(), 1);
    feeding.join().unwrap().unwrap();
}

#[test]
fn a_pipe_inside_a_folder_does_not_hang_the_run() {
    let folder = scratch();
    fs::write(folder.path().join("aa.json"), one_delete("1")).unwrap();
    shell("mkfifo pipe", folder.path());
    let run = report("who-deleted", folder.path(), &["--output", "jsonl"]);
    assert_eq!(run.rows().len(), 1, "{}", run.stderr);
}

#[test]
fn nothing_on_standard_input_is_said() {
    let run = finish(earwitness().args(["report", "who-deleted", "-"]));
    run.exits(3).says("empty");
}

#[test]
fn an_empty_folder_is_said() {
    let folder = scratch();
    report("who-deleted", folder.path(), &[])
        .exits(2)
        .says("no files in this folder");
}

#[test]
fn a_hidden_file_is_read() {
    let folder = scratch();
    fs::write(folder.path().join(".hidden.json"), one_delete("1")).unwrap();
    let run = report("who-deleted", folder.path(), &["--output", "jsonl"]).exits(0);
    assert_eq!(run.rows().len(), 1);
}
