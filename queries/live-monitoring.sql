-- title: Who monitored contacts live
-- question: Who listened in on whose contact while it went on, for how long, and silently or barging in?
-- events: MonitorContact
-- show: started_at, actor, mode, seconds, contact_id, agent, evidence
-- column: started_at When the listening began, UTC; of a request alone, when it was made.
-- column: ended_at When it ended, UTC; empty where nothing tells.
-- column: actor Who listened, or was to listen. A person's name where the inputs tell it.
-- column: actor_kind connect-user; unknown where a request does not name the listener.
-- column: user_id The listener's user id.
-- column: full_name The listener's first and last name.
-- column: mode silent, barge, silent+barge; unknown where nothing tells. A request says what was
--   allowed, not what was done.
-- column: seconds How long they listened; empty where a contact record tells no end, or there is none.
-- column: silent_seconds How much of it silently.
-- column: barge_seconds How much of it barging in.
-- column: contact_id The contact listened to.
-- column: contact_match How it is known: request (MonitorContact names it), previous-contact,
--   related-contact, initial-contact or contact-tree (what the listener's contact record calls it), none.
-- column: agent The agent of the contact listened to.
-- column: channel The channel of the contact.
-- column: queue The queue of the contact.
-- column: evidence contact-record+event: a contact record and the request that began it. contact-record:
--   no request in the logs, as with listening from Connect's website. event: no contact record.
-- column: outcome Of the request: ok, denied or failed (nobody listened by it); empty where there is none.
-- column: requested_by Who made the request.
-- column: requested_by_kind connect-user, iam-user, role-session, …
-- column: allowed What the request allowed: SILENT_MONITOR, BARGE.
-- column: monitor_contact_id The listener's own contact.
-- column: source_ip The requester's address, or the AWS service that called for them.
-- column: user_agent The requester's program.
-- column: region The region of the request.
-- column: account_id The account of the instance.
-- column: event_id CloudTrail's id of the request's record.
-- column: error_code The error of a request that failed.
-- column: record_input The input that the contact record was read from.
-- column: event_input The input that the request was read from.
-- column: principal_arn The raw identity of the requester: userIdentity.arn.
-- cannot see: listening from Connect's website where no contact records are among the inputs (CloudTrail
--   is not known to record it), whether a person attended to what they heard. A stretch belongs to the
--   window that it begins in.

WITH sessions AS (
    SELECT
        monitor_contact_id,
        MIN(stretch) AS first_stretch,
        MIN(started_at) AS started_at,
        MAX(ended_at) AS ended_at,
        COUNT(*) - COUNT(length_ms) AS open_stretches,
        SUM(COALESCE(length_ms, 0)) AS length_ms,
        SUM(CASE WHEN state = 'SILENT_MONITOR' THEN COALESCE(length_ms, 0) ELSE 0 END) AS silent_ms,
        SUM(CASE WHEN state = 'BARGE' THEN COALESCE(length_ms, 0) ELSE 0 END) AS barge_ms,
        MAX(CASE WHEN state = 'SILENT_MONITOR' THEN 1 ELSE 0 END) AS is_silent,
        MAX(CASE WHEN state = 'BARGE' THEN 1 ELSE 0 END) AS is_barge
    FROM monitorings
    GROUP BY monitor_contact_id
),

-- A request may be sent again with the token of the first: one of them tells of the contact.
began AS (
    SELECT monitor_contact_id AS begun_contact_id, MIN(request) AS begun_by
    FROM monitor_requests
    WHERE outcome = 'ok' AND monitor_contact_id IS NOT NULL
    GROUP BY monitor_contact_id
),

