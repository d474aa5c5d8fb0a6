//! What is known of an object: from where it lies, and from contact records.

use std::mem;

use rayon::prelude::*;

use crate::contacts::Contacts;
use crate::object::Object;
use crate::recording_key::{RecordingKey, RecordingKind};
use crate::symbols::{Symbol, Symbols};

/// How an object's contact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContactMatch {
    ContactRecord,
    FileName,
    None,
}

impl ContactMatch {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ContactMatch::ContactRecord => "contact-record",
            ContactMatch::FileName => "file-name",
            ContactMatch::None => "none",
        }
    }
}

/// What is known of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ObjectFacts {
    pub(crate) kind: RecordingKind,
    pub(crate) redacted: Option<bool>,
    pub(crate) contact_id: Symbol,
    pub(crate) key_contact_id: Symbol,
    pub(crate) contact_match: ContactMatch,
}

/// Returns what is known of each of `objects`, by place, as far as `named` lists its
/// place; most objects are just named by contact records.
pub(crate) fn known(
    mut named: Vec<u32>,
    objects: &[Object],
    contacts: &Contacts,
    symbols: &mut Symbols,
) -> Vec<ObjectFacts> {
    let mut is_listed = vec![false; objects.len()];
    named.retain(|place| !mem::replace(&mut is_listed[*place as usize], true));
    let layouts: Vec<Option<Layout>> = named
        .par_iter()
        .map(|place| Layout::of(objects[*place as usize], symbols))
        .collect();
    let mut facts = vec![ObjectFacts::UNKNOWN; objects.len()];
    for (place, layout) in named.into_iter().zip(layouts) {
        if let Some(layout) = layout {
            facts[place as usize] = ObjectFacts::of(place, layout, contacts, symbols);
        }
    }
    facts
}

/// What the key of an object says.
struct Layout {
    kind: RecordingKind,
    redacted: bool,
    contact: Option<Claimed>,
}

/// The contact that a key names.
enum Claimed {
    Known(Symbol),
    New(String),
}

impl Layout {
    /// Reads the key; `None` where it is not known.
    fn of(object: Object, symbols: &Symbols) -> Option<Layout> {
        let layout = RecordingKey::parse(symbols.get(object.key)?);
        let contact = layout.contact_id.map(str::to_ascii_lowercase);
        Some(Layout {
            kind: layout.kind,
            redacted: layout.redacted,
            contact: contact.map(|id| symbols.find(&id).map_or(Claimed::New(id), Claimed::Known)),
        })
    }
}

impl ObjectFacts {
    /// Nothing is known of it, not even its key.
    const UNKNOWN: ObjectFacts = ObjectFacts {
        kind: RecordingKind::None,
        redacted: None,
        contact_id: Symbol::NONE,
        key_contact_id: Symbol::NONE,
        contact_match: ContactMatch::None,
    };

    fn of(place: u32, layout: Layout, contacts: &Contacts, symbols: &mut Symbols) -> ObjectFacts {
        let key_contact_id = match layout.contact {
            None => Symbol::NONE,
            Some(Claimed::Known(known)) => known,
            Some(Claimed::New(id)) => symbols.intern(&id),
        };
        let (kind, contact_id, contact_match) = match contacts.recording(place) {
            Some(recording) => (
                recording.kind,
                recording.contact_id,
                ContactMatch::ContactRecord,
            ),
            None if key_contact_id.is_none() => (layout.kind, Symbol::NONE, ContactMatch::None),
            None => (layout.kind, key_contact_id, ContactMatch::FileName),
        };
        ObjectFacts {
            kind,
            redacted: Some(layout.redacted),
            contact_id,
            key_contact_id,
            contact_match,
        }
    }
}
