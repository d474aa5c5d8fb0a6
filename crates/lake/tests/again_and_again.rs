//! What a lake takes in again adds nothing; what changed comes beside it; parts,
//! runs and compactions make no difference to any answer; what dies leaves nothing
//! half true.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/lakes.rs"]
#[expect(dead_code, reason = "not every test asks everything")]
mod lakes;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use earwitness_lake::{Ingest, Lake, LakeError, Shard, check, compact, ingest};
use earwitness_query::Scope;
use earwitness_testkit::{files, folder};
use lakes::{Input, assert_answers_alike, sha256, take_in, take_in_shard};
use serde_json::Value;
use tempfile::TempDir;

fn inputs_of(name: &str) -> Vec<Input> {
    let folder = folder(name);
    let inputs: Vec<Input> = files(&folder)
        .unwrap()
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(&folder).unwrap().to_str().unwrap();
            (name.to_owned(), fs::read(&file).unwrap())
        })
        .collect();
    assert!(inputs.len() > 10);
    inputs
}

/// Returns all files of a lake with their content.
fn files_of(lake: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let found = files(lake).unwrap().into_iter();
    found
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect()
}

fn assert_sound(lake: &Path) {
    let checked = check(lake, &|| false).unwrap();
    assert_eq!(checked.damaged, []);
    assert_eq!(checked.orphans, []);
    assert!(checked.files > 0);
}

#[test]
fn what_is_known_adds_nothing() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    let first = take_in(lake.path(), &inputs).unwrap();
    assert_eq!((first.known, first.ledger), (0, Some(1)));
    let before = files_of(lake.path());
    let second = take_in(lake.path(), &inputs).unwrap();
    assert_eq!(second.known, inputs.len() as u64);
    assert_eq!((second.records, second.ledger), (0, None));
    assert_eq!(files_of(lake.path()), before);
    assert_sound(lake.path());
}

#[test]
fn any_number_of_runs_and_compactions_answers_alike() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    for some in inputs.chunks(3) {
        take_in(lake.path(), some).unwrap();
    }
    assert_sound(lake.path());
    let before = Lake::open(lake.path()).unwrap().status();
    assert_eq!(before.ledgers, inputs.chunks(3).len() as u64);
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );

    let done = compact(lake.path(), &|| false).unwrap();
    assert!(done.files_after < done.files_before, "{done:?}");
    assert_sound(lake.path());
    let after = Lake::open(lake.path()).unwrap().status();
    assert_eq!(after.ledgers, 1);
    assert_eq!((after.inputs, after.events), (before.inputs, before.events));
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );

    assert_eq!(compact(lake.path(), &|| false).unwrap().ledger, None);
    // What was compacted is known all the same.
    assert_eq!(take_in(lake.path(), &inputs).unwrap().ledger, None);
}

#[test]
fn parts_make_the_whole() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    // All at once: each lands behind the others.
    std::thread::scope(|scope| {
        for index in 0..4 {
            let (lake, inputs) = (lake.path(), &inputs);
            scope.spawn(move || {
                let shard = Shard::new(index, 4).unwrap();
                take_in_shard(lake, inputs, shard).unwrap();
            });
        }
    });
    let status = Lake::open(lake.path()).unwrap().status();
    assert_eq!(status.inputs, inputs.len() as u64);
    assert_sound(lake.path());
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );
    assert_eq!(take_in(lake.path(), &inputs).unwrap().ledger, None);
}

#[test]
fn two_runs_at_once_take_each_input_in_once() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (lake, inputs) = (lake.path(), &inputs);
            scope.spawn(move || take_in(lake, inputs).unwrap());
        }
        let lake = lake.path();
        scope.spawn(move || {
            for _ in 0..3 {
                let _ = compact(lake, &|| false);
            }
        });
    });
    let status = Lake::open(lake.path()).unwrap().status();
    assert_eq!(status.inputs, inputs.len() as u64);
    assert_sound(lake.path());
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );
}

