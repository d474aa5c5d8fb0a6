//! Keeps logs as Parquet, each input once, and gives them back to reports.
//!
//! In go inputs with their names: [`ingest`] takes in those that the lake does
//! not know yet. Out comes, for a question, what reading the inputs themselves
//! would have brought: [`Lake::gather`] reads just the row groups that can matter
//! and hands the records, byte by byte as they were delivered, to the same reader.
//!
//! Everything of a run becomes true at once, when its ledger lands; readers trust
//! only the files that a ledger names.
//!
//! ```
//! use earwitness_lake::{Ingest, Lake, Needs, Shard, ingest};
//! use earwitness_query::{Library, Window};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let log = br#"{"eventVersion":"1.11","eventTime":"2026-03-02T09:05:17Z","eventSource":
//!   "s3.amazonaws.com","eventName":"DeleteObject","eventID":"1"}"#;
//! let ingested = ingest(folder, &Ingest {
//!     inputs: &["a file"],
//!     name: &|name| name,
//!     etag: &|_| None,
//!     plan: &|_| {},
//!     size_hint: &|_| log.len() as u64,
//!     read: &|_, buffer| { *buffer = log.to_vec(); Ok(()) },
//!     problems: &[],
//!     shard: Shard::WHOLE,
//!     max_inflated_bytes: 1 << 30,
//!     stop: &|| false,
//! })?;
//! assert_eq!(ingested.events, 1);
//!
//! let library = Library::shipped()?;
//! let report = library.find("who-deleted").expect("it is shipped");
//! let gathering = Lake::open(folder)?.gather(&Needs {
//!     interest: &report.interest(),
//!     window: Window::default(),
//!     max_inflated_bytes: 1 << 30,
//!     stop: &|| false,
//! }, &mut |_, _| {})?;
//! assert_eq!(gathering.into_evidence(&Default::default()).counts().read, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod compact;
mod contact_records;
mod contact_rows;
mod data_file;
mod document_rows;
mod error;
mod event_columns;
mod event_file;
mod event_records;
mod folder;
mod ingest;
mod intake;
mod known_columns;
mod lake;
mod ledger;
mod names;
mod rows;
mod session;
mod shard;
mod state;
mod status;

pub use check::{Checked, check};
pub use compact::{Compacted, compact};
pub use error::LakeError;
pub use ingest::{Bring, Ingest, Ingested, ingest};
pub use lake::{Lake, Needs, Unread};
pub use shard::Shard;
pub use status::Status;
