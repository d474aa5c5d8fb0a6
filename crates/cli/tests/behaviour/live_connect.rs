//! An instance of Amazon Connect is read: who its users are, what they may do,
//! where recordings go.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use earwitness_testkit::{AwsReply, AwsRequest, StubAws, files};
use serde_json::json;

use crate::aws::run_at;
use crate::support::{CONTACT, run, scratch};

const INSTANCE: &str = "11111111-2222-3333-4444-555555555555";
const ARN: &str =
    "arn:aws:connect:us-west-2:111122223333:instance/11111111-2222-3333-4444-555555555555";

/// An instance with two users on two pages, a profile and a bucket.
fn instance(request: &AwsRequest) -> AwsReply {
    let first_page = !request.body.contains("NextToken") && !request.query.contains("nextToken");
    let path = request.operation.as_str();
    let reply = match path {
        "GET /instance" => json!({ "InstanceSummaryList": [
            { "Id": INSTANCE, "Arn": ARN, "InstanceAlias": "example-centre" }
        ] }),
        "POST /search-users" => {
            let user = |id: &str, name: &str| {
                json!({
                    "Id": id, "Arn": format!("{ARN}/agent/{id}"), "Username": name,
                    "IdentityInfo": { "FirstName": "Mary", "LastName": "Major" },
                    "SecurityProfileIds": ["p-1"],
                })
            };
            match first_page {
                true => json!({ "Users": [user("u-1", "mary.major")], "NextToken": "2" }),
                false => json!({ "Users": [user("u-2", "ana.carolina")] }),
            }
        }
        "POST /search-user-hierarchy-groups" => json!({ "UserHierarchyGroups": [] }),
        _ if path.starts_with("GET /security-profiles-summary/") => json!({
            "SecurityProfileSummaryList": [{ "Id": "p-1", "Arn": format!("{ARN}/security-profile/p-1"), "Name": "Admin" }]
        }),
        _ if path.starts_with("GET /security-profiles-permissions/") => {
            json!({ "Permissions": ["ListenCallRecordings", "DownloadCallRecordings"] })
        }
        _ if path.ends_with("/storage-configs") => {
            if !request.query.contains("CALL_RECORDINGS") {
                return AwsReply::ok(json!({ "StorageConfigs": [] }).to_string());
            }
            json!({ "StorageConfigs": [{
                "AssociationId": "a", "StorageType": "S3",
                "S3Config": { "BucketName": "connect-recordings", "BucketPrefix": "connect/example/CallRecordings" }
            }] })
        }
        _ if path.starts_with("GET /contacts/") => json!({ "Contact": {
            "Id": CONTACT, "Arn": format!("{ARN}/contact/{CONTACT}"), "Channel": "VOICE",
            "AgentInfo": { "Id": "u-1" },
            "InitiationTimestamp": 1_772_434_800, "LastUpdateTimestamp": 1_772_438_400,
            "CustomerEndpoint": { "Address": "+15550100" },
        } }),
        other => return AwsReply::error(404, "ResourceNotFoundException", other),
    };
    AwsReply::ok(reply.to_string())
}

#[test]
fn an_instance_is_fetched_as_reports_read_it() {
    let stub = StubAws::start(instance).unwrap();
    let home = scratch();
    let report = home.path().join("report.csv");
    fs::write(
        &report,
        format!("event_time,contact_id\n2026-03-02,{CONTACT}\n"),
    )
    .unwrap();
    for named in [INSTANCE, ARN, "example-centre"] {
        let out = home.path().join(named.replace(['/', ':'], "-"));
        let out = out.to_str().unwrap();
        let source = format!("connect:{named}");
        let fetch = [
            "fetch",
            &source,
            "--out",
            out,
            "--contacts-from",
            report.to_str().unwrap(),
        ];
        run_at(&stub.url(), &fetch)
            .exits(0)
            .says("fetched 12 files");
        let could = run(&["report", "who-could-access", out, "--output", "jsonl"]).exits(0);
        let rows = could.rows();
        assert!(
            rows.iter()
                .any(|row| row.values().any(|value| value == "mary.major")),
            "{rows:?}"
        );
        // What tells who the customer was is not kept.
        for file in files(std::path::Path::new(out)).unwrap() {
            assert!(!fs::read_to_string(file).unwrap().contains("+15550100"));
        }
    }
}

#[test]
fn what_may_not_be_listed_is_told_and_the_rest_is_kept() {
    let asked = AtomicUsize::new(0);
    let stub = StubAws::start(move |request| {
        let of_permissions = request
            .operation
            .starts_with("GET /security-profiles-permissions/");
        match () {
            () if of_permissions => AwsReply::error(403, "AccessDeniedException", "no"),
            // Too many are asked for again.
            () if request.operation == "POST /search-users"
                && asked.fetch_add(1, Ordering::Relaxed) == 0 =>
            {
                AwsReply::error(429, "TooManyRequestsException", "slower")
            }
            () => instance(request),
        }
    })
    .unwrap();
    let home = scratch();
    let out = home.path().join("out");
    let source = format!("connect:{INSTANCE}");
    run_at(&stub.url(), &["fetch", &source, "--out", out.to_str().unwrap()])
        .exits(3)
        .says("permissions/p-1: not all came: access denied: a policy must allow connect:ListSecurityProfilePermissions on ");
    assert!(files(&out).unwrap().len() > 5);
}

#[test]
fn an_instance_that_is_not_there_is_said_with_those_that_are() {
    let stub = StubAws::start(instance).unwrap();
    let home = scratch();
    let out = home.path().join("out");
    run_at(
        &stub.url(),
        &[
            "fetch",
            "connect:exmaple-centre",
            "--out",
            out.to_str().unwrap(),
        ],
    )
    .exits(2)
    .says("no instance of this region has that alias; there is example-centre");
}

#[test]
fn the_doctor_looks_at_the_buckets_of_an_instance() {
    let stub = StubAws::start(|request| match request.operation.as_str() {
        "DescribeTrails" => AwsReply::ok(json!({ "trailList": [] }).to_string()),
        "LookupEvents" => AwsReply::ok(json!({ "Events": [] }).to_string()),
        operation if operation.starts_with("GET /connect-recordings") => {
            AwsReply::Json(403, "<Error><Code>AccessDenied</Code></Error>".to_owned())
        }
        _ => instance(request),
    })
    .unwrap();
    let asked = ["doctor", "--instance", INSTANCE, "--output", "jsonl"];
    let rows = run_at(&stub.url(), &asked).exits(4).rows();
    assert!(
        rows.iter().any(|row| row["bucket"] == "connect-recordings"),
        "{rows:?}"
    );
}
