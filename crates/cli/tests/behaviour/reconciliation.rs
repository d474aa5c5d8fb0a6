//! What was read is kept, filtered, a duplicate or rejected; nothing else.

use serde_json::{Map, Value};

use crate::support::{report, root};

fn fixture_json(path: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(root().join("fixtures").join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// How many entries the lists of the files in `fixtures/contact-centre/directory` have.
fn directory_entries() -> u64 {
    let folder = root().join("fixtures/contact-centre/directory");
    let mut entries = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let document: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let lists = document.values().filter_map(Value::as_array);
        entries += lists.map(Vec::len).sum::<usize>().max(1) as u64;
    }
    entries
}

#[test]
fn the_contact_centre_has_as_many_records_as_were_written() {
    let expected = fixture_json("expected/contact-centre/counts.json");
    let number = |name: &str| expected[name].as_u64().unwrap();
    let records = number("cloudtrail_records") + number("contact_records") + directory_entries();
    for name in ["who-deleted", "who-listened"] {
        let run = report(name, "fixtures/contact-centre", &["--output", "csv"]).exits(0);
        let counts = run.counts();
        assert_eq!(counts.read, records, "{name}");
        assert_eq!(counts.rejected, 0, "{name}");
        assert!(
            counts.kept > 0 && counts.filtered > 0 && counts.duplicates > 0,
            "{name}"
        );
        run.says(&format!("aggregated events: {};", number("aggregated")));
    }
}

#[test]
fn every_broken_file_has_its_good_records_read() {
    let expected = fixture_json("expected/malformed.json");
    assert!(expected.len() > 20);
    for (name, file) in &expected {
        let run = report(
            "who-deleted",
            format!("fixtures/malformed/{name}"),
            &["--all-objects"],
        );
        let counts = run.counts();
        // `S3 notifications: 1; …`: recognised, no event, and named.
        let named = run.stderr.lines().filter_map(|line| line.split_once(';'));
        let named: u64 = named
            .filter_map(|(head, _)| head.rsplit_once(": ")?.1.parse::<u64>().ok())
            .sum();
        let good = file["good_records"].as_u64().unwrap();
        assert_eq!(counts.read - counts.rejected, good + named, "{name}");
        assert_eq!(
            run.code,
            Some(if counts.rejected > 0 { 3 } else { 0 }),
            "{name}"
        );
    }
}

#[test]
fn folders_add_up() {
    for folder in ["contact-centre", "malformed", "wrappers", "versions", ""] {
        for name in ["who-deleted", "who-listened"] {
            let counts = report(name, format!("fixtures/{folder}"), &["--output", "csv"]).counts();
            assert!(counts.read > 0, "{folder}");
        }
    }
}

#[test]
fn a_folder_is_the_sum_of_its_files() {
    for folder in [
        "contact-centre/directory",
        "malformed",
        "wrappers",
        "versions",
    ] {
        let folder = format!("fixtures/{folder}");
        let together = report("who-deleted", &folder, &["--output", "csv"]).counts();
        let (mut read, mut rejected) = (0, 0);
        for file in std::fs::read_dir(root().join(&folder)).unwrap() {
            let counts = report("who-deleted", file.unwrap().path(), &["--output", "csv"]).counts();
            read += counts.read;
            rejected += counts.rejected;
        }
        assert_eq!(
            (together.read, together.rejected),
            (read, rejected),
            "{folder}"
        );
    }
}

#[test]
fn a_filter_on_rows_does_not_change_what_was_read() {
    let all = report("who-deleted", "fixtures/contact-centre", &[])
        .exits(0)
        .counts();
    for filter in [
        ["--user", "noor.lopez"],
        ["--bucket", "no-such-bucket"],
        ["--since", "2026-03-02"],
        ["--until", "2000-01-01"],
    ] {
        let some = report("who-deleted", "fixtures/contact-centre", &filter)
            .exits(0)
            .counts();
        assert_eq!(
            (some.read, some.rejected),
            (all.read, all.rejected),
            "{filter:?}"
        );
    }
}
