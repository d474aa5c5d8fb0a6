//! Proves what logs can prove: that they are as CloudTrail delivered them, and
//! which hours they cover.
//!
//! In go inputs, each looked at by an [`Examiner`] (at the same time, where there
//! are threads), and [`PublicKeys`]. Out comes a [`Verification`]: a [`Verdict`]
//! for each file, and for each that digests list and that is not there. Digests
//! and key lists are hostile text like any log: nothing is opened by what they
//! say, and nothing is believed that is not signed.
//!
//! ```
//! use earwitness_proof::{Examiner, PublicKeys, Verdict, Verification};
//!
//! let log = br#"{"Records":[{"eventName":"DeleteObject","eventSource":"s3.amazonaws.com"}]}"#;
//! let mut examiner = Examiner::new(1 << 30);
//! let examined = [examiner.examine("a log", log)];
//! let verification = Verification::of(&examined, &PublicKeys::default());
//! assert_eq!(verification.files[0].verdict, Verdict::NotListed);
//! ```

mod blinding;
mod chain;
mod coverage;
mod delivery;
mod diagnosis;
mod digest;
mod error;
mod examined;
mod hex;
mod json_member;
mod listing;
mod logging_change;
mod manifest;
mod place;
mod public_keys;
mod saved_metadata;
mod selector;
mod settings;
mod signature;
mod span;
mod verdict;
mod verification;

pub use coverage::{Asked, Coverage, State, Stretch};
pub use diagnosis::{
    Answer, Case, Diagnosis, Finding, Place as RecordingPlace, Question, TRAIL_CHANGES,
};
pub use error::ProofError;
pub use examined::{Examined, Examiner, sha256};
pub use manifest::{
    CoverageSum, InputFile, LackingFile, Manifest, OutputFile, Parameters, RecordCounts,
    ReportText, RunTimes, SCHEMA,
};
pub use public_keys::PublicKeys;
pub use selector::{Category, FieldValue, Probe, Recorded, Selectors};
pub use settings::{Call, Refusal, Reply, Settings};
pub use verdict::{FileKind, FileVerdict, Verdict};
pub use verification::{Gap, Verification};
