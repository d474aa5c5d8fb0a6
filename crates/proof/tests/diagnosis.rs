//! Judges saved settings, and judges them again as the printed commands leave
//! them.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;

use earwitness_parser::Time;
use earwitness_proof::{
    Answer, Call, Case, Diagnosis, Finding, Question, RecordingPlace, Reply, Settings,
};
use earwitness_testkit::{files, folder};
use serde_json::Value;

const BUCKET: &str = "connect-0123456789ab";
const KEPT_DAYS: u32 = 365;

/// What selectors decide.
const RECORDED: [Question; 5] = [
    Question::WhoDeleted,
    Question::BatchDeletes,
    Question::BatchDeleteKeys,
    Question::WhoListened,
    Question::BucketMark,
];

fn settings(case: &str) -> Settings {
    let mut settings = Settings::default();
    let mut read = 0;
    for path in files(&folder(&format!("doctor/{case}"))).unwrap() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let printed = fs::read(&path).unwrap();
        settings.add_printed(name, &printed).unwrap();
        read += 1;
    }
    assert!(read > 0, "{case} has no settings");
    settings
}

fn judge(settings: &Settings, prefixes: &[&str], keep_days: u32) -> Diagnosis {
    let places = [RecordingPlace {
        bucket: BUCKET.to_owned(),
        prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect(),
    }];
    let case = Case {
        places: &places,
        keep_days,
        now: micros("2026-04-01T00:00:00Z"),
    };
    Diagnosis::of(settings, &case).unwrap()
}

fn micros(time: &str) -> i64 {
    let time: Time = serde_json::from_value(Value::from(time)).unwrap();
    time.0.unwrap().0
}

fn finding(diagnosis: &Diagnosis, question: Question) -> &Finding {
    let mut findings = diagnosis.findings.iter();
    findings.find(|one| one.question == question).unwrap()
}

/// Names the questions that have an answer.
fn answered(diagnosis: &Diagnosis, answer: Answer) -> Vec<&'static str> {
    let findings = diagnosis.findings.iter();
    let findings = findings.filter(|finding| finding.answer == answer);
    findings.map(|finding| finding.question.name()).collect()
}

/// Returns the selectors that a printed command puts, by the name that
/// `get-event-selectors` gives them.
fn put(diagnosis: &Diagnosis) -> (&'static str, Value) {
    let commands = diagnosis.findings.iter().flat_map(|one| &one.commands);
    let mut puts = commands.filter(|command| command.contains(" put-event-selectors "));
    let command = puts.next().unwrap();
    // One command has to do for all, since each replaces what another put.
    assert!(puts.all(|other| other == command));
    let (start, end) = (command.find('\'').unwrap(), command.rfind('\'').unwrap());
    let name = match command.contains(" --advanced-event-selectors ") {
        true => "AdvancedEventSelectors",
        false => "EventSelectors",
    };
    let selectors = serde_json::from_str(&command[start + 1..end]).unwrap();
    (name, selectors)
}

#[test]
fn each_case_is_answered() {
    let mut tried = 0;
    for (case, no, partly, unknown) in [
        ("well", &[][..], &[][..], &[][..]),
        (
            "new-trail",
            &[
                "who-deleted",
                "batch-deletes",
                "batch-delete-keys",
                "who-listened",
                "bucket-mark",
                "validation",
                "logs-kept",
                "versioning",
            ][..],
            &[],
            &[],
        ),
        (
            "filtered",
            &["batch-delete-keys", "who-listened"],
            &["unbroken"],
            &["versioning"],
        ),
        (
            "no-trail",
            &["trail-on", "versioning"],
            &["lifecycle-told"],
            &[
                "who-deleted",
                "batch-deletes",
                "batch-delete-keys",
                "who-listened",
                "bucket-mark",
                "unbroken",
                "validation",
                "delivery",
                "logs-kept",
            ],
        ),
    ] {
        let diagnosis = judge(&settings(case), &[], KEPT_DAYS);
        assert_eq!(diagnosis.findings.len(), 12, "{case}");
        assert_eq!(answered(&diagnosis, Answer::No), no, "{case}");
        assert_eq!(answered(&diagnosis, Answer::Partly), partly, "{case}");
        assert_eq!(answered(&diagnosis, Answer::Unknown), unknown, "{case}");
        for one in &diagnosis.findings {
            assert!(!one.why.is_empty(), "{case}: {one:?}");
            if one.answer == Answer::No {
                assert!(!one.commands.is_empty(), "{case}: {one:?}");
                assert!(one.console.is_some(), "{case}: {one:?}");
            }
        }
        tried += 1;
    }
    assert_eq!(tried, 4);
}

