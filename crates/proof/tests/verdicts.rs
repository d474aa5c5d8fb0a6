//! Changes one thing of a trail at a time, and expects the verdict for it.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeMap;

use earwitness_proof::{Examiner, PublicKeys, Verdict, Verification};
use earwitness_testkit::{SignedTrail, SigningKey, gzip};
use proptest::prelude::*;

/// A log file with one record.
fn log(id: &str) -> String {
    format!(
        r#"{{"Records":[{{"eventVersion":"1.11","eventTime":"2026-03-01T00:00:00Z","eventSource":"s3.amazonaws.com","eventName":"DeleteObject","eventID":"{id}"}}]}}"#
    )
}

/// Five hours: two log files, none, one, one, none.
fn trail() -> SignedTrail {
    let mut trail = SignedTrail::new("main_trail");
    for (hour, logs) in [2, 0, 1, 1, 0].into_iter().enumerate() {
        let logs: Vec<String> = (0..logs).map(|n| log(&format!("{hour}-{n}"))).collect();
        trail.hour(&logs).unwrap();
    }
    trail
}

/// What is on hand of a trail, with the metadata of its digests.
fn on_hand(trail: &SignedTrail) -> BTreeMap<String, Vec<u8>> {
    let mut files = trail.files.clone();
    let metadata = trail.saved_metadata().into_bytes();
    files.insert("digest-metadata.ndjson".to_owned(), metadata);
    files
}

fn keys() -> PublicKeys {
    let list = SigningKey::of_the_trail().public_key_list();
    PublicKeys::read(list.as_bytes()).unwrap()
}

fn verify_with(files: &BTreeMap<String, Vec<u8>>, keys: &PublicKeys) -> Verification {
    let mut examiner = Examiner::new(1 << 20);
    let examined = files
        .iter()
        .map(|(name, bytes)| examiner.examine(&format!("folder/{name}"), bytes));
    Verification::of(&examined.collect::<Vec<_>>(), keys)
}

fn verify(files: &BTreeMap<String, Vec<u8>>) -> Verification {
    verify_with(files, &keys())
}

/// The files that are not valid, by the ends of their names, with their verdicts.
fn exceptions(verification: &Verification) -> Vec<(String, Verdict, bool)> {
    let files = verification.files.iter();
    files
        .filter(|file| !matches!(file.verdict, Verdict::Valid | Verdict::NoLog))
        .map(|file| {
            let name = file.file.rsplit('/').next().unwrap().to_owned();
            (name, file.verdict, file.fails)
        })
        .collect()
}

