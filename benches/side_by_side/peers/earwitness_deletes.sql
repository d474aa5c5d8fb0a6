-- title: Distinct DeleteObject events
-- events: DeleteObject
-- column: events How many.
SELECT COUNT(DISTINCT event_id) AS events
FROM accesses
WHERE event_name = 'DeleteObject'
