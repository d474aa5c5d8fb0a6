//! What is known of each hour of a trail.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;

use earwitness_proof::{Asked, Coverage, Examiner, ProofError, PublicKeys, State, Verification};
use earwitness_testkit::{SignedTrail, SigningKey};

/// 2026-03-01T00:00:00Z.
const START: i64 = 1_772_323_200_000_000;
const HOUR: i64 = 3_600_000_000;

fn delete() -> String {
    r#"{"Records":[{"eventVersion":"1.11","eventTime":"2026-03-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteObject"}]}"#.to_owned()
}

/// A log file with a request to CloudTrail at a minute of the day.
fn request(name: &str, minute: i64, selectors: &str) -> String {
    format!(
        r#"{{"Records":[{{"eventVersion":"1.11","eventTime":"2026-03-01T{:02}:{:02}:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"{name}","recipientAccountId":"111122223333","requestParameters":{{"name":"main"{selectors}}}}}]}}"#,
        minute / 60,
        minute % 60
    )
}

fn trail(hours: &[&[String]]) -> SignedTrail {
    let mut trail = SignedTrail::new("main");
    for logs in hours {
        trail.hour(logs).unwrap();
    }
    trail
}

fn coverage_of(
    files: &BTreeMap<String, Vec<u8>>,
    keys: bool,
    asked: Asked<'_>,
) -> Result<Coverage, ProofError> {
    let mut examiner = Examiner::new(1 << 20);
    let examined = files
        .iter()
        .map(|(name, bytes)| examiner.examine(name, bytes));
    let examined: Vec<_> = examined.collect();
    let list = SigningKey::of_the_trail().public_key_list();
    let keys = match keys {
        true => PublicKeys::read(list.as_bytes()).unwrap(),
        false => PublicKeys::default(),
    };
    let verification = Verification::of(&examined, &keys);
    Coverage::of(&examined, &verification, asked)
}

fn states(trail: &SignedTrail, keys: bool, hours: i64) -> Vec<&'static str> {
    let mut files = trail.files.clone();
    files.insert("m.ndjson".to_owned(), trail.saved_metadata().into_bytes());
    names(&coverage_of(&files, keys, whole_day(hours)).unwrap())
}

fn whole_day(hours: i64) -> Asked<'static> {
    Asked {
        since: Some(START),
        until: Some(START + hours * HOUR),
        trail: None,
    }
}

fn names(coverage: &Coverage) -> Vec<&'static str> {
    coverage
        .hours
        .iter()
        .map(|hour| hour.state.name())
        .collect()
}

#[test]
fn an_hour_is_covered_with_the_quarter_behind_it() {
    let trail = trail(&[&[delete()], &[], &[], &[delete()], &[]]);
    // Of the last hour, log files may be delivered after the last digest.
    assert_eq!(
        states(&trail, true, 6),
        [
            "validated",
            "empty",
            "validated",
            "validated",
            "unknown",
            "unknown"
        ]
    );
    assert_eq!(
        states(&trail, false, 5),
        ["covered", "empty", "covered", "covered", "unknown"]
    );
}

#[test]
fn the_window_is_that_of_the_digests_where_none_is_named() {
    let trail = trail(&[&[delete()], &[]]);
    let coverage = coverage_of(&trail.files, false, Asked::default()).unwrap();
    assert_eq!(coverage.window, Some((START, START + 2 * HOUR)));
    let asked = Asked {
        since: Some(START + HOUR / 2),
        until: Some(START + HOUR / 2 + 1),
        trail: None,
    };
    let part = coverage_of(&trail.files, false, asked).unwrap();
    assert_eq!(
        (part.hours.len(), part.hours[0].until),
        (1, START + HOUR / 2 + 1)
    );
    assert!(part.is_full());
    let other = Asked {
        trail: Some("another"),
        ..whole_day(1)
    };
    assert_eq!(
        names(&coverage_of(&trail.files, true, other).unwrap()),
        ["unknown"]
    );
}

#[test]
fn what_is_missing_or_modified_makes_its_hours_unknown() {
    let mut trail = trail(&[&[delete()], &[delete()], &[], &[], &[]]);
    let log = trail.digests[1].log_files[0].clone();
    trail.files.remove(&log).unwrap();
    assert_eq!(
        states(&trail, true, 4),
        ["unknown", "unknown", "empty", "empty"]
    );
    let digest = trail.digests[2].key.clone();
    trail.files.remove(&digest).unwrap();
    assert_eq!(
        states(&trail, true, 4),
        ["unknown", "unknown", "unknown", "empty"]
    );
}

