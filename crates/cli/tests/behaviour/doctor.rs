//! The doctor judges settings, and what it prints mends them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use earwitness_testkit::{AwsReply, AwsRequest, Moto, StubAws};
use serde_json::{Map, Value, json};

use crate::aws::run_at;
use crate::support::{Run, delivery, run, s3_call, scratch};

/// An account without any trail.
fn account(check: &str) -> Option<Moto> {
    Moto::start(Path::new(env!("CARGO_TARGET_TMPDIR")), check)
}

/// moto, with what it leaves out or says otherwise than AWS.
fn aws_of(
    moto: &Moto,
    answer: impl Fn(&AwsRequest) -> Option<AwsReply> + Send + Sync + 'static,
) -> StubAws {
    let url = moto.url().to_owned();
    StubAws::start(move |request| {
        if let Some(reply) = answer(request) {
            return reply;
        }
        match request.operation.as_str() {
            "LookupEvents" => AwsReply::ok(r#"{"Events":[]}"#),
            "GetEventConfiguration" => AwsReply::ok("{}"),
            _ if request.query.contains("versioning") && request.operation.starts_with("GET") => {
                AwsReply::ok(
                    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
                )
            }
            _ => AwsReply::Of(url.clone()),
        }
    })
    .unwrap()
}

fn doctor(url: &str, bucket: &str, arguments: &[&str]) -> Run {
    let asked = ["doctor", "--bucket", bucket, "--output", "jsonl"];
    run_at(url, &[&asked[..], arguments].concat())
}

/// The answers by question.
fn answers(rows: &[Map<String, Value>]) -> BTreeMap<String, String> {
    let text = |row: &Map<String, Value>, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| (text(row, "question"), text(row, "answer")))
        .collect()
}

/// The commands that are printed, each list once.
fn commands(rows: &[Map<String, Value>]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for row in rows {
        if let Some(commands) = row["commands"].as_str()
            && !all.contains(&commands)
        {
            all.push(commands);
        }
    }
    all.join("\n")
}

#[test]
fn what_is_printed_mends_a_trail_and_keeps_what_it_had() {
    let Some(moto) = account("the doctor's commands") else {
        return;
    };
    let aws = aws_of(&moto, |_| None);
    for bucket in ["ailing-recordings", "ailing-logs"] {
        moto.aws(&["s3", "mb", &format!("s3://{bucket}")]);
    }
    moto.aws(&[
        "cloudtrail",
        "create-trail",
        "--name",
        "ailing",
        "--s3-bucket-name",
        "ailing-logs",
    ]);
    let kept = r#"[{"Name":"another bucket","FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
        {"Field":"resources.type","Equals":["AWS::S3::Object"]},
        {"Field":"resources.ARN","StartsWith":["arn:aws:s3:::another/"]}]}]"#;
    moto.aws(&[
        "cloudtrail",
        "put-event-selectors",
        "--trail-name",
        "ailing",
        "--advanced-event-selectors",
        kept,
    ]);
    let rule = |days: u32| {
        format!(
            r#"{{"Rules":[{{"ID":"old","Filter":{{"Prefix":""}},"Status":"Enabled","Expiration":{{"Days":{days}}}}}]}}"#
        )
    };
    for (bucket, days) in [("ailing-recordings", 90), ("ailing-logs", 30)] {
        moto.aws(&[
            "s3api",
            "put-bucket-lifecycle-configuration",
            "--bucket",
            bucket,
            "--lifecycle-configuration",
            &rule(days),
        ]);
    }

    let ill = doctor(&aws.url(), "ailing-recordings", &[]).exits(4);
    let rows = ill.rows();
    let before = answers(&rows);
    for question in [
        "trail-on",
        "who-deleted",
        "batch-deletes",
        "batch-delete-keys",
        "who-listened",
        "bucket-mark",
        "validation",
        "logs-kept",
        "lifecycle-told",
    ] {
        assert_eq!(before[question], "no", "{question}");
    }
    ill.says("to change ")
        .says("in the console: CloudTrail > Trails > ailing");

    moto.paste(&commands(&rows));
    let well = doctor(&aws.url(), "ailing-recordings", &[]).exits(0);
    let rows = well.rows();
    assert!(
        answers(&rows).values().all(|answer| answer == "yes"),
        "{rows:?}"
    );
    assert_eq!(rows.len(), before.len());
    let selectors = moto.aws(&[
        "cloudtrail",
        "get-event-selectors",
        "--trail-name",
        "ailing",
    ]);
    assert!(selectors.contains("arn:aws:s3:::another/"), "{selectors}");
}

