-- title: Days unlike the days before
-- question: On which days did somebody read recordings unlike they did before, and by what numbers?
-- events: GetObject, GetObjectTorrent, SelectObjectContent
-- contacts: of events
-- parameter: factor integer 3 How many times their usual day counts as unusual.
-- parameter: least integer 10 Recordings, or contacts, on a day below which their number is never
--   unusual.
-- parameter: day_from integer 7 The hour at which a working day begins, 0 to 23, in the zone of
--   --timezone.
-- parameter: day_to integer 19 The hour at which it ends, 1 to 24, in the zone of --timezone.
-- parameter: last_weekday integer 5 The last working day of a week that begins on Monday: 5 is Friday.
-- show: date, actor, flags, recordings, usual_recordings, off_hours_reads
-- column: date The day in the zone of --timezone, else UTC, as 2026-03-01.
-- column: actor Who read. A person's name where the inputs tell it.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: flags What is unusual, with a space between: volume (recordings at least factor times usual
--   and at least the least), contacts (the same of contacts), off-hours (more reads outside working
--   hours than on all days before), own-calls (more reads of their own calls than on all days before),
--   first-day (no reads on any day before). Empty where nothing is.
-- column: recordings Distinct objects whose content was read.
-- column: usual_recordings The mean of the days before on which the person read any; empty on the first.
-- column: days_before The days before on which the person read any.
-- column: contacts Distinct contacts of the recordings.
-- column: usual_contacts The mean of the days before on which the person read any; empty on the first.
-- column: reads Successful reads of content, each part of a play among them.
-- column: off_hours_reads Reads outside working hours.
-- column: off_hours_reads_before The same on all days before.
-- column: own_call_reads Reads of contacts whose agent the person was, by the contact records.
-- column: own_call_reads_before The same on all days before.
-- column: bytes Bytes sent.
-- cannot see: what happened before the window given, holidays and shifts, reads while the trail did not
--   record the bucket's read data events.

WITH reads AS (
    SELECT
        a.local_date AS date,
        a.actor_id,
        a.actor,
        a.actor_kind,
        a.user_id,
        a.full_name,
        a.contact_id,
        a.bytes_out,
        a.bucket || '/' || a.key AS object,
        CASE
            WHEN a.local_hour >= p.day_from AND a.local_hour < p.day_to
                AND a.local_weekday <= p.last_weekday THEN 0
            ELSE 1
        END AS is_off_hours,
        CASE WHEN c.agent_user_id = a.user_id OR c.agent = a.actor THEN 1 ELSE 0 END AS is_own_call,
        p.factor,
        p.least
    FROM accesses AS a
    LEFT JOIN contacts AS c ON a.contact_id = c.contact_id
    CROSS JOIN parameters AS p
    WHERE a.action = 'read' AND a.outcome = 'ok'
),

days AS (
    SELECT
        date,
        actor_id,
        actor,
        actor_kind,
        user_id,
        full_name,
        COUNT(DISTINCT object) AS recordings,
        COUNT(DISTINCT contact_id) AS contacts,
        COUNT(*) AS reads,
        SUM(is_off_hours) AS off_hours_reads,
        SUM(is_own_call) AS own_call_reads,
        SUM(COALESCE(bytes_out, 0)) AS bytes,
        MAX(factor) AS factor,
        MAX(least) AS least
    FROM reads
    GROUP BY date, actor_id, actor, actor_kind, user_id, full_name
),

history AS (
    SELECT
        *,
        ROW_NUMBER() OVER (PARTITION BY actor_id ORDER BY date) - 1 AS days_before,
        SUM(recordings) OVER (
            PARTITION BY actor_id ORDER BY date
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - recordings AS recordings_before,
        SUM(contacts) OVER (
            PARTITION BY actor_id ORDER BY date
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - contacts AS contacts_before,
        SUM(own_call_reads) OVER (
            PARTITION BY actor_id ORDER BY date
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - own_call_reads AS own_call_reads_before,
        SUM(off_hours_reads) OVER (
            PARTITION BY actor_id ORDER BY date
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - off_hours_reads AS off_hours_reads_before
    FROM days
),

compared AS (
    SELECT
        *,
        CASE
            WHEN days_before > 0
                -- Engines round ties each in their own way.
                THEN FLOOR(CAST(recordings_before * 100 AS DOUBLE) / days_before + 0.5) / 100
        END AS usual_recordings,
        CASE
            WHEN days_before > 0
                THEN FLOOR(CAST(contacts_before * 100 AS DOUBLE) / days_before + 0.5) / 100
        END AS usual_contacts,
        CASE
            WHEN days_before > 0 AND recordings >= least
                AND recordings * days_before >= factor * recordings_before THEN 'volume '
            ELSE ''
        END AS volume,
        CASE
            WHEN days_before > 0 AND contacts >= least
                AND contacts * days_before >= factor * contacts_before THEN 'contacts '
            ELSE ''
        END AS many_contacts,
        CASE
            WHEN days_before > 0 AND off_hours_reads > off_hours_reads_before THEN 'off-hours '
            ELSE ''
        END AS off_hours,
        CASE
            WHEN days_before > 0 AND own_call_reads > own_call_reads_before THEN 'own-calls '
            ELSE ''
        END AS own_calls,
        CASE WHEN days_before = 0 THEN 'first-day ' ELSE '' END AS first_day
    FROM history
)

SELECT
    date,
    actor,
    actor_kind,
    user_id,
    full_name,
    TRIM(volume || many_contacts || off_hours || own_calls || first_day) AS flags,
    recordings,
    usual_recordings,
    days_before,
    contacts,
    usual_contacts,
    reads,
    off_hours_reads,
    off_hours_reads_before,
    own_call_reads,
    own_call_reads_before,
    bytes
FROM compared
ORDER BY date, actor, actor_kind, actor_id
