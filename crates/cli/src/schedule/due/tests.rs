use super::super::jobs_file;
use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn job(keys: &str) -> Job {
    jobs_file::job(&format!(
        "[[job]]\nname = \"j\"\nreport = \"who-deleted\"\ninputs = [\"logs\"]\nto = \"out\"\n{keys}"
    ))
}

fn listing(sha256: &str) -> Listing {
    Listing {
        count: 1,
        sha256: sha256.to_owned(),
    }
}

/// A record of a month of 2026 in UTC, made from inputs of some hash.
fn record(month: u32, revision: u32, inputs: &str) -> Record {
    Record {
        job: "j".to_owned(),
        report: "who-deleted".to_owned(),
        window: format!("2026-{month:02}"),
        since: utc(&format!("2026-{month:02}-01T00:00:00Z")),
        until: utc(&format!("2026-{:02}-01T00:00:00Z", month + 1)),
        revision,
        exit: 0,
        rows: 0,
        rows_added: 0,
        rows_removed: 0,
        question_sha256: "question".to_owned(),
        inputs: listing(inputs),
        files: Vec::new(),
        written_at: utc("2026-02-02T00:00:00Z"),
        hook: false,
    }
}

/// Plans with inputs of the hash "now", and tells window and state of each item.
fn planned(job: &Job, now: &str, records: &[Record]) -> Vec<String> {
    let known = Known {
        now: utc(now),
        records,
        question_sha256: "question",
        inputs: &|_| Ok(listing("now")),
        last_look: &|window| Ok((window == "2026-09").then(|| listing("now"))),
    };
    let items = plan(job, &known).unwrap();
    let told = items
        .iter()
        .map(|item| format!("{} {}", item.period.name, item.step.name()));
    told.collect()
}

#[test]
fn months_that_were_missed_are_due_oldest_first() {
    let job = job("window = \"previous-month\"\nstart = 2026-01-01");
    assert_eq!(
        planned(&job, "2026-04-15T00:00:00Z", &[record(2, 1, "then")]),
        ["2026-01 due", "2026-03 due", "2026-04 waiting"]
    );
}

#[test]
fn a_window_waits_until_its_logs_are_delivered() {
    let job = job("window = \"previous-month\"\nstart = 2026-03-01\nsettle = \"2h\"");
    assert_eq!(
        planned(&job, "2026-04-01T01:59:59Z", &[]),
        ["2026-03 waiting"]
    );
    assert_eq!(
        planned(&job, "2026-04-01T02:00:00Z", &[]),
        ["2026-03 due", "2026-04 waiting"]
    );
}

#[test]
fn nothing_is_due_before_the_start() {
    let job = job("window = \"previous-week\"\nstart = 2026-03-02");
    assert_eq!(
        planned(&job, "2026-01-01T00:00:00Z", &[]),
        ["2026-W10 waiting"]
    );
}

#[test]
fn a_run_catches_up_no_more_than_it_is_to() {
    let job = job("window = \"previous-day\"\nstart = 2026-01-01\nmax_catch_up = 2");
    assert_eq!(
        planned(&job, "2026-02-01T12:00:00Z", &[]),
        ["2026-01-01 due", "2026-01-02 due", "2026-01-03 waiting"]
    );
}

#[test]
fn what_was_written_is_looked_at_again_while_logs_may_come_late() {
    let job = job("window = \"previous-month\"\nstart = 2026-08-01\nrevise_for = \"40d\"");
    let now = "2026-10-02T00:00:00Z";
    let records = [record(8, 1, "then"), record(9, 1, "then")];
    // September was looked at with the inputs of now.
    assert_eq!(
        planned(&job, now, &records),
        ["2026-08 look-again", "2026-09 done", "2026-10 waiting"]
    );
    let records = [
        record(8, 1, "then"),
        record(8, 2, "now"),
        record(9, 1, "now"),
    ];
    assert_eq!(
        planned(&job, now, &records),
        ["2026-08 done", "2026-09 done", "2026-10 waiting"]
    );
    assert_eq!(
        planned(&job, "2026-10-20T00:00:00Z", &records[..1]),
        ["2026-09 due", "2026-10 waiting"]
    );
}

#[test]
fn another_question_makes_no_revision() {
    let job = job("window = \"previous-month\"\nstart = 2026-08-01");
    let mut other = record(8, 1, "then");
    other.question_sha256 = "other".to_owned();
    assert_eq!(
        planned(&job, "2026-09-02T00:00:00Z", &[other]),
        ["2026-08 done", "2026-09 waiting"]
    );
}

#[test]
fn windows_since_the_last_run_follow_each_other() {
    let job = job(
        "window = \"since-last\"\nstart = 2026-01-01\ntimezone = \"Europe/Berlin\"\nrevise_for = \"0d\"",
    );
    assert_eq!(
        planned(&job, "2026-01-02T10:00:59Z", &[]),
        ["20251231T230000Z-20260102T090000Z due"]
    );
    let last = record(1, 1, "then");
    assert_eq!(
        planned(&job, "2026-02-01T00:30:00Z", std::slice::from_ref(&last)),
        ["20260201T000000Z-20260201T000100Z waiting"]
    );
    assert_eq!(
        planned(&job, "2026-02-01T01:01:00Z", &[last]),
        ["20260201T000000Z-20260201T000100Z due"]
    );
}
