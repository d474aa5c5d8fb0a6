//! Logs are read from a bucket as they are from a folder.

use std::fs;
use std::path::{Path, PathBuf};

use earwitness_testkit::{AwsReply, Moto, StubAws, files, folder};
use serde_json::Value;

use crate::aws::{earwitness_at, moto, run_at};
use crate::support::{root, run, scratch, start, wait};
use crate::verified_trails::KEYS;

/// Puts a folder into a bucket of its own, with aws-cli.
fn bucket(moto: &Moto, name: &str, folder: &Path) {
    moto.aws(&["s3", "mb", &format!("s3://{name}")]);
    let to = format!("s3://{name}/");
    moto.aws(&[
        "s3",
        "sync",
        "--only-show-errors",
        folder.to_str().unwrap(),
        &to,
    ]);
}

/// Puts the fixture's trail into the bucket that its digests name, with their
/// signatures as S3 keeps them.
fn signed_trail(moto: &Moto) -> &'static str {
    static MADE: std::sync::Once = std::sync::Once::new();
    MADE.call_once(|| {
        let trail = root().join("fixtures/signed-trail/trail");
        let side = scratch();
        let logs = side.path().join("logs");
        let copied = std::process::Command::new("cp")
            .arg("-r")
            .args([&trail, &logs])
            .status();
        assert!(copied.unwrap().success());
        let metadata = logs.join("digest-metadata.ndjson");
        let heads = fs::read_to_string(&metadata).unwrap();
        fs::remove_file(metadata).unwrap();
        bucket(moto, "example-trail", &logs);
        let mut signed = 0;
        for line in heads.lines() {
            let head: Value = serde_json::from_str(line).unwrap();
            let key = head["Key"].as_str().unwrap();
            let metadata = head["Metadata"].to_string();
            let file = logs.join(key);
            moto.aws(&[
                "s3api",
                "put-object",
                "--bucket",
                "example-trail",
                "--key",
                key,
                "--body",
                file.to_str().unwrap(),
                "--metadata",
                &metadata,
            ]);
            signed += 1;
        }
        assert_eq!(signed, 7);
    });
    "example-trail"
}

#[test]
fn a_bucket_answers_as_the_folder_that_was_uploaded() {
    let Some(moto) = moto("reading from S3") else {
        return;
    };
    let centre = folder("contact-centre");
    bucket(moto, "whole-centre", &centre);
    for report in ["who-deleted", "who-listened", "denied-attempts"] {
        let local = run(&[
            "report",
            report,
            centre.to_str().unwrap(),
            "--output",
            "jsonl",
        ]);
        let live = run_at(
            moto.url(),
            &["report", report, "s3://whole-centre", "--output", "jsonl"],
        );
        let live = live.exits(0).says("s3://whole-centre/: ");
        assert_eq!(
            live.rows_without_inputs(),
            local.exits(0).rows_without_inputs(),
            "{report}"
        );
        assert!(!live.text().is_empty());
    }
    let local = run(&["report", "who-deleted", centre.to_str().unwrap()]);
    let live = run_at(moto.url(), &["report", "who-deleted", "s3://whole-centre/"]);
    assert_eq!(local.counts(), live.counts());
    let first = live.text().lines().count();
    // One object is named as one file is.
    let one = files(&centre.join("AWSLogs")).unwrap().remove(0);
    let key = one.strip_prefix(&centre).unwrap().to_str().unwrap();
    let live = run_at(
        moto.url(),
        &["report", "who-deleted", &format!("s3://whole-centre/{key}")],
    );
    assert!(live.exits(0).text().lines().count() < first);
}

#[test]
fn only_days_that_can_hold_the_window_are_listed() {
    let Some(moto) = moto("reading days of S3") else {
        return;
    };
    let centre = folder("contact-centre");
    bucket(moto, "days-of-centre", &centre.join("AWSLogs"));
    let window = [
        "--since",
        "2026-03-02",
        "--until",
        "2026-03-03",
        "--output",
        "jsonl",
    ];
    let of = |input: &'static str| [&["report", "who-listened", input], &window[..]].concat();
    // A bucket whose layout begins elsewhere is listed whole.
    let live = run_at(moto.url(), &of("s3://days-of-centre/")).exits(0);
    let local = run(&of("fixtures/contact-centre/AWSLogs")).exits(0);
    let expected = local.rows_without_inputs();
    assert_eq!(live.rows_without_inputs(), expected);

    bucket(moto, "days-of-trail", &centre);
    let live = run_at(moto.url(), &of("s3://days-of-trail/AWSLogs/")).exits(0);
    assert_eq!(live.rows_without_inputs(), expected);
    live.says("delivered from 2026-03-01 to 2026-03-05: 2 days behind the window");
    let early = ["--until", "2020-01-01", "--output", "jsonl"];
    let none = [
        &["report", "who-listened", "s3://days-of-trail/AWSLogs/"],
        &early[..],
    ]
    .concat();
    run_at(moto.url(), &none)
        .exits(2)
        .says("there is no object in the days that were asked for, delivered to 2020-01-03");
}

