use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Tells whether the run is to end.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// What a run wants of its inputs, so that AWS is asked for no more, and what it
/// is told meanwhile. Files on this machine are found whole whatever is wanted.
pub struct Wanted<'a> {
    /// How AWS is reached.
    pub aws: AwsOptions,
    /// The event names that matter; none where all do.
    pub event_names: Option<Vec<String>>,
    /// The first moment that matters, in microseconds since 1970.
    pub since: Option<i64>,
    /// The first moment that matters no more, in microseconds since 1970.
    pub until: Option<i64>,
    /// The contacts that are read from an instance of Amazon Connect, by id.
    pub contact_ids: Vec<String>,
    /// Whether the digests that prove log files are wanted with their signatures.
    pub digests: bool,
    /// Where pages of answers are kept; in a temporary folder where none is named.
    pub pages_in: Option<PathBuf>,
    /// Asked again and again while something is waited for, while inputs are
    /// found and while they are read.
    pub stop: Stop,
    /// Hears how far the search is, and what users should know of it.
    pub tell: &'a dyn Fn(Told<'_>),
}

/// How AWS is reached, with the meaning that aws-cli gives these options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AwsOptions {
    /// A profile of the shared configuration.
    pub profile: Option<String>,
    /// A region's code.
    pub region: Option<String>,
    /// What is asked in place of AWS's own endpoints.
    pub endpoint_url: Option<String>,
}

/// Something to be told while inputs are found. Texts are safe for a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Told<'a> {
    /// How far the search is, which the next such text replaces.
    Progress(&'a str),
    /// What users should know of the answer.
    Note(&'a str),
}

impl Wanted<'static> {
    /// Wants everything, and tells nobody.
    pub fn everything() -> Self {
        Wanted {
            aws: AwsOptions::default(),
            event_names: None,
            since: None,
            until: None,
            contact_ids: Vec::new(),
            digests: true,
            pages_in: None,
            stop: Arc::new(|| false),
            tell: &|_| {},
        }
    }
}

impl fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wanted")
            .field("aws", &self.aws)
            .field("event_names", &self.event_names)
            .field("since", &self.since)
            .field("until", &self.until)
            .field("contact_ids", &self.contact_ids)
            .field("digests", &self.digests)
            .field("pages_in", &self.pages_in)
            .finish_non_exhaustive()
    }
}
