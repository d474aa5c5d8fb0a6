//! Reads the real logs that lie beside the checkout, where they are there.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may stop and speak"
)]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use earwitness_parser::{Interest, Item, Reader};
use earwitness_testkit::files;

fn real_data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no real data beside the checkout");
    None
}

#[derive(Default, Debug)]
struct Tally {
    records: usize,
    events: HashSet<(String, u64)>,
    ids: HashSet<String>,
    versions: BTreeMap<String, usize>,
    identities: BTreeMap<String, usize>,
    s3_names: BTreeMap<String, usize>,
    s3_ids: HashSet<String>,
    errors: usize,
    rejects: Vec<String>,
    bytes_read: u64,
    readers: HashSet<String>,
    times: Vec<String>,
}

fn read_all(folder: &Path) -> Tally {
    let mut tally = Tally::default();
    let mut reader = Reader::new(Interest::everything(), 1 << 30);
    for file in files(folder).unwrap() {
        let bytes = std::fs::read(&file).unwrap();
        let mut understood = 0;
        reader.read(&bytes, &mut |item| {
            understood += 1;
            match item {
                Item::Event {
                    event, time, raw, ..
                } => {
                    tally.records += 1;
                    let id = event.event_id.as_str().to_owned();
                    tally.events.insert((id.clone(), raw.content().0));
                    tally.ids.insert(id.clone());
                    tally.times.push(time.to_string());
                    *tally
                        .versions
                        .entry(event.event_version.as_str().into())
                        .or_default() += 1;
                    *tally
                        .identities
                        .entry(event.user_identity.kind.as_str().into())
                        .or_default() += 1;
                    tally.errors += usize::from(event.error_code.get().is_some());
                    if event.event_source.get() == Some("s3.amazonaws.com") {
                        *tally
                            .s3_names
                            .entry(event.event_name.as_str().into())
                            .or_default() += 1;
                        tally.s3_ids.insert(id);
                    }
                    if event.event_name.get() == Some("GetObject") {
                        tally.bytes_read += event
                            .additional_event_data
                            .bytes_transferred_out
                            .0
                            .unwrap_or_default();
                        tally
                            .readers
                            .insert(event.user_identity.arn.as_str().into());
                    }
                }
                Item::Reject(reject) => tally.rejects.push(format!(
                    "{}: {:?} {}",
                    file.display(),
                    reject.position,
                    reject.reason
                )),
                Item::S3Deletion { .. }
                | Item::Contact { .. }
                | Item::Directory { .. }
                | Item::Passed(_) => {}
            }
        });
        assert!(
            understood > 0 || bytes.ends_with(b"[]") || file.metadata().unwrap().len() < 100,
            "{} left no trace",
            file.display()
        );
    }
    tally
}

#[test]
fn a_real_account_reads_exactly_as_counted() {
    let Some(data) = real_data() else { return };
    let tally = read_all(&data.join("suzaku-sample-data"));
    assert_eq!(tally.rejects, [] as [String; 0]);
    assert_eq!(tally.records, 13_651);
    assert_eq!((tally.ids.len(), tally.events.len()), (11_172, 11_172));
    assert_eq!(tally.versions, BTreeMap::from([("1.08".into(), 13_651)]));
    let identities = [
        ("AWSService", 11_984),
        ("AssumedRole", 1),
        ("IAMUser", 967),
        ("Root", 699),
    ];
    assert_eq!(
        tally.identities,
        identities.map(|(k, n)| (k.to_owned(), n)).into()
    );
    assert_eq!(tally.errors, 4720);
    assert_eq!(
        (tally.s3_names.values().sum::<usize>(), tally.s3_ids.len()),
        (10_196, 8855)
    );
    let reads = [
        tally.s3_names["GetObject"],
        tally.s3_names["PutObject"],
        tally.s3_names["GetBucketLocation"],
    ];
    assert_eq!(reads, [361, 6593, 2]);
    assert_eq!(tally.bytes_read, 710_299);
    assert_eq!(
        tally.readers,
        HashSet::from(["arn:aws:iam::342082656213:user/FalsimentisRoot".into()])
    );
    tally
        .times
        .iter()
        .for_each(|time| assert_eq!(time.len(), 20));
    assert_eq!(tally.times.iter().min().unwrap(), "2021-07-28T15:28:12Z");
    assert_eq!(tally.times.iter().max().unwrap(), "2021-07-31T23:54:27Z");
}

/// Of the samples in S3's documentation and around it, one is of a deletion.
#[test]
fn of_the_notifications_of_s3_one_is_a_deletion() {
    let Some(data) = real_data() else { return };
    let mut deletions = Vec::new();
    let mut others = BTreeMap::new();
    for file in files(&data.join("s3-notifications")).unwrap() {
        let bytes = std::fs::read(&file).unwrap();
        Reader::new(Interest::everything(), 1 << 30).read(&bytes, &mut |item| match item {
            Item::S3Deletion { deletion, .. } => {
                assert_eq!(deletion.delete_marker, Some(true));
                assert!(!deletion.by_lifecycle);
                deletions.push(format!(
                    "{} {} {}",
                    deletion.time,
                    deletion.key.as_str(),
                    deletion.request_id.as_str()
                ));
            }
            Item::Passed(passed) => *others.entry(passed.name()).or_insert(0) += 1,
            Item::Reject(_) => *others.entry("rejects").or_insert(0) += 1,
            other => panic!("{}: {other:?}", file.display()),
        });
    }
    assert_eq!(
        deletions,
        ["2021-11-12T00:00:00Z example-key 0BH729840619AG5K"]
    );
    let others: Vec<_> = others.into_iter().collect();
    assert_eq!(others, [("S3 notifications", 11), ("rejects", 1)]);
}

#[test]
fn every_file_is_understood_or_named() {
    let Some(data) = real_data() else { return };
    let tally = read_all(&data);
    for reject in &tally.rejects {
        println!("{reject}");
    }
    println!("{:?} {:?}", tally.versions, tally.identities);
    for file in files(&data.join("malformed")).unwrap() {
        let named = tally
            .rejects
            .iter()
            .any(|r| r.starts_with(&file.display().to_string()));
        assert!(named, "{} has no reject", file.display());
    }
}
