//! Log groups, the event history and public keys are read from AWS's own services.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use earwitness_testkit::{AwsReply, AwsRequest, StubAws, StubLogGroup, files, folder};
use serde_json::{Map, Value, json};

use crate::aws::{moto, run_at};
use crate::support::{Run, root, run, s3_call, scratch, start, wait};
use crate::verified_trails::KEYS;

const GROUP: &str = "CloudTrail/DefaultLogGroup";
const WINDOW: [&str; 4] = ["--since", "2026-03-01", "--until", "2026-03-05"];

/// The records of the contact centre as a log group has them: each some minutes
/// behind its event.
fn events() -> Vec<(i64, String)> {
    let logs = files(&folder("contact-centre").join("AWSLogs")).unwrap();
    let mut events = Vec::new();
    for log in logs {
        let inflated = Command::new("gzip").arg("-dc").arg(&log).output().unwrap();
        assert!(inflated.status.success());
        let delivery: Value = serde_json::from_slice(&inflated.stdout).unwrap();
        for record in delivery["Records"].as_array().into_iter().flatten() {
            // A summary of many events is in no log group.
            let Some(time) = record["eventTime"].as_str() else {
                continue;
            };
            let time: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
            let delay = 300_000 + i64::try_from(events.len()).unwrap() % 977;
            events.push((time.timestamp_millis() + delay, record.to_string()));
        }
    }
    assert!(events.len() > 100);
    events
}

fn group() -> StubLogGroup {
    StubLogGroup::new(GROUP, events())
}

/// A group of other limits or times.
fn group_with(change: impl FnOnce(&mut StubLogGroup)) -> StubLogGroup {
    let mut group = group();
    change(&mut group);
    group
}

fn serve(group: StubLogGroup) -> (StubAws, Arc<StubLogGroup>) {
    let group = Arc::new(group);
    let answering = Arc::clone(&group);
    let stub = StubAws::start(move |request| answering.answer(request)).unwrap();
    (stub, group)
}

fn ask(url: &str, report: &str) -> Run {
    let source = format!("cloudwatch:{GROUP}");
    let asked = ["report", report, &source, "--output", "jsonl"];
    run_at(url, &[&asked[..], &WINDOW].concat())
}

fn of_the_bucket(report: &str) -> Vec<Map<String, Value>> {
    let asked = [
        "report",
        report,
        "fixtures/contact-centre/AWSLogs",
        "--output",
        "jsonl",
    ];
    let run = run(&[&asked[..], &WINDOW].concat()).exits(0);
    let rows = run.rows_without_inputs();
    assert!(!rows.is_empty());
    rows
}

#[test]
fn a_log_group_answers_as_the_bucket_does() {
    let (stub, group) = serve(group());
    for report in ["who-deleted", "who-listened", "denied-attempts"] {
        let live = ask(stub.url().as_str(), report).exits(0);
        assert_eq!(
            live.rows_without_inputs(),
            of_the_bucket(report),
            "{report}"
        );
        live.says("queries scanned")
            .says("USD")
            .says("no record of more than 256 KB");
    }
    assert_eq!(stub.count("FilterLogEvents"), 0);
    assert_eq!(group.running(), 0);
}

#[test]
fn windows_are_split_until_every_row_is_held() {
    let (stub, _) = serve(group());
    let whole = ask(&stub.url(), "who-listened").exits(0).counts();
    for (max_rows, page_rows, timeout_seconds) in [(60, 25, i64::MAX), (100_000, 10_000, 40_000)] {
        let (stub, _) = serve(group_with(|group| {
            group.max_rows = max_rows;
            group.page_rows = page_rows;
            group.timeout_seconds = timeout_seconds;
            group.polls = 0;
        }));
        let live = ask(&stub.url(), "who-listened").exits(0);
        assert_eq!(live.rows_without_inputs(), of_the_bucket("who-listened"));
        // Nothing counts twice that was asked for twice.
        assert_eq!(live.counts(), whole);
        assert!(
            stub.count("StartQuery") > 10,
            "{}",
            stub.count("StartQuery")
        );
    }
}

