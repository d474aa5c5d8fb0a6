-- title: Who listened to recordings
-- question: Who listened to, or read, which recording, when and how much of it, and who tried to?
-- events: GetObject, GetObjectTorrent, SelectObjectContent, HeadObject, GetObjectAcl,
--   GetObjectAttributes, GetObjectLegalHold, GetObjectRetention, GetObjectTagging,
--   GetBucketLocation
-- sizes from: PutObject, CompleteMultipartUpload, CopyObject
-- contacts: of events
-- parameter: gap integer 30 Minutes without a request that end a sitting.
-- show: started_at, actor, contact_id, evidence, how, requests, share
-- column: started_at The first request of the sitting, UTC.
-- column: ended_at The last request of the sitting, UTC.
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
-- column: key The object's key; empty for a bucket mark.
-- column: evidence object-read: the content was read. object-read+bucket-mark: and the same caller
--   asked for the bucket's location within the gap, as Connect's website does. metadata-only: the
--   content was not read. bucket-mark-only: the bucket was touched, no recording is named. denied,
--   failed: tried.
-- column: how ranged-play: in parts. whole-object: at once. presigned-download: by a link that saves
--   it. unknown: the log does not tell.
-- column: requests Successful reads of content.
-- column: heads Successful reads of metadata.
-- column: attempts Requests that were denied or failed.
-- column: bytes Bytes of content sent; empty where the records do not tell.
-- column: object_size The object's size in bytes, where recorded or known from its upload.
-- column: share Bytes sent by object size, at most 1. Parts played twice count twice.
-- column: source_ip The first request's address, or the AWS service that called for the caller.
-- column: user_agent The first request's program.
-- column: region The region of the requests.
-- column: account_id The account whose trail recorded them.
-- column: first_event_id CloudTrail's id of the first record.
-- column: last_event_id CloudTrail's id of the last record.
-- column: input The input that the first record was read from.
-- column: principal_type The raw identity of the first record: userIdentity.type.
-- column: principal_id The raw identity of the first record: userIdentity.principalId.
-- column: principal_arn The raw identity of the first record: userIdentity.arn.
-- cannot see: listens while the trail did not record read data events of the bucket, whether a person
--   listened to what their browser loaded, live monitoring (no object is read), recordings copied
--   elsewhere and heard there. Of a sitting that the window cuts, it sees the part inside.

WITH requests AS (
    SELECT
        a.access_id,
        a.event_ms,
        a.actor_ref,
        a.bucket_ref,
        a.object_ref,
        -- 0 read, 1 bucket mark, 2 denied, 3 failed: numbers group faster than words.
        CASE
            WHEN a.outcome = 'denied' THEN 2
            WHEN a.outcome = 'failed' THEN 3
            WHEN a.action = 'bucket-mark' THEN 1
            ELSE 0
        END AS lane,
        CASE WHEN a.action = 'read' AND a.outcome = 'ok' THEN 1 ELSE 0 END AS is_read,
        CASE WHEN a.action = 'head' AND a.outcome = 'ok' THEN 1 ELSE 0 END AS is_head,
        CASE WHEN a.action = 'read' AND a.outcome = 'ok' THEN a.bytes_out END AS bytes,
        CASE WHEN a.http_status = 206 THEN 1 ELSE 0 END AS partial,
        CASE WHEN a.http_status = 200 THEN 1 ELSE 0 END AS full_reply,
        CASE WHEN a.presigned_download THEN 1 ELSE 0 END AS download,
        a.object_size,
        p.gap * 60000 AS gap_ms
    FROM accesses AS a
    CROSS JOIN parameters AS p
    WHERE a.action IN ('read', 'head', 'bucket-mark')
),

object_steps AS (
    SELECT
        *,
        event_ms - LAG(event_ms) OVER (
            PARTITION BY lane, actor_ref, object_ref ORDER BY access_id
        ) AS pause_ms
    FROM requests
    WHERE lane <> 1
),

