-- Every S3 event with the columns that the record itself has. One typed pass over
-- each file: ClickHouse skips what the type does not name.
INSERT INTO FUNCTION file('{out}', Parquet)
SELECT
    parseDateTime64BestEffortOrNull(r.eventTime, 6, 'UTC') AS event_time,
    toUnixTimestamp64Milli(event_time) AS event_ms,
    formatDateTime(event_time, '%F') AS date,
    toInt64(toHour(event_time)) AS hour,
    toInt64(toDayOfWeek(event_time)) AS weekday,
    r.eventName AS event_name,
    r.eventType AS event_type,
    r.errorCode AS error_code,
    r.userIdentity.type AS principal_type,
    r.userIdentity.principalId AS principal_id,
    r.userIdentity.arn AS principal_arn,
    r.userIdentity.accountId AS principal_account_id,
    r.userIdentity.accessKeyId AS access_key_id,
    r.userIdentity.invokedBy AS invoked_by,
    r.requestParameters.bucketName AS bucket,
    r.requestParameters.key AS key,
    coalesce(r.requestParameters.versionId, r.responseElements.`x-amz-version-id`) AS version_id,
    r.requestParameters.`x-amz-copy-source` AS copy_source,
    r.responseElements.`x-amz-delete-marker` = 'true' AS delete_marker,
    toInt64OrNull(toString(r.additionalEventData.bytesTransferredIn)) AS bytes_in,
    toInt64OrNull(toString(r.additionalEventData.bytesTransferredOut)) AS bytes_out,
    r.additionalEventData.objectSize AS object_size,
    r.additionalEventData.httpStatusCode AS http_status,
    r.additionalEventData.AuthenticationMethod AS authentication_method,
    r.requestParameters.`response-content-disposition` ILIKE '%attachment%' AS presigned_download,
    r.sessionCredentialFromConsole = 'true' AS from_console,
    r.userIdentity.sessionContext.attributes.mfaAuthenticated = 'true' AS mfa,
    r.sourceIPAddress AS source_ip,
    r.userAgent AS user_agent,
    r.awsRegion AS region,
    r.recipientAccountId AS account_id,
    r.eventID AS event_id,
    r.requestID AS request_id,
    r.sharedEventID AS shared_event_id,
    input
FROM (
    SELECT
        _path AS input,
        arrayJoin(JSONExtract(raw_blob, 'Records', 'Array(Tuple(
            eventTime String,
            eventName String,
            eventType Nullable(String),
            errorCode Nullable(String),
            userIdentity Tuple(
                type Nullable(String),
                principalId Nullable(String),
                arn Nullable(String),
                accountId Nullable(String),
                accessKeyId Nullable(String),
                invokedBy Nullable(String),
                sessionContext Tuple(attributes Tuple(mfaAuthenticated Nullable(String)))),
            requestParameters Tuple(
                bucketName Nullable(String),
                key Nullable(String),
                versionId Nullable(String),
                `x-amz-copy-source` Nullable(String),
                `response-content-disposition` Nullable(String)),
            responseElements Tuple(
                `x-amz-version-id` Nullable(String),
                `x-amz-delete-marker` Nullable(String)),
            additionalEventData Tuple(
                bytesTransferredIn Nullable(Float64),
                bytesTransferredOut Nullable(Float64),
                objectSize Nullable(Int64),
                httpStatusCode Nullable(Int64),
                AuthenticationMethod Nullable(String)),
            sessionCredentialFromConsole Nullable(String),
            sourceIPAddress Nullable(String),
            userAgent Nullable(String),
            awsRegion Nullable(String),
            recipientAccountId Nullable(String),
            eventID String,
            requestID Nullable(String),
            sharedEventID Nullable(String)))')) AS r
    FROM file('{logs}', RawBLOB, 'raw_blob String')
)
WHERE r.eventName IN (
    'AbortMultipartUpload', 'CompleteMultipartUpload', 'CopyObject', 'CreateMultipartUpload',
    'DeleteObject', 'DeleteObjectTagging', 'DeleteObjects', 'GetBucketLocation', 'GetObject',
    'GetObjectAcl', 'GetObjectAttributes', 'GetObjectLegalHold', 'GetObjectRetention',
    'GetObjectTagging', 'GetObjectTorrent', 'HeadBucket', 'HeadObject', 'ListObjectVersions',
    'ListObjects', 'ListParts', 'PutObject', 'PutObjectAcl', 'PutObjectLegalHold',
    'PutObjectRetention', 'PutObjectTagging', 'RestoreObject', 'SelectObjectContent',
    'UploadPart', 'UploadPartCopy'
)
SETTINGS max_threads = 2, output_format_parquet_compression_method = 'zstd',
    engine_file_truncate_on_insert = 1
