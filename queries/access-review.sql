-- title: Accesses that nothing granted
-- question: Which listens, downloads and deletes by Connect users did their security profiles not grant?
-- events: DeleteObject, DeleteObjects, GetObject, GetObjectTorrent, SelectObjectContent
-- contacts: of events
-- parameter: granted integer 0 1 shows the granted accesses too.
-- show: first_at, verdict, access_right, actor, contact_id, recording_kind, accesses, missing
-- column: first_at The first of these accesses, UTC.
-- column: last_at The last of them, UTC.
-- column: verdict not-granted: no security profile of the person grants it. outside-hierarchy: one does
--   and limits the person to contacts of agents in their hierarchy group or below it, which this
--   contact's agent is not. left-directory: the whole list of users that counts does not have the
--   person, who was known before. not-in-directory: no list ever had them (either may be an emergency
--   access from the AWS console). no-download-button: they may listen, and have no permission that
--   shows the download button, which AWS says does not keep them from downloading. unknown: the
--   inputs do not tell; missing says what it would take. granted.
-- column: access_right listen: the content was read, by whatever way. download: a browser was told to
--   save it. delete.
-- column: actor Who did it. A person's name where the inputs tell it.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: accesses How many requests: each part of a play is one.
-- column: contact_id The contact that the recording belongs to.
-- column: contact_match How the contact is known: contact-record, file-name (weaker), none.
-- column: recording_kind call, ivr-call, chat, screen, analysis, attachment, email, evaluation or none.
-- column: redacted Whether this is a redacted copy.
-- column: agent The agent of the contact.
-- column: permission The permissions found, else those looked for; of a download, the one to listen and
--   the one for the button stand apart.
-- column: security_profiles The security profiles that the person had.
-- column: restricted_to The hierarchy group that a profile which grants it limits the person to.
-- column: agent_group Of a limited person: the hierarchy group of the contact's agent.
-- column: missing What would have to be known.
-- column: basis How the snapshots that the verdict rests on lie to the accesses in time. before: they
--   held already. undated: one does not say from when on it holds. later: one was made afterwards.
-- column: snapshot The inputs that the verdict rests on.
-- column: valid_from From when on these inputs hold, UTC: the oldest, or the newest where that is later
--   than the accesses.
-- column: bucket The bucket.
-- column: key The object's key.
-- column: first_event_id CloudTrail's id of the first record.
-- column: last_event_id CloudTrail's id of the last record.
-- column: input The input that the first record was read from.
-- column: principal_arn The raw identity of the first record: userIdentity.arn.
-- cannot see: changes of profiles between two snapshots, accesses by others than Connect users (report
--   outside-connect has them), live monitoring, accesses while the trail did not record the bucket's
--   data events, whether a person could find the contact (permissions to search are not held against
--   them).

WITH reviewed AS (
    SELECT
        a.access_id,
        a.actor_id,
        a.bucket,
        a.key,
        v.verdict,
        v.access_right,
        v.permission,
        v.security_profiles,
        v.restricted_to,
        v.agent_group,
        v.missing,
        v.basis,
        v.snapshot,
        v.valid_from
    FROM verdicts AS v
    INNER JOIN accesses AS a ON v.access_id = a.access_id
    CROSS JOIN parameters AS p
    WHERE a.outcome = 'ok' AND (v.verdict <> 'granted' OR p.granted = 1)
),

together AS (
    SELECT
        verdict,
        access_right,
        permission,
        security_profiles,
        restricted_to,
        agent_group,
        missing,
        basis,
        snapshot,
        valid_from,
        MIN(access_id) AS first_access,
        MAX(access_id) AS last_access,
        COUNT(*) AS accesses
    FROM reviewed
    GROUP BY
        actor_id,
        bucket,
        key,
        verdict,
        access_right,
        permission,
        security_profiles,
        restricted_to,
        agent_group,
        missing,
        basis,
        snapshot,
        valid_from
)

SELECT
    f.event_time AS first_at,
    l.event_time AS last_at,
    t.verdict,
    t.access_right,
    f.actor,
    f.user_id,
    f.full_name,
    t.accesses,
    f.contact_id,
    f.contact_match,
    f.recording_kind,
    f.redacted,
    c.agent,
    t.permission,
    t.security_profiles,
    t.restricted_to,
    t.agent_group,
    t.missing,
    t.basis,
    t.snapshot,
    t.valid_from,
    f.bucket,
    f.key,
    f.event_id AS first_event_id,
    l.event_id AS last_event_id,
    f.input,
    f.principal_arn
FROM together AS t
INNER JOIN accesses AS f ON t.first_access = f.access_id
INNER JOIN accesses AS l ON t.last_access = l.access_id
LEFT JOIN contacts AS c ON f.contact_id = c.contact_id
ORDER BY t.first_access
