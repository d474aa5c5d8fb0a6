//! Finds where logs are and brings their bytes.
//!
//! In go the arguments a user typed: files, folders, patterns, `-` for standard
//! input, or places in AWS such as `s3://bucket/prefix`. Out comes every [`Input`] among them, once and in a fixed
//! order, and a named [`Problem`] for whatever could not be listed. What the
//! bytes mean is not known here.
//!
//! Names come from whoever made the files, so users see them with control
//! characters and invalid bytes escaped.
//!
//! ```
//! use earwitness_sources::{Wanted, find};
//!
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("a.json"), "{}")?;
//! # let folder = folder.path();
//! let found = find(&[folder.into()], &Wanted::everything())?;
//! assert!(found.problems.is_empty());
//! let mut buffer = Vec::new();
//! for input in &found.inputs {
//!     input.read(&mut buffer)?;
//!     assert_eq!(buffer.len() as u64, input.size_hint());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
#[cfg(feature = "aws")]
mod aws;
mod aws_error;
mod error;
mod fetch;
mod find;
mod folder;
mod gap;
mod input;
mod origin;
mod pattern;
mod problem;
mod relative;
mod remote;
mod s3_folder;
#[cfg(feature = "aws")]
mod safe_name;
#[cfg(test)]
mod scratch;
mod settings;
#[cfg(feature = "aws")]
mod spool;
mod wanted;

pub use crate::address::{Address, BadAddress, S3Place};
#[cfg(feature = "aws")]
pub use crate::aws::S3Object;
pub use crate::aws_error::{AwsCause, AwsError};
pub use crate::error::{Missing, SourceError};
pub use crate::fetch::{Fetched, fetch};
pub use crate::find::{Found, find};
pub use crate::gap::Gap;
pub use crate::input::{Input, LogFile};
pub use crate::problem::{Problem, ProblemReason, SpecialFile};
pub use crate::relative::relative_to_arguments;
pub use crate::remote::Ahead;
pub use crate::s3_folder::S3Folder;
pub use crate::settings::{Setting, SettingRefused, SettingsOf, settings};
pub use crate::wanted::{AwsOptions, Stop, Told, Wanted};
