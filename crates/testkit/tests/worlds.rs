//! The worlds are what they say: repeatable, complete, and the committed
//! fixtures are theirs.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use earwitness_testkit::{
    Centre, big_record, folder, gzip_bomb, into_folder, write_expected_malformed, write_malformed,
    write_versions, write_wrappers,
};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

type Files = BTreeMap<String, Vec<u8>>;

fn world(centre: Centre) -> (Files, Files) {
    let (mut files, mut answers) = (Files::new(), Files::new());
    centre
        .write_with_answers(
            &mut |name, content| {
                assert!(
                    files.insert(name.to_owned(), content.to_vec()).is_none(),
                    "{name} twice"
                );
                Ok(())
            },
            &mut |name, content| {
                answers.insert(name.to_owned(), content.to_vec());
                Ok(())
            },
        )
        .unwrap();
    (files, answers)
}

fn collect(prefix: &str, write: impl FnOnce(&mut earwitness_testkit::Emit<'_>)) -> Files {
    let mut files = Files::new();
    write(&mut |name, content| {
        files.insert(format!("{prefix}/{name}"), content.to_vec());
        Ok(())
    });
    files
}

fn inflate(name: &str, content: &[u8]) -> Vec<u8> {
    // Broken gzip files are compared as they are.
    if !name.ends_with("gz") || name.starts_with("malformed/") {
        return content.to_vec();
    }
    let mut inflated = Vec::new();
    MultiGzDecoder::new(content)
        .read_to_end(&mut inflated)
        .unwrap();
    inflated
}

fn committed(root: &Path, below: &str, files: &mut Files) {
    for entry in fs::read_dir(root.join(below)).unwrap() {
        let name = format!(
            "{below}/{}",
            entry.unwrap().file_name().into_string().unwrap()
        );
        if root.join(&name).is_dir() {
            committed(root, &name, files);
        } else {
            files.insert(name.clone(), fs::read(root.join(&name)).unwrap());
        }
    }
}

fn rows(answers: &Files, name: &str) -> Vec<Value> {
    let text = std::str::from_utf8(&answers[name]).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn records(files: &Files) -> Vec<(String, Value)> {
    let mut records = Vec::new();
    for (name, content) in files.iter().filter(|(name, _)| name.ends_with(".json.gz")) {
        let document: Value = serde_json::from_slice(&inflate(name, content)).unwrap();
        let list = document["Records"].as_array().unwrap();
        records.extend(list.iter().map(|record| (name.clone(), record.clone())));
    }
    records
}

#[test]
fn committed_fixtures_are_what_the_generator_writes() {
    let (centre, answers) = world(Centre::small());
    let mut generated = Files::new();
    generated.extend(
        centre
            .into_iter()
            .map(|(name, file)| (format!("contact-centre/{name}"), file)),
    );
    let answers = answers.into_iter();
    generated.extend(answers.map(|(name, file)| (format!("expected/contact-centre/{name}"), file)));
    generated.extend(collect("versions", |emit| write_versions(emit).unwrap()));
    generated.extend(collect("wrappers", |emit| write_wrappers(emit).unwrap()));
    generated.extend(collect("malformed", |emit| write_malformed(emit).unwrap()));
    generated.extend(collect("expected", |emit| {
        write_expected_malformed(emit).unwrap()
    }));

    let mut found = Files::new();
    for below in [
        "contact-centre",
        "expected/contact-centre",
        "versions",
        "wrappers",
        "malformed",
    ] {
        committed(&folder(""), below, &mut found);
    }
    let name = "expected/malformed.json".to_owned();
    let content = fs::read(folder(&name)).unwrap();
    found.insert(name, content);

    assert!(!generated.is_empty());
    let hint = "write them again: cargo run -p earwitness-testkit -- fixtures fixtures";
    assert_eq!(
        generated.keys().collect::<Vec<_>>(),
        found.keys().collect::<Vec<_>>(),
        "{hint}"
    );
    for (name, content) in &generated {
        assert!(
            inflate(name, content) == inflate(name, &found[name]),
            "{name} differs; {hint}"
        );
    }
}

#[test]
fn one_seed_is_one_world() {
    let small = Centre::small();
    assert!(world(small) == world(small));
    let other = world(Centre {
        seed: small.seed + 1,
        ..small
    });
    assert!(world(small).0.keys().ne(other.0.keys()));
}

#[test]
fn answers_do_not_change_what_is_written() {
    let centre = Centre {
        events: 3_000,
        ..Centre::small()
    };
    let files = collect("", |emit| {
        centre.write(emit).unwrap();
    });
    let with_answers = world(centre).0;
    assert_eq!(files.len(), with_answers.len());
    assert!(
        with_answers
            .iter()
            .all(|(name, file)| files[&format!("/{name}")] == *file)
    );
}

/// Every value of these columns must have a row in the small world.
const MUST_APPEAR: [(&str, &str, &[&str]); 9] = [
    (
        "who-deleted.jsonl",
        "outcome",
        &[
            "deleted",
            "delete-marker",
            "denied",
            "failed",
            "unknown-keys",
        ],
    ),
    (
        "who-deleted.jsonl",
        "attributed_by",
        &["caller", "request-id", "bucket-and-time", "none"],
    ),
    (
        "who-deleted.jsonl",
        "contact_match",
        &["contact-record", "file-name", "none"],
    ),
    (
        "who-deleted.jsonl",
        "actor_kind",
        &[
            "connect-user",
            "identity-center",
            "iam-user",
            "role-session",
            "root",
            "unknown",
        ],
    ),
    (
        "who-listened.jsonl",
        "evidence",
        &[
            "object-read",
            "object-read+bucket-mark",
            "metadata-only",
            "bucket-mark-only",
            "denied",
            "failed",
        ],
    ),
    (
        "who-listened.jsonl",
        "how",
        &[
            "ranged-play",
            "whole-object",
            "presigned-download",
            "unknown",
        ],
    ),
    (
        "who-listened.jsonl",
        "contact_match",
        &["contact-record", "file-name", "none"],
    ),
    (
        "who-listened.jsonl",
        "actor_kind",
        &[
            "connect-user",
            "identity-center",
            "iam-user",
            "role-session",
            "root",
            "aws-service",
            "other-account",
            "anonymous",
        ],
    ),
    (
        "who-listened.jsonl",
        "recording_kind",
        &[
            "call",
            "ivr-call",
            "chat",
            "screen",
            "analysis",
            "attachment",
            "email",
            "evaluation",
            "none",
        ],
    ),
];

#[test]
fn the_small_world_has_a_row_of_every_sort() {
    let (_, answers) = world(Centre::small());
    for (file, column, values) in MUST_APPEAR {
        for value in values {
            let rows = rows(&answers, file);
            let count = rows.iter().filter(|row| row[column] == *value).count();
            assert!(count > 0, "no row of {file} has {column} {value}");
        }
    }
}

#[test]
fn a_recording_and_its_redacted_twin_are_deleted_together() {
    let (_, answers) = world(Centre::small());
    let deleted = rows(&answers, "who-deleted.jsonl");
    let by_user = |row: &&Value| row["actor_kind"] == "connect-user" && row["outcome"] == "deleted";
    let twins = deleted
        .iter()
        .filter(by_user)
        .filter(|row| row["redacted"] == true)
        .filter(|twin| {
            deleted.iter().filter(by_user).any(|row| {
                row["redacted"] == false
                    && row["contact_id"] == twin["contact_id"]
                    && row["actor"] == twin["actor"]
            })
        });
    assert!(twins.count() > 0);
}

#[test]
fn second_copies_are_identical_and_in_other_files() {
    let (files, answers) = world(Centre::small());
    let counts: Value = serde_json::from_slice(&answers["counts.json"]).unwrap();
    let records = records(&files);
    assert_eq!(counts["cloudtrail_records"], records.len());
    let mut seen = BTreeMap::<String, (String, Value)>::new();
    let mut copies = 0;
    for (name, record) in records {
        let Some(id) = record["eventID"].as_str() else {
            continue;
        };
        match seen.get(id) {
            Some((first, original)) => {
                assert_ne!(*first, name);
                assert_eq!(*original, record);
                copies += 1;
            }
            None => {
                seen.insert(id.to_owned(), (name, record));
            }
        }
    }
    assert!(copies > 0);
    assert_eq!(counts["duplicates"], copies);
}

#[test]
fn every_answer_points_at_events_that_were_delivered() {
    let (files, answers) = world(Centre {
        events: 6_000,
        ..Centre::small()
    });
    let records = records(&files);
    let by_id = records
        .iter()
        .filter_map(|(_, record)| Some((record["eventID"].as_str()?, record)))
        .collect::<BTreeMap<_, _>>();
    let deleted = rows(&answers, "who-deleted.jsonl");
    let listened = rows(&answers, "who-listened.jsonl");
    assert!(!deleted.is_empty() && !listened.is_empty());
    for row in deleted {
        let record = by_id[row["event_id"].as_str().unwrap()];
        assert_eq!(record["eventTime"], row["event_time"]);
        assert_eq!(record["requestID"], row["request_id"]);
    }
    for row in listened {
        let first = by_id[row["first_event_id"].as_str().unwrap()];
        let last = by_id[row["last_event_id"].as_str().unwrap()];
        assert_eq!(first["eventTime"], row["started_at"]);
        assert_eq!(last["eventTime"], row["ended_at"]);
        assert_eq!(first["requestParameters"]["key"], row["key"]);
    }
}

#[test]
fn big_things_are_as_big_as_asked() {
    let bomb = gzip_bomb(3_000_000).unwrap();
    let mut decoder = MultiGzDecoder::new(&bomb[..]);
    assert_eq!(
        std::io::copy(&mut decoder, &mut std::io::sink()).unwrap(),
        3_000_000
    );
    let record: Value = serde_json::from_str(&big_record(1_000_000)).unwrap();
    assert_eq!(
        record["Records"][0]["unknownField"].as_str().unwrap().len(),
        1_000_000
    );
}

#[test]
fn files_land_where_they_are_told() {
    let root = std::env::temp_dir().join(format!("earwitness-testkit-{}", std::process::id()));
    write_versions(&mut into_folder(&root)).unwrap();
    let names = fs::read_dir(&root).unwrap().count();
    fs::remove_dir_all(&root).unwrap();
    assert_eq!(names, 12);
}
