-- title: Counts by day and person
-- question: Who deleted, listened to or tried to reach how many recordings on which day?
-- events: DeleteObject, DeleteObjects, GetObject, GetObjectTorrent, SelectObjectContent
-- show: date, actor, deletes, recordings_read, reads, attempts
-- column: date The day, UTC, as 2026-03-01.
-- column: actor Who did it. A person's name where the inputs tell it.
-- column: actor_kind connect-user, identity-center, iam-user, role-session, federated-user, root,
--   aws-service, other-account, anonymous or unknown.
-- column: user_id The Connect user's id.
-- column: full_name The Connect user's first and last name.
-- column: deletes Successful deletes of single keys, those of batch deletes among them.
-- column: delete_markers How many of these left a delete marker.
-- column: batch_deletes_without_keys Batch deletes whose keys the trail did not record.
-- column: recordings_read Distinct objects whose content was read.
-- column: contacts_read Distinct contacts of these.
-- column: reads Successful reads of content, each part of a play among them.
-- column: bytes Bytes sent to the caller.
-- column: attempts Requests that were denied or failed.
-- cannot see: what the reports who-deleted and who-listened cannot see.

SELECT
    date,
    actor,
    actor_kind,
    user_id,
    full_name,
    SUM(CASE WHEN action = 'delete' AND outcome = 'ok' THEN 1 ELSE 0 END) AS deletes,
    SUM(CASE WHEN action = 'delete' AND outcome = 'ok' AND delete_marker THEN 1 ELSE 0 END)
        AS delete_markers,
    SUM(CASE WHEN action = 'batch-delete' AND outcome = 'ok' AND batch_children = 0 THEN 1 ELSE 0 END)
        AS batch_deletes_without_keys,
    COUNT(DISTINCT CASE WHEN action = 'read' AND outcome = 'ok' THEN bucket || '/' || key END)
        AS recordings_read,
    COUNT(DISTINCT CASE WHEN action = 'read' AND outcome = 'ok' THEN contact_id END)
        AS contacts_read,
    SUM(CASE WHEN action = 'read' AND outcome = 'ok' THEN 1 ELSE 0 END) AS reads,
    SUM(CASE WHEN action = 'read' AND outcome = 'ok' THEN COALESCE(bytes_out, 0) ELSE 0 END) AS bytes,
    SUM(CASE WHEN outcome <> 'ok' THEN 1 ELSE 0 END) AS attempts
FROM accesses
GROUP BY date, actor_id, actor, actor_kind, user_id, full_name
ORDER BY date, actor, actor_kind, actor_id
