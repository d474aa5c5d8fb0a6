//! What the generator decided: the ground that the expected answers stand on.
//! Nothing here is read back from the records.

use std::collections::BTreeMap;

use crate::actor::ActorId;
use crate::recording::ObjectId;

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CallEnd {
    Ok,
    Denied,
    Failed,
}

/// What a call touched of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    /// The content.
    Read,
    /// What is known about it: size, tags, permissions.
    Head,
    /// The bucket's region, which is all a mark says.
    Mark,
}

/// A read, a look at metadata, or a bucket mark.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) at: i64,
    pub(crate) event_id: String,
    pub(crate) who: ActorId,
    pub(crate) bucket: &'static str,
    /// None for marks.
    pub(crate) object: Option<ObjectId>,
    pub(crate) touch: Touch,
    pub(crate) end: CallEnd,
    pub(crate) bytes: u64,
    /// The size that the event itself logged.
    pub(crate) logged_size: Option<u64>,
    /// The event said that only a part was sent.
    pub(crate) partial: bool,
    /// The event said that the reply was no part: a query's result, or cut off.
    pub(crate) full_reply: bool,
    pub(crate) presigned_download: bool,
}

/// What a delete came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeleteOutcome {
    Deleted,
    DeleteMarker,
    Denied,
    Failed,
    UnknownKeys,
}

impl DeleteOutcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::DeleteMarker => "delete-marker",
            Self::Denied => "denied",
            Self::Failed => "failed",
            Self::UnknownKeys => "unknown-keys",
        }
    }
}

/// What ties a delete to its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttributedBy {
    Caller,
    RequestId,
    BucketAndTime,
    None,
}

impl AttributedBy {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::RequestId => "request-id",
            Self::BucketAndTime => "bucket-and-time",
            Self::None => "none",
        }
    }
}

/// A delete of a recording, or an attempt.
#[derive(Debug, Clone)]
pub(crate) struct Deletion {
    pub(crate) at: i64,
    pub(crate) event_id: String,
    pub(crate) request_id: String,
    /// None when nothing names the caller.
    pub(crate) who: Option<ActorId>,
    /// None when the log does not name the keys.
    pub(crate) object: Option<ObjectId>,
    pub(crate) outcome: DeleteOutcome,
    pub(crate) version_id: Option<String>,
    pub(crate) attributed_by: AttributedBy,
}

/// Everything decided while a world was written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) accesses: Vec<Access>,
    pub(crate) deletions: Vec<Deletion>,
    pub(crate) counts: Counts,
}

/// How much of everything a world holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// CloudTrail records, duplicates and aggregated events among them.
    pub cloudtrail_records: usize,
    /// Records that are second copies of another.
    pub duplicates: usize,
    /// Aggregated events.
    pub aggregated: usize,
    /// Contact records, every re-delivery among them.
    pub contact_records: usize,
    /// Distinct contacts that have a contact record.
    pub contacts: usize,
    /// Distinct users that the directory files name.
    pub users_listed: usize,
    /// CloudTrail delivery files.
    pub files: usize,
    /// CloudTrail records by `eventName`, duplicates included.
    pub events_by_name: BTreeMap<String, usize>,
}
