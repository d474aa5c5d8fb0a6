//! One CloudTrail record, typed over eventVersion 1.0 to 1.11.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail record contents", and Amazon
//! S3 User Guide, "Amazon S3 CloudTrail events". Newer minor versions only add
//! fields; unknown fields are passed over.

use std::borrow::Cow;

use crate::identity::UserIdentity;
use crate::timestamp::Time;
use crate::tolerant::{Count, Flag, List, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A CloudTrail record. Text borrows from the input.
    pub struct Event<'a> {
        /// The version of the record's format, such as `1.11`.
        "eventVersion" => event_version: Text<'a>,
        /// When the request completed.
        "eventTime" => event_time: Time,
        /// The service that was asked, such as `s3.amazonaws.com`.
        "eventSource" => event_source: Text<'a>,
        /// The operation, such as `DeleteObject`.
        "eventName" => event_name: Text<'a>,
        /// The region of the request.
        "awsRegion" => aws_region: Text<'a>,
        /// An address, a service's name, or `AWS Internal`.
        "sourceIPAddress" => source_ip_address: Text<'a>,
        /// The agent; S3 wraps it in brackets.
        "userAgent" => user_agent: Text<'a>,
        /// The error of a request that failed.
        "errorCode" => error_code: Text<'a>,
        /// What the error says.
        "errorMessage" => error_message: Text<'a>,
        /// The service's id of the request.
        "requestID" | "requestId" => request_id: Text<'a>,
        /// The id of the record. Aggregated events spell it `eventId`.
        "eventID" | "eventId" => event_id: Text<'a>,
        /// `AwsApiCall`, `AwsServiceEvent`, `AwsAggregatedEvent`, …
        "eventType" => event_type: Text<'a>,
        /// `Management`, `Data`, `NetworkActivity`, `Aggregated`, …
        "eventCategory" => event_category: Text<'a>,
        /// Whether the operation changes nothing.
        "readOnly" => read_only: Flag,
        /// Whether this is a management event.
        "managementEvent" => management_event: Flag,
        /// The account that this copy was delivered to.
        "recipientAccountId" => recipient_account_id: Text<'a>,
        /// The id that copies in several accounts share.
        "sharedEventID" => shared_event_id: Text<'a>,
        /// The VPC endpoint that the request came through.
        "vpcEndpointId" => vpc_endpoint_id: Text<'a>,
        /// Whether the credentials came from a console session.
        "sessionCredentialFromConsole" => session_credential_from_console: Flag,
        /// Who called.
        "userIdentity" => user_identity: UserIdentity<'a>,
        /// What was asked.
        "requestParameters" => request_parameters: RequestParameters<'a>,
        /// What was answered; absent for reads.
        "responseElements" => response_elements: ResponseElements<'a>,
        /// What S3 adds: bytes, sizes, how the request was signed.
        "additionalEventData" => additional_event_data: AdditionalEventData<'a>,
        /// What was touched, in no fixed order.
        "resources" => resources: List<Resource<'a>>,
        /// Why this record is late, or which record it corrects.
        "addendum" => addendum: Addendum<'a>,
        /// Details of an event that a service raised itself.
        "serviceEventDetails" => service_event_details: RequestParameters<'a>,
    }
}

tolerant_record! {
    /// The parts of `requestParameters` that S3 object and bucket calls have, and
    /// Connect's `MonitorContact`.
    pub struct RequestParameters<'a> {
        /// The bucket.
        "bucketName" | "BucketName" | "bucket" => bucket_name: Text<'a>,
        /// The object's key, as plain text.
        "key" | "Key" => key: Text<'a>,
        /// The version asked for.
        "versionId" | "VersionId" => version_id: Text<'a>,
        /// `CopyObject`'s source, `/bucket/key`, percent-encoded.
        "x-amz-copy-source" => copy_source: Text<'a>,
        /// Set when a browser is told to download rather than play.
        "response-content-disposition" => response_content_disposition: Text<'a>,
        /// Connect: the instance, as its id, its ARN, or that percent-encoded.
        "InstanceId" | "instanceId" => instance_id: Text<'a>,
        /// Connect: the contact asked about.
        "ContactId" | "contactId" => contact_id: Text<'a>,
        /// Connect: the user who is to do something.
        "UserId" | "userId" => user_id: Text<'a>,
        /// Connect: what a monitoring user may do, `SILENT_MONITOR`, `BARGE`.
        "AllowedMonitorCapabilities" | "allowedMonitorCapabilities"
            => allowed_monitor_capabilities: List<Text<'a>>,
    }
}

