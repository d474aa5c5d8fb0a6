//! Small worlds, each with one thing that must be told apart.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod callers;
mod once;
mod s3_reports;
mod scope;
mod sittings;
mod small;