#[test]
fn what_is_printed_makes_a_trail_where_there_is_none() {
    let Some(moto) = account("an account without a trail") else {
        return;
    };
    let aws = aws_of(&moto, |_| None);
    moto.aws(&["s3", "mb", "s3://unheard-recordings"]);
    let ill = doctor(&aws.url(), "unheard-recordings", &[]).exits(4);
    let rows = ill.rows();
    let before = answers(&rows);
    assert_eq!(before["trail-on"], "no");
    // No trail does not prove that there are no logs.
    assert_eq!(before["who-deleted"], "unknown");

    moto.paste(&commands(&rows));
    let rows = doctor(&aws.url(), "unheard-recordings", &[])
        .exits(0)
        .rows();
    assert!(
        answers(&rows).values().all(|answer| answer == "yes"),
        "{rows:?}"
    );
}

#[test]
fn saved_answers_are_judged_as_those_that_are_asked_for() {
    let Some(moto) = account("the doctor's settings") else {
        return;
    };
    let aws = aws_of(&moto, |_| None);
    for bucket in ["saved-recordings", "saved-logs"] {
        moto.aws(&["s3", "mb", &format!("s3://{bucket}")]);
    }
    moto.aws(&[
        "cloudtrail",
        "create-trail",
        "--name",
        "saved",
        "--s3-bucket-name",
        "saved-logs",
    ]);
    let live = doctor(&aws.url(), "saved-recordings", &[]).exits(4);

    let folder = scratch();
    let save = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let printed = |arguments: &[&str]| moto.aws(arguments);
    save(
        "describe-trails.json",
        &printed(&["cloudtrail", "describe-trails"]),
    );
    save(
        "get-trail-status.saved.json",
        &printed(&["cloudtrail", "get-trail-status", "--name", "saved"]),
    );
    save(
        "get-event-selectors.saved.json",
        &printed(&["cloudtrail", "get-event-selectors", "--trail-name", "saved"]),
    );
    save("get-event-configuration.saved.json", "{}");
    save("lookup-events.json", r#"{"Events":[]}"#);
    let of_bucket = |command: &str| printed(&["s3api", command, "--bucket", "saved-recordings"]);
    save(
        "get-bucket-location.saved-recordings.json",
        &of_bucket("get-bucket-location"),
    );
    save(
        "get-bucket-versioning.saved-recordings.json",
        r#"{"Status":"Enabled"}"#,
    );
    save(
        "get-bucket-logging.saved-recordings.json",
        &of_bucket("get-bucket-logging"),
    );
    save(
        "get-bucket-notification-configuration.saved-recordings.json",
        &of_bucket("get-bucket-notification-configuration"),
    );
    for bucket in ["saved-recordings", "saved-logs"] {
        save(
            &format!("get-bucket-lifecycle-configuration.{bucket}.json"),
            "\nAn error occurred (NoSuchLifecycleConfiguration) when calling the \
             GetBucketLifecycleConfiguration operation: The lifecycle configuration does not exist\n",
        );
    }
    let settings = folder.path().to_str().unwrap();
    let saved = run(&[
        "doctor",
        "--bucket",
        "saved-recordings",
        "--settings",
        settings,
        "--output",
        "jsonl",
    ]);
    let saved = saved.exits(4);
    // Who wrote what about the trail is asked by ARN, and was saved by name.
    let told = |run: &Run| {
        let mut rows = run.rows();
        rows.iter_mut().for_each(|row| drop(row.remove("since")));
        rows
    };
    assert_eq!(told(&saved), told(&live));
    assert_eq!(answers(&saved.rows())["who-deleted"], "no");

    fs::write(folder.path().join("describe-instances.json"), "{}").unwrap();
    run(&[
        "doctor",
        "--bucket",
        "saved-recordings",
        "--settings",
        settings,
    ])
    .exits(4)
    .says("not read: ");
}

#[test]
fn what_is_denied_is_unknown_with_what_would_allow_it() {
    let Some(moto) = account("what the doctor may not ask") else {
        return;
    };
    let aws = aws_of(&moto, |request| {
        let denied = || AwsReply::Json(403, "<Error><Code>AccessDenied</Code></Error>".to_owned());
        request.query.contains("lifecycle").then(denied)
    });
    for bucket in ["closed-recordings", "closed-logs"] {
        moto.aws(&["s3", "mb", &format!("s3://{bucket}")]);
    }
    let asked = doctor(&aws.url(), "closed-recordings", &[]);
    let rows = asked.rows();
    let lifecycle = rows
        .iter()
        .find(|row| row["question"] == "lifecycle-told")
        .unwrap();
    assert_eq!(lifecycle["answer"], "unknown");
    let policy = lifecycle["policy"].as_str().unwrap();
    assert!(policy.contains("s3:GetLifecycleConfiguration"), "{policy}");
    asked.says("add to the policy:");
}

#[test]
fn nothing_to_ask_or_nobody_to_ask_is_said() {
    run(&["doctor"])
        .exits(2)
        .says("add --bucket with the name of the bucket");
    let stub = StubAws::start(|_| {
        AwsReply::Json(
            400,
            "<Error><Code>ExpiredToken</Code><Message>old</Message></Error>".to_owned(),
        )
    })
    .unwrap();
    doctor(&stub.url(), "some-recordings", &[])
        .exits(1)
        .says("the AWS credentials have expired");
    let Some(moto) = account("a bucket that is not there") else {
        return;
    };
    let aws = aws_of(&moto, |_| None);
    doctor(&aws.url(), "no-such-recordings", &[])
        .exits(2)
        .says("S3 says there is none");
}

#[test]
fn a_report_whose_logs_hold_no_event_of_its_kind_says_so() {
    let home = scratch();
    let log = home.path().join("log.json");
    let no_reads = "not one read of any object in the window";
    let no_deletes = "not one delete of any object in the window";
    let mut tried = 0;
    for (event, report, lacking) in [
        ("GetObject", "who-deleted", Some(no_deletes)),
        ("GetObject", "who-listened", None),
        ("DeleteObject", "who-deleted", None),
        ("DeleteObject", "who-listened", Some(no_reads)),
        // It asks for neither.
        ("DeleteObject", "live-monitoring", None),
    ] {
        let record = s3_call(event, "1", "2026-03-02T10:00:00Z");
        fs::write(&log, delivery(&[record])).unwrap();
        let said = run(&["report", report, log.to_str().unwrap()])
            .exits(0)
            .stderr;
        for text in [no_reads, no_deletes] {
            assert_eq!(
                said.contains(text),
                lacking == Some(text),
                "{report}: {said}"
            );
        }
        tried += 1;
    }
    assert_eq!(tried, 5);
    // What lies outside the window is not in it.
    let record = s3_call("GetObject", "1", "2026-03-02T10:00:00Z");
    fs::write(&log, delivery(&[record])).unwrap();
    let log = log.to_str().unwrap();
    run(&["report", "who-listened", log, "--since", "2026-03-03"])
        .exits(0)
        .says(no_reads);
}

/// Whoever stops a trail leaves a trace in its logs, and every report that may lack
/// something by it says so: of logs and of a lake.
#[test]
fn a_report_whose_logs_show_that_logging_was_changed_says_so() {
    let home = scratch();
    let stop = |time: &str| {
        let mut record = s3_call("StopLogging", "stop", time);
        record["eventSource"] = json!("cloudtrail.amazonaws.com");
        record["requestParameters"] = json!({ "name": "example-trail" });
        record["managementEvent"] = json!(true);
        record["eventCategory"] = json!("Management");
        record
    };
    let delete = s3_call("DeleteObject", "delete", "2026-03-02T10:00:00Z");
    let logs = home.path().join("log.json");
    fs::write(&logs, delivery(&[delete, stop("2026-03-02T11:00:00Z")])).unwrap();
    let logs = logs.to_str().unwrap();
    let lake = home.path().join("lake");
    let lake = lake.to_str().unwrap();
    run(&["ingest", logs, "--lake", lake]).exits(0);
    let said = "the logging was changed in the window, or somebody tried to: StopLogging at \
                2026-03-02T11:00:00Z;";
    let of_logs = run(&["report", "who-deleted", logs]).exits(0).says(said);
    let of_lake = run(&["report", "who-deleted", "--lake", lake])
        .exits(0)
        .says(said);
    // It counts as what the question is not about.
    assert_eq!(of_logs.counts(), of_lake.counts());
    assert_eq!((of_logs.counts().kept, of_logs.counts().filtered), (1, 1));
    for silent in [
        &["report", "who-deleted", logs, "--until", "2026-03-02T11:00"][..],
        &["report", "logging-changes", logs],
    ] {
        let run = run(silent).exits(0);
        assert!(
            !run.stderr.contains("the logging was changed"),
            "{}",
            run.stderr
        );
    }
}