fn name_of(key: &str) -> String {
    key.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn what_is_as_it_was_delivered_is_valid() {
    let trail = trail();
    let verification = verify(&on_hand(&trail));
    assert_eq!(exceptions(&verification), []);
    assert_eq!(verification.counts()[&Verdict::Valid], 9);
    assert_eq!(verification.counts()[&Verdict::NoLog], 1);
    assert!(verification.is_complete() && !verification.fails());
    let log = verification
        .files
        .iter()
        .find(|file| file.file.ends_with(&trail.digests[2].log_files[0]));
    let digest = log.unwrap().digest.as_ref().unwrap();
    assert!(digest.ends_with(&trail.digests[2].key));
}

#[test]
fn the_next_digest_has_the_signature_of_one_that_was_just_downloaded() {
    let trail = trail();
    let newest = name_of(&trail.digests[4].key);
    let verification = verify(&trail.files);
    assert_eq!(
        exceptions(&verification),
        [(newest, Verdict::Unsigned, false)]
    );
    assert!(!verification.fails() && !verification.is_complete());
}

#[test]
fn head_object_s_output_beside_a_digest_has_its_signature() {
    let trail = trail();
    let newest = &trail.digests[4];
    let head = format!(
        r#"{{"ContentLength": 7, "Metadata": {{"signature": "{}", "signature-algorithm": "SHA256withRSA"}}}}"#,
        newest.signature
    );
    let mut files = trail.files.clone();
    files.insert(format!("{}.metadata.json", newest.key), head.into_bytes());
    assert!(verify(&files).is_complete());
}

#[test]
fn plain_files_are_verified_as_compressed_ones_are() {
    let trail = trail();
    let mut files = on_hand(&trail);
    let key = trail.digests[0].log_files[1].clone();
    files.remove(&key).unwrap();
    let plain = key.strip_suffix(".gz").unwrap().to_owned();
    files.insert(plain, log("0-1").into_bytes());
    assert!(verify(&files).is_complete());
}

#[test]
fn a_byte_changed_in_a_log_is_found() {
    let trail = trail();
    let mut files = on_hand(&trail);
    let key = &trail.digests[2].log_files[0];
    files.insert(key.clone(), gzip(log("2-1").as_bytes()).unwrap());
    assert_eq!(
        exceptions(&verify(&files)),
        [(name_of(key), Verdict::Modified, true)]
    );
}

#[test]
fn a_byte_changed_in_a_compressed_log_is_found() {
    let trail = trail();
    let key = &trail.digests[2].log_files[0];
    let whole = on_hand(&trail);
    for at in (0..whole[key].len()).step_by(7) {
        let mut files = whole.clone();
        files.get_mut(key).unwrap()[at] ^= 0x10;
        let verification = verify(&files);
        // Some bytes of the gzip header say nothing about the content.
        let exceptions = exceptions(&verification);
        if at >= 10 {
            assert_eq!(
                exceptions,
                [(name_of(key), Verdict::Modified, true)],
                "{at}"
            );
        }
    }
}

#[test]
fn bytes_behind_the_gzip_are_found() {
    let trail = trail();
    for key in [&trail.digests[2].log_files[0], &trail.digests[2].key] {
        let mut files = on_hand(&trail);
        files.get_mut(key).unwrap().extend(b"trailing");
        assert_eq!(
            exceptions(&verify(&files)),
            [(name_of(key), Verdict::Modified, true)]
        );
    }
}

#[test]
fn two_logs_that_changed_places_are_both_modified() {
    let trail = trail();
    let mut files = on_hand(&trail);
    let (one, other) = (
        &trail.digests[2].log_files[0],
        &trail.digests[3].log_files[0],
    );
    let bytes = files.insert(one.clone(), files[other].clone()).unwrap();
    files.insert(other.clone(), bytes);
    assert_eq!(
        exceptions(&verify(&files)),
        [one, other].map(|key| (name_of(key), Verdict::Modified, true))
    );
}

#[test]
fn a_renamed_file_is_told_by_its_content() {
    let trail = trail();
    for key in [&trail.digests[2].log_files[0], &trail.digests[2].key] {
        let mut files = on_hand(&trail);
        let bytes = files.remove(key).unwrap();
        files.insert("renamed.json.gz".to_owned(), bytes);
        let verification = verify(&files);
        assert_eq!(
            exceptions(&verification),
            [("renamed.json.gz".to_owned(), Verdict::Moved, false)]
        );
        assert!(!verification.fails() && !verification.is_complete());
    }
}

#[test]
fn a_removed_log_is_missing() {
    let trail = trail();
    let mut files = on_hand(&trail);
    let key = &trail.digests[0].log_files[0];
    files.remove(key).unwrap();
    let verification = verify(&files);
    assert_eq!(
        exceptions(&verification),
        [(name_of(key), Verdict::Missing, true)]
    );
    let missing = verification.files.last().unwrap();
    assert_eq!(missing.file, format!("s3://example-trail/{key}"));
}

#[test]
fn a_removed_digest_is_missing_and_its_logs_are_not_listed() {
    let trail = trail();
    let mut files = on_hand(&trail);
    files.remove(&trail.digests[2].key).unwrap();
    assert_eq!(
        exceptions(&verify(&files)),
        [
            (
                name_of(&trail.digests[2].log_files[0]),
                Verdict::NotListed,
                false
            ),
            (name_of(&trail.digests[2].key), Verdict::Missing, true),
        ]
    );
}

#[test]
fn a_digest_that_is_none_any_more_is_modified() {
    let trail = trail();
    // One that another names, and the newest, which nothing names.
    for at in [1, 4] {
        let mut files = on_hand(&trail);
        let key = &trail.digests[at].key;
        files.insert(key.clone(), gzip(b"{").unwrap());
        assert_eq!(
            exceptions(&verify(&files)),
            [(name_of(key), Verdict::Modified, true)]
        );
    }
}

#[test]
fn the_oldest_digest_may_follow_one_that_is_not_here() {
    let trail = trail();
    let mut files = on_hand(&trail);
    files.remove(&trail.digests[0].key).unwrap();
    for log in &trail.digests[0].log_files {
        files.remove(log).unwrap();
    }
    let verification = verify(&files);
    assert!(verification.is_complete());
    assert_eq!(verification.goes_on_before.len(), 1);
    assert!(verification.goes_on_before[0].ends_with(&trail.digests[1].key));
}

#[test]
fn a_digest_signed_with_another_key_is_not_believed() {
    let mut trail = trail();
    trail.sign(2, SigningKey::of_another()).unwrap();
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [
            (name_of(&trail.digests[2].key), Verdict::KeyUnknown, true),
            (
                name_of(&trail.digests[2].log_files[0]),
                Verdict::KeyUnknown,
                false
            ),
        ]
    );
}