#[test]
fn a_trail_in_a_bucket_is_verified_with_its_signatures() {
    let Some(moto) = moto("verifying in S3") else {
        return;
    };
    let bucket = format!("s3://{}/", signed_trail(moto));
    let keys = ["--public-keys", KEYS];
    let live = run_at(moto.url(), &[&["verify", &bucket], &keys[..]].concat());
    live.exits(3)
        .says("digests 7: valid 7\nlog files 6: valid 6\n");
    let coverage = |input: &str| {
        let asked = [&["coverage", input, "--output", "jsonl"], &keys[..]].concat();
        run_at(moto.url(), &asked).stdout
    };
    let local = coverage("fixtures/signed-trail/trail");
    assert!(!local.is_empty());
    assert_eq!(coverage(&bucket), local);
    let report = run_at(
        moto.url(),
        &[&["report", "summary", &bucket], &keys[..]].concat(),
    );
    report.exits(0).says("validated");
}

#[test]
fn what_is_fetched_is_as_delivered_and_fetched_once() {
    let Some(moto) = moto("fetching from S3") else {
        return;
    };
    let bucket = format!("s3://{}/", signed_trail(moto));
    let home = scratch();
    let out = home.path().join("evidence");
    let fetch = |source: &str| {
        run_at(
            moto.url(),
            &["fetch", source, "--out", out.to_str().unwrap()],
        )
    };
    fetch(&bucket).exits(0).says("fetched 20 files");
    let trail = root().join("fixtures/signed-trail/trail");
    let mut same = 0;
    for file in files(&trail.join("AWSLogs")).unwrap() {
        let below = file.strip_prefix(&trail).unwrap();
        let fetched = fs::read(out.join("example-trail").join(below)).unwrap();
        assert!(fetched == fs::read(&file).unwrap(), "{}", below.display());
        same += 1;
    }
    assert_eq!(same, 13);
    run(&["verify", out.to_str().unwrap(), "--public-keys", KEYS])
        .exits(3)
        .says("digests 7: valid 7\nlog files 6: valid 6\n");
    fetch(&bucket)
        .exits(0)
        .says("fetched 0 files, 0 bytes")
        .says("20 were there already");

    // What is gone or half there is brought again, and what somebody changed is
    // neither lost nor taken for what was delivered.
    let logs = files(&out.join("example-trail/AWSLogs")).unwrap();
    let log = |at: usize| -> &PathBuf { &logs[at] };
    fs::remove_file(log(0)).unwrap();
    fs::write(log(1), "half").unwrap();
    fetch(&bucket)
        .exits(0)
        .says("fetched 2 files")
        .says("changed: another content than before, kept beside what was there");
    assert!(log(0).exists());
    assert_eq!(fs::read(log(1)).unwrap(), b"half");
    assert_eq!(files(&out).unwrap().len(), 21);
}

#[test]
fn no_key_leads_out_of_the_folder() {
    let Some(moto) = moto("hostile keys in S3") else {
        return;
    };
    moto.aws(&["s3", "mb", "s3://hostile-keys"]);
    let home = scratch();
    let log = home.path().join("log.json");
    fs::write(&log, crate::support::one_delete("1")).unwrap();
    let keys = [
        "../../escape.json",
        "/absolute.json",
        "a//b.json",
        "a/./b.json",
        "x\u{1b}[31m.json",
        "both",
        "both/a.json",
    ];
    for key in keys {
        let body = log.to_str().unwrap();
        moto.aws(&[
            "s3api",
            "put-object",
            "--bucket",
            "hostile-keys",
            "--key",
            key,
            "--body",
            body,
        ]);
    }
    let out = home.path().join("deep/er/out");
    let fetched = run_at(
        moto.url(),
        &["fetch", "s3://hostile-keys", "--out", out.to_str().unwrap()],
    );
    let fetched = fetched.exits(0).says("fetched 7 files");
    assert!(!fetched.stderr.contains('\u{1b}'));
    assert_eq!(files(&out.join("hostile-keys")).unwrap().len(), 7);
    assert_eq!(files(home.path()).unwrap().len(), 8);
    run_at(
        moto.url(),
        &["fetch", "s3://hostile-keys", "--out", out.to_str().unwrap()],
    )
    .exits(0)
    .says("7 were there already");
    let report = run_at(moto.url(), &["report", "who-deleted", "s3://hostile-keys"]).exits(0);
    assert!(!report.text().contains('\u{1b}') && !report.stderr.contains('\u{1b}'));
    // Seven copies of one event.
    assert_eq!(report.counts().duplicates, 6);
}