#[test]
fn a_forged_digest_fills_no_hour() {
    let mut trail = trail(&[&[delete()], &[delete()], &[], &[]]);
    let digest = trail.digests[1].clone();
    trail.files.remove(&digest.log_files[0]).unwrap();
    let mut forged = SignedTrail::new("main");
    forged.hour(&[]).unwrap();
    forged.hour(&[]).unwrap();
    forged.sign(1, SigningKey::of_another()).unwrap();
    let file = forged.files[&forged.digests[1].key].clone();
    trail.files.insert(digest.key, file);
    assert_eq!(states(&trail, true, 3), ["unknown", "unknown", "empty"]);
    // Nor does it stretch the time that is looked at.
    forged
        .set(0, "digestEndTime", "2199-01-01T00:00:00Z")
        .unwrap();
    forged.sign(0, SigningKey::of_another()).unwrap();
    let far = forged.files[&forged.digests[0].key].clone();
    trail.files.insert("far.json.gz".to_owned(), far);
    let coverage = coverage_of(&trail.files, true, Asked::default()).unwrap();
    assert_eq!(coverage.window.unwrap().1, START + 3 * HOUR);
}

#[test]
fn log_files_without_a_digest_cover_nothing() {
    let trail = trail(&[&[delete()], &[]]);
    let mut files = trail.files.clone();
    files.retain(|key, _| !key.contains("Digest"));
    let coverage = coverage_of(&files, true, whole_day(2)).unwrap();
    assert_eq!(names(&coverage), ["unknown", "unknown"]);
    assert!(
        coverage.hours[0]
            .why
            .as_ref()
            .unwrap()
            .starts_with("log files without a digest")
    );
    assert_eq!(coverage.hours[1].why, None);
    assert!(
        coverage
            .to_string()
            .starts_with("coverage: unknown; no digest")
    );
    let nothing = coverage_of(&BTreeMap::new(), true, Asked::default()).unwrap();
    assert!(!nothing.is_full() && nothing.hours.is_empty());
}

#[test]
fn a_trail_that_is_off_blinds_its_hours() {
    let off = request("StopLogging", 70, "");
    let on = request("StartLogging", 190, "");
    let trail = trail(&[&[delete()], &[off.clone(), off], &[], &[on], &[], &[]]);
    assert_eq!(
        states(&trail, true, 5),
        ["validated", "blinded", "blinded", "blinded", "empty"]
    );
    let coverage = coverage_of(&trail.files, true, whole_day(5)).unwrap();
    let stretches = coverage.stretches();
    let blinded = &stretches[1];
    assert_eq!((blinded.hours, blinded.until), (3, START + 4 * HOUR));
    assert_eq!(
        blinded.why.as_deref(),
        Some("trail main is off from 2026-03-01T01:10:00Z to 2026-03-01T03:10:00Z")
    );
}

#[test]
fn selectors_that_leave_reads_or_writes_out_blind() {
    let selectors = |kind: &str| {
        let selectors = format!(
            r#","eventSelectors":[{{"readWriteType":"{kind}","dataResources":[{{"type":"AWS::S3::Object","values":["arn:aws:s3"]}}]}}]"#
        );
        move |minute| request("PutEventSelectors", minute, &selectors)
    };
    let (narrow, wide) = (selectors("WriteOnly"), selectors("All"));
    let narrowed = trail(&[&[narrow(5)], &[wide(65)], &[], &[]]);
    assert_eq!(states(&narrowed, true, 3), ["blinded", "blinded", "empty"]);
    let never_widened = trail(&[&[], &[narrow(65)], &[], &[]]);
    assert_eq!(
        states(&never_widened, true, 3),
        ["validated", "blinded", "blinded"]
    );
}

#[test]
fn the_sentence_sums_the_hours() {
    let trail = trail(&[&[delete()], &[], &[]]);
    let coverage = coverage_of(&trail.files, false, whole_day(4)).unwrap();
    assert_eq!(
        coverage.to_string(),
        "coverage: 2026-03-01T00:00:00Z to 2026-03-01T04:00:00Z, 1 account, 1 region: \
         of 4 hours 1 covered, 1 empty by digest, 2 unknown"
    );
    assert_eq!(coverage.count(State::Unknown), 2);
    let ages = Asked {
        since: Some(0),
        until: Some(i64::MAX),
        trail: None,
    };
    assert!(matches!(
        coverage_of(&trail.files, false, ages),
        Err(ProofError::LongWindow)
    ));
}
