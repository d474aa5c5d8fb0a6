//! Which records a question is about, decided on raw bytes where possible.

use memchr::memmem::Finder;

/// The event names that matter, and how to see early that a record has none.
///
/// The check on raw bytes may pass a record that turns out not to matter; it
/// never holds back one that does. Names in JSON may be written with escapes
/// (`\u0044eleteObject`), so a record with an escaped ASCII letter passes too.
#[derive(Debug, Clone)]
pub struct Interest {
    names: Option<Vec<String>>,
    finders: Vec<Finder<'static>>,
    escaped_letter: Finder<'static>,
    directory: bool,
}

impl Interest {
    /// Wants every record.
    pub fn everything() -> Self {
        Interest {
            names: None,
            finders: Vec::new(),
            escaped_letter: Finder::new(ESCAPE),
            directory: true,
        }
    }

    /// Wants the records with one of these event names.
    pub fn in_events<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut names: Vec<String> = names
            .into_iter()
            .map(|name| name.as_ref().to_owned())
            .collect();
        names.sort_unstable();
        names.dedup();
        // A name that begins with another is found by looking for the other.
        let mut needles: Vec<&str> = Vec::new();
        for name in &names {
            if !needles
                .last()
                .is_some_and(|shorter| name.starts_with(shorter))
            {
                needles.push(name);
            }
        }
        Interest {
            finders: needles
                .iter()
                .map(|needle| Finder::new(&format!("\"{needle}")).into_owned())
                .collect(),
            names: Some(names),
            escaped_letter: Finder::new(ESCAPE),
            directory: false,
        }
    }

    /// Wants the security profiles, permissions and hierarchy groups of the
    /// Connect directory too; its users are always wanted.
    #[must_use]
    pub fn and_directory(mut self) -> Self {
        self.directory = true;
        self
    }

    pub(crate) fn wants_directory(&self) -> bool {
        self.directory
    }

    /// Tells whether a record of this event name matters.
    pub fn wants(&self, event_name: &str) -> bool {
        self.names
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == event_name))
    }

    /// Tells whether raw bytes could hold a record that matters.
    pub(crate) fn may_want(&self, raw: &[u8]) -> bool {
        self.names.is_none()
            || self.finders.iter().any(|finder| finder.find(raw).is_some())
            || self.has_escaped_letter(raw)
    }

    fn has_escaped_letter(&self, raw: &[u8]) -> bool {
        self.escaped_letter.find_iter(raw).any(|at| {
            raw.get(at + ESCAPE.len())
                .is_some_and(|digit| (b'4'..=b'7').contains(digit))
        })
    }
}

/// What `\u0041` to `\u007a`, the escapes of ASCII letters, begin with.
const ESCAPE: &[u8] = b"\\u00";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_name_is_found_by_its_beginning() {
        let interest = Interest::in_events(["DeleteObjects", "DeleteObject", "GetObject"]);
        assert_eq!(interest.finders.len(), 2);
        assert!(interest.may_want(br#"{"eventName":"DeleteObjects"}"#));
        assert!(interest.may_want(br#"{"eventName":"\u0044eleteObject"}"#));
        assert!(!interest.may_want(br#"{"eventName":"PutObject","url":"a\u003db"}"#));
        assert!(interest.wants("DeleteObjects"));
        assert!(!interest.wants("DeleteObjectTagging"));
        assert!(Interest::everything().wants("Anything"));
    }

    #[test]
    fn no_names_want_nothing() {
        let interest = Interest::in_events([""; 0]);
        assert!(!interest.may_want(br#"{"eventName":"DeleteObject"}"#));
        assert!(!interest.wants("DeleteObject"));
        assert!(!interest.wants_directory());
        assert!(interest.and_directory().wants_directory());
    }
}
