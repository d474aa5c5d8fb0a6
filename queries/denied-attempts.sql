-- title: Who tried and failed
-- question: Who tried to reach recordings and failed, how often, and on what?
-- events: AbortMultipartUpload, CompleteMultipartUpload, CopyObject, CreateMultipartUpload,
--   DeleteObject, DeleteObjectTagging, DeleteObjects, GetBucketLocation, GetObject, GetObjectAcl,
--   GetObjectAttributes, GetObjectLegalHold, GetObjectRetention, GetObjectTagging, GetObjectTorrent,
--   HeadObject, ListObjectVersions, ListObjects, PutObject, PutObjectAcl, PutObjectTagging,
--   RestoreObject, SelectObjectContent, UploadPartCopy
-- show: first_at, actor, event_name, outcome, attempts, contact_id
-- column: first_at The first attempt, UTC.
-- column: last_at The last attempt, UTC.
-- column: actor Who tried. A person's name where the inputs tell it.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: event_name The operation, as CloudTrail names it.
-- column: outcome denied: turned away. failed: for another reason.
-- column: error_code What S3 answered.
-- column: attempts How many requests.
-- column: contact_id The contact that the recording belongs to.
-- column: contact_match How the contact is known: contact-record, file-name (weaker), none.
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none.
-- column: bucket The bucket.
-- column: key The object's key; empty where the request was about the bucket.
-- column: later_success Whether the same caller did the same to the same object later in the window.
-- column: source_ip The first attempt's address, or the AWS service that called for the caller.
-- column: user_agent The first attempt's program.
-- column: region The region of the requests.
-- column: account_id The account whose trail recorded them.
-- column: first_event_id CloudTrail's id of the first record.
-- column: last_event_id CloudTrail's id of the last record.
-- column: input The input that the first record was read from.
-- column: principal_arn The raw identity of the first record: userIdentity.arn.
-- cannot see: requests whose signature or login failed and requests that a VPC endpoint's policy
--   refused (CloudTrail records neither), attempts while the trail did not record the bucket's data
--   events.

WITH attempts AS (
    SELECT
        actor_id,
        event_name,
        outcome,
        error_code,
        bucket,
        key,
        MIN(access_id) AS first_access,
        MAX(access_id) AS last_access,
        COUNT(*) AS attempts
    FROM accesses
    WHERE outcome <> 'ok'
    GROUP BY actor_id, event_name, outcome, error_code, bucket, key
),

successes AS (
    SELECT
        actor_id,
        event_name,
        bucket,
        key,
        MAX(access_id) AS last_success
    FROM accesses
    WHERE outcome = 'ok'
    GROUP BY actor_id, event_name, bucket, key
)

SELECT
    f.event_time AS first_at,
    l.event_time AS last_at,
    f.actor,
    f.actor_kind,
    f.user_id,
    f.full_name,
    f.event_name,
    f.outcome,
    f.error_code,
    t.attempts,
    f.contact_id,
    f.contact_match,
    f.recording_kind,
    f.bucket,
    f.key,
    COALESCE(s.last_success > t.last_access, FALSE) AS later_success,
    f.source_ip,
    f.user_agent,
    f.region,
    f.account_id,
    f.event_id AS first_event_id,
    l.event_id AS last_event_id,
    f.input,
    f.principal_arn
FROM attempts AS t
INNER JOIN accesses AS f ON t.first_access = f.access_id
INNER JOIN accesses AS l ON t.last_access = l.access_id
LEFT JOIN successes AS s
    ON t.actor_id = s.actor_id
        AND t.event_name = s.event_name
        AND t.bucket = s.bucket
        AND t.key = s.key
ORDER BY t.first_access
