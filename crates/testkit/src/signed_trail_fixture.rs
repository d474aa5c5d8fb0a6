//! A small trail with log file validation, as it lies in a folder.

use crate::json::{Json, map};
use crate::names::{ACCOUNT, REGION};
use crate::sample::{AT, Samples, delivery};
use crate::signed_trail::SignedTrail;
use crate::signing_key::SigningKey;
use crate::{Emit, Result, clock};

/// Writes `keys.json` and, below `trail/`, seven hours of 2026-03-01 with their
/// digests, the metadata that S3 keeps of these, and three log files and two
/// hours in which logging was stopped.
///
/// # Errors
/// When something cannot be compressed or signed, or `emit` fails.
pub fn write_signed_trail(emit: &mut Emit<'_>) -> Result<()> {
    let mut samples = Samples::new(41);
    let mut s3 = |name: &'static str, minute: i64| {
        let seconds = clock::START + minute * 60 - AT;
        delivery(&[samples.record(name, "1.11", seconds)])
    };
    let hours = [
        vec![s3("DeleteObject", 2)],
        vec![],
        vec![s3("GetObject", 125), s3("GetObject", 131)],
        vec![logging("StopLogging", 3 * 60 + 3, "EXAMPLE-0001")],
    ];
    let later = [
        vec![logging("StartLogging", 6 * 60 + 2, "EXAMPLE-0002")],
        vec![s3("DeleteObject", 7 * 60 + 4)],
        vec![],
    ];
    let mut trail = SignedTrail::new("example-trail");
    for logs in &hours {
        trail.hour(logs)?;
    }
    trail.pause(2);
    for logs in &later {
        trail.hour(logs)?;
    }
    for (key, bytes) in &trail.files {
        emit(&format!("trail/{key}"), bytes)?;
    }
    let metadata = trail.saved_metadata();
    emit("trail/digest-metadata.ndjson", metadata.as_bytes())?;
    let keys = SigningKey::of_the_trail().public_key_list();
    emit("keys.json", keys.as_bytes())
}

/// A file with a request that switches the trail on or off.
fn logging(name: &'static str, minute: i64, event_id: &'static str) -> String {
    let arn = format!("arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/example-trail");
    let record = map! {
        "eventVersion" => "1.11",
        "userIdentity" => map! {
            "type" => "IAMUser",
            "principalId" => "AIDAEXAMPLEADMIN",
            "arn" => format!("arn:aws:iam::{ACCOUNT}:user/trail-admin"),
            "accountId" => ACCOUNT,
            "userName" => "trail-admin",
        },
        "eventTime" => clock::iso(clock::START + minute * 60),
        "eventSource" => "cloudtrail.amazonaws.com",
        "eventName" => name,
        "awsRegion" => REGION,
        "sourceIPAddress" => "192.0.2.41",
        "userAgent" => "aws-cli/2.31.0",
        "requestParameters" => map! { "name" => arn },
        "responseElements" => Json::Null,
        "eventID" => event_id,
        "readOnly" => false,
        "eventType" => "AwsApiCall",
        "managementEvent" => true,
        "recipientAccountId" => ACCOUNT,
        "eventCategory" => "Management",
    };
    delivery(&[record])
}
