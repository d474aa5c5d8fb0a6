//! What a file turned out to be.

use std::fmt;

/// What verifying a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Signed by CloudTrail, or listed in a digest that is, and unchanged.
    Valid,
    /// Unchanged, but under another name than it was delivered under.
    Moved,
    /// Not what it was when CloudTrail signed it.
    Modified,
    /// Delivered, as a digest says, and not here.
    Missing,
    /// A log file that no digest lists that can be believed.
    NotListed,
    /// A digest that another one does not confirm.
    ChainBroken,
    /// A digest signed with a key that is not known, or listed in such a one.
    KeyUnknown,
    /// A digest whose signature is not known, or listed in such a one.
    Unsigned,
    /// Could not be read, so nothing is known.
    Unread,
    /// Neither log nor digest: CloudTrail vouches for no such file.
    NoLog,
}

impl Verdict {
    /// Every verdict, in the order in which they are listed.
    pub const ALL: [Verdict; 10] = [
        Verdict::Valid,
        Verdict::Moved,
        Verdict::Modified,
        Verdict::Missing,
        Verdict::NotListed,
        Verdict::ChainBroken,
        Verdict::KeyUnknown,
        Verdict::Unsigned,
        Verdict::Unread,
        Verdict::NoLog,
    ];

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Moved => "moved",
            Verdict::Modified => "modified",
            Verdict::Missing => "missing",
            Verdict::NotListed => "not-listed",
            Verdict::ChainBroken => "chain-broken",
            Verdict::KeyUnknown => "key-unknown",
            Verdict::Unsigned => "unsigned",
            Verdict::Unread => "unread",
            Verdict::NoLog => "no-log",
        }
    }

    /// Tells whether the file as it is here is as CloudTrail signed it.
    pub fn is_proven(self) -> bool {
        matches!(self, Verdict::Valid | Verdict::Moved)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a file is to a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    /// A digest.
    Digest,
    /// A digest that lists log files delivered late.
    BackfillDigest,
    /// A log file.
    Log,
    /// Anything else.
    Other,
}

impl FileKind {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            FileKind::Digest => "digest",
            FileKind::BackfillDigest => "backfill-digest",
            FileKind::Log => "log",
            FileKind::Other => "other",
        }
    }
}

/// A file with its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVerdict {
    /// The input as it was named; of what is missing, `s3://bucket/key`.
    pub file: String,
    /// What it is.
    pub kind: FileKind,
    /// What verifying it came to.
    pub verdict: Verdict,
    /// Whether this shows that somebody changed, removed or made a file.
    pub fails: bool,
    /// More, in words.
    pub why: Option<String>,
    /// The digest that lists it, as it was named.
    pub digest: Option<String>,
    /// SHA-256 of it inflated, in hex; none of what is missing.
    pub inflated_sha256: Option<String>,
}
