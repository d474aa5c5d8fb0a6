//! Decides what a JSON object is by the keys it has.
//!
//! Sources: AWS CloudTrail, CloudWatch Logs, EventBridge, SNS, SQS and Connect
//! documentation of the formats named at each arm.

/// What one key says about the object it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The object is a whole of this kind.
    Whole(Whole),
    /// The key's array holds what matters.
    Elements(Element),
    /// The key's value, object or text, is what matters.
    Payload,
    /// The key's value is an entry of the Connect directory.
    Single(Kind),
    /// The key says nothing.
    None,
}

/// A kind of object that is handled in one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    Event,
    Contact,
    Directory(Kind),
    S3Deletion,
    Passed(Passed),
}

/// What an array of a wrapper holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Record,
    Directory(Kind),
}

/// What an entry of the Connect directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    SecurityProfile,
    Permissions,
    HierarchyGroup,
}

/// What is understood and deliberately not read as an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Passed {
    /// A CloudTrail record that the question is not about.
    OtherEvent,
    /// A CloudTrail aggregated event: counts without who or which object.
    Aggregated,
    /// An S3 event notification or a note of a delivered log file.
    S3Notification,
    /// A line of an S3 server access log that the question is not about.
    OtherAccessLogLine,
    /// A CloudTrail digest file.
    Digest,
    /// What digests are verified with: public keys, saved metadata of S3 objects.
    DigestKey,
    /// A Connect listing that the question is not about.
    ConnectListing,
    /// A CloudWatch Logs control message.
    ControlMessage,
}

impl Passed {
    /// Names the kind for people, in the plural.
    pub fn name(self) -> &'static str {
        match self {
            Passed::OtherEvent => "other CloudTrail events",
            Passed::Aggregated => "aggregated CloudTrail events",
            Passed::S3Notification => "S3 notifications",
            Passed::OtherAccessLogLine => "other S3 server access log lines",
            Passed::Digest => "CloudTrail digests",
            Passed::DigestKey => "lists of public keys and saved S3 metadata",
            Passed::ConnectListing => "other Connect listings",
            Passed::ControlMessage => "CloudWatch Logs control messages",
        }
    }
}

impl Role {
    /// Reads the role of `key`, whose value begins with `value`.
    pub(crate) fn of(key: &[u8], value: &[u8]) -> Role {
        let first = value.first().copied();
        match key {
            // Keys that only CloudTrail records have.
            b"eventVersion"
            | b"userIdentity"
            | b"eventName"
            | b"eventSource"
            | b"eventID"
            | b"sourceIPAddress"
            | b"requestParameters"
            | b"responseElements"
            | b"additionalEventData"
            | b"recipientAccountId"
            | b"requestID" => Role::Whole(Whole::Event),
            // Delivery files, S3/SQS/SNS/Kinesis to Lambda; LookupEvents;
            // FilterLogEvents; subscriptions; Insights; SQS ReceiveMessage.
            b"Records" | b"Events" | b"events" | b"logEvents" | b"results" | b"Messages"
                if first == Some(b'[') =>
            {
                Role::Elements(Element::Record)
            }
            // EventBridge; a log event; Insights; LookupEvents; Splunk; SQS;
            // SNS; CloudWatch Logs and Kinesis to Lambda.
            b"detail" | b"message" | b"@message" | b"CloudTrailEvent" | b"_raw" | b"body"
            | b"Body" | b"Message" | b"Sns" | b"awslogs" | b"kinesis" | b"data" => Role::Payload,
            // `aws connect describe-contact`.
            b"Contact" if first == Some(b'{') => Role::Payload,
            b"AWSContactTraceRecordFormatVersion"
            | b"InitiationMethod"
            | b"ConnectedToSystemTimestamp" => Role::Whole(Whole::Contact),
            b"UserSummaryList" | b"Users" if first == Some(b'[') => {
                Role::Elements(Element::Directory(Kind::User))
            }
            b"SecurityProfileSummaryList" | b"SecurityProfiles" if first == Some(b'[') => {
                Role::Elements(Element::Directory(Kind::SecurityProfile))
            }
            b"UserHierarchyGroupSummaryList" | b"UserHierarchyGroups" if first == Some(b'[') => {
                Role::Elements(Element::Directory(Kind::HierarchyGroup))
            }
            b"User" if first == Some(b'{') => Role::Single(Kind::User),
            b"SecurityProfile" if first == Some(b'{') => Role::Single(Kind::SecurityProfile),
            b"HierarchyGroup" if first == Some(b'{') => Role::Single(Kind::HierarchyGroup),
            b"SecurityProfileIds" | b"RoutingProfileId" | b"IdentityInfo" => {
                Role::Whole(Whole::Directory(Kind::User))
            }
            b"SecurityProfileName" => Role::Whole(Whole::Directory(Kind::SecurityProfile)),
            b"Permissions" if first == Some(b'[') => {
                Role::Whole(Whole::Directory(Kind::Permissions))
            }
            b"HierarchyPath" => Role::Whole(Whole::Directory(Kind::HierarchyGroup)),
            b"messageType" if value.starts_with(b"\"CONTROL_MESSAGE\"") => {
                Role::Whole(Whole::Passed(Passed::ControlMessage))
            }
            b"digestStartTime" | b"digestS3Object" | b"digestS3Bucket" => {
                Role::Whole(Whole::Passed(Passed::Digest))
            }
            // What `aws cloudtrail list-public-keys` and `aws s3api head-object` print.
            b"PublicKeyList" if first == Some(b'[') => {
                Role::Whole(Whole::Passed(Passed::DigestKey))
            }
            b"Metadata" if is_signature(value) => Role::Whole(Whole::Passed(Passed::DigestKey)),
            // CloudTrail's SNS message; S3's test event; S3 on EventBridge.
            b"s3ObjectKey" | b"request-id" | b"requester" => {
                Role::Whole(Whole::Passed(Passed::S3Notification))
            }
            b"Event" if value.starts_with(b"\"s3:") => {
                Role::Whole(Whole::Passed(Passed::S3Notification))
            }
            b"HierarchyStructure" | b"InstanceSummaryList" | b"StorageConfigs" => {
                Role::Whole(Whole::Passed(Passed::ConnectListing))
            }
            _ => Role::None,
        }
    }
}

/// Tells whether the object that a text begins with is the metadata that S3
/// keeps of a digest.
fn is_signature(object: &[u8]) -> bool {
    let end = memchr::memchr(b'}', object).unwrap_or(0);
    memchr::memmem::find(&object[..end], b"\"signature-algorithm\"").is_some()
}
