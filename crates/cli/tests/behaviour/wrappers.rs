//! A record says the same in every wrapping.

use crate::support::{report, root};

#[test]
fn every_wrapping_gives_the_same_rows() {
    let folder = root().join("fixtures/wrappers");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() > 20);
    let mut first = None;
    for file in files {
        let mut rows = report("who-deleted", &file, &["--output", "jsonl"])
            .exits(0)
            .rows();
        assert_eq!(rows.len(), 1, "{}", file.display());
        let mut row = rows.remove(0);
        row.remove("input");
        assert_eq!(
            first.get_or_insert_with(|| row.clone()),
            &row,
            "{}",
            file.display()
        );
    }
}

#[test]
fn standard_input_takes_every_wrapping() {
    let folder = root().join("fixtures/wrappers");
    let mut ran = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let run = crate::support::report_on_bytes("who-deleted", &bytes, &["--output", "jsonl"]);
        assert_eq!(run.exits(0).rows().len(), 1);
        ran += 1;
    }
    assert!(ran > 20);
}
