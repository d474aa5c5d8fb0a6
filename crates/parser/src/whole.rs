//! Reads the objects that are handled in one piece: records of each kind.

use crate::contact_record::ContactRecord;
use crate::content::ContentHash;
use crate::directory_user::DirectoryUser;
use crate::event::Event;
use crate::hierarchy_group::HierarchyGroup;
use crate::item::{DirectoryEntry, Item};
use crate::reject::{Excerpt, RejectReason};
use crate::security_profile::{PermissionList, SecurityProfile};
use crate::shape::{Kind, Passed, Whole};
use crate::walk::{Document, Next, Walk, Walked, is_lookalike};

impl Walk<'_> {
    /// Reads an object in one piece.
    pub(crate) fn whole(&mut self, doc: &mut Document<'_>, at: usize, whole: Whole) -> Walked {
        let end = doc.scanner.value_end(at)?;
        let raw = &doc.bytes()[at..end];
        match whole {
            Whole::Event => self.event(doc, at, raw),
            Whole::Contact => match serde_json::from_slice::<ContactRecord<'_>>(raw) {
                Ok(record) if record.contact_id.get().is_some() => {
                    self.next_position(doc, at);
                    (self.sink)(Item::Contact {
                        record,
                        content: ContentHash::of(raw),
                    });
                }
                Ok(_) => self.unreadable(doc, at, "a contact record without ContactId"),
                Err(error) => self.unreadable(doc, at, error),
            },
            Whole::Directory(kind) => self.directory(doc, at, raw, kind),
            Whole::Passed(passed) => self.pass(doc, at, passed),
        }
        doc.damage.read_until(end);
        Ok(Next::At(end))
    }

    fn event(&mut self, doc: &Document<'_>, at: usize, raw: &[u8]) {
        let lookalike = doc.lookalikes && is_lookalike(raw);
        if !lookalike && !self.interest.may_want(raw) {
            return self.pass(doc, at, Passed::OtherEvent);
        }
        let event = match serde_json::from_slice::<Event<'_>>(raw) {
            Ok(event) => event,
            Err(error) => return self.unreadable(doc, at, error),
        };
        // What a record is, its own fields say: a caller can put any text into
        // the others.
        if event.event_type.get() == Some("AwsAggregatedEvent")
            || event.event_category.get() == Some("Aggregated")
        {
            return self.pass(doc, at, Passed::Aggregated);
        }
        if event.event_source.get() == Some("aws:s3") {
            return self.pass(doc, at, Passed::S3Notification);
        }
        match (event.event_name.get(), event.event_time.0) {
            (None, _) => self.unreadable(doc, at, "a CloudTrail record without eventName"),
            (Some(name), _) if !self.interest.wants(name) => {
                self.pass(doc, at, Passed::OtherEvent);
            }
            (Some(_), None) => {
                let id = Excerpt::of(event.event_id.as_str().as_bytes());
                self.reject(doc, at, RejectReason::NoTime(id));
            }
            (Some(_), Some(time)) => {
                let position = self.next_position(doc, at);
                (self.sink)(Item::Event {
                    event,
                    time,
                    position,
                    content: ContentHash::of(raw),
                });
            }
        }
    }

    /// Reads an entry of the directory. Users give people their names in every
    /// report; the others matter to few.
    fn directory(&mut self, doc: &Document<'_>, at: usize, raw: &[u8], kind: Kind) {
        if kind != Kind::User && !self.interest.wants_directory() {
            return self.pass(doc, at, Passed::ConnectListing);
        }
        match entry(raw, kind) {
            Ok(entry) => {
                let position = self.next_position(doc, at);
                (self.sink)(Item::Directory {
                    entry,
                    listing: self.listing,
                    position,
                    content: ContentHash::of(raw),
                });
            }
            Err(reason) => self.reject(doc, at, reason),
        }
    }

    fn unreadable(&mut self, doc: &Document<'_>, at: usize, why: impl ToString) {
        self.reject(doc, at, RejectReason::Unreadable(why.to_string()));
    }
}

fn entry(raw: &[u8], kind: Kind) -> Result<DirectoryEntry<'_>, RejectReason> {
    let unreadable = |why: &str| RejectReason::Unreadable(why.to_owned());
    let broken = |error: serde_json::Error| RejectReason::Unreadable(error.to_string());
    match kind {
        Kind::User => {
            let user: DirectoryUser<'_> = serde_json::from_slice(raw).map_err(broken)?;
            if user.is_connect_user() {
                Ok(DirectoryEntry::User(user))
            } else {
                Err(RejectReason::NotAConnectUser)
            }
        }
        Kind::SecurityProfile => {
            let profile: SecurityProfile<'_> = serde_json::from_slice(raw).map_err(broken)?;
            if profile.is_of_connect() {
                Ok(DirectoryEntry::SecurityProfile(profile))
            } else {
                Err(unreadable(
                    "no security profile of Connect (Id and a Connect Arn are expected)",
                ))
            }
        }
        Kind::Permissions => {
            let list: PermissionList<'_> = serde_json::from_slice(raw).map_err(broken)?;
            if list.is_readable() {
                Ok(DirectoryEntry::Permissions(list))
            } else {
                Err(unreadable(
                    "permissions with something that is no name among them",
                ))
            }
        }
        Kind::HierarchyGroup => {
            let group: HierarchyGroup<'_> = serde_json::from_slice(raw).map_err(broken)?;
            if group.is_of_connect() {
                Ok(DirectoryEntry::HierarchyGroup(group))
            } else {
                Err(unreadable(
                    "no hierarchy group of Connect (Id and a Connect Arn are expected)",
                ))
            }
        }
    }
}
