//! One row per distinct CloudTrail event about an S3 object or bucket.

use crate::access::Access;
use crate::column::{Cells, Column};
use crate::local_clock::{hour, shown, weekday};
use crate::symbols::Symbol;

pub(crate) static COLUMNS: [Column<Access>; 59] = [
    Column {
        name: "access_id",
        meaning: "the row's place in the order of time, event id and input; a total order",
        cells: Cells::Place,
    },
    Column {
        name: "event_time",
        meaning: "when the request completed",
        cells: Cells::Time(|at| Some(at.row.time)),
    },
    Column {
        name: "event_ms",
        meaning: "event_time in milliseconds since 1970, for arithmetic",
        cells: Cells::Integer(|at| Some(at.row.time.div_euclid(1000))),
    },
    Column {
        name: "date",
        meaning: "the day of event_time, as 2026-01-31, UTC",
        cells: Cells::Day(|at| at.row.time),
    },
    Column {
        name: "hour",
        meaning: "the hour of event_time, 0 to 23, UTC",
        cells: Cells::Integer(|at| Some(hour(at.row.time))),
    },
    Column {
        name: "weekday",
        meaning: "the day of event_time, 1 Monday to 7 Sunday, UTC",
        cells: Cells::Integer(|at| Some(weekday(at.row.time))),
    },
    Column {
        name: "local_date",
        meaning: "the day of event_time in the zone of --timezone, else UTC",
        cells: Cells::Day(|at| shown(at.evidence.timezone, at.row.time)),
    },
    Column {
        name: "local_hour",
        meaning: "the hour of event_time in the zone of --timezone, else UTC",
        cells: Cells::Integer(|at| Some(hour(shown(at.evidence.timezone, at.row.time)))),
    },
    Column {
        name: "local_weekday",
        meaning: "the day of event_time in the zone of --timezone, else UTC, 1 Monday to 7 Sunday",
        cells: Cells::Integer(|at| Some(weekday(shown(at.evidence.timezone, at.row.time)))),
    },
    Column {
        name: "action",
        meaning: "read, head, delete, batch-delete, copy, write, restore, list, bucket-mark or other",
        cells: Cells::Word(|at| at.row.action.name()),
    },
    Column {
        name: "outcome",
        meaning: "ok, denied or failed",
        cells: Cells::Word(|at| at.row.outcome.name()),
    },
    Column {
        name: "event_name",
        meaning: "the operation as CloudTrail names it",
        cells: Cells::Text(|at| at.row.event_name),
    },
    Column {
        name: "event_type",
        meaning: "AwsApiCall, AwsServiceEvent, …",
        cells: Cells::Text(|at| at.row.event_type),
    },
    Column {
        name: "error_code",
        meaning: "the error of a request that failed",
        cells: Cells::Text(|at| at.row.error_code),
    },
    Column {
        name: "actor",
        meaning: "who did it, in words",
        cells: Cells::Text(|at| at.evidence.actor_of(at.row).name),
    },
    Column {
        name: "actor_kind",
        meaning: "connect-user, identity-center, iam-user, role-session, federated-user, root, aws-service, other-account, anonymous or unknown",
        cells: Cells::Word(|at| at.evidence.actor_of(at.row).kind.name()),
    },
    Column {
        name: "actor_id",
        meaning: "one value per caller, the same over all sessions of a Connect user",
        cells: Cells::Text(|at| at.evidence.actor_of(at.row).id),
    },
    Column {
        name: "user_id",
        meaning: "the Connect user's id",
        cells: Cells::Text(|at| at.evidence.actor_of(at.row).user_id),
    },
    Column {
        name: "full_name",
        meaning: "the Connect user's first and last name",
        cells: Cells::Text(|at| at.evidence.actor_of(at.row).full_name),
    },
    Column {
        name: "attributed_by",
        meaning: "how the caller is known: caller (the record names it), request-id or bucket-and-time (from the batch delete), none",
        cells: Cells::Word(|at| at.row.attributed_by.name()),
    },
    Column {
        name: "evidence",
        meaning: "what tells of it: cloudtrail, or cloudtrail+s3 for a deletion that S3 itself reports too (in a report that reads s3_deletions)",
        cells: Cells::Word(|at| {
            if at.row.told_by_s3 {
                "cloudtrail+s3"
            } else {
                "cloudtrail"
            }
        }),
    },
    Column {
        name: "principal_type",
        meaning: "userIdentity.type, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).kind),
    },
    Column {
        name: "principal_id",
        meaning: "userIdentity.principalId, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).id),
    },
    Column {
        name: "principal_arn",
        meaning: "userIdentity.arn, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).arn),
    },
    Column {
        name: "principal_account_id",
        meaning: "the account of the caller",
        cells: Cells::Text(|at| {
            at.evidence
                .names
                .principals
                .get(at.row.principal)
                .account_id
        }),
    },
    Column {
        name: "access_key_id",
        meaning: "the id of the access key that signed; never its secret",
        cells: Cells::Text(|at| {
            at.evidence
                .names
                .principals
                .get(at.row.principal)
                .access_key_id
        }),
    },
    Column {
        name: "invoked_by",
        meaning: "the AWS service that called for the caller",
        cells: Cells::Text(|at| {
            at.evidence
                .names
                .principals
                .get(at.row.principal)
                .invoked_by
        }),
    },
    Column {
        name: "actor_ref",
        meaning: "one number for one actor_id, for grouping; it means nothing beyond this run",
        cells: Cells::Integer(|at| number(at.evidence.actor_of(at.row).id)),
    },
    Column {
        name: "bucket_ref",
        meaning: "one number for one bucket, for grouping; it means nothing beyond this run",
        cells: Cells::Integer(|at| number(at.evidence.names.objects.get(at.row.object).bucket)),
    },
    Column {
        name: "object_ref",
        meaning: "one number for one bucket and key, for grouping; it means nothing beyond this run",
        cells: Cells::Integer(|at| Some(i64::from(at.row.object))),
    },
    Column {
        name: "bucket",
        meaning: "the bucket",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).bucket),
    },
    Column {
        name: "key",
        meaning: "the object's key",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).key),
    },
    Column {
        name: "version_id",
        meaning: "the version asked for or made",
        cells: Cells::Text(|at| at.row.version_id),
    },
    Column {
        name: "copy_source_bucket",
        meaning: "what a copy read: the bucket",
        cells: Cells::Text(|at| {
            at.row.copy_source.map_or(Symbol::NONE, |source| {
                at.evidence.names.objects.get(source).bucket
            })
        }),
    },
    Column {
        name: "copy_source_key",
        meaning: "what a copy read: the key",
        cells: Cells::Text(|at| {
            at.row.copy_source.map_or(Symbol::NONE, |source| {
                at.evidence.names.objects.get(source).key
            })
        }),
    },
    Column {
        name: "recording_kind",
        meaning: "call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none",
        cells: Cells::Word(|at| at.evidence.facts_of(at.row).kind.name()),
    },
    Column {
        name: "redacted",
        meaning: "whether the key is that of a redacted copy",
        cells: Cells::Flag(|at| at.evidence.facts_of(at.row).redacted),
    },
    Column {
        name: "contact_id",
        meaning: "the contact that the object belongs to",
        cells: Cells::Text(|at| at.evidence.facts_of(at.row).contact_id),
    },
    Column {
        name: "contact_match",
        meaning: "how the contact is known: contact-record, file-name (weaker) or none",
        cells: Cells::Word(|at| at.evidence.facts_of(at.row).contact_match.name()),
    },
    Column {
        name: "key_contact_id",
        meaning: "the contact that the file name claims",
        cells: Cells::Text(|at| at.evidence.facts_of(at.row).key_contact_id),
    },
    Column {
        name: "delete_marker",
        meaning: "whether S3 answered with a delete marker",
        cells: Cells::Flag(|at| Some(at.row.delete_marker)),
    },
    Column {
        name: "batch_children",
        meaning: "per-key records that belong to this batch delete",
        cells: Cells::Integer(|at| Some(i64::from(at.row.children))),
    },
    Column {
        name: "bytes_in",
        meaning: "bytes received from the caller",
        cells: Cells::Integer(|at| at.row.bytes_in.and_then(|bytes| bytes.try_into().ok())),
    },
    Column {
        name: "bytes_out",
        meaning: "bytes sent to the caller",
        cells: Cells::Integer(|at| at.row.bytes_out.and_then(|bytes| bytes.try_into().ok())),
    },
    Column {
        name: "object_size",
        meaning: "the object's size in bytes: as recorded, else from the newest PutObject before",
        cells: Cells::Integer(|at| at.row.object_size.and_then(|bytes| bytes.try_into().ok())),
    },
    Column {
        name: "http_status",
        meaning: "the HTTP status (eventVersion 1.11)",
        cells: Cells::Integer(|at| at.row.http_status.map(i64::from)),
    },
    Column {
        name: "authentication_method",
        meaning: "AuthHeader, or QueryString for a presigned URL",
        cells: Cells::Text(|at| at.row.authentication),
    },
    Column {
        name: "presigned_download",
        meaning: "whether a presigned URL told the browser to save the object",
        cells: Cells::Flag(|at| Some(at.row.presigned_download)),
    },
    Column {
        name: "from_console",
        meaning: "whether the credentials came from a console session, where the record says",
        cells: Cells::Flag(|at| at.row.from_console),
    },
    Column {
        name: "mfa",
        meaning: "whether the session signed in with a second factor, where the record says",
        cells: Cells::Flag(|at| at.row.mfa),
    },
    Column {
        name: "source_ip",
        meaning: "sourceIPAddress: an address or a service's name; of a per-key record, that of its batch delete",
        cells: Cells::Text(|at| at.row.source_ip),
    },
    Column {
        name: "user_agent",
        meaning: "userAgent, without the brackets S3 adds; of a per-key record, that of its batch delete",
        cells: Cells::Text(|at| at.row.user_agent),
    },
    Column {
        name: "region",
        meaning: "the region of the request",
        cells: Cells::Text(|at| at.row.region),
    },
    Column {
        name: "account_id",
        meaning: "the account whose log has the record",
        cells: Cells::Text(|at| at.row.account_id),
    },
    Column {
        name: "event_id",
        meaning: "CloudTrail's id of the record",
        cells: Cells::Text(|at| at.row.event_id),
    },
    Column {
        name: "request_id",
        meaning: "S3's id of the request",
        cells: Cells::Text(|at| at.row.request_id),
    },
    Column {
        name: "shared_event_id",
        meaning: "the id that copies in several accounts share",
        cells: Cells::Text(|at| at.row.shared_event_id),
    },
    Column {
        name: "input",
        meaning: "the input that the record was read from",
        cells: Cells::Text(|at| at.evidence.inputs[at.row.input as usize].origin),
    },
    Column {
        name: "record_index",
        meaning: "the record's place in its input, from 0",
        cells: Cells::Integer(|at| at.row.index.try_into().ok()),
    },
];

fn number(symbol: Symbol) -> Option<i64> {
    symbol.index().and_then(|index| index.try_into().ok())
}
