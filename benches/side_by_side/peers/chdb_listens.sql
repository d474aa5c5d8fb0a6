-- Distinct GetObject events. Whole files and one typed pass over each: faster here than
-- the formats JSONAsString and JSONEachRow, and than JSONExtractArrayRaw.
SELECT uniqExact(r.eventID)
FROM (
    SELECT arrayJoin(JSONExtract(
        raw_blob, 'Records', 'Array(Tuple(eventName String, eventID String))'
    )) AS r
    FROM file('{logs}', RawBLOB, 'raw_blob String')
)
WHERE r.eventName = 'GetObject'
SETTINGS max_threads = 2
