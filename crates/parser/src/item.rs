//! What an input held, one thing at a time.

use crate::contact_record::ContactRecord;
use crate::content::{ContentHash, Raw};
use crate::directory_user::DirectoryUser;
use crate::event::Event;
use crate::hierarchy_group::HierarchyGroup;
use crate::listing::Listing;
use crate::reject::{Position, Reject};
use crate::s3_deletion::S3Deletion;
use crate::security_profile::{PermissionList, SecurityProfile};
use crate::shape::Passed;
use crate::timestamp::Timestamp;

/// One thing that an input held.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "an item lives on the stack for one call; a box would cost an allocation per record"
)]
pub enum Item<'a> {
    /// A CloudTrail record that the question is about, or that it heeds.
    Event {
        /// What it says.
        event: Event<'a>,
        /// When it happened.
        time: Timestamp,
        /// Where it lies.
        position: Position,
        /// The record itself.
        raw: Raw<'a>,
    },
    /// A deletion that S3 itself reports.
    S3Deletion {
        /// What it says.
        deletion: S3Deletion<'a>,
        /// Where it lies.
        position: Position,
        /// What tells it from another report.
        content: ContentHash,
    },
    /// A contact record.
    Contact {
        /// What it says.
        record: ContactRecord<'a>,
        /// The record itself.
        raw: Raw<'a>,
    },
    /// An entry of the Connect directory.
    Directory {
        /// What it says.
        entry: DirectoryEntry<'a>,
        /// The listing that it stands in.
        listing: Listing,
        /// Where it lies.
        position: Position,
        /// What tells it from another version.
        content: ContentHash,
    },
    /// Something understood that is not read as a record.
    Passed(Passed),
    /// Something that could not be read.
    Reject(Reject),
}

/// An entry of the Connect directory.
#[derive(Debug)]
pub enum DirectoryEntry<'a> {
    /// A Connect user.
    User(DirectoryUser<'a>),
    /// A security profile.
    SecurityProfile(SecurityProfile<'a>),
    /// What a security profile grants.
    Permissions(PermissionList<'a>),
    /// A group of the agent hierarchy.
    HierarchyGroup(HierarchyGroup<'a>),
}