#[test]
fn what_is_delivered_again_is_one_row_and_counted() {
    let mut inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let again: Vec<Input> = inputs
        .iter()
        .filter(|(name, _)| name.starts_with("AWSLogs"))
        .map(|(name, content)| (format!("again/{name}"), content.clone()))
        .collect();
    let second = take_in(lake.path(), &again).unwrap();
    assert_eq!(second.same_content, again.len() as u64);
    // One comes before what it repeats, in the order of names.
    let early = (format!("A/{}", again[0].0), again[0].1.clone());
    take_in(lake.path(), std::slice::from_ref(&early)).unwrap();
    inputs.extend(again);
    inputs.push(early);
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );

    let done = compact(lake.path(), &|| false).unwrap();
    assert!(done.copies > 500, "{done:?}");
    assert_sound(lake.path());
    assert_answers_alike(
        "the contact centre",
        lake.path(),
        &inputs,
        &Scope::default(),
    );
    let scope = Scope {
        window: earwitness_query::Window {
            since: Some(1_772_409_600_000_000),
            until: Some(1_772_496_000_000_000),
        },
        ..Scope::default()
    };
    assert_answers_alike("the contact centre", lake.path(), &inputs, &scope);
}

#[test]
fn what_changed_is_told_and_comes_beside() {
    let lake = TempDir::new().unwrap();
    let record = |id: u32| {
        format!(
            r#"{{"eventVersion":"1.11","eventTime":"2026-03-02T09:05:17Z","eventSource":"s3.amazonaws.com","eventName":"DeleteObject","eventID":"EXAMPLE{id}","userIdentity":{{"type":"Root"}},"requestParameters":{{"bucketName":"amazon-connect-example-recordings","key":"connect/a/CallRecordings/2026/03/01/12345678-90ab-cdef-1234-567890abcde{id}_20260301T15:00_UTC.wav"}}}}"#
        )
    };
    let log = |ids: &[u32]| -> Input {
        let lines: String = ids.iter().map(|id| format!("{}\n", record(*id))).collect();
        ("live.log".to_owned(), lines.into_bytes())
    };
    let rows = || {
        let library = earwitness_query::Library::shipped().unwrap();
        let report = library.find("who-deleted").unwrap();
        let evidence = lakes::gather(lake.path(), &report.interest(), &Scope::default()).unwrap();
        assert!(evidence.counts().reconcile());
        let duplicates = evidence.counts().duplicates;
        (lakes::rows_of(report, evidence).height(), duplicates)
    };
    assert_eq!(
        take_in(lake.path(), &[log(&[1, 2])]).unwrap().changed,
        [""; 0]
    );
    assert_eq!(rows(), (2, 0));
    // It grew.
    let grown = take_in(lake.path(), &[log(&[1, 2, 3])]).unwrap();
    assert_eq!(grown.changed, ["live.log"]);
    assert_eq!(rows(), (3, 2));
    // Someone takes a record out: the evidence stays.
    take_in(lake.path(), &[log(&[2, 3])]).unwrap();
    assert_eq!(rows(), (3, 4));
    // Back as it was at first: known.
    assert_eq!(take_in(lake.path(), &[log(&[1, 2])]).unwrap().ledger, None);
    assert_eq!(Lake::open(lake.path()).unwrap().status().changed, 1);
    compact(lake.path(), &|| false).unwrap();
    assert_eq!(rows(), (3, 4));
    assert_sound(lake.path());
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let home = TempDir::new().unwrap();
    let missing = home.path().join("lake");
    let error = Lake::open(&missing).unwrap_err();
    assert!(matches!(error, LakeError::NotThere { .. }), "{error}");
    fs::write(home.path().join("letter.txt"), "dear").unwrap();
    for error in [
        Lake::open(home.path()).unwrap_err(),
        take_in(home.path(), &[]).unwrap_err(),
        compact(home.path(), &|| false).unwrap_err(),
    ] {
        assert!(matches!(error, LakeError::NotALake { .. }), "{error}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    take_in(&missing, &[]).unwrap();
    let error = Lake::open(&missing).unwrap_err();
    assert!(error.to_string().contains("earwitness ingest"), "{error}");
}

#[test]
fn damage_is_named_and_changes_nothing() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs[..5]).unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let whole = files_of(lake.path());
    let mut tried = 0;
    for (path, content) in &whole {
        let name = path.strip_prefix(lake.path()).unwrap().to_str().unwrap();
        let flipped = {
            let mut content = content.clone();
            let middle = content.len() / 2;
            content[middle] ^= 1;
            content
        };
        for damaged in [
            Some(flipped),
            Some(content[..content.len() / 2].to_vec()),
            None,
        ] {
            match &damaged {
                Some(damaged) => fs::write(path, damaged).unwrap(),
                None => fs::remove_file(path).unwrap(),
            }
            tried += 1;
            let is_last_ledger = name.ends_with("00000002.json");
            if name.starts_with("_earwitness/ledgers/") && !(is_last_ledger && damaged.is_none()) {
                let error = Lake::open(lake.path()).unwrap_err().to_string();
                assert!(error.contains("from a backup"), "{name}: {error}");
                let error = take_in(lake.path(), &inputs).unwrap_err().to_string();
                assert!(error.contains("from a backup"), "{name}: {error}");
            } else if !is_last_ledger {
                let checked = check(lake.path(), &|| false).unwrap();
                assert_eq!(checked.damaged.len(), 1, "{name}");
                assert_eq!(checked.damaged[0].0, name);
            }
            fs::write(path, content).unwrap();
        }
    }
    assert!(tried > 10);
    assert_eq!(files_of(lake.path()), whole);
    assert_sound(lake.path());
}