#[test]
fn the_printed_selectors_record_all_and_keep_those_that_were_there() {
    let mut tried = 0;
    for case in ["new-trail", "filtered"] {
        let mut settings = settings(case);
        let before: Vec<Reply> = settings
            .of_call(Call::GetEventSelectors)
            .map(|(_, reply)| reply.clone())
            .collect();
        let [Reply::Said(before)] = before.as_slice() else {
            panic!("{before:?}");
        };
        let (name, selectors) = put(&judge(&settings, &[], KEPT_DAYS));
        // A trail has one kind.
        assert!(before.get(name).is_some(), "{case}");
        for kept in before[name].as_array().unwrap() {
            assert!(
                selectors.as_array().unwrap().contains(kept),
                "{case}: {kept}"
            );
        }
        let after = serde_json::json!({ name: selectors });
        settings.add(Call::GetEventSelectors, "main", Reply::Said(after));
        let diagnosis = judge(&settings, &[], KEPT_DAYS);
        for question in RECORDED {
            let one = finding(&diagnosis, question);
            assert_eq!(one.answer, Answer::Yes, "{case}: {one:?}");
            assert!(one.commands.is_empty(), "{case}: {one:?}");
        }
        tried += 1;
    }
    assert_eq!(tried, 2);
}

#[test]
fn a_trail_where_there_is_none_gets_selectors_that_record_all() {
    let (name, selectors) = put(&judge(&settings("no-trail"), &[], KEPT_DAYS));
    assert_eq!(selectors.as_array().unwrap().len(), 1);
    let mut settings = settings("well");
    let after = serde_json::json!({ name: selectors });
    settings.add(Call::GetEventSelectors, "main", Reply::Said(after));
    let diagnosis = judge(&settings, &[], KEPT_DAYS);
    assert_eq!(answered(&diagnosis, Answer::Yes).len(), 12);
}

#[test]
fn what_was_off_is_recorded_since_it_was_on_again() {
    let diagnosis = judge(&settings("filtered"), &[], KEPT_DAYS);
    let since = finding(&diagnosis, Question::WhoDeleted).since;
    assert_eq!(since, Some(micros("2026-03-10T11:30:00Z")));
    let why = &finding(&diagnosis, Question::Unbroken).why;
    let off = "StopLogging from 2026-03-10T09:00:00Z until 2026-03-10T11:30:00Z";
    assert!(why.contains(off), "{why}");
}

#[test]
fn a_filter_of_prefixes_is_enough_for_objects_below_it_alone() {
    let mut settings = settings("well");
    let advanced = serde_json::json!({"AdvancedEventSelectors": [
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
        {"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": [format!("arn:aws:s3:::{BUCKET}/connect/")]},
        ]},
    ]});
    settings.add(Call::GetEventSelectors, "main", Reply::Said(advanced));
    let below = judge(&settings, &["connect/acme/CallRecordings/"], KEPT_DAYS);
    assert_eq!(answered(&below, Answer::No), ["batch-deletes"]);
    let elsewhere = judge(&settings, &["connect/", "Analysis/"], KEPT_DAYS);
    let no = ["batch-deletes"];
    let partly = ["who-deleted", "batch-delete-keys", "who-listened"];
    assert_eq!(answered(&elsewhere, Answer::No), no);
    assert_eq!(answered(&elsewhere, Answer::Partly), partly);
}

#[test]
fn logs_are_kept_long_enough_for_those_who_ask_less() {
    let settings = settings("new-trail");
    for (days, answer) in [(90, Answer::Yes), (91, Answer::No)] {
        let diagnosis = judge(&settings, &[], days);
        assert_eq!(finding(&diagnosis, Question::LogsKept).answer, answer);
    }
}
