//! Writes report rows in the form people take them away: a terminal table,
//! CSV, JSON, JSON lines, Parquet, an Excel workbook or a page for a browser.
//!
//! In goes a polars [`DataFrame`](polars::frame::DataFrame) and a [`Format`];
//! out come bytes on any [`std::io::Write`], or, through [`write_file`], a file
//! that is there whole or not at all. What the rows mean is not known here:
//! pages and workbooks say what an [`About`] tells them.
//!
//! Rows come from logs, and whoever makes requests chooses much of what a log
//! says. So the table shows control characters instead of obeying them, JSON
//! escapes them, CSV disarms cells that a spreadsheet would run, a workbook has
//! texts and never formulas, and a page shows text and never markup.
//!
//! ```
//! use earwitness_export::{Format, Options, writer};
//! use polars::prelude::df;
//!
//! let rows = df!("actor" => ["ana", "=1+1"], "requests" => [3i64, 1])?;
//! let mut out = Vec::new();
//! writer(Format::Csv, &Options::default()).write(&rows, &mut out)?;
//! assert_eq!(out, b"actor,requests\r\nana,3\r\n'=1+1,1\r\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod about;
mod atomic_file;
mod cell;
mod column;
mod csv;
mod error;
mod format;
mod html;
mod json;
mod json_object;
mod jsonl;
mod labelled_rows;
mod local_times;
mod parquet;
mod records;
mod rows;
#[cfg(test)]
mod sample;
mod table;
mod tally;
mod text_rows;
mod visible;
mod writer;
mod xlsx;

pub use crate::about::{About, Record, Roles};
pub use crate::atomic_file::{check_target, write_file};
pub use crate::error::ExportError;
pub use crate::format::Format;
pub use crate::html::write_page;
pub use crate::labelled_rows::{Labelled, labelled_rows};
pub use crate::local_times::with_local_times;
pub use crate::text_rows::text_rows;
pub use crate::visible::visible;
pub use crate::writer::{Options, Writer, writer};
