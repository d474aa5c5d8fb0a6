//! Reads the objects that are handled in one piece: records of each kind.

use serde::Deserialize;

use crate::contact_record::ContactRecord;
use crate::content::{ContentHash, Raw};
use crate::directory_user::DirectoryUser;
use crate::event::Event;
use crate::event_by_member::{self, MemberSpan};
use crate::hierarchy_group::HierarchyGroup;
use crate::item::{DirectoryEntry, Item};
use crate::record_span::{RecordSpan, Said};
use crate::reject::{Excerpt, RejectReason};
use crate::security_profile::{PermissionList, SecurityProfile};
use crate::shape::{Kind, Passed, Whole};
use crate::walk::{Document, Next, Walk, Walked};

const AGGREGATED_EVENT: &str = "AwsAggregatedEvent";
const AGGREGATED: &str = "Aggregated";

impl Walk<'_> {
    /// Reads an object in one piece.
    pub(crate) fn whole(&mut self, doc: &mut Document<'_>, at: usize, whole: Whole) -> Walked {
        let end = doc.surely(at, |scanner| scanner.skip(at).map(|end| (end, end)))?;
        let raw = &doc.bytes()[at..end];
        match whole {
            Whole::Event => self.read_event(doc, at, raw, &[]),
            Whole::Contact => match typed::<ContactRecord<'_>>(raw) {
                Ok(record) if record.contact_id.get().is_some() => {
                    self.next_position(doc, at);
                    (self.sink)(Item::Contact {
                        record,
                        raw: Raw::of(raw),
                    });
                }
                Ok(_) => self.unreadable(doc, at, "a contact record without ContactId"),
                Err(error) => self.unreadable(doc, at, error),
            },
            Whole::Directory(kind) => self.directory(doc, at, raw, kind),
            Whole::S3Deletion => self.object_deleted(doc, at, raw),
            Whole::Passed(passed) => self.pass(doc, at, passed),
        }
        doc.damage.read_until(end);
        Ok(Next::At(end))
    }

    /// Reads what has the keys of a CloudTrail record, as far as it matters.
    pub(crate) fn event(
        &mut self,
        doc: &mut Document<'_>,
        open: usize,
        span: &RecordSpan<'_>,
        members: &[MemberSpan],
    ) -> Next {
        if let Said::Plain(b"aws:s3") = span.event_source {
            self.pass(doc, open, Passed::S3Notification);
        } else if self.may_matter(span) {
            self.read_event(doc, open, &doc.bytes()[open..span.end], members);
        } else {
            self.pass(doc, open, Passed::OtherEvent);
        }
        doc.damage.read_until(span.end);
        Next::At(span.end)
    }

    /// Tells whether a record has to be read to know what it is. The check may
    /// pass one that turns out not to matter, and never holds back one that does.
    fn may_matter(&self, span: &RecordSpan<'_>) -> bool {
        span.event_name == Said::Nothing
            || span
                .event_name
                .may_be(|name| self.interest.wants(name) || self.interest.heeds(name))
            || span
                .event_type
                .may_be(|text| text == AGGREGATED_EVENT.as_bytes())
            || span
                .event_category
                .may_be(|text| text == AGGREGATED.as_bytes())
    }

    fn read_event<'b>(
        &mut self,
        doc: &mut Document<'b>,
        at: usize,
        raw: &'b [u8],
        members: &[MemberSpan],
    ) {
        let read = event_by_member::event(raw, members, &mut doc.callers);
        let event = match read.map_or_else(|| typed::<Event<'_>>(raw), Ok) {
            Ok(event) => event,
            Err(error) => return self.unreadable(doc, at, error),
        };
        // What a record is, its own fields say: a caller can put any text into
        // the others.
        if event.event_type.get() == Some(AGGREGATED_EVENT)
            || event.event_category.get() == Some(AGGREGATED)
        {
            return self.pass(doc, at, Passed::Aggregated);
        }
        if event.event_source.get() == Some("aws:s3") {
            return self.pass(doc, at, Passed::S3Notification);
        }
        match (event.event_name.get(), event.event_time.0) {
            (None, _) => self.unreadable(doc, at, "a CloudTrail record without eventName"),
            (Some(name), time)
                if !self.interest.wants(name.as_bytes())
                    && (time.is_none() || !self.interest.heeds(name.as_bytes())) =>
            {
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
                    raw: Raw::of(raw),
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

    pub(crate) fn unreadable(&mut self, doc: &Document<'_>, at: usize, why: impl ToString) {
        self.reject(doc, at, RejectReason::Unreadable(why.to_string()));
    }
}

/// Reads a JSON value into its type.
fn typed<'a, T: Deserialize<'a>>(raw: &'a [u8]) -> serde_json::Result<T> {
    // What is UTF-8 as a whole need not be checked text by text.
    match std::str::from_utf8(raw) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(raw),
    }
}

fn entry(raw: &[u8], kind: Kind) -> Result<DirectoryEntry<'_>, RejectReason> {
    let unreadable = |why: &str| RejectReason::Unreadable(why.to_owned());
    let broken = |error: serde_json::Error| RejectReason::Unreadable(error.to_string());
    match kind {
        Kind::User => {
            let user: DirectoryUser<'_> = typed(raw).map_err(broken)?;
            if user.is_connect_user() {
                Ok(DirectoryEntry::User(user))
            } else {
                Err(RejectReason::NotAConnectUser)
            }
        }
        Kind::SecurityProfile => {
            let profile: SecurityProfile<'_> = typed(raw).map_err(broken)?;
            if profile.is_of_connect() {
                Ok(DirectoryEntry::SecurityProfile(profile))
            } else {
                Err(unreadable(
                    "no security profile of Connect (Id and a Connect Arn are expected)",
                ))
            }
        }
        Kind::Permissions => {
            let list: PermissionList<'_> = typed(raw).map_err(broken)?;
            if list.is_readable() {
                Ok(DirectoryEntry::Permissions(list))
            } else {
                Err(unreadable(
                    "permissions with something that is no name among them",
                ))
            }
        }
        Kind::HierarchyGroup => {
            let group: HierarchyGroup<'_> = typed(raw).map_err(broken)?;
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
