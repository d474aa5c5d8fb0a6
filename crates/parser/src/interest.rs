//! Which records a question is about.

/// The event names that matter, and what else does.
#[derive(Debug, Clone)]
pub struct Interest {
    /// In order; `None` where all matter.
    names: Option<Vec<String>>,
    /// Those of them that only tell how large an object is.
    sizes: Vec<String>,
    /// Event names that matter to the answer without being part of it.
    heeded: Vec<String>,
    directory: bool,
    s3_deletions: bool,
    contacts: ContactInterest,
}

/// Which contact records matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactInterest {
    /// All.
    All,
    /// Those of contacts and recordings that the events are about. Whoever keeps
    /// contact records need not bring the others.
    OfEvents,
}

impl Interest {
    /// Wants every record.
    pub fn everything() -> Self {
        Interest {
            names: None,
            sizes: Vec::new(),
            heeded: Vec::new(),
            directory: true,
            s3_deletions: true,
            contacts: ContactInterest::All,
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
        Interest {
            names: Some(names),
            sizes: Vec::new(),
            heeded: Vec::new(),
            directory: false,
            s3_deletions: false,
            contacts: ContactInterest::All,
        }
    }

    /// Wants the records with one of these event names too, for nothing but the
    /// sizes of the objects that they made.
    #[must_use]
    pub fn and_sizes<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        let Some(all) = &mut self.names else {
            return self;
        };
        for name in names {
            if let Err(place) = all.binary_search_by(|known| known.as_str().cmp(name.as_ref())) {
                all.insert(place, name.as_ref().to_owned());
                self.sizes.push(name.as_ref().to_owned());
            }
        }
        self
    }

    /// Heeds the records with one of these event names too: the question is not
    /// about them, and how far its answer goes depends on them.
    #[must_use]
    pub fn and_heed<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        for name in names {
            if !self.wants(name.as_ref().as_bytes()) {
                self.heeded.push(name.as_ref().to_owned());
            }
        }
        self
    }

    /// Tells whether a record of this event name is heeded.
    pub fn heeds(&self, event_name: &[u8]) -> bool {
        self.heeded.iter().any(|name| name.as_bytes() == event_name)
    }

    /// Returns the event names that are wanted, in order; `None` where all are.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Returns the event names that are wanted for sizes and nothing else.
    pub fn sizes(&self) -> &[String] {
        &self.sizes
    }

    /// Wants the security profiles, permissions and hierarchy groups of the
    /// Connect directory too; its users are always wanted.
    #[must_use]
    pub fn and_directory(mut self) -> Self {
        self.directory = true;
        self
    }

    /// Wants the deletions too that S3 itself reports.
    #[must_use]
    pub fn and_s3_deletions(mut self) -> Self {
        self.s3_deletions = true;
        self
    }

    /// Wants no contact records but those that the events lead to.
    #[must_use]
    pub fn with_contacts_of_events(mut self) -> Self {
        self.contacts = ContactInterest::OfEvents;
        self
    }

    /// Returns which contact records matter.
    pub fn contacts(&self) -> ContactInterest {
        self.contacts
    }

    pub(crate) fn wants_s3_deletions(&self) -> bool {
        self.s3_deletions
    }

    pub(crate) fn wants_directory(&self) -> bool {
        self.directory
    }

    /// Tells whether a record of this event name matters.
    pub fn wants(&self, event_name: &[u8]) -> bool {
        self.names.as_ref().is_none_or(|names| {
            let named = |name: &String| name.as_bytes().cmp(event_name);
            names.binary_search_by(named).is_ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_wanted_whole() {
        let interest = Interest::in_events(["DeleteObjects", "DeleteObject", "GetObject"]);
        assert!(interest.wants(b"DeleteObject"));
        assert!(interest.wants(b"DeleteObjects"));
        for name in [&b"DeleteObjectTagging"[..], b"DeleteObj", b"", b"getobject"] {
            assert!(!interest.wants(name));
        }
        assert!(Interest::everything().wants(b"Anything"));
    }

    #[test]
    fn a_record_that_matters_anyway_tells_more_than_a_size() {
        let interest = Interest::in_events(["GetObject", "PutObject"]).and_sizes([
            "CopyObject",
            "PutObject",
            "CopyObject",
        ]);
        assert_eq!(interest.sizes(), ["CopyObject"]);
        assert!(interest.wants(b"CopyObject") && interest.wants(b"GetObject"));
        let everything = Interest::everything().and_sizes(["PutObject"]);
        assert_eq!(everything.sizes(), [] as [String; 0]);
        assert!(!Interest::in_events::<&str>([]).wants(b"Anything"));
    }
}
