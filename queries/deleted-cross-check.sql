-- title: Deletions on record and in the logs
-- question: Which recordings do contact records call deleted, and which deletions do the logs show?
-- events: DeleteObject, DeleteObjects
-- show: verdict, contact_id, recording_kind, deleted_at, actor, deletion_reason
-- column: verdict both. record-only: the contact record says deleted and the logs show no deletion (a
--   gap, logging that was off, or S3 Lifecycle where the inputs have no logs of S3 itself). event-only: the logs show a deletion that no contact
--   record knows of, as of every deletion outside Connect's website and of every redacted copy.
-- column: contact_id The contact that the recording belongs to.
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email or evaluation.
-- column: redacted Whether this is a redacted copy.
-- column: bucket The bucket.
-- column: key The object's key.
-- column: status What the contact record says: AVAILABLE or DELETED.
-- column: deletion_reason What the person who deleted it typed.
-- column: record_updated_at When the contact record was written, UTC.
-- column: evidence What shows the deletion: cloudtrail, cloudtrail+s3, s3-access-log, s3-event or
--   s3-access-log+s3-event, as in who-deleted; empty for record-only.
-- column: deleted_at When the logs show the deletion, UTC.
-- column: delete_marker Whether the deletion only hid the object.
-- column: actor Who deleted it, by the logs; S3 Lifecycle for a rule of the bucket.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: event_id CloudTrail's id of the record, or of the batch delete that a key belongs to; empty
--   where only S3 itself reports the deletion.
-- column: input The input that the record was read from.
-- cannot see: deletions outside the window given (their contact records then stand as record-only),
--   batch deletes whose keys neither the trail nor S3 itself reports.

WITH deletes AS (
    SELECT
        0 AS by_s3,
        access_id AS place,
        event_time,
        bucket,
        key,
        contact_id,
        recording_kind,
        redacted,
        delete_marker,
        actor,
        actor_kind,
        source_ip,
        event_id,
        input,
        evidence
    FROM accesses
    WHERE action = 'delete' AND outcome = 'ok' AND key IS NOT NULL
    UNION ALL
    SELECT
        1 AS by_s3,
        s3_deletion_id AS place,
        event_time,
        bucket,
        key,
        contact_id,
        recording_kind,
        redacted,
        delete_marker,
        actor,
        actor_kind,
        source_ip,
        cloudtrail_event_id AS event_id,
        input,
        evidence
    FROM s3_deletions
    WHERE NOT in_accesses AND outcome = 'ok' AND key IS NOT NULL
),

objects AS (
    SELECT bucket, key FROM deletes
    UNION
    SELECT bucket, key FROM recordings WHERE status = 'DELETED'
)

SELECT
    CASE
        WHEN d.place IS NULL THEN 'record-only'
        WHEN r.status = 'DELETED' THEN 'both'
        ELSE 'event-only'
    END AS verdict,
    COALESCE(r.contact_id, d.contact_id) AS contact_id,
    COALESCE(r.recording_kind, d.recording_kind) AS recording_kind,
    COALESCE(r.redacted, d.redacted) AS redacted,
    o.bucket,
    o.key,
    r.status,
    r.deletion_reason,
    r.updated_at AS record_updated_at,
    d.evidence,
    d.event_time AS deleted_at,
    d.delete_marker,
    d.actor,
    d.actor_kind,
    d.source_ip,
    d.event_id,
    d.input
FROM objects AS o
LEFT JOIN recordings AS r ON o.bucket = r.bucket AND o.key = r.key
LEFT JOIN deletes AS d ON o.bucket = d.bucket AND o.key = d.key
ORDER BY COALESCE(d.event_time, r.updated_at) NULLS LAST, o.bucket, o.key, d.by_s3, d.place