#[test]
fn a_lake_of_a_later_version_is_not_touched() {
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs_of("contact-centre")).unwrap();
    let ledger = lake.path().join("_earwitness/ledgers/00000001.json");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replacen("\"version\":1", "\"version\":2", 1)).unwrap();
    let before = files_of(lake.path());
    for error in [
        Lake::open(lake.path()).unwrap_err(),
        take_in(lake.path(), &[]).unwrap_err(),
        compact(lake.path(), &|| false).unwrap_err(),
    ] {
        assert!(error.to_string().contains("update earwitness"), "{error}");
    }
    assert_eq!(files_of(lake.path()), before);
}

/// An earlier release did not say which buckets contact records name recordings in,
/// and wrote fewer columns of them; nor what is known of columns of events.
#[test]
fn a_lake_of_an_earlier_release_answers_alike_and_is_brought_up_to_date() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let whole = files_of(lake.path());
    let ledger = lake.path().join("_earwitness/ledgers/00000001.json");
    let text = fs::read_to_string(&ledger).unwrap();
    let mut said: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let mut removed = [0, 0];
    for file in said["files"].as_array_mut().unwrap() {
        let buckets = file.as_object_mut().unwrap().remove("recording_buckets");
        removed[0] += usize::from(buckets.is_some());
        for group in file["groups"].as_array_mut().unwrap() {
            let columns = group.as_object_mut().unwrap().remove("columns");
            removed[1] += usize::from(columns.is_some());
        }
    }
    assert!(removed.iter().all(|count| *count > 0), "{removed:?}");
    let said = format!("{said}\n");
    let sha256 = sha256(said.as_bytes());
    fs::write(&ledger, format!("{said}{{\"sha256\":\"{sha256}\"}}\n")).unwrap();
    assert_sound(lake.path());
    let of_before = "a lake of an earlier release";
    assert_answers_alike(of_before, lake.path(), &inputs, &Scope::default());

    compact(lake.path(), &|| false).unwrap();
    assert_sound(lake.path());
    let ledger = lake.path().join("_earwitness/ledgers/00000002.json");
    let text = fs::read_to_string(ledger).unwrap();
    assert!(text.contains("recording_buckets\":[\"amazon"));
    assert_eq!(text.matches("\"constants\":[[").count(), removed[1]);
    assert_eq!(compact(lake.path(), &|| false).unwrap().ledger, None);
    assert_answers_alike(of_before, lake.path(), &inputs, &Scope::default());
    assert_ne!(files_of(lake.path()), whole);
}

