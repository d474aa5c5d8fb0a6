-- title: Who deleted recordings
-- question: Who deleted which recording, when and from where, and who tried to?
-- events: DeleteObject, DeleteObjects
-- contacts: of events
-- show: event_time, outcome, actor, contact_id, recording_kind, agent
-- column: event_time When the request completed, UTC.
-- column: outcome deleted: S3 answered with no delete marker, so a version or an unversioned object is
--   gone (of the keys of a batch delete and in server access logs S3 may leave the answer out, and a
--   version that S3 itself reports may have been a delete marker). delete-marker: hidden, the
--   versions are still there. denied, failed: tried. unknown-keys: a batch delete whose keys the
--   trail did not record, or a record that leaves the key out.
-- column: actor Who did it. A person's name where the inputs tell it; S3 Lifecycle for a rule of the
--   bucket.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: contact_id The contact that the recording belongs to.
-- column: contact_match How the contact is known: contact-record, file-name (weaker: Connect does
--   not promise that file names match), none.
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none.
-- column: redacted Whether this is a redacted copy.
-- column: agent The agent of the contact.
-- column: channel The channel of the contact.
-- column: queue The queue of the contact.
-- column: bucket The bucket.
-- column: key The object's key; empty where nothing tells that of a batch delete.
-- column: version_id The version deleted, or of the delete marker made.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: user_agent The caller's program.
-- column: region The region of the request.
-- column: account_id The account whose trail recorded it, or by S3's event that of the bucket.
-- column: event_id CloudTrail's id of the record, or of the batch delete that a key belongs to; empty
--   where only S3 itself reports the deletion.
-- column: request_id S3's id of the request.
-- column: input The input that the record was read from.
-- column: attributed_by How the caller is known: caller (the record names it), request-id or
--   bucket-and-time (from the batch delete that the record belongs to), none.
-- column: evidence What tells of it: cloudtrail; cloudtrail+s3 (S3's own reports too, or just they tell
--   the key of a batch delete); or just S3's own reports: s3-access-log (a server access log), s3-event
--   (EventBridge), s3-access-log+s3-event.
-- column: error_code The error of a request that failed.
-- column: principal_type The raw identity: userIdentity.type, as the record itself has it.
-- column: principal_id The raw identity: userIdentity.principalId, or the requester that S3 reports.
-- column: principal_arn The raw identity: userIdentity.arn, or the requester's.
-- cannot see: deletions by S3 Lifecycle (CloudTrail does not record them), deletions while the trail
--   did not record write data events of the bucket, the keys of batch deletes before June 2025: all of
--   these unless S3's server access logs or Object Deleted events among the inputs tell them (S3 may
--   leave lines out of those logs, so a batch delete may have more keys than they tell); recordings
--   overwritten by another PutObject.

WITH deletions AS (
    SELECT
        0 AS by_s3,
        access_id AS place,
        event_time,
        outcome,
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
        version_id,
        source_ip,
        user_agent,
        region,
        account_id,
        event_id,
        request_id,
        input,
        attributed_by,
        evidence,
        error_code,
        principal_type,
        principal_id,
        principal_arn
    FROM accesses
    WHERE action = 'delete'
        OR (action = 'batch-delete' AND (outcome <> 'ok' OR batch_children = 0))
    UNION ALL
    SELECT
        1 AS by_s3,
        s3_deletion_id AS place,
        event_time,
        outcome,
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
        version_id,
        source_ip,
        user_agent,
        region,
        account_id,
        cloudtrail_event_id AS event_id,
        request_id,
        input,
        attributed_by,
        evidence,
        error_code,
        CAST(NULL AS VARCHAR) AS principal_type,
        requester AS principal_id,
        principal_arn
    FROM s3_deletions
    WHERE NOT in_accesses
)

SELECT
    d.event_time,
    CASE
        WHEN d.outcome <> 'ok' THEN d.outcome
        WHEN d.key IS NULL THEN 'unknown-keys'
        WHEN d.delete_marker THEN 'delete-marker'
        ELSE 'deleted'
    END AS outcome,
    d.actor,
    d.actor_kind,
    d.user_id,
    d.full_name,
    d.contact_id,
    d.contact_match,
    d.recording_kind,
    d.redacted,
    c.agent,
    c.channel,
    c.queue,
    d.bucket,
    d.key,
    d.version_id,
    d.source_ip,
    d.user_agent,
    d.region,
    d.account_id,
    d.event_id,
    d.request_id,
    d.input,
    d.attributed_by,
    d.evidence,
    d.error_code,
    d.principal_type,
    d.principal_id,
    d.principal_arn
FROM deletions AS d
LEFT JOIN contacts AS c ON d.contact_id = c.contact_id
ORDER BY d.event_time, d.by_s3, d.place
