//! Defects of shape: almost JSON, JSON of the wrong shape, and other files
//! that people keep beside their logs.

use super::Defect;
use crate::clock;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET, REGION};
use crate::sample::{AT, Samples, delivery};
use crate::scenario::aggregated;

pub(super) fn defects(samples: &mut Samples) -> Vec<Defect> {
    let records = samples.three();
    let [one, two, three] = [&records[0], &records[1], &records[2]].map(Json::to_string);
    let agent = "\"userAgent\":\"";
    let broken = two.replacen(agent, &format!("{agent}a raw\nnewline "), 1);
    let deep = format!(
        "{},\"unknownField\":{}{}}}",
        &two[..two.len() - 1],
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let wrong = wrong_types(samples);
    vec![
        Defect::new(
            "trailing-comma.json",
            2,
            format!("{{\"Records\":[{one},{two},]}}"),
        ),
        Defect::new("unquoted-keys.json", 0, unquoted(&delivery(&records[..1]))),
        Defect::new(
            "missing-closing-brace.json",
            2,
            format!("{{\"Records\":[{one},{two}]"),
        ),
        Defect::new(
            "raw-newline-in-string.json",
            2,
            format!("{{\"Records\":[{one},{broken},{three}]}}"),
        ),
        Defect::new(
            "comments.json",
            2,
            format!("{{\"Records\":[\n// the delete\n{one},\n/* the read */\n{two}\n]}}"),
        ),
        Defect::new(
            "record-is-a-string.json",
            2,
            format!("{{\"Records\":[{one},\"a string\",{two},null,7,[],{{}}]}}"),
        ),
        Defect::new(
            "records-is-a-map.json",
            0,
            format!("{{\"Records\":{{\"0\":{one}}}}}"),
        ),
        Defect::new(
            "nested-10000.json",
            3,
            format!("{{\"Records\":[{one},{deep},{three}]}}"),
        ),
        Defect::new("wrong-types.json", wrong.len(), delivery(&wrong)),
        Defect::new(
            "aggregated-event.json",
            1,
            delivery(&[records[0].clone(), aggregated(&samples.rng.uuid(), AT)]),
        ),
        Defect::new(
            "insights-without-message.csv",
            0,
            "@timestamp,eventName\n2026-03-02 09:05:17.095,DeleteObject\n",
        ),
        Defect::new(
            "git-lfs-pointer.json",
            0,
            format!(
                "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 48213\n",
                samples.rng.hex(64)
            ),
        ),
        Defect::new(
            "html-error-page.json",
            0,
            "<!DOCTYPE html>\n<html><head><title>403 Forbidden</title></head>\n<body><h1>403 Forbidden</h1></body></html>\n",
        ),
        Defect::new("s3-notification.json", 0, notification().to_string()),
        Defect::new("s3-test-event.json", 0, test_event().to_string()),
        Defect::new("digest.json", 0, digest(samples).pretty()),
        Defect::new("unrelated.json", 0, unrelated().pretty()),
        Defect::new("iam-list-users.json", 0, iam_users().pretty()),
        Defect::new("access-log-cut-line.txt", 0, access_log()),
        Defect::new("lone-number.json", 0, "42\n"),
    ]
}

/// Takes the quotes off the names of members, as JavaScript allows.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        let Some((word, tail)) = after.split_once('"') else {
            break;
        };
        out.push_str(before);
        let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
        match tail.starts_with(':') && plain {
            true => out.push_str(word),
            false => out.push_str(&format!("\"{word}\"")),
        }
        rest = tail;
    }
    out + rest
}

