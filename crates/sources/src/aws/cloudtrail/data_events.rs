//! Which events are data events, which trails record only where they are told to,
//! and CloudTrail's event history never has.
//!
//! Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events", "Amazon S3 data
//! events in CloudTrail".

/// In the order of their letters.
const S3_OBJECT_EVENTS: [&str; 28] = [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CopyObject",
    "CreateMultipartUpload",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjects",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectTorrent",
    "HeadBucket",
    "HeadObject",
    "ListObjectVersions",
    "ListObjects",
    "ListParts",
    "PutObject",
    "PutObjectAcl",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "RestoreObject",
    "SelectObjectContent",
    "UploadPart",
    "UploadPartCopy",
];

/// Tells whether an event of this name is one about an object in S3.
pub(crate) fn is_data_event(name: &str) -> bool {
    S3_OBJECT_EVENTS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_have_data_events_and_buckets_have_not() {
        assert!(S3_OBJECT_EVENTS.is_sorted());
        for name in S3_OBJECT_EVENTS {
            assert!(is_data_event(name));
        }
        for name in [
            "GetBucketLocation",
            "StopLogging",
            "MonitorContact",
            "",
            "getobject",
        ] {
            assert!(!is_data_event(name), "{name}");
        }
    }
}