#[test]
fn a_digest_whose_text_was_changed_is_modified() {
    let trail = trail();
    let key = &trail.digests[2].key;
    let mut files = on_hand(&trail);
    let text = inflated(&files[key]);
    // Without its log file, as one would to hide that it is gone.
    let hidden = format!("{}[]}}", &text[..text.find("[{").unwrap()]);
    files.insert(key.clone(), gzip(hidden.as_bytes()).unwrap());
    files.remove(&trail.digests[2].log_files[0]).unwrap();
    assert_eq!(
        exceptions(&verify(&files)),
        [(name_of(key), Verdict::Modified, true)]
    );
}

fn inflated(bytes: &[u8]) -> String {
    let mut inflater = earwitness_parser::Inflater::default();
    let inflated = inflater.inflate_at_most(1 << 20, bytes);
    String::from_utf8(inflated.bytes.to_vec()).unwrap()
}

#[test]
fn a_chain_in_another_order_is_broken() {
    let mut trail = trail();
    // The digest before the last is passed over.
    trail.follow(4, 2).unwrap();
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [(name_of(&trail.digests[4].key), Verdict::ChainBroken, true)]
    );
}

#[test]
fn a_digest_that_the_next_one_does_not_confirm_is_broken() {
    let mut trail = trail();
    // As validly signed as the other, but not the one that was there first.
    trail
        .set(2, "oldestEventTime", "2026-03-01T02:00:01Z")
        .unwrap();
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [(name_of(&trail.digests[2].key), Verdict::ChainBroken, true)]
    );
}

#[test]
fn a_hash_of_63_digits_confirms_nothing() {
    let mut trail = trail();
    trail
        .set(4, "previousDigestHashValue", &"0".repeat(63))
        .unwrap();
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [(name_of(&trail.digests[3].key), Verdict::ChainBroken, true)]
    );
}

#[test]
fn digests_that_name_each_other_or_themselves_are_broken() {
    let mut trail = trail();
    trail.follow(2, 4).unwrap();
    trail.follow(0, 0).unwrap();
    let verification = verify(&on_hand(&trail));
    let broken: Vec<String> = exceptions(&verification)
        .into_iter()
        .filter(|(_, verdict, _)| *verdict == Verdict::ChainBroken)
        .map(|(name, _, _)| name)
        .collect();
    assert!(broken.contains(&name_of(&trail.digests[0].key)));
    assert!(broken.contains(&name_of(&trail.digests[2].key)));
}

