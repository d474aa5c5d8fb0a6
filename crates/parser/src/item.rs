//! What an input held, one thing at a time.

use crate::contact_record::ContactRecord;
use crate::content::ContentHash;
use crate::directory_user::DirectoryUser;
use crate::event::Event;
use crate::reject::{Position, Reject};
use crate::shape::Passed;
use crate::timestamp::Timestamp;

/// One thing that an input held.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "an item lives on the stack for one call; a box would cost an allocation per record"
)]
pub enum Item<'a> {
    /// A CloudTrail record that the question is about.
    Event {
        /// What it says.
        event: Event<'a>,
        /// When it happened.
        time: Timestamp,
        /// Where it lies.
        position: Position,
        /// What tells it from another record with its event id.
        content: ContentHash,
    },
    /// A contact record.
    Contact {
        /// What it says.
        record: ContactRecord<'a>,
        /// What tells it from another version.
        content: ContentHash,
    },
    /// A Connect user.
    User(DirectoryUser<'a>),
    /// Something understood that is not read as a record.
    Passed(Passed),
    /// Something that could not be read.
    Reject(Reject),
}
