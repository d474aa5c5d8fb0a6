-- Distinct GetObject events, read by the columns of a declared type.
SET threads = 2;
SET preserve_insertion_order = false;
SELECT count(DISTINCT r.eventID)
FROM (
    SELECT unnest(Records) AS r
    FROM read_json(
        '{logs}',
        format = 'newline_delimited',
        maximum_object_size = 67108864,
        columns = {'Records': 'STRUCT(eventName VARCHAR, eventID VARCHAR)[]'}
    )
)
WHERE r.eventName = 'GetObject';
