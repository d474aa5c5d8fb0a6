-- title: Every access
-- question: What does every single record about these objects say?
-- events: AbortMultipartUpload, CompleteMultipartUpload, CopyObject, CreateMultipartUpload,
--   DeleteObject, DeleteObjectTagging, DeleteObjects, GetBucketLocation, GetObject, GetObjectAcl,
--   GetObjectAttributes, GetObjectLegalHold, GetObjectRetention, GetObjectTagging, GetObjectTorrent,
--   HeadBucket, HeadObject, ListObjectVersions, ListObjects, ListParts, PutObject, PutObjectAcl,
--   PutObjectLegalHold, PutObjectRetention, PutObjectTagging, RestoreObject, SelectObjectContent,
--   UploadPart, UploadPartCopy
-- show: event_time, event_name, outcome, actor, contact_id, recording_kind
-- columns: accesses
-- cannot see: accesses while the trail did not record the bucket's data events, deletions by S3
--   Lifecycle.

SELECT *
FROM accesses
ORDER BY access_id
