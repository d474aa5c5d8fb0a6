//! What is there twice is counted once.

use crate::support::{earwitness, finish, report, root, run, scratch, shell};

const ARGUMENTS: [&str; 2] = ["--output", "jsonl"];

/// Rows without the column that says where they were read.
fn rows_without_input(run: crate::support::Run) -> Vec<String> {
    let mut rows = run.exits(0).rows();
    for row in &mut rows {
        row.remove("input");
    }
    rows.iter()
        .map(|row| serde_json::to_string(row).unwrap())
        .collect()
}

#[test]
fn two_copies_of_a_folder_are_one() {
    let folder = scratch();
    let source = root().join("fixtures/contact-centre");
    shell(
        &format!("cp -R '{0}' one && cp -R '{0}' two", source.display()),
        folder.path(),
    );
    for name in ["who-deleted", "who-listened"] {
        let once = report(name, folder.path().join("one"), &ARGUMENTS);
        let twice = report(name, folder.path(), &ARGUMENTS);
        let (counted_once, counted_twice) = (once.counts(), twice.counts());
        assert_eq!(counted_twice.read, 2 * counted_once.read, "{name}");
        assert_eq!(
            rows_without_input(once),
            rows_without_input(twice),
            "{name}"
        );
    }
}

#[test]
fn a_second_copy_is_filtered_or_a_duplicate_in_full() {
    for (file, read) in [
        ("fixtures/wrappers/records.ndjson", 3),
        ("fixtures/contact-centre/directory/list-users.json", 11),
    ] {
        let folder = scratch();
        let source = root().join(file);
        shell(
            &format!("cp '{0}' one; cp '{0}' two", source.display()),
            folder.path(),
        );
        let counts = report("who-deleted", folder.path(), &ARGUMENTS)
            .exits(0)
            .counts();
        let once = report("who-deleted", folder.path().join("one"), &ARGUMENTS).counts();
        assert_eq!((once.read, counts.read), (read, 2 * read), "{file}");
        assert_eq!(counts.kept, once.kept, "{file}");
    }
}

#[test]
fn the_same_path_twice_is_read_once() {
    let path = "fixtures/contact-centre";
    for again in [
        "fixtures/contact-centre",
        "fixtures/contact-centre/",
        "./fixtures/../fixtures/contact-centre/AWSLogs",
    ] {
        let once = run(&["report", "who-deleted", path, "--output", "jsonl"]).exits(0);
        let twice = run(&["report", "who-deleted", path, again, "--output", "jsonl"]).exits(0);
        assert_eq!(once.text(), twice.text(), "{again}");
        assert_eq!(once.counts(), twice.counts(), "{again}");
    }
}

#[test]
fn a_hard_link_and_a_copy_by_another_name_are_counted_once() {
    let folder = scratch();
    std::fs::write(
        folder.path().join("a.json"),
        crate::support::one_delete("1"),
    )
    .unwrap();
    shell(
        "ln a.json b.json; cp a.json c.log; ln -s a.json d; gzip -c a.json > e.gz",
        folder.path(),
    );
    let mut command = earwitness();
    command
        .args(["report", "who-deleted", "--output", "jsonl"])
        .arg(folder.path());
    assert_eq!(finish(&mut command).exits(0).rows().len(), 1);
}
