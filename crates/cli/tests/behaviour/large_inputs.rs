//! Size alone breaks nothing, and time grows no faster than size.

use std::time::{Duration, Instant};

use crate::support::{delivery, report_on_bytes, s3_call};

/// Far more than any of these takes, far less than the square of their size would.
const ENOUGH: Duration = Duration::from_secs(30);

#[track_caller]
fn run_in_time(bytes: &[u8], arguments: &[&str]) -> crate::support::Run {
    let started = Instant::now();
    let run = report_on_bytes("who-deleted", bytes, arguments);
    assert!(started.elapsed() < ENOUGH, "took {:?}", started.elapsed());
    run
}

#[test]
fn a_record_of_10_mb_is_a_record() {
    let big = earwitness_testkit::big_record(10_000_000);
    let run = run_in_time(big.as_bytes(), &["--output", "jsonl"]).exits(0);
    assert_eq!(run.rows().len(), 1);
}

#[test]
fn deep_nesting_is_rejected_or_read_and_never_fatal() {
    for piece in ["{\"a\":", "[", "{\"Records\":[", "\"\\\""] {
        let run = run_in_time(piece.repeat(1_000_000).as_bytes(), &[]).exits(3);
        assert!(run.stderr.len() < 20_000, "{piece}");
        run.counts();
    }
}

#[test]
fn many_rejects_are_counted_and_few_are_shown() {
    let run = run_in_time("{}\n".repeat(300_000).as_bytes(), &[]).exits(3);
    assert_eq!(run.counts().rejected, 300_000);
    assert!(
        run.stderr.lines().count() < 60,
        "{} lines",
        run.stderr.lines().count()
    );
}

#[test]
fn a_good_record_among_many_rejects_is_found() {
    let good = s3_call("DeleteObject", "1", "2026-03-02T10:00:00Z").to_string();
    let bad = "{\"eventName\":\"DeleteObject\"}\n".repeat(50_000);
    let text = format!("{bad}{good}\n{bad}");
    let run = run_in_time(text.as_bytes(), &["--output", "jsonl"]).exits(3);
    assert_eq!(run.rows().len(), 1);
    assert_eq!(run.counts().rejected, 100_000);
}

#[test]
fn a_file_of_many_records_is_read_whole() {
    let records: Vec<_> = (0..20_000)
        .map(|number| s3_call("DeleteObject", &number.to_string(), "2026-03-02T10:00:00Z"))
        .collect();
    let run = run_in_time(delivery(&records).as_bytes(), &["--output", "jsonl"]).exits(0);
    assert_eq!(run.rows().len(), records.len());
}