tolerant_record! {
    /// The parts of `responseElements` that tell a delete marker from a delete,
    /// and what Connect's `MonitorContact` made.
    pub struct ResponseElements<'a> {
        /// Whether the object answered about is a delete marker.
        "x-amz-delete-marker" => delete_marker: Flag,
        /// The version that the request made or removed.
        "x-amz-version-id" => version_id: Text<'a>,
        /// Connect: the contact that the request made.
        "ContactId" | "contactId" => contact_id: Text<'a>,
    }
}

tolerant_record! {
    /// What S3 says about a request beside its parameters.
    pub struct AdditionalEventData<'a> {
        /// Bytes received from the caller.
        "bytesTransferredIn" => bytes_transferred_in: Count,
        /// Bytes sent to the caller.
        "bytesTransferredOut" => bytes_transferred_out: Count,
        /// The object's size in bytes (eventVersion 1.11).
        "objectSize" => object_size: Count,
        /// The HTTP status (eventVersion 1.11).
        "httpStatusCode" => http_status_code: Count,
        /// `AuthHeader`, or `QueryString` for a presigned URL.
        "AuthenticationMethod" | "authenticationMethod" => authentication_method: Text<'a>,
    }
}

tolerant_record! {
    /// An entry of `resources`.
    pub struct Resource<'a> {
        /// `AWS::S3::Object`, `AWS::S3::Bucket`, …
        "type" => kind: Text<'a>,
        /// The ARN of the resource.
        "ARN" | "arn" => arn: Text<'a>,
        /// The prefix that stands for several resources.
        "ARNPrefix" => arn_prefix: Text<'a>,
        /// The account that owns the resource; `accountid` in some records.
        "accountId" | "accountid" => account_id: Text<'a>,
    }
}

tolerant_record! {
    /// Says that a record is late or corrects an earlier one.
    pub struct Addendum<'a> {
        /// `DELIVERY_DELAY`, `UPDATED_DATA` or `SERVICE_OUTAGE`.
        "reason" => reason: Text<'a>,
        /// With `UPDATED_DATA`, the id of the record that this one corrects.
        "originalEventID" => original_event_id: Text<'a>,
    }
}

impl Event<'_> {
    /// Returns the bucket: from the parameters, else from a resource's ARN,
    /// else from the service's own details.
    pub fn bucket(&self) -> Option<&str> {
        self.request_parameters
            .bucket_name
            .get()
            .or_else(|| self.object_arn().map(|(bucket, _)| bucket))
            .or_else(|| self.bucket_arn())
            .or_else(|| self.service_event_details.bucket_name.get())
    }

    /// Returns the object's key, from the same places in the same order.
    pub fn key(&self) -> Option<&str> {
        self.request_parameters
            .key
            .get()
            .or_else(|| self.object_arn().map(|(_, key)| key))
            .or_else(|| self.service_event_details.key.get())
    }

    /// Returns the version asked for.
    pub fn version_id(&self) -> Option<&str> {
        self.request_parameters
            .version_id
            .get()
            .or_else(|| self.service_event_details.version_id.get())
    }

    /// Returns what a `CopyObject` read, as bucket and key, percent-decoded.
    pub fn copy_source(&self) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        let source = self.request_parameters.copy_source.get()?;
        let path = source.split_once("?versionId=").map_or(source, |(p, _)| p);
        let path = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = path.split_once('/').or_else(|| {
            // A source that is encoded whole hides its slashes too.
            path.find("%2F").map(|at| (&path[..at], &path[at + 3..]))
        })?;
        Some((percent_decoded(bucket), percent_decoded(key)))
    }

    /// Returns the account whose log the record stands in.
    pub fn account_id(&self) -> Option<&str> {
        let recipient = self.recipient_account_id.get();
        recipient.or(self.user_identity.account_id.get())
    }

    /// Returns the id of the event that this one corrects.
    pub fn corrects(&self) -> Option<&str> {
        let updates = self.addendum.reason.get() == Some("UPDATED_DATA");
        self.addendum.original_event_id.get().filter(|_| updates)
    }

    /// Returns the agent without the brackets that S3 puts around it.
    pub fn agent(&self) -> Option<&str> {
        let agent = self.user_agent.get()?;
        let inner = agent
            .strip_prefix('[')
            .and_then(|agent| agent.strip_suffix(']'))
            .unwrap_or(agent);
        (!inner.is_empty()).then_some(inner)
    }

    fn object_arn(&self) -> Option<(&str, &str)> {
        self.resources
            .0
            .iter()
            .filter_map(|resource| s3_name(resource.arn.get()?)?.split_once('/'))
            .find(|(_, key)| !key.is_empty())
    }

    fn bucket_arn(&self) -> Option<&str> {
        self.resources.0.iter().find_map(|resource| {
            let arn = resource.arn.get().or(resource.arn_prefix.get())?;
            let bucket = s3_name(arn)?.split('/').next()?;
            (!bucket.is_empty()).then_some(bucket)
        })
    }
}

