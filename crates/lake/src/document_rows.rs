//! The `documents` table: inputs byte by byte as they were delivered, for what no
//! row of events or contact records says: listings of the Connect directory,
//! S3's server access logs and events, digests, damaged files. The `originals`
//! table keeps inputs alike that reports need no more than the rows of.

use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::Column;

use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION};
use crate::ledger::{FileEntry, Group, Table};
use crate::session::Session;

/// Documents on their way into a data file.
#[derive(Debug)]
pub(crate) struct DocumentRows {
    table: Table,
    rows: Vec<(String, u32, Vec<u8>)>,
    bytes: usize,
}

/// What is held before it is written, and what a row group has at most, unless
/// one document alone has more, in bytes.
pub(crate) const HELD_BYTES: usize = 64 << 20;
const GROUP_BYTES: usize = 16 << 20;

/// The column with the bytes.
pub(crate) const CONTENT: &str = "content";

/// Returns the columns that documents are given back from.
pub(crate) fn columns() -> Vec<String> {
    [INPUT, INPUT_VERSION, CONTENT].map(str::to_owned).to_vec()
}

impl DocumentRows {
    /// Makes rows of a table that keeps inputs as they are.
    pub(crate) fn of(table: Table) -> DocumentRows {
        DocumentRows {
            table,
            rows: Vec::new(),
            bytes: 0,
        }
    }

    pub(crate) fn push(&mut self, input: &str, version: u32, content: Vec<u8>) {
        self.bytes += input.len() + content.len();
        self.rows.push((input.to_owned(), version, content));
    }

    pub(crate) fn is_full(&self) -> bool {
        self.bytes >= HELD_BYTES
    }

    /// Writes what is held into a data file, if anything is.
    pub(crate) fn write(&mut self, session: &mut Session) -> Result<Option<FileEntry>, LakeError> {
        let rows = std::mem::take(&mut self.rows);
        let bytes = std::mem::take(&mut self.bytes);
        let mut rows = rows.as_slice();
        if rows.is_empty() {
            return Ok(None);
        }
        let mut file = session.data_file(self.table, self.table.folder())?;
        while !rows.is_empty() {
            let mut bytes = 0;
            let end = rows.iter().position(|(_, _, content)| {
                bytes += content.len();
                bytes >= GROUP_BYTES
            });
            let (group, rest) = rows.split_at(end.map_or(rows.len(), |end| end + 1));
            rows = rest;
            let frame = frame(group).map_err(|source| LakeError::Encode {
                path: self.table.folder().into(),
                source,
            })?;
            let entry = Group {
                rows: group.len() as u64,
                ..Group::default()
            };
            file.write(frame, entry)?;
        }
        file.finish(bytes).map(Some)
    }
}

fn frame(rows: &[(String, u32, Vec<u8>)]) -> PolarsResult<DataFrame> {
    let inputs: Vec<&str> = rows.iter().map(|(input, ..)| input.as_str()).collect();
    let versions: Vec<u32> = rows.iter().map(|(_, version, _)| *version).collect();
    let contents: Vec<&[u8]> = rows
        .iter()
        .map(|(.., content)| content.as_slice())
        .collect();
    let columns = vec![
        Column::new(INPUT.into(), inputs),
        Column::new(INPUT_VERSION.into(), versions),
        Column::new(CONTENT.into(), contents),
    ];
    DataFrame::new(rows.len(), columns)
}
