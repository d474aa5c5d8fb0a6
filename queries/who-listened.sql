-- title: Who listened to recordings
-- question: Who listened to, or read, which recording, when and how much of it, and who tried to?
-- events: GetObject, GetObjectTorrent, SelectObjectContent, HeadObject, GetObjectAcl,
--   GetObjectAttributes, GetObjectLegalHold, GetObjectRetention, GetObjectTagging,
--   GetBucketLocation, PutObject
-- parameter: gap integer 30 Minutes without a request that end a sitting.
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
-- column: bytes Bytes of content sent.
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
--   listened to what their browser loaded, live monitoring (no object is read).

WITH requests AS (
    SELECT
        a.*,
        CASE WHEN a.action = 'bucket-mark' AND a.outcome = 'ok' THEN 'mark' ELSE a.outcome END AS lane,
        CASE WHEN a.action = 'read' AND a.outcome = 'ok' THEN 1 ELSE 0 END AS is_read,
        CASE WHEN a.action = 'head' AND a.outcome = 'ok' THEN 1 ELSE 0 END AS is_head,
        COALESCE(a.bucket, '') AS bucket_group,
        COALESCE(a.key, '') AS key_group,
        p.gap * 60000 AS gap_ms
    FROM accesses AS a
    CROSS JOIN parameters AS p
    WHERE a.action IN ('read', 'head', 'bucket-mark')
),

object_steps AS (
    SELECT
        *,
        LAG(event_ms) OVER (
            PARTITION BY lane, actor_id, bucket_group, key_group ORDER BY access_id
        ) AS previous_ms
    FROM requests
    WHERE lane <> 'mark'
),

object_starts AS (
    SELECT
        *,
        CASE WHEN previous_ms IS NULL OR event_ms - previous_ms > gap_ms THEN 1 ELSE 0 END AS starts
    FROM object_steps
),

object_requests AS (
    SELECT
        *,
        SUM(starts) OVER (
            PARTITION BY lane, actor_id, bucket_group, key_group ORDER BY access_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS sitting
    FROM object_starts
),

object_sittings AS (
    SELECT
        lane,
        actor_id,
        bucket_group,
        MIN(access_id) AS first_access,
        MAX(access_id) AS last_access,
        MIN(event_ms) AS first_ms,
        MAX(event_ms) AS last_ms,
        MAX(gap_ms) AS gap_ms,
        SUM(is_read) AS reads,
        SUM(is_head) AS heads,
        COUNT(*) AS all_requests,
        SUM(CASE WHEN is_read = 1 THEN bytes_out END) AS bytes,
        MIN(CASE WHEN is_read = 1 THEN bytes_out END) AS least_bytes,
        MAX(CASE WHEN is_read = 1 THEN bytes_out END) AS most_bytes,
        MAX(CASE WHEN is_read = 1 AND http_status = 206 THEN 1 ELSE 0 END) AS partial,
        MAX(CASE WHEN is_read = 1 AND presigned_download THEN 1 ELSE 0 END) AS download,
        MAX(object_size) AS object_size
    FROM object_requests
    GROUP BY lane, actor_id, bucket_group, key_group, sitting
),

corroborations AS (
    SELECT
        s.first_access AS sitting_access,
        m.access_id AS mark_access
    FROM object_sittings AS s
    INNER JOIN requests AS m ON s.actor_id = m.actor_id AND s.bucket_group = m.bucket_group
    WHERE s.lane = 'ok' AND s.reads > 0 AND m.lane = 'mark'
        AND m.event_ms >= s.first_ms - s.gap_ms AND m.event_ms <= s.last_ms + s.gap_ms
),

corroborated AS (
    SELECT DISTINCT sitting_access FROM corroborations
),

mark_steps AS (
    SELECT
        *,
        LAG(event_ms) OVER (PARTITION BY actor_id, bucket_group ORDER BY access_id) AS previous_ms
    FROM requests
    WHERE lane = 'mark' AND access_id NOT IN (SELECT mark_access FROM corroborations)
),

mark_starts AS (
    SELECT
        *,
        CASE WHEN previous_ms IS NULL OR event_ms - previous_ms > gap_ms THEN 1 ELSE 0 END AS starts
    FROM mark_steps
),

marks AS (
    SELECT
        *,
        SUM(starts) OVER (
            PARTITION BY actor_id, bucket_group ORDER BY access_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS sitting
    FROM mark_starts
),

sittings AS (
    SELECT
        first_access,
        last_access,
        CASE
            WHEN lane <> 'ok' THEN lane
            WHEN reads = 0 THEN 'metadata-only'
            WHEN sitting_access IS NOT NULL THEN 'object-read+bucket-mark'
            ELSE 'object-read'
        END AS evidence,
        CASE
            WHEN reads = 0 THEN 'unknown'
            WHEN download = 1 THEN 'presigned-download'
            WHEN most_bytes >= object_size THEN 'whole-object'
            WHEN object_size > 0 THEN 'ranged-play'
            WHEN partial = 1 OR least_bytes < most_bytes THEN 'ranged-play'
            ELSE 'unknown'
        END AS how,
        reads AS requests,
        heads,
        CASE WHEN lane = 'ok' THEN 0 ELSE all_requests END AS attempts,
        COALESCE(bytes, 0) AS bytes,
        CASE WHEN lane = 'ok' THEN object_size END AS object_size
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
    GROUP BY actor_id, bucket_group, sitting
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
        WHEN s.bytes > s.object_size THEN 1.0
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
