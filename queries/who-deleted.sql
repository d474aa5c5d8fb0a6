-- title: Who deleted recordings
-- question: Who deleted which recording, when and from where, and who tried to?
-- events: DeleteObject, DeleteObjects
-- show: event_time, outcome, actor, contact_id, recording_kind, agent
-- column: event_time When the request completed, UTC.
-- column: outcome deleted: S3 answered with no delete marker, so a version or an unversioned object is
--   gone (of the keys of a batch delete S3 may leave the answer out). delete-marker: hidden, the
--   versions are still there. denied, failed: tried. unknown-keys: a batch delete whose keys the
--   trail did not record, or a record that leaves the key out.
-- column: actor Who did it. A person's name where the inputs tell it.
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
-- column: key The object's key; empty where a batch delete did not record it.
-- column: version_id The version deleted, or of the delete marker made.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: user_agent The caller's program.
-- column: region The region of the request.
-- column: account_id The account whose trail recorded it.
-- column: event_id CloudTrail's id of the record.
-- column: request_id S3's id of the request.
-- column: input The input that the record was read from.
-- column: attributed_by How the caller is known: caller (the record names it), request-id or
--   bucket-and-time (from the batch delete that the record belongs to), none.
-- column: error_code The error of a request that failed.
-- column: principal_type The raw identity: userIdentity.type, as the record itself has it.
-- column: principal_id The raw identity: userIdentity.principalId.
-- column: principal_arn The raw identity: userIdentity.arn.
-- cannot see: deletions by S3 Lifecycle (CloudTrail does not record them), deletions while the trail
--   did not record write data events of the bucket, the keys of batch deletes before June 2025,
--   recordings overwritten by another PutObject.

SELECT
    a.event_time,
    CASE
        WHEN a.outcome <> 'ok' THEN a.outcome
        WHEN a.key IS NULL THEN 'unknown-keys'
        WHEN a.delete_marker THEN 'delete-marker'
        ELSE 'deleted'
    END AS outcome,
    a.actor,
    a.actor_kind,
    a.user_id,
    a.full_name,
    a.contact_id,
    a.contact_match,
    a.recording_kind,
    a.redacted,
    c.agent,
    c.channel,
    c.queue,
    a.bucket,
    a.key,
    a.version_id,
    a.source_ip,
    a.user_agent,
    a.region,
    a.account_id,
    a.event_id,
    a.request_id,
    a.input,
    a.attributed_by,
    a.error_code,
    a.principal_type,
    a.principal_id,
    a.principal_arn
FROM accesses AS a
LEFT JOIN contacts AS c ON a.contact_id = c.contact_id
WHERE a.action = 'delete'
    OR (a.action = 'batch-delete' AND (a.outcome <> 'ok' OR a.batch_children = 0))
ORDER BY a.access_id
