//! Deletions that S3 itself reports: server access logs and EventBridge events.

use crate::actor::ActorKind;
use crate::column::{Cells, Column};
use crate::s3_deletion::{InCloudTrail, S3Deletion};

pub(crate) static COLUMNS: [Column<S3Deletion>; 37] = [
    Column {
        name: "s3_deletion_id",
        meaning: "the row's place in the order of time and input; a total order",
        cells: Cells::Place,
    },
    Column {
        name: "event_time",
        meaning: "when S3 received the request, or deleted the object",
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
        name: "source",
        meaning: "server-access-log, eventbridge, or both of them: server-access-log+eventbridge",
        cells: Cells::Word(|at| at.row.reported.name()),
    },
    Column {
        name: "evidence",
        meaning: "what tells of it: s3-access-log, s3-event, s3-access-log+s3-event, or cloudtrail+s3 where CloudTrail records the request too",
        cells: Cells::Word(|at| at.row.evidence()),
    },
    Column {
        name: "in_accesses",
        meaning: "whether a row of accesses stands for the same deletion; such rows count there",
        cells: Cells::Flag(|at| Some(at.row.in_cloudtrail == InCloudTrail::Deletion)),
    },
    Column {
        name: "cloudtrail_event_id",
        meaning: "CloudTrail's id of the record of the same deletion, or of its batch delete; empty where none is",
        cells: Cells::Text(|at| at.row.event_id),
    },
    Column {
        name: "operation",
        meaning: "the operation as the server access log names it, or Object Deleted",
        cells: Cells::Text(|at| at.row.operation),
    },
    Column {
        name: "reason",
        meaning: "lifecycle (a rule of the bucket) or request",
        cells: Cells::Word(|at| {
            if at.row.by_lifecycle {
                "lifecycle"
            } else {
                "request"
            }
        }),
    },
    Column {
        name: "outcome",
        meaning: "ok, denied or failed, by the HTTP status; events are only of what was done",
        cells: Cells::Word(|at| at.row.outcome.name()),
    },
    Column {
        name: "delete_marker",
        meaning: "whether it left a delete marker; empty where S3 does not tell",
        cells: Cells::Flag(|at| at.row.delete_marker),
    },
    Column {
        name: "actor",
        meaning: "who did it, in words; S3 Lifecycle for a rule of the bucket",
        cells: Cells::Text(|at| at.evidence.actor(at.row.caller).name),
    },
    Column {
        name: "actor_kind",
        meaning: "as in accesses",
        cells: Cells::Word(|at| at.evidence.actor(at.row.caller).kind.name()),
    },
    Column {
        name: "actor_id",
        meaning: "as in accesses",
        cells: Cells::Text(|at| at.evidence.actor(at.row.caller).id),
    },
    Column {
        name: "user_id",
        meaning: "the Connect user's id",
        cells: Cells::Text(|at| at.evidence.actor(at.row.caller).user_id),
    },
    Column {
        name: "full_name",
        meaning: "the Connect user's first and last name",
        cells: Cells::Text(|at| at.evidence.actor(at.row.caller).full_name),
    },
    Column {
        name: "attributed_by",
        meaning: "how the caller is known: caller (S3 names it), request-id (from CloudTrail's batch delete), none",
        cells: Cells::Word(|at| match at.row.in_cloudtrail {
            InCloudTrail::Batch => "request-id",
            _ if at.evidence.actor(at.row.caller).kind == ActorKind::Unknown => "none",
            _ => "caller",
        }),
    },
    Column {
        name: "requester",
        meaning: "who asked, as S3 has it: an ARN, an account, a service or a canonical user id",
        cells: Cells::Text(|at| at.row.requester),
    },
    Column {
        name: "principal_arn",
        meaning: "the requester where it is an ARN",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).arn),
    },
    Column {
        name: "bucket",
        meaning: "the bucket",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).bucket),
    },
    Column {
        name: "key",
        meaning: "the object's key, decoded",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).key),
    },
    Column {
        name: "version_id",
        meaning: "the version deleted, or of the delete marker made",
        cells: Cells::Text(|at| at.row.version_id),
    },
    Column {
        name: "object_size",
        meaning: "the object's size in bytes, where S3 tells",
        cells: Cells::Integer(|at| at.row.object_size.and_then(|bytes| bytes.try_into().ok())),
    },
    Column {
        name: "recording_kind",
        meaning: "call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none",
        cells: Cells::Word(|at| at.evidence.object_facts[at.row.object as usize].kind.name()),
    },
    Column {
        name: "redacted",
        meaning: "whether the key is that of a redacted copy",
        cells: Cells::Flag(|at| at.evidence.object_facts[at.row.object as usize].redacted),
    },
    Column {
        name: "contact_id",
        meaning: "the contact that the object belongs to",
        cells: Cells::Text(|at| at.evidence.object_facts[at.row.object as usize].contact_id),
    },
    Column {
        name: "contact_match",
        meaning: "how the contact is known: contact-record, file-name (weaker) or none",
        cells: Cells::Word(|at| {
            let facts = at.evidence.object_facts[at.row.object as usize];
            facts.contact_match.name()
        }),
    },
    Column {
        name: "request_id",
        meaning: "S3's id of the request",
        cells: Cells::Text(|at| at.row.request_id),
    },
    Column {
        name: "source_ip",
        meaning: "the caller's address; of a key of a batch delete, as CloudTrail has it where S3 leaves it out",
        cells: Cells::Text(|at| at.row.source_ip),
    },
    Column {
        name: "user_agent",
        meaning: "the caller's program, as source_ip",
        cells: Cells::Text(|at| at.row.user_agent),
    },
    Column {
        name: "http_status",
        meaning: "the HTTP status",
        cells: Cells::Integer(|at| at.row.http_status.map(i64::from)),
    },
    Column {
        name: "error_code",
        meaning: "the error of a request that failed",
        cells: Cells::Text(|at| at.row.error_code),
    },
    Column {
        name: "region",
        meaning: "the bucket's region, where an event tells",
        cells: Cells::Text(|at| at.row.region),
    },
    Column {
        name: "account_id",
        meaning: "the account that owns the bucket, where an event tells",
        cells: Cells::Text(|at| at.row.account_id),
    },
    Column {
        name: "input",
        meaning: "the input that the report was read from",
        cells: Cells::Text(|at| at.evidence.inputs[at.row.input as usize].origin),
    },
    Column {
        name: "record_index",
        meaning: "the report's place in its input, from 0",
        cells: Cells::Integer(|at| at.row.index.try_into().ok()),
    },
];