#[test]
fn a_file_that_no_digest_lists_was_put_there() {
    let trail = trail();
    let listed = &trail.digests[2].log_files[0];
    for (name, fails) in [
        // Named for an hour whose digest does not list it.
        (listed.replace("EXAMPLE", "FORGED"), true),
        // Delivered after the last digest.
        (listed.replace("T02", "T09"), false),
        ("export.json".to_owned(), false),
    ] {
        let mut files = on_hand(&trail);
        files.insert(name.clone(), log("forged").into_bytes());
        assert_eq!(
            exceptions(&verify(&files)),
            [(name_of(&name), Verdict::NotListed, fails)]
        );
    }
}

#[test]
fn a_forged_digest_of_an_hour_speaks_for_nothing() {
    let trail = trail();
    let mut forged = SignedTrail::new("main_trail");
    forged.hour(&[log("forged")]).unwrap();
    forged.sign(0, SigningKey::of_another()).unwrap();
    let mut files = on_hand(&trail);
    let log = &forged.digests[0].log_files[0];
    files.insert(log.clone(), forged.files[log].clone());
    files.insert(
        "z/forged.json.gz".to_owned(),
        forged.files[&forged.digests[0].key].clone(),
    );
    let verification = verify(&files);
    // The first of the true logs has the name of the forged one.
    let modified = (name_of(log), Verdict::Modified, true);
    let unknown = ("forged.json.gz".to_owned(), Verdict::KeyUnknown, true);
    assert_eq!(exceptions(&verification), [modified, unknown]);
}

#[test]
fn a_signature_of_another_digest_does_not_fit() {
    let mut trail = trail();
    let other = trail.digests[3].signature.clone();
    trail.digests[4].signature = other;
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [(name_of(&trail.digests[4].key), Verdict::Modified, true)]
    );
}

#[test]
fn a_pause_of_validation_is_a_gap() {
    let mut trail = trail();
    trail.pause(3);
    trail.hour(&[log("later")]).unwrap();
    let verification = verify(&on_hand(&trail));
    assert_eq!(exceptions(&verification), []);
    let gap = &verification.gaps[0];
    assert_eq!(
        (gap.trail.as_str(), gap.until - gap.from),
        ("main_trail", 3 * 3_600_000_000)
    );
    assert!(!verification.is_complete() && !verification.fails());
}

#[test]
fn late_logs_are_listed_in_a_chain_of_their_own() {
    let (trail, mut late) = (trail(), SignedTrail::backfill("main_trail"));
    late.hour(&[log("late")]).unwrap();
    late.hour(&[]).unwrap();
    let mut files = on_hand(&trail);
    files.extend(late.files.clone());
    files.insert("late.ndjson".to_owned(), late.saved_metadata().into_bytes());
    let verification = verify(&files);
    assert!(
        verification.is_complete(),
        "{:?}",
        exceptions(&verification)
    );
    let kinds: Vec<&str> = verification
        .files
        .iter()
        .map(|file| file.kind.name())
        .collect();
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "backfill-digest")
            .count(),
        2
    );

    files.remove(&late.digests[0].log_files[0]).unwrap();
    assert!(verify(&files).fails());
}

#[test]
fn without_keys_hashes_are_checked_and_nothing_is_proven() {
    let trail = trail();
    let mut files = on_hand(&trail);
    let none = PublicKeys::default();
    let counts = verify_with(&files, &none).counts();
    assert_eq!(counts[&Verdict::Unsigned], 9);
    let key = &trail.digests[2].log_files[0];
    files.insert(key.clone(), gzip(b"{\"Records\":[]}").unwrap());
    assert_eq!(verify_with(&files, &none).counts()[&Verdict::Modified], 1);
}