/// Good records, each with fields of types that they do not have.
fn wrong_types(samples: &mut Samples) -> Vec<Json> {
    let bytes_as_text = map! { "bytesTransferredIn" => "0", "bytesTransferredOut" => "1843244" };
    let address = vec![Json::from("192.0.2.44"), Json::from("192.0.2.45")];
    let changes: Vec<(&'static str, Json)> = vec![
        ("userIdentity", "a string".into()),
        ("userIdentity", Json::Null),
        ("requestParameters", "a string".into()),
        ("requestParameters", vec![Json::from("a list")].into()),
        ("responseElements", "".into()),
        ("resources", map! { "type" => "AWS::S3::Object" }),
        ("resources", "".into()),
        ("eventTime", AT.into()),
        ("eventVersion", 1.11.into()),
        ("additionalEventData", bytes_as_text),
        ("additionalEventData", "a string".into()),
        ("sourceIPAddress", address.into()),
        ("userAgent", vec![Json::from("[aws-cli/2]")].into()),
        ("errorCode", 200.into()),
        ("readOnly", "true".into()),
        ("managementEvent", "False".into()),
        ("recipientAccountId", 111_122_223_333_i64.into()),
        ("awsRegion", Json::Null),
        ("requestID", 7.into()),
        ("eventID", Json::Null),
        ("tlsDetails", "TLSv1.3".into()),
    ];
    let changed = |(i, (field, value)): (usize, (&'static str, Json))| {
        let mut record = samples.record("GetObject", "1.11", i as i64 * 60);
        record.set(field, value);
        record
    };
    changes.into_iter().enumerate().map(changed).collect()
}

fn notification() -> Json {
    let key = "connect/example-centre/CallRecordings/2026/03/02/recording_20260302T09%3A05_UTC.wav";
    map! { "Records" => vec![map! {
        "eventVersion" => "2.1",
        "eventSource" => "aws:s3",
        "awsRegion" => REGION,
        "eventTime" => "2026-03-02T09:05:17.481Z",
        "eventName" => "ObjectRemoved:Delete",
        "userIdentity" => map! { "principalId" => "AWS:AROAEXAMPLE0000000001:example" },
        "requestParameters" => map! { "sourceIPAddress" => "192.0.2.44" },
        "responseElements" => map! { "x-amz-request-id" => "EXAMPLE123456789" },
        "s3" => map! {
            "s3SchemaVersion" => "1.0",
            "configurationId" => "example",
            "bucket" => map! {
                "name" => RECORDINGS_BUCKET,
                "arn" => format!("arn:aws:s3:::{RECORDINGS_BUCKET}"),
            },
            "object" => map! { "key" => key, "sequencer" => "0055AED6DCD90281E5" },
        },
    }] }
}

/// A server access log whose second line lost its beginning.
fn access_log() -> String {
    let line = format!(
        "EXAMPLEOWNER {RECORDINGS_BUCKET} [02/Mar/2026:09:05:17 +0000] 192.0.2.44 - \
         EXAMPLE123456789 REST.GET.OBJECT example.wav \"GET /example.wav HTTP/1.1\" 403 \
         AccessDenied 243 - 9 - \"-\" \"curl/8\" - EXAMPLEHOSTID= - - - - - - -\n"
    );
    format!("{line}{}{line}", &line[40..])
}

fn test_event() -> Json {
    map! {
        "Service" => "Amazon S3",
        "Event" => "s3:TestEvent",
        "Time" => "2026-03-02T09:05:17.481Z",
        "Bucket" => RECORDINGS_BUCKET,
        "RequestId" => "EXAMPLE123456789",
        "HostId" => "EXAMPLE",
    }
}

fn digest(samples: &mut Samples) -> Json {
    let log = format!(
        "AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/03/02/{ACCOUNT}_CloudTrail_{REGION}_20260302T0905Z_EXAMPLE000000001.json.gz"
    );
    map! {
        "awsAccountId" => ACCOUNT,
        "digestStartTime" => clock::iso(AT - 3_600),
        "digestEndTime" => clock::iso(AT),
        "digestS3Bucket" => "example-trail",
        "digestS3Object" => format!("AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/2026/03/02/example.json.gz"),
        "digestPublicKeyFingerprint" => samples.rng.hex(32),
        "digestSignatureAlgorithm" => "SHA256withRSA",
        "newestEventTime" => clock::iso(AT - 60),
        "oldestEventTime" => clock::iso(AT - 3_000),
        "previousDigestS3Bucket" => Json::Null,
        "previousDigestS3Object" => Json::Null,
        "previousDigestHashValue" => Json::Null,
        "previousDigestHashAlgorithm" => Json::Null,
        "previousDigestSignature" => Json::Null,
        "logFiles" => vec![map! {
            "s3Bucket" => "example-trail",
            "s3Object" => log,
            "hashValue" => samples.rng.hex(64),
            "hashAlgorithm" => "SHA-256",
            "newestEventTime" => clock::iso(AT - 60),
            "oldestEventTime" => clock::iso(AT - 3_000),
        }],
    }
}

fn unrelated() -> Json {
    map! {
        "fileVersion" => "1.0",
        "configSnapshotId" => "00000000-0000-4000-8000-000000000001",
        "configurationItems" => vec![map! {
            "resourceType" => "AWS::S3::Bucket",
            "resourceId" => RECORDINGS_BUCKET,
            "awsAccountId" => ACCOUNT,
            "relatedEvents" => Vec::<Json>::new(),
        }],
    }
}

fn iam_users() -> Json {
    map! { "Users" => vec![map! {
        "Path" => "/",
        "UserName" => "backup-operator",
        "UserId" => "AIDAEXAMPLE0000000001",
        "Arn" => format!("arn:aws:iam::{ACCOUNT}:user/backup-operator"),
        "CreateDate" => "2025-11-02T08:00:00+00:00",
    }] }
}