monitored AS (
    SELECT
        s.started_at,
        s.ended_at,
        m.actor,
        'connect-user' AS actor_kind,
        m.user_id,
        m.full_name,
        CASE
            WHEN s.is_silent = 1 AND s.is_barge = 1 THEN 'silent+barge'
            WHEN s.is_silent = 1 THEN 'silent'
            WHEN s.is_barge = 1 THEN 'barge'
            ELSE 'unknown'
        END AS mode,
        CASE WHEN s.open_stretches = 0 THEN CAST(s.length_ms AS DOUBLE) / 1000 END AS seconds,
        CASE
            WHEN s.open_stretches = 0 AND s.is_silent + s.is_barge > 0
                THEN CAST(s.silent_ms AS DOUBLE) / 1000
        END AS silent_seconds,
        CASE
            WHEN s.open_stretches = 0 AND s.is_silent + s.is_barge > 0
                THEN CAST(s.barge_ms AS DOUBLE) / 1000
        END AS barge_seconds,
        COALESCE(r.monitored_contact_id, m.monitored_contact_id) AS contact_id,
        CASE WHEN r.monitored_contact_id IS NOT NULL THEN 'request' ELSE m.tied_by END AS contact_match,
        CASE WHEN r.request IS NULL THEN 'contact-record' ELSE 'contact-record+event' END AS evidence,
        r.outcome,
        r.actor AS requested_by,
        r.actor_kind AS requested_by_kind,
        r.allowed,
        s.monitor_contact_id,
        r.source_ip,
        r.user_agent,
        r.region,
        COALESCE(r.account_id, m.account_id) AS account_id,
        r.event_id,
        r.error_code,
        m.input AS record_input,
        r.input AS event_input,
        r.principal_arn,
        s.first_stretch AS place
    FROM sessions AS s
    INNER JOIN monitorings AS m ON s.first_stretch = m.stretch
    LEFT JOIN began AS b ON s.monitor_contact_id = b.begun_contact_id
    LEFT JOIN monitor_requests AS r ON b.begun_by = r.request
),

requested AS (
    SELECT
        r.event_time AS started_at,
        NULL AS ended_at,
        COALESCE(r.listener, 'unknown') AS actor,
        CASE WHEN r.listener IS NULL THEN 'unknown' ELSE 'connect-user' END AS actor_kind,
        r.listener_user_id AS user_id,
        r.listener_full_name AS full_name,
        'unknown' AS mode,
        NULL AS seconds,
        NULL AS silent_seconds,
        NULL AS barge_seconds,
        r.monitored_contact_id AS contact_id,
        CASE WHEN r.monitored_contact_id IS NULL THEN 'none' ELSE 'request' END AS contact_match,
        'event' AS evidence,
        r.outcome,
        r.actor AS requested_by,
        r.actor_kind AS requested_by_kind,
        r.allowed,
        r.monitor_contact_id,
        r.source_ip,
        r.user_agent,
        r.region,
        r.account_id,
        r.event_id,
        r.error_code,
        NULL AS record_input,
        r.input AS event_input,
        r.principal_arn,
        r.request AS place
    FROM monitor_requests AS r
    LEFT JOIN began AS b ON r.monitor_contact_id = b.begun_contact_id
    LEFT JOIN sessions AS s ON r.monitor_contact_id = s.monitor_contact_id
    WHERE r.outcome <> 'ok'
        OR r.monitor_contact_id IS NULL
        OR (b.begun_by = r.request AND s.monitor_contact_id IS NULL)
),

rows_of_both AS (
    SELECT * FROM monitored
    UNION ALL
    SELECT * FROM requested
)

SELECT
    w.started_at,
    w.ended_at,
    w.actor,
    w.actor_kind,
    w.user_id,
    w.full_name,
    w.mode,
    w.seconds,
    w.silent_seconds,
    w.barge_seconds,
    w.contact_id,
    w.contact_match,
    c.agent,
    c.channel,
    c.queue,
    w.evidence,
    w.outcome,
    w.requested_by,
    w.requested_by_kind,
    w.allowed,
    w.monitor_contact_id,
    w.source_ip,
    w.user_agent,
    w.region,
    w.account_id,
    w.event_id,
    w.error_code,
    w.record_input,
    w.event_input,
    w.principal_arn
FROM rows_of_both AS w
LEFT JOIN contacts AS c ON w.contact_id = c.contact_id
ORDER BY
    w.started_at NULLS LAST,
    CASE WHEN w.evidence = 'event' THEN 1 ELSE 0 END,
    w.place