#[test]
fn a_lake_takes_a_bucket_in_once() {
    let Some(moto) = moto("taking S3 in") else {
        return;
    };
    let centre = folder("contact-centre");
    bucket(moto, "lake-of-centre", &centre);
    let home = scratch();
    let lake = home.path().join("lake");
    let lake = lake.to_str().unwrap();
    // What is asked of it passes by here.
    let url = moto.url().to_owned();
    let stub = StubAws::start(move |_| AwsReply::Of(url.clone())).unwrap();
    let ingest = || {
        run_at(
            &stub.url(),
            &["ingest", "s3://lake-of-centre", "--lake", lake],
        )
        .exits(0)
    };
    let objects = || {
        let heard = stub.heard().into_iter();
        let of_object =
            heard.filter(|request| request.operation.contains("/lake-of-centre/AWSLogs/"));
        of_object.count()
    };
    ingest();
    let read = objects();
    assert!(read > 10, "{read}");
    ingest().says("new 0 + known 25");
    assert_eq!(objects(), read);
    let asked = ["report", "who-deleted", "--output", "jsonl"];
    let of_lake = run(&[&asked[..], &["--lake", lake]].concat()).exits(0);
    let of_logs = run(&[&asked[..], &[centre.to_str().unwrap()]].concat()).exits(0);
    assert_eq!(of_lake.rows_without_inputs(), of_logs.rows_without_inputs());
}

/// A page of ListObjectsV2.
fn page(keys: &[(&str, usize)], prefixes: &[&str]) -> AwsReply {
    let mut xml = "<ListBucketResult><IsTruncated>false</IsTruncated>".to_owned();
    for (key, size) in keys {
        xml += &format!(
            "<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2026-03-02T10:00:00.000Z</LastModified></Contents>"
        );
    }
    for prefix in prefixes {
        xml += &format!("<CommonPrefixes><Prefix>{prefix}</Prefix></CommonPrefixes>");
    }
    AwsReply::ok(xml + "</ListBucketResult>")
}

fn refused(status: u16, code: &str) -> AwsReply {
    AwsReply::Json(
        status,
        format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"),
    )
}

#[test]
fn what_may_not_be_read_is_named_with_what_allows_it_and_the_rest_is_read() {
    let log = crate::support::one_delete("1");
    let size = log.len();
    let stub = StubAws::start(move |request| {
        let query = &request.query;
        if request.operation == "GET /trail/" || request.operation == "GET /trail" {
            return match () {
                () if query.contains("prefix=closed") => refused(403, "AccessDenied"),
                () if query.contains("delimiter") => {
                    page(&[("a.json", size), ("b.json", size)], &["closed/", "open/"])
                }
                () if query.contains("AWSLogs") => page(&[], &[]),
                () if query.contains("prefix=open") => page(&[("open/c.json", size)], &[]),
                () => page(&[("a.json", size)], &[]),
            };
        }
        match request.operation.as_str() {
            "GET /trail/a.json" | "GET /trail/open/c.json" => AwsReply::ok(log.clone()),
            _ => refused(403, "AccessDenied"),
        }
    })
    .unwrap();
    let run = run_at(
        &stub.url(),
        &["report", "who-deleted", "s3://trail", "--output", "jsonl"],
    );
    let run = run.exits(3);
    assert_eq!(run.rows().len(), 1);
    run.says("not read: s3://trail/closed/: access denied: a policy must allow s3:ListBucket on arn:aws:s3:::trail")
        .says("not read: s3://trail/b.json: failed to read s3://trail/b.json: access denied: a policy must allow s3:GetObject on arn:aws:s3:::trail/b.json");
}

