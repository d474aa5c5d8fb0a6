-- title: Who could listen, download and delete
-- question: Who could listen to, download or delete which kind of recording, by the newest listings?
-- events: none
-- show: actor, verdict, access_right, recording_kind, redacted, security_profiles, restricted_to, missing
-- column: actor The Connect user's login name.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: verdict granted, or unknown: missing says what it would take to tell.
-- column: access_right listen, download (the button is shown) or delete. Empty where the missing listing
--   would tell of all.
-- column: recording_kind call, ivr-call, chat, screen, analysis or email.
-- column: redacted Whether it is a right to redacted copies.
-- column: permission The permissions that grant it, else those looked for; of a download, the one to listen and the one for
--   the button stand apart.
-- column: security_profiles The security profiles that grant it; where that is unknown, all that the
--   person has.
-- column: restricted_to Only contacts of agents in this hierarchy group or below it.
-- column: missing What would have to be known.
-- column: snapshot The inputs that the row rests on.
-- column: valid_from From when on these inputs hold, UTC: the oldest.
-- cannot see: what changed after the newest listings, people with access to the bucket outside Connect,
--   emergency access from the AWS console, downloads without the button (AWS says that who may listen
--   may be able to download), attachments and evaluations (no permission to their files is
--   documented), whether a person can find contacts (permissions to search are not listed).

SELECT
    username AS actor,
    user_id,
    full_name,
    verdict,
    access_right,
    recording_kind,
    redacted,
    permission,
    security_profiles,
    restricted_to,
    missing,
    snapshot,
    valid_from
FROM grants
ORDER BY
    COALESCE(username, ''),
    user_id,
    COALESCE(access_right, ''),
    COALESCE(recording_kind, ''),
    COALESCE(redacted, FALSE),
    COALESCE(missing, '')
