//! Reads the fixtures: every wrapper alike, every version, every defect named.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fmt::Write as _;
use std::path::PathBuf;

use earwitness_parser::{Interest, Item, Passed, Reader, RejectReason, percent_decoded};
use serde_json::Value;

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths
        .iter()
        .map(|path| (name(path), std::fs::read(path).unwrap()))
        .collect()
}

struct Read {
    events: Vec<(String, u64)>,
    rejects: Vec<String>,
    passed: Vec<String>,
}

fn read(bytes: &[u8], max_bytes: usize) -> Read {
    let mut read = Read {
        events: Vec::new(),
        rejects: Vec::new(),
        passed: Vec::new(),
    };
    Reader::new(Interest::everything(), max_bytes).read(bytes, &mut |item| match item {
        Item::Event { event, raw, .. } => {
            read.events
                .push((event.event_id.as_str().to_owned(), raw.content().0));
        }
        Item::Reject(reject) => read.rejects.push(format!(
            "record {} at byte {}: {}",
            reject.position.index, reject.position.offset, reject.reason
        )),
        Item::Passed(passed) => read.passed.push(passed.name().to_owned()),
        Item::S3Deletion { .. } => read.passed.push("deletion reported by S3".to_owned()),
        Item::Contact { .. } | Item::Directory { .. } => {
            read.passed.push("contact or user".to_owned())
        }
    });
    read
}

#[test]
fn every_wrapper_holds_the_same_three_records() {
    let files = files("wrappers");
    let (_, delivered) = files
        .iter()
        .find(|(name, _)| name == "delivery.json")
        .unwrap();
    let delivered = read(delivered, 1 << 20).events;
    assert_eq!(delivered.len(), 3);
    for (name, bytes) in &files {
        let read = read(bytes, 1 << 20);
        assert_eq!(read.rejects, [] as [String; 0], "{name}");
        let expected = if name == "single-record.json" {
            &delivered[..1]
        } else {
            &delivered[..]
        };
        assert_eq!(read.events, expected, "{name}");
    }
}

#[test]
fn s3_reports_the_same_deletions_in_a_log_and_as_events() {
    let mut told = Vec::new();
    for (name, bytes) in files("s3-reports") {
        let (mut deletions, mut passed) = (Vec::new(), Vec::new());
        Reader::new(Interest::everything(), 1 << 20).read(&bytes, &mut |item| match item {
            Item::S3Deletion { deletion, .. } => deletions.push((
                percent_decoded(deletion.key.as_str()).into_owned(),
                deletion.request_id.as_str().to_owned(),
                deletion.by_lifecycle,
                deletion.time,
            )),
            Item::Passed(other) => passed.push(other),
            other => panic!("{name}: {other:?}"),
        });
        let expected = match name.as_str() {
            "access-log.txt" => vec![Passed::OtherAccessLogLine; 2],
            _ => Vec::new(),
        };
        assert_eq!(passed, expected, "{name}");
        told.push(deletions);
    }
    assert_eq!((told.len(), told[0].len()), (2, 2));
    assert_eq!(told[0], told[1]);
}

#[test]
fn every_version_reads_as_it_was_written() {
    let mut shown = String::new();
    for (name, bytes) in files("versions") {
        let mut events = 0;
        Reader::new(Interest::everything(), 1 << 20).read(&bytes, &mut |item| {
            let Item::Event { event, time, .. } = item else {
                panic!("{name}: {item:?}");
            };
            events += 1;
            assert_eq!(format!("{}.json", event.event_version.as_str()), name);
            writeln!(shown, "## {name} at {time}\n{event:#?}\n").unwrap();
        });
        assert_eq!(events, 1, "{name}");
    }
    // Fields that a version does not have say nothing.
    let shown: Vec<&str> = shown
        .lines()
        .filter(|line| !line.ends_with(": None,") && !line.trim_start().starts_with("None,"))
        .collect();
    insta::assert_snapshot!("versions", shown.join("\n"));
}

#[test]
fn every_defect_is_named_and_costs_no_other_record() {
    let expected = include_str!("../../../fixtures/expected/malformed.json");
    let expected: Value = serde_json::from_str(expected).unwrap();
    let mut shown = String::new();
    for (name, bytes) in files("malformed") {
        let read = read(&bytes, 1 << 20);
        let good = expected[&name]["good_records"].as_u64().unwrap();
        assert_eq!(read.events.len() as u64, good, "{name}: {:?}", read.rejects);
        writeln!(shown, "{name}: {good} good").unwrap();
        for line in read.passed.iter().chain(&read.rejects) {
            writeln!(shown, "    {line}").unwrap();
        }
    }
    insta::assert_snapshot!("malformed", shown);
}

#[test]
fn a_gzip_bomb_stops_at_the_limit_and_is_named() {
    let bomb = earwitness_testkit::gzip_bomb(64 << 20).unwrap();
    let read = read(&bomb, 1 << 20);
    let reason = RejectReason::TooLarge { limit: 1 << 20 }.to_string();
    assert!(
        read.rejects.last().unwrap().ends_with(&reason),
        "{:?}",
        read.rejects
    );
}

#[test]
fn a_record_of_ten_megabytes_is_a_record() {
    let record = earwitness_testkit::big_record(10 << 20);
    let read = read(record.as_bytes(), 1 << 30);
    assert_eq!((read.events.len(), read.rejects.len()), (1, 0));
}
