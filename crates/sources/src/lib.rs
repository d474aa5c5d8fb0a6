//! Finds where logs are and brings their bytes.
//!
//! In go the arguments a user typed: files, folders, patterns or `-` for
//! standard input. Out comes every [`Input`] among them, once and in a fixed
//! order, and a named [`Problem`] for whatever could not be listed. What the
//! bytes mean is not known here.
//!
//! Names come from whoever made the files, so users see them with control
//! characters and invalid bytes escaped.
//!
//! ```
//! use earwitness_sources::find;
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("a.json"), "{}")?;
//! # let folder = folder.path();
//! let found = find(&[folder.into()])?;
//! assert!(found.problems.is_empty());
//! let mut buffer = Vec::new();
//! for input in &found.inputs {
//!     input.read(&mut buffer)?;
//!     assert_eq!(buffer.len() as u64, input.size_hint());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod find;
mod folder;
mod input;
mod origin;
mod pattern;
mod problem;
mod relative;
#[cfg(test)]
mod scratch;

pub use crate::error::{Missing, SourceError};
pub use crate::find::{Found, find};
pub use crate::input::{Input, LogFile};
pub use crate::problem::{Problem, ProblemReason, SpecialFile};
pub use crate::relative::relative_to_arguments;