/// What tells a content from others before it is read, as S3's ETag does, spares
/// the reading.
#[test]
fn what_is_known_by_its_etag_is_not_read() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    let read = AtomicUsize::new(0);
    let take_in = |etag: &'static str| {
        read.store(0, Ordering::Relaxed);
        let planned = AtomicUsize::new(0);
        let ingested = ingest(
            lake.path(),
            &Ingest {
                inputs: &inputs,
                name: &|(name, _)| name,
                size_hint: &|(_, content)| content.len() as u64,
                etag: &|(name, _)| (!name.ends_with("list-users.json")).then_some(etag),
                plan: &|inputs| planned.store(inputs.len(), Ordering::Relaxed),
                read: &|(_, content), buffer| {
                    read.fetch_add(1, Ordering::Relaxed);
                    buffer.clone_from(content);
                    Ok(())
                },
                problems: &[],
                shard: Shard::WHOLE,
                max_inflated_bytes: 1 << 30,
                stop: &|| false,
            },
        );
        let ingested = ingested.unwrap();
        assert_eq!(
            planned.load(Ordering::Relaxed),
            read.load(Ordering::Relaxed)
        );
        (ingested.known, planned.load(Ordering::Relaxed))
    };
    let all = inputs.len();
    assert_eq!(take_in("one"), (0, all));
    assert_eq!(take_in("one"), (all as u64, 1));
    // Another tag may be another content, so it is looked at, and found to be known.
    assert_eq!(take_in("two"), (all as u64, all));
}

/// A run that was killed between its ledger and the last rename leaves hidden
/// files that are read all the same; the next run that writes gives them their
/// names.
#[test]
fn a_commit_that_was_cut_short_is_gone_on_with() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs).unwrap();
    let whole = files_of(lake.path());
    let data: Vec<PathBuf> = files(lake.path())
        .unwrap()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "parquet"))
        .collect();
    let hidden = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        path.with_file_name(format!("_{name}"))
    };
    let run = data[0].file_name().unwrap().to_str().unwrap();
    let (run, _) = run.split_once('-').unwrap();
    for cut in 0..=data.len() {
        for path in &data[cut..] {
            fs::rename(path, hidden(path)).unwrap();
        }
        fs::write(lake.path().join("_earwitness/runs").join(run), "").unwrap();
        assert_sound_but_for_names(lake.path());
        if cut == 0 {
            assert_answers_alike(
                "the contact centre",
                lake.path(),
                &inputs,
                &Scope::default(),
            );
        }
        assert_eq!(take_in(lake.path(), &inputs).unwrap().ledger, None);
        assert_eq!(files_of(lake.path()), whole);
    }
    assert!(data.len() > 2);
}

fn assert_sound_but_for_names(lake: &Path) {
    let checked = check(lake, &|| false).unwrap();
    assert_eq!((checked.damaged, checked.orphans), (vec![], vec![]));
}

/// What a run wrote that never came to its ledger is listed, and taken away by
/// the next one, unless it lives.
#[test]
fn what_a_killed_run_left_is_taken_away() {
    let inputs = inputs_of("contact-centre");
    let lake = TempDir::new().unwrap();
    take_in(lake.path(), &inputs[..5]).unwrap();
    let whole = files_of(lake.path());
    let runs = lake.path().join("_earwitness/runs");
    let folder = "events/account=111122223333/region=us-east-1/date=2026-01-01";
    fs::create_dir_all(lake.path().join(folder)).unwrap();
    for run in ["00000000000000aa", "00000000000000bb"] {
        let left = lake
            .path()
            .join(folder)
            .join(format!("_{run}-0001.parquet"));
        fs::write(left, "half").unwrap();
        let notes = format!("{folder}/{run}-0001.parquet\n../../escape\n");
        fs::write(runs.join(run), notes).unwrap();
        let ledger = format!("_earwitness/ledgers/_{run}.tmp");
        fs::write(lake.path().join(ledger), "half").unwrap();
    }
    let alive = fs::File::open(runs.join("00000000000000bb")).unwrap();
    alive.lock().unwrap();
    let checked = check(lake.path(), &|| false).unwrap();
    assert_eq!(checked.orphans.len(), 2);
    take_in(lake.path(), &inputs[..5]).unwrap();
    assert_eq!(check(lake.path(), &|| false).unwrap().orphans.len(), 1);
    drop(alive);
    take_in(lake.path(), &inputs[..5]).unwrap();
    assert_eq!(files_of(lake.path()), whole);
    assert!(!lake.path().join(folder).exists());
}
