//! Reads CloudTrail records, Amazon Connect contact records and user lists:
//! bytes in, typed [`Event`]s, [`S3Deletion`]s, [`ContactRecord`]s,
//! [`DirectoryUser`]s or [`Reject`]s out.
//!
//! What an input is, is decided by its content. Understood are CloudTrail
//! delivery files, bare arrays, single records, JSON lines, concatenated JSON,
//! EventBridge envelopes, `LookupEvents` output, CloudWatch Logs Insights
//! results and CSV downloads, `FilterLogEvents` output, exported and tailed log
//! lines, subscription payloads (also base64 in Lambda and Kinesis events),
//! SNS and SQS messages around these, S3 server access logs and `Object Deleted`
//! events of S3, contact records and the listings of Connect's directory (users,
//! security profiles and their permissions, hierarchy groups); each plain or in
//! gzip of any number of members. Other S3 notifications, digests with what
//! verifies them and aggregated events are recognised and never read as events.
//! [`Digest::read`] reads a digest.
//!
//! One bad record never ends a read: it becomes a [`Reject`] with its index,
//! byte offset and reason, and the rest is read.
//!
//! ```
//! use earwitness_parser::{Interest, Item, Reader};
//!
//! let file = br#"{"Records":[{"eventVersion":"1.11","eventTime":"2026-03-02T09:05:17Z",
//!   "eventName":"DeleteObject","requestParameters":{"bucketName":"b","key":"k.wav"}}]}"#;
//! let mut deleted = Vec::new();
//! let mut reader = Reader::new(Interest::in_events(["DeleteObject"]), 1 << 30);
//! reader.read(file, &mut |item| {
//!     if let Item::Event { event, .. } = item {
//!         deleted.extend(event.key().map(str::to_owned));
//!     }
//! });
//! assert_eq!(deleted, ["k.wav"]);
//! ```

mod access_log;
mod blocks;
mod carried;
mod contact_record;
mod content;
mod damage;
mod digest;
mod directory_user;
mod event;
mod event_by_member;
mod hierarchy_group;
mod identity;
mod inflate;
mod insights_table;
mod interest;
mod item;
mod listing;
mod members;
mod reader;
mod record_span;
mod reject;
mod s3_deletion;
mod scan;
mod security_profile;
mod shape;
mod timestamp;
mod tolerant;
mod tolerant_record;
mod walk;
mod whole;

pub use contact_record::{
    Agent, AgentGroup, ContactRecord, HierarchyGroups, Queue, Recording, StateTransition,
};
pub use content::{ContentHash, Raw};
pub use digest::{Digest, ListedLogFile};
pub use directory_user::{DirectoryUser, IdentityInfo};
pub use event::{
    Addendum, AdditionalEventData, Event, RequestParameters, Resource, ResponseElements,
    percent_decoded,
};
pub use hierarchy_group::{HierarchyGroup, HierarchyLevel, HierarchyPath};
pub use identity::{OnBehalfOf, SessionAttributes, SessionContext, SessionIssuer, UserIdentity};
pub use inflate::{Inflated, Inflater};
pub use interest::{ContactInterest, Interest};
pub use item::{DirectoryEntry, Item};
pub use listing::{Extent, Listing};
pub use members::{Member, members};
pub use reader::Reader;
pub use reject::{Excerpt, Position, Reject, RejectReason, ShownByte};
pub use s3_deletion::{S3Deletion, S3Report};
pub use security_profile::{PermissionList, SecurityProfile};
pub use shape::Passed;
pub use timestamp::{Time, Timestamp};
pub use tolerant::{Count, Flag, List, Text};
