//! What S3 itself reports: a server access log, and the same deletions on
//! EventBridge.

use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET, REGION};
use crate::recording::call_key;
use crate::rng::Rng;
use crate::sample::AT;
use crate::{Emit, Result, clock};

/// A deletion that both report.
struct Deletion {
    key: String,
    request_id: String,
    version: &'static str,
    by_lifecycle: bool,
}

/// Writes `access-log.txt` with two deletions and two other lines, and
/// `object-deleted.ndjson` with the same two deletions.
///
/// # Errors
/// When `emit` fails.
pub fn write_s3_reports(emit: &mut Emit<'_>) -> Result<()> {
    let mut rng = Rng::new(28);
    let deletions = [true, false].map(|by_lifecycle| Deletion {
        key: call_key(&rng.uuid(), AT - 7_200),
        request_id: format!("EXAMPLE{}", rng.hex(9).to_uppercase()),
        version: if by_lifecycle { "EXAMPLEVERSION1" } else { "-" },
        by_lifecycle,
    });
    let mut log = access_log_line("REST.GET.OBJECT", &deletions[1], 200);
    for deletion in &deletions {
        log += &match deletion.by_lifecycle {
            true => access_log_line("S3.EXPIRE.OBJECT", deletion, 0),
            false => access_log_line("REST.DELETE.OBJECT", deletion, 204),
        };
    }
    log += &access_log_line("REST.HEAD.OBJECT", &deletions[1], 404);
    emit("access-log.txt", log.as_bytes())?;
    let mut events = String::new();
    for (number, deletion) in (1..).zip(&deletions) {
        event(number, deletion).write(&mut events);
        events.push('\n');
    }
    emit("object-deleted.ndjson", events.as_bytes())
}

/// One request of the operator of backups, or with status 0 what S3 Lifecycle did.
fn access_log_line(operation: &str, deletion: &Deletion, status: u16) -> String {
    let Deletion {
        key,
        request_id,
        version,
        ..
    } = deletion;
    let key = key.replace(':', "%253A");
    let path = key.replace("%25", "%");
    let method = operation.split('.').nth(1).unwrap_or_default();
    let (who, request) = match status {
        0 => (
            "- AmazonS3".to_owned(),
            "\"-\" - - - 1843244 - - \"-\" \"-\"".to_owned(),
        ),
        status => (
            format!("192.0.2.44 arn:aws:iam::{ACCOUNT}:user/backup-operator"),
            format!("\"{method} /{path} HTTP/1.1\" {status} - - 1843244 31 - \"-\" \"aws-cli/2\""),
        ),
    };
    let signed = match status {
        0 => "- - - - - - -".to_owned(),
        _ => format!(
            "SigV4 TLS_AES_128_GCM_SHA256 AuthHeader {RECORDINGS_BUCKET}.s3.{REGION}.amazonaws.com TLSv1.3 - - {REGION}"
        ),
    };
    format!(
        "EXAMPLE00000000000000000000000000000000000000000000000000000000 {RECORDINGS_BUCKET} \
         [02/Mar/2026:09:05:17 +0000] {who} {request_id} {operation} {key} {request} {version} \
         EXAMPLEHOSTID= {signed}\n"
    )
}

fn event(number: u8, deletion: &Deletion) -> Json {
    let (requester, reason) = match deletion.by_lifecycle {
        true => ("s3.amazonaws.com", "Lifecycle Expiration"),
        false => (ACCOUNT, "DeleteObject"),
    };
    let (version, kind) = match deletion.by_lifecycle {
        true => (deletion.version, "Permanently Deleted"),
        false => ("EXAMPLEVERSION2", "Delete Marker Created"),
    };
    map! {
        "version" => "0",
        "id" => format!("00000000-0000-4000-8000-0000000000{number:02}"),
        "detail-type" => "Object Deleted",
        "source" => "aws.s3",
        "account" => ACCOUNT,
        "time" => clock::iso(AT),
        "region" => REGION,
        "resources" => vec![Json::from(format!("arn:aws:s3:::{RECORDINGS_BUCKET}"))],
        "detail" => map! {
            "version" => "0",
            "bucket" => map! { "name" => RECORDINGS_BUCKET },
            "object" => map! {
                "key" => deletion.key.as_str(),
                "version-id" => version,
                "sequencer" => "0055AED6DCD90281E5",
            },
            "request-id" => deletion.request_id.as_str(),
            "requester" => requester,
            "reason" => reason,
            "deletion-type" => kind,
        },
    }
}
