//! Turns what the inputs say into tables, and answers reports in SQL on them.
//!
//! In go inputs, each read into a [`Batch`] (at the same time, where there are
//! threads), put together by a [`Gathering`] in one order. Out comes
//! [`Evidence`]: the tables of [`Table::ALL`], every record in them once. A
//! [`Report`] is SQL over these tables; [`answer`] runs it.
//!
//! ```
//! use std::sync::Arc;
//! use earwitness_parser::Reader;
//! use earwitness_query::{Ask, Batch, Gathering, Library, Scope, Window, answer};
//!
//! let file = br#"{"Records":[{"eventVersion":"1.11","eventTime":"2026-03-02T09:05:17Z",
//!   "eventSource":"s3.amazonaws.com","eventName":"DeleteObject","eventID":"1",
//!   "userIdentity":{"type":"Root"},"requestParameters":{"bucketName":"b",
//!   "key":"connect/a/CallRecordings/2026/03/01/12345678-90ab-cdef-1234-567890abcdef_20260301T15:00_UTC.wav"}}]}"#;
//! let library = Library::shipped()?;
//! let report = library.find("who-deleted").expect("it is shipped");
//! let mut reader = Reader::new(report.interest(), 1 << 30);
//! let mut gathering = Gathering::default();
//! gathering.absorb(Batch::read("a file", file, &mut reader, &Window::default()));
//! let evidence = Arc::new(gathering.into_evidence(&Scope::default()));
//! assert!(evidence.counts().reconcile());
//! let rows = answer(report, &evidence, &Ask::default())?;
//! assert_eq!(rows.height(), 1);
//! # Ok::<(), earwitness_query::QueryError>(())
//! ```

mod access;
mod actor;
mod answer;
mod batch;
mod batch_delete;
mod column;
mod contacts;
mod correction;
mod corroboration;
mod counts;
mod dialect;
mod directory;
mod error;
mod evidence;
mod gathering;
mod grant;
mod history;
mod input_counts;
mod input_name;
mod lack;
mod library;
mod local_clock;
mod logging_call;
mod monitor_request;
mod monitoring;
mod names;
mod object;
mod object_facts;
mod object_size;
mod operation;
mod parameter;
mod permission;
mod principal;
mod recording_buckets;
mod recording_key;
mod report;
mod review;
mod s3_deletion;
mod seen_accesses;
mod shared_copy;
mod sql_clause;
mod sql_problem;
mod stored_report;
mod stored_table;
mod symbols;
mod table;
mod table_definition;
mod text_column;
mod trail_change;
mod users;
mod verdict;
mod window;

pub use answer::{Ask, answer};
pub use batch::Batch;
pub use counts::Counts;
pub use dialect::Dialect;
pub use error::QueryError;
pub use evidence::{Evidence, Scope};
pub use gathering::{ContactId, ContactIds, Gathering, PickedContacts, Place, Scattered, Totals};
pub use input_counts::InputCounts;
pub use lack::Lack;
pub use library::Library;
pub use logging_call::LoggingCall;
pub use parameter::{Parameter, ParameterValue};
pub use polars::frame::DataFrame;
pub use recording_key::canonical_key;
pub use report::{Report, ReportColumn};
pub use sql_problem::SqlProblem;
pub use stored_report::Question;
pub use stored_table::{StoredColumn, StoredTable, StoredType};
pub use table::{ColumnDoc, Table};
pub use table_definition::table_definitions;
pub use window::Window;
