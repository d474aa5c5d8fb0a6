//! A deletion as S3 itself reports it, and how EventBridge delivers it.
//!
//! Source: Amazon S3 User Guide, "EventBridge event message structure". Keys
//! stand there as plain text.

use crate::content::ContentHash;
use crate::item::Item;
use crate::scan::{ScanError, Scanner};
use crate::shape::Passed;
use crate::timestamp::{Time, Timestamp};
use crate::tolerant::{Count, Text};
use crate::tolerant_record::tolerant_record;
use crate::walk::{Document, Walk};

/// Where S3 reports a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum S3Report {
    /// A line of a server access log.
    AccessLog,
    /// An `Object Deleted` event on EventBridge.
    EventBridge,
}

/// A deletion of one object that S3 itself reports. Text borrows from the input.
#[derive(Debug, Clone, PartialEq)]
pub struct S3Deletion<'a> {
    /// Where S3 reports it.
    pub report: S3Report,
    /// When: of a log line, when the request was received.
    pub time: Timestamp,
    /// The log's operation, such as `S3.EXPIRE.OBJECT`, or the event's type.
    pub operation: Text<'a>,
    /// Whether S3 Lifecycle deleted it, and no request.
    pub by_lifecycle: bool,
    /// Whether it left a delete marker; `None` where the report does not tell.
    pub delete_marker: Option<bool>,
    /// The bucket.
    pub bucket: Text<'a>,
    /// The object's key as plain text, encoded no more than once too often.
    pub key: Text<'a>,
    /// The version deleted, or on EventBridge that of the delete marker made.
    pub version_id: Text<'a>,
    /// The object's size in bytes.
    pub object_size: Count,
    /// An ARN, an AWS account, a service or a canonical user id; absent for a
    /// caller without credentials.
    pub requester: Text<'a>,
    /// S3's id of the request.
    pub request_id: Text<'a>,
    /// The caller's address.
    pub source_ip: Text<'a>,
    /// The caller's program.
    pub user_agent: Text<'a>,
    /// The HTTP status of the answer; Lifecycle has none.
    pub http_status: Option<u16>,
    /// The error of a request that failed.
    pub error_code: Text<'a>,
    /// The account that owns the bucket.
    pub account_id: Text<'a>,
    /// The bucket's region.
    pub region: Text<'a>,
}

tolerant_record! {
    /// What EventBridge puts around an event.
    struct Envelope<'a> {
        "account" => account: Text<'a>,
        "time" => time: Time,
        "region" => region: Text<'a>,
        "detail-type" => detail_type: Text<'a>,
        "detail" => detail: Detail<'a>,
    }
}

tolerant_record! {
    /// What S3 says of a deletion.
    struct Detail<'a> {
        "bucket" => bucket: Bucket<'a>,
        "object" => object: Object<'a>,
        "request-id" => request_id: Text<'a>,
        "requester" => requester: Text<'a>,
        "source-ip-address" => source_ip_address: Text<'a>,
        "reason" => reason: Text<'a>,
        "deletion-type" => deletion_type: Text<'a>,
    }
}

tolerant_record! {
    /// The bucket of an event.
    struct Bucket<'a> {
        "name" => name: Text<'a>,
    }
}

tolerant_record! {
    /// The object of an event.
    struct Object<'a> {
        "key" => key: Text<'a>,
        "version-id" => version_id: Text<'a>,
        "size" => size: Count,
    }
}

impl<'a> Envelope<'a> {
    /// Reads the deletion; else says what is missing.
    fn deletion(self) -> Result<S3Deletion<'a>, &'static str> {
        let detail = self.detail;
        let Some(time) = self.time.0 else {
            return Err("an Object Deleted event whose time is missing or no time");
        };
        if detail.bucket.name.get().is_none() || detail.object.key.get().is_none() {
            return Err("an Object Deleted event without bucket or key");
        }
        Ok(S3Deletion {
            report: S3Report::EventBridge,
            time,
            operation: self.detail_type,
            by_lifecycle: detail.reason.get() == Some("Lifecycle Expiration"),
            delete_marker: match detail.deletion_type.get() {
                Some("Delete Marker Created") => Some(true),
                Some("Permanently Deleted") => Some(false),
                _ => None,
            },
            bucket: detail.bucket.name,
            key: detail.object.key,
            version_id: detail.object.version_id,
            object_size: detail.object.size,
            requester: detail.requester,
            request_id: detail.request_id,
            source_ip: detail.source_ip_address,
            user_agent: Text::default(),
            http_status: None,
            error_code: Text::default(),
            account_id: self.account,
            region: self.region,
        })
    }
}

/// Tells whether the object at `open` says that it is an event of S3 about a
/// deleted object. What it carries says nothing: a caller may have written it.
pub(crate) fn is_object_deleted(scanner: &mut Scanner<'_>, open: usize) -> Result<bool, ScanError> {
    let bytes = scanner.bytes();
    let (mut of_s3, mut deleted) = (false, false);
    let mut at = scanner.skip_space(open + 1);
    while scanner.byte(at)? == b'"' {
        let key_end = scanner.string_end(at)?;
        let value = scanner.member(at)?;
        match &bytes[at + 1..key_end - 1] {
            b"detail-type" => deleted = bytes[value..].starts_with(b"\"Object Deleted\""),
            b"source" => of_s3 = bytes[value..].starts_with(b"\"aws.s3\""),
            _ => {}
        }
        if of_s3 && deleted {
            return Ok(true);
        }
        let end = scanner.value_end(value)?;
        at = scanner.skip_space(end);
        if scanner.byte(at)? != b',' {
            break;
        }
        at = scanner.skip_space(at + 1);
    }
    Ok(false)
}

impl Walk<'_> {
    /// Reads an `Object Deleted` event in its envelope.
    pub(crate) fn object_deleted(&mut self, doc: &Document<'_>, at: usize, raw: &[u8]) {
        if !self.interest.wants_s3_deletions() {
            return self.pass(doc, at, Passed::S3Notification);
        }
        let envelope = match serde_json::from_slice::<Envelope<'_>>(raw) {
            Ok(envelope) => envelope,
            Err(error) => return self.unreadable(doc, at, error),
        };
        match envelope.deletion() {
            Ok(deletion) => {
                let position = self.next_position(doc, at);
                (self.sink)(Item::S3Deletion {
                    deletion,
                    position,
                    content: ContentHash::of(raw),
                });
            }
            Err(why) => self.unreadable(doc, at, why),
        }
    }
}
