//! The rejects file lists every reject.

use crate::support::{json_lines, report, scratch};

#[test]
fn every_reject_is_a_json_line() {
    let folder = scratch();
    let file = folder.path().join("rejects.jsonl");
    let arguments = ["--rejects-file", file.to_str().unwrap()];
    let run = report("who-deleted", "fixtures/malformed", &arguments).exits(3);
    let rejects = json_lines(&std::fs::read_to_string(&file).unwrap());
    assert_eq!(rejects.len() as u64, run.counts().rejected);
    assert!(rejects.len() > 20);
    for reject in &rejects {
        assert!(
            reject["input"]
                .as_str()
                .unwrap()
                .starts_with("fixtures/malformed/")
        );
        assert!(!reject["reason"].as_str().unwrap().is_empty());
        assert!(reject["record_index"].is_u64() && reject["byte_offset"].is_u64());
    }
}

#[test]
fn more_rejects_than_are_shown_are_all_listed() {
    let folder = scratch();
    let (input, file) = (
        folder.path().join("bad.ndjson"),
        folder.path().join("rejects.jsonl"),
    );
    std::fs::write(&input, "{}\n".repeat(500)).unwrap();
    let arguments = ["--rejects-file", file.to_str().unwrap()];
    let run = report("who-deleted", &input, &arguments).exits(3);
    assert!(run.stderr.lines().count() < 20, "{}", run.stderr);
    let rejects = json_lines(&std::fs::read_to_string(&file).unwrap());
    let indexes: Vec<u64> = rejects
        .iter()
        .map(|reject| reject["record_index"].as_u64().unwrap())
        .collect();
    assert_eq!(indexes, (0..500).collect::<Vec<u64>>());
}

#[test]
fn a_run_without_rejects_leaves_an_empty_list() {
    let folder = scratch();
    let file = folder.path().join("rejects.jsonl");
    let arguments = ["--rejects-file", file.to_str().unwrap()];
    report("who-deleted", "fixtures/contact-centre", &arguments).exits(0);
    assert_eq!(std::fs::read(&file).unwrap(), b"");
}
