-- title: Distinct GetObject events
-- events: GetObject
-- column: events How many.
SELECT COUNT(DISTINCT event_id) AS events
FROM accesses
WHERE event_name = 'GetObject'
