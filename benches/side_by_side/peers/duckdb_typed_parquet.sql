-- Every S3 event with the columns that the record itself has, read by the columns
-- of a declared type.
SET threads = 2;
SET preserve_insertion_order = false;
SET TimeZone = 'UTC';
COPY (
    SELECT
        CAST(r.eventTime AS TIMESTAMPTZ) AS event_time,
        epoch_ms(CAST(r.eventTime AS TIMESTAMPTZ)) AS event_ms,
        left(r.eventTime, 10) AS date,
        CAST(hour(CAST(r.eventTime AS TIMESTAMPTZ)) AS BIGINT) AS hour,
        CAST(isodow(CAST(r.eventTime AS TIMESTAMPTZ)) AS BIGINT) AS weekday,
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
        r.requestParameters."key" AS key,
        coalesce(r.requestParameters.versionId, r.responseElements."x-amz-version-id") AS version_id,
        r.requestParameters."x-amz-copy-source" AS copy_source,
        r.responseElements."x-amz-delete-marker" = 'true' AS delete_marker,
        CAST(r.additionalEventData.bytesTransferredIn AS BIGINT) AS bytes_in,
        CAST(r.additionalEventData.bytesTransferredOut AS BIGINT) AS bytes_out,
        r.additionalEventData.objectSize AS object_size,
        r.additionalEventData.httpStatusCode AS http_status,
        r.additionalEventData.AuthenticationMethod AS authentication_method,
        r.requestParameters."response-content-disposition" ILIKE '%attachment%' AS presigned_download,
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
        SELECT filename AS input, unnest(Records) AS r
        FROM read_json(
            '{logs}',
            format = 'newline_delimited',
            filename = true,
            maximum_object_size = 67108864,
            columns = {'Records': 'STRUCT(
                eventTime VARCHAR,
                eventName VARCHAR,
                eventType VARCHAR,
                errorCode VARCHAR,
                userIdentity STRUCT(
                    type VARCHAR,
                    principalId VARCHAR,
                    arn VARCHAR,
                    accountId VARCHAR,
                    accessKeyId VARCHAR,
                    invokedBy VARCHAR,
                    sessionContext STRUCT(attributes STRUCT(mfaAuthenticated VARCHAR))),
                requestParameters STRUCT(
                    bucketName VARCHAR,
                    "key" VARCHAR,
                    versionId VARCHAR,
                    "x-amz-copy-source" VARCHAR,
                    "response-content-disposition" VARCHAR),
                responseElements STRUCT(
                    "x-amz-version-id" VARCHAR,
                    "x-amz-delete-marker" VARCHAR),
                additionalEventData STRUCT(
                    bytesTransferredIn DOUBLE,
                    bytesTransferredOut DOUBLE,
                    objectSize BIGINT,
                    httpStatusCode BIGINT,
                    AuthenticationMethod VARCHAR),
                sessionCredentialFromConsole VARCHAR,
                sourceIPAddress VARCHAR,
                userAgent VARCHAR,
                awsRegion VARCHAR,
                recipientAccountId VARCHAR,
                eventID VARCHAR,
                requestID VARCHAR,
                sharedEventID VARCHAR)[]'}
        )
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
) TO '{out}' (FORMAT parquet, COMPRESSION zstd);
