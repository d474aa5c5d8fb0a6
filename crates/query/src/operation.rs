//! What a CloudTrail record is about: the kind of access and how it ended.
//!
//! Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events".

use earwitness_parser::Event;

/// What was done, or tried, to an object or bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    Read,
    Head,
    Delete,
    BatchDelete,
    Copy,
    Write,
    Restore,
    List,
    BucketMark,
    Other,
}

impl Action {
    /// What CloudTrail records as data events that read.
    pub(crate) const READS: [Action; 3] = [Action::Read, Action::Head, Action::List];

    /// What CloudTrail records as data events that write.
    pub(crate) const WRITES: [Action; 5] = [
        Action::Delete,
        Action::BatchDelete,
        Action::Copy,
        Action::Write,
        Action::Restore,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Head => "head",
            Action::Delete => "delete",
            Action::BatchDelete => "batch-delete",
            Action::Copy => "copy",
            Action::Write => "write",
            Action::Restore => "restore",
            Action::List => "list",
            Action::BucketMark => "bucket-mark",
            Action::Other => "other",
        }
    }

    /// Classifies an S3 event; `None` for other services and for calls that
    /// touch neither an object nor a bucket's place.
    pub(crate) fn of(event: &Event<'_>) -> Option<Action> {
        let source = event.event_source.get();
        if source.is_some_and(|source| !source.starts_with("s3")) {
            return None;
        }
        let action = match event.event_name.get()? {
            // Not modified: the caller has the content already, and got none.
            "GetObject" if event.additional_event_data.http_status_code.0 == Some(304) => {
                Action::Head
            }
            "GetObject" | "SelectObjectContent" | "GetObjectTorrent" => Action::Read,
            "HeadObject"
            | "GetObjectAcl"
            | "GetObjectAttributes"
            | "GetObjectLegalHold"
            | "GetObjectRetention"
            | "GetObjectTagging" => Action::Head,
            "DeleteObject" if removes_delete_marker(event) => Action::Restore,
            "DeleteObject" => Action::Delete,
            "DeleteObjects" => Action::BatchDelete,
            "CopyObject" | "UploadPartCopy" => Action::Copy,
            "PutObject"
            | "CompleteMultipartUpload"
            | "CreateMultipartUpload"
            | "UploadPart"
            | "AbortMultipartUpload" => Action::Write,
            "RestoreObject" => Action::Restore,
            "ListObjects" | "ListObjectVersions" | "ListParts" => Action::List,
            "GetBucketLocation" => Action::BucketMark,
            "DeleteObjectTagging"
            | "HeadBucket"
            | "PutObjectAcl"
            | "PutObjectLegalHold"
            | "PutObjectRetention"
            | "PutObjectTagging" => Action::Other,
            _ => return None,
        };
        Some(action)
    }
}

/// Tells whether a `DeleteObject` took away a delete marker by its version,
/// which brings the object back.
fn removes_delete_marker(event: &Event<'_>) -> bool {
    event.version_id().is_some() && event.response_elements.delete_marker.0 == Some(true)
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    Ok,
    Denied,
    Failed,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Denied => "denied",
            Outcome::Failed => "failed",
        }
    }

    /// Reads the outcome from the error code (`200` is none), else from the
    /// HTTP status that eventVersion 1.11 adds.
    pub(crate) fn of(event: &Event<'_>) -> Outcome {
        let status = event.additional_event_data.http_status_code.0;
        Outcome::of_answer(event.error_code.get(), status)
    }

    /// Reads the outcome from the error code of an answer, else from its HTTP
    /// status.
    pub(crate) fn of_answer(error_code: Option<&str>, http_status: Option<u64>) -> Outcome {
        match error_code {
            None | Some("200") => match http_status {
                Some(401 | 403) => Outcome::Denied,
                Some(400..) => Outcome::Failed,
                _ => Outcome::Ok,
            },
            Some(code) if means_no_permission(code) => Outcome::Denied,
            Some(_) => Outcome::Failed,
        }
    }
}

/// Tells whether an error code means that the caller was turned away.
///
/// Source: Amazon S3 API Reference, "Error responses", those with status 401
/// or 403, and the spellings of older and other AWS services.
fn means_no_permission(code: &str) -> bool {
    let code = code.rsplit('.').next().unwrap_or(code);
    code.starts_with("AccessDenied")
        || matches!(
            code,
            "UnauthorizedOperation"
                | "UnauthorizedAccess"
                | "Forbidden"
                | "AllAccessDisabled"
                | "AccountProblem"
                | "AuthFailure"
                | "ExpiredToken"
                | "InvalidAccessKeyId"
                | "InvalidSecurity"
                | "InvalidToken"
                | "NotSignedUp"
                | "RequestTimeTooSkewed"
                | "SignatureDoesNotMatch"
                | "403"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> Event<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn other_services_share_names_but_not_meaning() {
        let s3 = event(r#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#);
        let outposts =
            event(r#"{"eventSource":"s3-outposts.amazonaws.com","eventName":"GetObject"}"#);
        let media = event(r#"{"eventSource":"mediastore.amazonaws.com","eventName":"GetObject"}"#);
        assert_eq!(Action::of(&s3), Some(Action::Read));
        assert_eq!(Action::of(&outposts), Some(Action::Read));
        assert_eq!(Action::of(&media), None);
    }

    #[test]
    fn taking_away_a_delete_marker_is_no_delete() {
        let marked =
            r#"{"eventName":"DeleteObject","responseElements":{"x-amz-delete-marker":"true"}}"#;
        assert_eq!(Action::of(&event(marked)), Some(Action::Delete));
        let unmarked = r#"{"eventName":"DeleteObject","requestParameters":{"versionId":"v"},"responseElements":{"x-amz-delete-marker":"true"}}"#;
        assert_eq!(Action::of(&event(unmarked)), Some(Action::Restore));
    }

    #[test]
    fn outcomes_follow_the_error_code_and_never_its_mere_presence() {
        let outcome = |code: &str| Outcome::of(&event(&format!(r#"{{"errorCode":"{code}"}}"#)));
        assert_eq!(outcome(""), Outcome::Ok);
        assert_eq!(outcome("200"), Outcome::Ok);
        assert_eq!(outcome("AccessDenied"), Outcome::Denied);
        assert_eq!(outcome("Client.UnauthorizedOperation"), Outcome::Denied);
        assert_eq!(outcome("NoSuchKey"), Outcome::Failed);
        let status = r#"{"additionalEventData":{"httpStatusCode":403}}"#;
        assert_eq!(Outcome::of(&event(status)), Outcome::Denied);
    }
}