#[test]
fn a_log_larger_than_the_limit_is_not_called_modified() {
    let mut trail = SignedTrail::new("main_trail");
    let large = format!("{}{}", log("large"), " ".repeat(2 << 20));
    trail.hour(&[large]).unwrap();
    assert_eq!(
        exceptions(&verify(&on_hand(&trail))),
        [(
            name_of(&trail.digests[0].log_files[0]),
            Verdict::Unread,
            false
        )]
    );
}

#[test]
fn hostile_names_and_numbers_are_just_text() {
    let mut trail = trail();
    trail
        .set(0, "digestStartTime", "99999999999999999999")
        .unwrap();
    trail
        .set(1, "digestS3Object", "../../../etc/passwd")
        .unwrap();
    trail
        .set(2, "digestEndTime", "2026-03-01T99:00:00Z")
        .unwrap();
    trail
        .set(3, "previousDigestS3Object", "/dev/zero\u{0}")
        .unwrap();
    let mut files = on_hand(&trail);
    let listing = format!(
        r#"{{"digestS3Object":"x","digestEndTime":18446744073709551616,"logFiles":[{}null]}}"#,
        r#"{"s3Object":"..","hashValue":18446744073709551615},"#.repeat(1000)
    );
    files.insert("hostile.json".to_owned(), listing.into_bytes());
    let verification = verify(&files);
    assert!(verification.fails());
    let hostile = verification
        .files
        .iter()
        .find(|file| file.file.ends_with("hostile.json"));
    assert_eq!(hostile.unwrap().verdict, Verdict::KeyUnknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever byte of whatever file is changed, that file is not called valid, and
    /// nothing panics.
    #[test]
    fn no_changed_file_is_valid(file in 0..9usize, at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let trail = trail();
        let mut files = on_hand(&trail);
        let key = trail.files.keys().nth(file).unwrap();
        let mut text = inflated(&files[key]).into_bytes();
        let at = at.index(text.len());
        text[at] ^= 1 << bit;
        files.insert(key.clone(), gzip(&text).unwrap());
        let verification = verify(&files);
        let name = format!("folder/{key}");
        let verdict = verification.files.iter().find(|file| file.file == name);
        prop_assert!(!verdict.unwrap().verdict.is_proven());
        prop_assert!(verification.fails());
    }

    /// Files that are made at random are not called valid.
    #[test]
    fn no_made_up_file_is_valid(
        members in prop::collection::btree_map(
            prop::sample::select(&MEMBERS[..]),
            prop::sample::select(&VALUES[..]),
            0..MEMBERS.len(),
        ),
    ) {
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let file = format!("{{{}}}", members.join(","));
        let trail = trail();
        let mut files = on_hand(&trail);
        files.insert("made-up.json".to_owned(), file.into_bytes());
        let verification = verify(&files);
        let made_up = |file: &&earwitness_proof::FileVerdict| file.file.ends_with("made-up.json");
        let verdict = verification.files.iter().find(made_up).unwrap();
        prop_assert!(!verdict.verdict.is_proven());
        prop_assert_eq!(verification.counts()[&Verdict::Valid], 9);
    }
}

const MEMBERS: [&str; 9] = [
    "digestS3Object",
    "digestS3Bucket",
    "digestStartTime",
    "digestEndTime",
    "digestPublicKeyFingerprint",
    "previousDigestS3Object",
    "previousDigestSignature",
    "previousDigestHashValue",
    "logFiles",
];

const VALUES: [&str; 9] = [
    "null",
    "18446744073709551616",
    "\"2026-03-01T02:00:00Z\"",
    "\"2026-03-01T03:00:00Z\"",
    "\"../../../etc/passwd\"",
    "\"1_CloudTrail-Digest_us-west-2_main_trail_us-west-2_20260301T020000Z.json.gz\"",
    "\"example-trail\"",
    "[{\"s3Object\":\"/made-up.json\",\"hashValue\":\"00\"}]",
    "[[],{}]",
];