/// Returns `bucket` or `bucket/key` of an S3 ARN of any partition.
fn s3_name(arn: &str) -> Option<&str> {
    let (head, name) = arn.split_once(":s3:::")?;
    head.starts_with("arn:").then_some(name)
}

/// Decodes `%XX` where that yields UTF-8; returns the text unchanged otherwise.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let hex = tail.first_chunk::<2>().and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(text, 16).ok()
        });
        match (byte, hex) {
            (b'%', Some(value)) => {
                decoded.push(value);
                rest = &tail[2..];
            }
            _ => {
                decoded.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> Event<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn bucket_and_key_are_found_wherever_they_stand() {
        for json in [
            r#"{"requestParameters":{"bucketName":"b","key":"a/k"}}"#,
            r#"{"requestParameters":{"bucket":["b"],"Key":"a/k"}}"#,
            r#"{"requestParameters":{"omitted":true},"resources":[{"ARN":"arn:aws:s3:::b"},{"ARN":"arn:aws:s3:::b/a/k"}]}"#,
            r#"{"resources":[{"arn":"arn:aws-us-gov:s3:::b/a/k","type":"AWS::S3::Object"}]}"#,
            r#"{"serviceEventDetails":{"bucketName":"b","key":"a/k"}}"#,
        ] {
            let event = event(json);
            assert_eq!(
                (event.bucket(), event.key()),
                (Some("b"), Some("a/k")),
                "{json}"
            );
        }
        let batch = event(r#"{"resources":[{"ARNPrefix":"arn:aws:s3:::b/"}]}"#);
        assert_eq!((batch.bucket(), batch.key()), (Some("b"), None));
    }

    #[test]
    fn copy_sources_are_read_in_every_spelling() {
        for source in [
            "/b/a/k%3A1",
            "b/a/k:1",
            "b%2Fa%2Fk%3A1",
            "/b/a/k:1?versionId=v",
        ] {
            let json = format!(r#"{{"requestParameters":{{"x-amz-copy-source":"{source}"}}}}"#);
            let event: Event<'_> = serde_json::from_str(&json).unwrap();
            let (bucket, key) = event.copy_source().unwrap();
            assert_eq!((&*bucket, &*key), ("b", "a/k:1"), "{source}");
        }
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%ff"), "%ff");
        assert_eq!(percent_decoded("%é1"), "%é1");
    }

    #[test]
    fn agents_lose_their_brackets() {
        assert_eq!(
            event(r#"{"userAgent":"[aws-cli/2]"}"#).agent(),
            Some("aws-cli/2")
        );
        assert_eq!(event(r#"{"userAgent":"[]"}"#).agent(), None);
        assert_eq!(event(r#"{"userAgent":["x"]}"#).agent(), Some("x"));
    }
}
