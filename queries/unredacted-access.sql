-- title: Who read the unredacted recording
-- question: Who read an unredacted recording though a redacted copy of it exists?
-- events: CompleteMultipartUpload, CopyObject, DeleteObject, GetObject, GetObjectTorrent, HeadObject,
--   PutObject, SelectObjectContent
-- show: event_time, actor, contact_id, recording_kind, redacted_copy
-- column: event_time When the request completed, UTC.
-- column: actor Who did it. A person's name where the inputs tell it.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: contact_id The contact that the recording belongs to.
-- column: contact_match How the contact is known: contact-record, file-name (weaker).
-- column: recording_kind call, ivr-call, chat, screen or analysis.
-- column: bucket The bucket.
-- column: key The key of the unredacted object.
-- column: redacted_copy The key of a redacted copy, of the same contact and kind.
-- column: copy_known_since The first record about a redacted copy, UTC; the copy may be older.
-- column: bytes Bytes sent to the caller.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: user_agent The caller's program.
-- column: event_id CloudTrail's id of the record.
-- column: input The input that the record was read from.
-- column: principal_arn The raw identity: userIdentity.arn.
-- cannot see: reads while the trail did not record the bucket's read data events, redacted copies that
--   no record in the window is about, whether the caller was allowed to read unredacted recordings.

WITH copies AS (
    SELECT
        contact_id,
        recording_kind,
        MIN(key) AS redacted_copy,
        MIN(event_time) AS copy_known_since
    FROM accesses
    WHERE redacted AND outcome = 'ok' AND contact_id IS NOT NULL
    GROUP BY contact_id, recording_kind
)

SELECT
    a.event_time,
    a.actor,
    a.actor_kind,
    a.user_id,
    a.full_name,
    a.contact_id,
    a.contact_match,
    a.recording_kind,
    a.bucket,
    a.key,
    c.redacted_copy,
    c.copy_known_since,
    a.bytes_out AS bytes,
    a.source_ip,
    a.user_agent,
    a.event_id,
    a.input,
    a.principal_arn
FROM accesses AS a
INNER JOIN copies AS c ON a.contact_id = c.contact_id AND a.recording_kind = c.recording_kind
WHERE a.action = 'read' AND a.outcome = 'ok' AND NOT a.redacted
ORDER BY a.access_id
