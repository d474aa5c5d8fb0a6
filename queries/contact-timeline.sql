-- title: All about one contact's recordings
-- question: What happened to the recordings of this contact, in order, and who did it?
-- events: AbortMultipartUpload, CompleteMultipartUpload, CopyObject, DeleteObject,
--   DeleteObjectTagging, DeleteObjects, GetObject, GetObjectAcl, GetObjectAttributes,
--   GetObjectLegalHold, GetObjectRetention, GetObjectTagging, GetObjectTorrent, HeadObject, PutObject,
--   PutObjectAcl, PutObjectTagging, RestoreObject, SelectObjectContent, UploadPartCopy
-- requires: contact-id
-- show: event_time, what, outcome, actor, recording_kind, twin
-- column: event_time When the request completed, UTC.
-- column: what made, analysis made, redacted copy made, listened (a Connect session read a call or
--   screen recording, to play or to download it), read, downloaded (by a link that saves it), looked
--   at, copied, deleted, hidden (by a delete marker), restored, or other.
-- column: outcome ok; denied or failed: tried and nothing happened.
-- column: actor Who did it. A person's name where the inputs tell it; S3 Lifecycle for a rule of the
--   bucket.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: contact_id The contact.
-- column: contact_match How it is known: contact-record, file-name (weaker).
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email or evaluation.
-- column: redacted Whether this is a redacted copy.
-- column: twin Of a deletion, what the logs know of the same recording redacted or unredacted: standing
--   (not deleted), deleted; empty where none is known.
-- column: bucket The bucket; of a copy, the one it was made in.
-- column: key The object's key; of a copy, the one it was made at.
-- column: bytes Bytes sent to the caller.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: user_agent The caller's program.
-- column: event_name The operation, as CloudTrail names it; of what only S3 itself reports, as S3 does.
-- column: event_id CloudTrail's id of the record, or of the batch delete that a key belongs to; empty
--   where only S3 itself reports a deletion.
-- column: input The input that the record was read from.
-- column: evidence What tells of it: cloudtrail, cloudtrail+s3, s3-access-log, s3-event or
--   s3-access-log+s3-event, as in who-deleted.
-- column: principal_arn The raw identity: userIdentity.arn, or the requester that S3 reports.
-- cannot see: what the reports who-deleted and who-listened cannot see; objects of the contact that
--   neither a contact record nor their file name ties to it; a twin that no record is about.

WITH objects AS (
    SELECT contact_id, recording_kind, redacted, bucket, key
    FROM accesses
    WHERE contact_id IS NOT NULL AND key IS NOT NULL AND action <> 'copy'
    UNION
    SELECT contact_id, recording_kind, redacted, bucket, key
    FROM s3_deletions
    WHERE contact_id IS NOT NULL AND key IS NOT NULL
    UNION
    SELECT contact_id, recording_kind, redacted, bucket, key
    FROM recordings
),

gone AS (
    SELECT bucket, key, 1 AS is_gone
    FROM accesses
    WHERE action = 'delete' AND outcome = 'ok'
    UNION
    SELECT bucket, key, 1 AS is_gone
    FROM s3_deletions
    WHERE NOT in_accesses AND outcome = 'ok'
),

kinds AS (
    SELECT
        o.contact_id,
        o.recording_kind,
        CASE WHEN o.redacted THEN 0 ELSE 1 END AS twin_of_redacted,
        COUNT(*) - SUM(COALESCE(g.is_gone, 0)) AS standing
    FROM objects AS o
    LEFT JOIN gone AS g ON o.bucket = g.bucket AND o.key = g.key
    GROUP BY o.contact_id, o.recording_kind, CASE WHEN o.redacted THEN 0 ELSE 1 END
),

steps AS (
    SELECT
        0 AS by_s3,
        access_id AS place,
        CASE WHEN redacted THEN 1 ELSE 0 END AS is_redacted,
        event_time,
        action,
        event_name,
        outcome,
        presigned_download,
        delete_marker,
        actor,
        actor_kind,
        user_id,
        full_name,
        contact_id,
        contact_match,
        recording_kind,
        redacted,
        bucket,
        key,
        bytes_out,
        source_ip,
        user_agent,
        event_id,
        input,
        evidence,
        principal_arn
    FROM accesses
    WHERE contact_id IS NOT NULL
    UNION ALL
    SELECT
        1 AS by_s3,
        s3_deletion_id AS place,
        CASE WHEN redacted THEN 1 ELSE 0 END AS is_redacted,
        event_time,
        'delete' AS action,
        operation AS event_name,
        outcome,
        FALSE AS presigned_download,
        delete_marker,
        actor,
        actor_kind,
        user_id,
        full_name,
        contact_id,
        contact_match,
        recording_kind,
        redacted,
        bucket,
        key,
        CAST(NULL AS BIGINT) AS bytes_out,
        source_ip,
        user_agent,
        cloudtrail_event_id AS event_id,
        input,
        evidence,
        principal_arn
    FROM s3_deletions
    WHERE contact_id IS NOT NULL AND NOT in_accesses
)

SELECT
    a.event_time,
    CASE
        WHEN a.event_name IN ('PutObject', 'CompleteMultipartUpload') AND a.redacted
            THEN 'redacted copy made'
        WHEN a.event_name IN ('PutObject', 'CompleteMultipartUpload')
            AND a.recording_kind = 'analysis' THEN 'analysis made'
        WHEN a.event_name IN ('PutObject', 'CompleteMultipartUpload') THEN 'made'
        WHEN a.action = 'read' AND a.presigned_download THEN 'downloaded'
        WHEN a.action = 'read' AND a.actor_kind = 'connect-user'
            AND a.recording_kind IN ('call', 'ivr-call', 'screen') THEN 'listened'
        WHEN a.action = 'read' THEN 'read'
        WHEN a.action = 'head' THEN 'looked at'
        WHEN a.action = 'copy' THEN 'copied'
        WHEN a.action = 'delete' AND a.delete_marker THEN 'hidden'
        WHEN a.action = 'delete' THEN 'deleted'
        WHEN a.action = 'restore' THEN 'restored'
        ELSE 'other'
    END AS what,
    a.outcome,
    a.actor,
    a.actor_kind,
    a.user_id,
    a.full_name,
    a.contact_id,
    a.contact_match,
    a.recording_kind,
    a.redacted,
    CASE
        WHEN a.action <> 'delete' OR a.outcome <> 'ok' THEN NULL
        WHEN k.standing > 0 THEN 'standing'
        WHEN k.standing = 0 THEN 'deleted'
    END AS twin,
    a.bucket,
    a.key,
    a.bytes_out AS bytes,
    a.source_ip,
    a.user_agent,
    a.event_name,
    a.event_id,
    a.input,
    a.evidence,
    a.principal_arn
FROM steps AS a
LEFT JOIN kinds AS k
    ON a.contact_id = k.contact_id
        AND a.recording_kind = k.recording_kind
        AND a.is_redacted = k.twin_of_redacted
ORDER BY a.event_time, a.by_s3, a.place