#[test]
fn a_second_that_no_query_holds_is_read_event_by_event() {
    let at = 1_772_442_000_000;
    let record = |id: usize| s3_call("DeleteObject", &id.to_string(), "2026-03-02T09:00:00Z");
    let (stub, _) = serve(group_with(|group| {
        group.events = (0..12).map(|id| (at, record(id).to_string())).collect();
        (group.max_rows, group.page_rows, group.polls) = (5, 4, 0);
    }));
    let live = ask(&stub.url(), "who-deleted").exits(0);
    assert_eq!(live.rows().len(), 12);
    assert_eq!(live.counts().read, 12);
    assert!(stub.count("FilterLogEvents") > 3);
}

/// Answers the first requests of an operation otherwise.
fn at_first(
    times: usize,
    operation: &'static str,
    reply: impl Fn() -> AwsReply + Send + Sync + 'static,
) -> StubAws {
    let (group, asked) = (group(), AtomicUsize::new(0));
    StubAws::start(move |request| {
        let of_it = request.operation == operation;
        if of_it && asked.fetch_add(1, Ordering::Relaxed) < times {
            return reply();
        }
        group.answer(request)
    })
    .unwrap()
}

#[test]
fn what_passes_is_waited_for() {
    type Reply = fn() -> AwsReply;
    let replies: [(&str, Reply); 4] = [
        ("StartQuery", || {
            AwsReply::error(400, "LimitExceededException", "slower")
        }),
        ("StartQuery", || {
            AwsReply::error(400, "ThrottlingException", "slower")
        }),
        ("GetQueryResults", || {
            AwsReply::CutShort(r#"{"results":[],"status":"Complete"}"#.to_owned())
        }),
        ("GetQueryResults", || AwsReply::Closed),
    ];
    for (operation, reply) in replies {
        let stub = at_first(2, operation, reply);
        let live = ask(&stub.url(), "who-deleted").exits(0);
        assert_eq!(
            live.rows_without_inputs(),
            of_the_bucket("who-deleted"),
            "{operation}"
        );
    }
}

#[test]
fn a_query_that_ends_without_an_answer_leaves_a_gap_that_is_told() {
    let stub = at_first(1, "GetQueryResults", || {
        AwsReply::ok(json!({ "results": [], "status": "Failed" }).to_string())
    });
    let live = ask(&stub.url(), "who-deleted").exits(3);
    assert!(!live.rows().is_empty());
    live.says("not read: cloudwatch:CloudTrail/DefaultLogGroup: nothing came of 2026-0")
        .says("the query ended as Failed; run again");
}

#[test]
fn credentials_that_expire_on_the_way_keep_what_came() {
    let (group, started) = (group(), AtomicUsize::new(0));
    let stub = StubAws::start(move |request| {
        let is_start = request.operation == "StartQuery";
        if is_start && started.fetch_add(1, Ordering::Relaxed) >= 4 {
            // By then the others have come.
            thread::sleep(Duration::from_secs(2));
            let message = "The security token included in the request is expired";
            return AwsReply::error(400, "ExpiredTokenException", message);
        }
        group.answer(request)
    })
    .unwrap();
    let live = ask(&stub.url(), "who-listened").exits(3);
    assert!(!live.rows().is_empty());
    live.says("the AWS credentials have expired; sign in again");
}

#[test]
fn who_may_not_query_reads_the_group_event_by_event() {
    let stub = at_first(usize::MAX, "StartQuery", || {
        let message = "User: arn:aws:iam::111122223333:user/ana is not authorized to perform: \
                       logs:StartQuery on resource: x";
        AwsReply::error(400, "AccessDeniedException", message)
    });
    let live = ask(&stub.url(), "who-deleted").exits(0);
    assert_eq!(live.rows_without_inputs(), of_the_bucket("who-deleted"));
    live.says("reading the whole group, which takes longer: access denied: a policy must allow logs:StartQuery");
    assert!(stub.count("FilterLogEvents") > 0);
}

#[test]
fn a_group_that_is_not_there_is_said_with_those_that_are() {
    let (stub, _) = serve(group());
    let asked = [
        "report",
        "who-deleted",
        "cloudwatch:CloudTrail/Default",
        "--since",
        "30d",
    ];
    run_at(&stub.url(), &asked)
        .exits(2)
        .says("there is no such log group in this account and region; there is CloudTrail/DefaultLogGroup")
        .says("--profile and --region lead to others");
}

#[test]
fn a_time_before_the_group_is_told() {
    let (stub, _) = serve(group_with(|group| {
        // 2026-03-02T00:00:00Z
        group.created_millis = 1_772_409_600_000;
    }));
    ask(&stub.url(), "who-deleted")
        .exits(3)
        .says("nothing came of 2026-02-28T23:59:00Z to 2026-03-02T00:00:00Z: the log group was made later");
}

#[test]
fn an_interrupt_stops_queries_that_would_be_paid_for() {
    let (stub, group) = serve(group_with(|group| group.polls = usize::MAX));
    let mut command = crate::signals::heeding_signals();
    crate::aws::at(&mut command, &stub.url());
    command
        .args(["report", "who-deleted", &format!("cloudwatch:{GROUP}")])
        .args(WINDOW);
    let child = start(&mut command);
    let waiting = Instant::now();
    while stub.count("GetQueryResults") == 0 {
        assert!(
            waiting.elapsed() < Duration::from_secs(30),
            "nothing was asked"
        );
        thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    wait(child).exits(130).says("interrupted");
    assert!(stub.count("StopQuery") > 0);
    assert_eq!(group.running(), 0);
}

#[test]
fn a_whole_group_is_fetched_as_aws_prints_it() {
    let (stub, _) = serve(group_with(|group| group.page_rows = 50));
    let home = scratch();
    let out = home.path().join("out");
    let fetched = [
        &[
            "fetch",
            &format!("cloudwatch:{GROUP}"),
            "--out",
            out.to_str().unwrap(),
        ],
        &WINDOW[..],
    ];
    run_at(&stub.url(), &fetched.concat())
        .exits(0)
        .says("fetched ");
    assert_eq!(stub.count("StartQuery"), 0);
    let local = [
        "report",
        "who-deleted",
        out.to_str().unwrap(),
        "--output",
        "jsonl",
    ];
    let local = run(&[&local[..], &WINDOW].concat()).exits(0);
    assert_eq!(local.rows_without_inputs(), of_the_bucket("who-deleted"));
}

#[test]
fn a_double_of_aws_is_read_like_aws() {
    let Some(moto) = moto("reading from CloudWatch Logs") else {
        return;
    };
    let (name, stream) = ("trail-of-moto", "111122223333_CloudTrail_us-west-2");
    moto.aws(&["logs", "create-log-group", "--log-group-name", name]);
    moto.aws(&[
        "logs",
        "create-log-stream",
        "--log-group-name",
        name,
        "--log-stream-name",
        stream,
    ]);
    let now = chrono::Utc::now();
    let event_time = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let home = scratch();
    let put = home.path().join("events.json");
    let events: Vec<Value> = (0..40)
        .map(|id| {
            let name = if id % 4 == 0 {
                "DeleteObject"
            } else {
                "GetObject"
            };
            let message = s3_call(name, &id.to_string(), &event_time).to_string();
            json!({ "timestamp": now.timestamp_millis(), "message": message })
        })
        .collect();
    std::fs::write(&put, Value::from(events).to_string()).unwrap();
    moto.aws(&[
        "logs",
        "put-log-events",
        "--log-group-name",
        name,
        "--log-stream-name",
        stream,
        "--log-events",
        &format!("file://{}", put.display()),
    ]);
    let source = format!("cloudwatch:{name}");
    let asked = [
        "report",
        "who-deleted",
        &source,
        "--since",
        "2d",
        "--output",
        "jsonl",
    ];
    // The group was made a moment ago.
    let live = run_at(moto.url(), &asked).exits(3);
    assert_eq!(live.rows().len(), 10);
    live.says("the log group was made later");
    let out = home.path().join("out");
    let out = out.to_str().unwrap();
    run_at(
        moto.url(),
        &["fetch", &source, "--out", out, "--since", "2d"],
    )
    .exits(3);
    let local = run(&["report", "who-deleted", out, "--output", "jsonl"]).exits(0);
    assert_eq!((local.rows().len(), local.counts().read), (10, 40));
}

/// Answers LookupEvents by event name, two on a page.
fn history(request: &AwsRequest, names: &[&str]) -> AwsReply {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    let name = body["LookupAttributes"][0]["AttributeValue"]
        .as_str()
        .unwrap_or("StopLogging");
    let page: usize = body["NextToken"]
        .as_str()
        .map_or(0, |token| token.parse().unwrap());
    let now = chrono::Utc::now() - chrono::TimeDelta::days(1);
    let event = |id: usize| {
        let time = now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut record = s3_call(name, &format!("{name}-{id}"), &time);
        record["eventSource"] = json!("cloudtrail.amazonaws.com");
        record["requestParameters"] = json!({ "name": "example-trail" });
        json!({
            "EventId": format!("{name}-{id}"),
            "EventName": name,
            "EventTime": now.timestamp(),
            "CloudTrailEvent": record.to_string(),
        })
    };
    let ids = if names.contains(&name) {
        2 * page..2 * page + 2
    } else {
        0..0
    };
    let mut reply = json!({ "Events": ids.map(event).collect::<Vec<_>>() });
    if names.contains(&name) && page == 0 {
        reply["NextToken"] = json!("1");
    }
    AwsReply::ok(reply.to_string())
}

#[test]
fn the_event_history_is_looked_up_by_name_and_page() {
    let asked = AtomicUsize::new(0);
    let stub = StubAws::start(move |request| {
        // What is refused as too much comes when it is asked for again.
        if asked.fetch_add(1, Ordering::Relaxed) == 1 {
            return AwsReply::error(400, "ThrottlingException", "Rate exceeded");
        }
        history(request, &["StopLogging"])
    })
    .unwrap();
    let asked = [
        "report",
        "logging-changes",
        "cloudtrail:us-west-2",
        "--since",
        "7d",
        "--output",
        "jsonl",
    ];
    let live = run_at(&stub.url(), &asked).exits(0);
    assert_eq!(live.rows().len(), 4);
    assert!(
        stub.heard()
            .iter()
            .all(|request| request.operation == "LookupEvents")
    );
    let old = [
        "report",
        "logging-changes",
        "cloudtrail:us-west-2",
        "--since",
        "200d",
    ];
    run_at(&stub.url(), &old)
        .exits(3)
        .says("CloudTrail's event history goes back 90 days");
}

#[test]
fn what_the_event_history_never_has_is_said_before_it_is_asked() {
    let stub = StubAws::start(|request| history(request, &[])).unwrap();
    let live = run_at(
        &stub.url(),
        &["report", "who-deleted", "cloudtrail:us-west-2"],
    );
    live.exits(2)
        .says("CloudTrail's event history has management events only")
        .says("DeleteObject")
        .says("s3://BUCKET/AWSLogs/");
    assert_eq!(stub.heard().len(), 0);
}

#[test]
fn public_keys_are_fetched_as_verify_takes_them() {
    let keys = std::fs::read_to_string(root().join(KEYS)).unwrap();
    let mut keys: Value = serde_json::from_str(&keys).unwrap();
    // On the wire times are seconds.
    for key in keys["PublicKeyList"].as_array_mut().unwrap() {
        for time in ["ValidityStartTime", "ValidityEndTime"] {
            if let Some(text) = key[time].as_str() {
                let time_of: chrono::DateTime<chrono::Utc> = text.parse().unwrap();
                key[time] = json!(time_of.timestamp());
            }
        }
    }
    let stub = StubAws::start(move |_| AwsReply::ok(keys.to_string())).unwrap();
    let home = scratch();
    let out = home.path().join("keys");
    let fetch = [
        "fetch",
        "public-keys:us-west-2",
        "--out",
        out.to_str().unwrap(),
    ];
    run_at(&stub.url(), &fetch).exits(0).says("fetched 1 file,");
    let fetched = files(&out).unwrap().remove(0);
    let verify = [
        "verify",
        "fixtures/signed-trail/trail",
        "--public-keys",
        fetched.to_str().unwrap(),
    ];
    run(&verify).exits(3).says("digests 7: valid 7\n");
}

#[cfg(not(feature = "connect"))]
#[test]
fn a_build_without_connect_says_how_to_get_it() {
    let home = scratch();
    let out = home.path().join("out");
    let fetch = [
        "fetch",
        "connect:example-centre",
        "--out",
        out.to_str().unwrap(),
    ];
    run_at("http://127.0.0.1:9", &fetch)
        .exits(2)
        .says("build it with `cargo build --release --features connect`");
    assert!(!out.exists());
}
