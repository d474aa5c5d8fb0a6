-- title: Who reached recordings outside Connect
-- question: Who read, copied or deleted recordings without going through Connect, and how did they
--   authenticate?
-- events: CopyObject, DeleteObject, DeleteObjects, GetObject, GetObjectTorrent, SelectObjectContent,
--   UploadPartCopy
-- show: event_time, action, actor, actor_kind, contact_id, source_ip
-- column: event_time When the request completed, UTC.
-- column: action read, copy, delete or batch-delete.
-- column: outcome ok, denied or failed.
-- column: actor Who did it.
-- column: actor_kind identity-center, iam-user, role-session, federated-user, root, aws-service,
--   other-account, anonymous or unknown.
-- column: authentication_method AuthHeader: signed by a program. QueryString: by a presigned URL, as the
--   console and links do.
-- column: from_console Whether the credentials came from a console session.
-- column: mfa Whether the session signed in with a second factor; empty where it does not say.
-- column: contact_id The contact that the recording belongs to.
-- column: contact_match How the contact is known: contact-record, file-name (weaker), none.
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none.
-- column: redacted Whether this is a redacted copy.
-- column: bucket The bucket; of a copy, the one it was copied from.
-- column: key The object's key; of a copy, the one it was copied from.
-- column: copied_to Bucket and key that a copy was made at.
-- column: bytes Bytes sent to the caller.
-- column: source_ip The caller's address, or the name of the AWS service that called for them.
-- column: user_agent The caller's program.
-- column: region The region of the request.
-- column: account_id The account whose trail recorded it.
-- column: event_id CloudTrail's id of the record.
-- column: request_id S3's id of the request.
-- column: input The input that the record was read from.
-- column: attributed_by How the caller is known: caller, request-id or bucket-and-time (from the batch
--   delete that the record belongs to), none.
-- column: error_code The error of a request that failed.
-- column: principal_type The raw identity: userIdentity.type.
-- column: principal_arn The raw identity: userIdentity.arn.
-- cannot see: accesses while the trail did not record the bucket's data events, what was read from a
--   copy outside the recordings' folders (the copying itself it sees).

SELECT
    event_time,
    action,
    outcome,
    actor,
    actor_kind,
    authentication_method,
    from_console,
    mfa,
    contact_id,
    contact_match,
    recording_kind,
    redacted,
    COALESCE(copy_source_bucket, bucket) AS bucket,
    COALESCE(copy_source_key, key) AS key,
    CASE WHEN action = 'copy' THEN bucket || '/' || key END AS copied_to,
    bytes_out AS bytes,
    source_ip,
    user_agent,
    region,
    account_id,
    event_id,
    request_id,
    input,
    attributed_by,
    error_code,
    principal_type,
    principal_arn
FROM accesses
WHERE actor_kind <> 'connect-user'
    AND action IN ('read', 'copy', 'delete', 'batch-delete')
ORDER BY access_id