#[test]
fn each_refusal_names_its_cause_and_ends_with_1() {
    for (status, code, text) in [
        (
            403,
            "AccessDenied",
            "a policy must allow s3:ListBucket on arn:aws:s3:::trail",
        ),
        (404, "NoSuchBucket", "there is no such bucket"),
        (
            400,
            "ExpiredToken",
            "the AWS credentials have expired; sign in again",
        ),
        (
            403,
            "InvalidAccessKeyId",
            "AWS does not know these credentials",
        ),
        (403, "RequestTimeTooSkewed", "this machine's clock"),
    ] {
        let stub = StubAws::start(move |_| refused(status, code)).unwrap();
        run_at(&stub.url(), &["report", "who-deleted", "s3://trail"])
            .exits(1)
            .says(text);
    }
    // Nobody listens there.
    let gone = StubAws::start(|_| AwsReply::Closed).unwrap().url();
    let mut command = earwitness_at(&gone);
    command.args(["report", "who-deleted", "s3://trail"]);
    let run = crate::support::finish(&mut command).exits(1);
    run.says("AWS could not be reached")
        .says("check the network, --region and --endpoint-url");
}

#[test]
fn without_credentials_the_way_to_them_is_said() {
    let stub = StubAws::start(|_| page(&[], &[])).unwrap();
    let mut command = earwitness_at(&stub.url());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    command.env_remove("AWS_SESSION_TOKEN");
    let run = crate::support::finish(command.args(["report", "who-deleted", "s3://trail"]));
    run.exits(1)
        .says("no AWS credentials were found; name a profile with --profile");
    assert_eq!(stub.heard().len(), 0);
}

#[test]
fn an_object_whose_bytes_break_off_is_brought_to_its_end() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let log = crate::support::one_delete("1");
    let size = log.len();
    let asked = AtomicUsize::new(0);
    let stub = StubAws::start(move |request| match request.operation.as_str() {
        "GET /trail/a.json" if asked.fetch_add(1, Ordering::Relaxed) == 0 => {
            AwsReply::CutShort(log.clone())
        }
        // What is asked for again is the rest.
        "GET /trail/a.json" => AwsReply::ok(&log[size / 2..]),
        _ if request.query.contains("AWSLogs") => page(&[], &[]),
        _ => page(&[("a.json", size)], &[]),
    })
    .unwrap();
    let run = run_at(
        &stub.url(),
        &["report", "who-deleted", "s3://trail", "--output", "jsonl"],
    );
    assert_eq!(run.exits(0).rows().len(), 1);
    assert_eq!(stub.count("GET /trail/a.json"), 2);
}

#[test]
fn an_object_that_never_comes_whole_is_told_with_what_came() {
    let log = crate::support::one_delete("1");
    let size = log.len();
    let stub = StubAws::start(move |request| match request.operation.as_str() {
        "GET /trail/a.json" => AwsReply::Closed,
        _ if request.query.contains("AWSLogs") => page(&[], &[]),
        _ => page(&[("a.json", size)], &[]),
    })
    .unwrap();
    let run = run_at(&stub.url(), &["report", "who-deleted", "s3://trail"]);
    run.exits(3).says(
        "not read: s3://trail/a.json: failed to read s3://trail/a.json: AWS could not be reached",
    );
}

#[test]
fn an_interrupt_ends_a_wait_for_aws() {
    let stub = StubAws::start(|_| {
        std::thread::sleep(std::time::Duration::from_secs(15));
        AwsReply::Closed
    })
    .unwrap();
    let mut command = crate::signals::heeding_signals();
    crate::aws::at(&mut command, &stub.url());
    command.args(["report", "who-deleted", "s3://trail"]);
    let child = start(&mut command);
    let started = std::time::Instant::now();
    while stub.heard().is_empty() {
        assert!(started.elapsed().as_secs() < 30, "nothing was asked");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let asked = std::time::Instant::now();
    wait(child).exits(130).says("interrupted");
    assert!(asked.elapsed().as_secs() < 5);
}

#[test]
fn what_is_no_place_in_aws_is_not_fetched() {
    let home = scratch();
    let out = home.path().join("out");
    let fetch = |source: &str| run(&["fetch", source, "--out", out.to_str().unwrap()]).exits(2);
    fetch("fixtures").says("fetch fixtures: it is no place in AWS; name s3://BUCKET/PREFIX");
    fetch("s3://").says("it names nothing; write s3://BUCKET/PREFIX");
    fetch("cloudtrail:uswest").says("'uswest' is no region");
    assert!(!out.exists());
}