object_requests AS (
    SELECT
        *,
        SUM(CASE WHEN pause_ms <= gap_ms THEN 0 ELSE 1 END) OVER (
            PARTITION BY lane, actor_ref, object_ref ORDER BY access_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS sitting
    FROM object_steps
),

object_sittings AS (
    SELECT
        lane,
        actor_ref,
        bucket_ref,
        MIN(access_id) AS first_access,
        MAX(access_id) AS last_access,
        MIN(event_ms) AS first_ms,
        MAX(event_ms) AS last_ms,
        MAX(gap_ms) AS gap_ms,
        SUM(is_read) AS reads,
        SUM(is_head) AS heads,
        COUNT(*) AS all_requests,
        COUNT(bytes) AS known_bytes,
        SUM(bytes) AS bytes,
        MIN(bytes) AS least_bytes,
        MAX(bytes) AS most_bytes,
        MAX(is_read * partial) AS partial,
        SUM(is_read * full_reply) AS full_replies,
        MAX(is_read * download) AS download,
        MAX(object_size) AS object_size
    FROM object_requests
    GROUP BY lane, actor_ref, bucket_ref, object_ref, sitting
),

-- A mark corroborates each sitting that it lies no further from than the gap. Sittings open and
-- close around marks on one time line per caller and bucket, so nothing is compared pair by pair.
time_line AS (
    SELECT
        actor_ref,
        bucket_ref,
        (first_ms - gap_ms) * 4 AS turn,
        1 AS opens,
        0 AS is_mark,
        first_access AS access_id
    FROM object_sittings
    WHERE lane = 0 AND reads > 0
    UNION ALL
    SELECT actor_ref, bucket_ref, event_ms * 4 + 1 AS turn, 0 AS opens, 1 AS is_mark, access_id
    FROM requests
    WHERE lane = 1
    UNION ALL
    SELECT
        actor_ref,
        bucket_ref,
        (last_ms + gap_ms) * 4 + 2 AS turn,
        -1 AS opens,
        0 AS is_mark,
        first_access AS access_id
    FROM object_sittings
    WHERE lane = 0 AND reads > 0
),

turns AS (
    SELECT
        access_id,
        is_mark,
        SUM(opens) OVER (
            PARTITION BY actor_ref, bucket_ref ORDER BY turn
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS open_sittings,
        SUM(is_mark) OVER (
            PARTITION BY actor_ref, bucket_ref ORDER BY turn
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS marks_so_far
    FROM time_line
),

corroborated AS (
    SELECT
        access_id AS sitting_access,
        MAX(marks_so_far) - MIN(marks_so_far) AS marks_inside
    FROM turns
    WHERE is_mark = 0
    GROUP BY access_id
),

lone_marks AS (
    SELECT access_id AS mark_access FROM turns WHERE is_mark = 1 AND open_sittings = 0
),

mark_steps AS (
    SELECT
        r.access_id,
        r.event_ms,
        r.actor_ref,
        r.bucket_ref,
        r.gap_ms,
        r.event_ms - LAG(r.event_ms) OVER (
            PARTITION BY r.actor_ref, r.bucket_ref ORDER BY r.access_id
        ) AS pause_ms
    FROM requests AS r
    INNER JOIN lone_marks AS m ON r.access_id = m.mark_access
),

marks AS (
    SELECT
        *,
        SUM(CASE WHEN pause_ms <= gap_ms THEN 0 ELSE 1 END) OVER (
            PARTITION BY actor_ref, bucket_ref ORDER BY access_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS sitting
    FROM mark_steps
),

sittings AS (
    SELECT
        first_access,
        last_access,
        CASE
            WHEN lane = 2 THEN 'denied'
            WHEN lane = 3 THEN 'failed'
            WHEN reads = 0 THEN 'metadata-only'
            WHEN marks_inside > 0 THEN 'object-read+bucket-mark'
            ELSE 'object-read'
        END AS evidence,
        CASE
            WHEN reads = 0 THEN 'unknown'
            WHEN download = 1 THEN 'presigned-download'
            WHEN most_bytes >= object_size THEN 'whole-object'
            WHEN partial = 1 OR least_bytes < most_bytes THEN 'ranged-play'
            WHEN most_bytes < object_size AND full_replies = 0 THEN 'ranged-play'
            ELSE 'unknown'
        END AS how,
        reads AS requests,
        heads,
        CASE WHEN lane = 0 THEN 0 ELSE all_requests END AS attempts,
        CASE WHEN reads = 0 THEN 0 WHEN known_bytes > 0 THEN bytes END AS bytes,
        CASE WHEN lane = 0 THEN object_size END AS object_size
    FROM object_sittings
    LEFT JOIN corroborated ON first_access = sitting_access
    UNION ALL
    SELECT
        MIN(access_id) AS first_access,
        MAX(access_id) AS last_access,
        'bucket-mark-only' AS evidence,
        'unknown' AS how,
        0 AS requests,
        0 AS heads,
        0 AS attempts,
        0 AS bytes,
        NULL AS object_size
    FROM marks
    GROUP BY actor_ref, bucket_ref, sitting
)

SELECT
    f.event_time AS started_at,
    l.event_time AS ended_at,
    f.actor,
    f.actor_kind,
    f.user_id,
    f.full_name,
    f.contact_id,
    f.contact_match,
    f.recording_kind,
    f.redacted,
    c.agent,
    c.channel,
    c.queue,
    f.bucket,
    f.key,
    s.evidence,
    s.how,
    s.requests,
    s.heads,
    s.attempts,
    s.bytes,
    s.object_size,
    CASE
        WHEN s.requests = 0 OR s.object_size = 0 THEN NULL
        WHEN s.bytes > s.object_size THEN CAST(1 AS DOUBLE)
        ELSE ROUND(CAST(s.bytes AS DOUBLE) / s.object_size, 4)
    END AS share,
    f.source_ip,
    f.user_agent,
    f.region,
    f.account_id,
    f.event_id AS first_event_id,
    l.event_id AS last_event_id,
    f.input,
    f.principal_type,
    f.principal_id,
    f.principal_arn
FROM sittings AS s
INNER JOIN accesses AS f ON s.first_access = f.access_id
INNER JOIN accesses AS l ON s.last_access = l.access_id
LEFT JOIN contacts AS c ON f.contact_id = c.contact_id
ORDER BY s.first_access
