use std::io;
use std::path::PathBuf;

use polars::error::PolarsError;
use rust_xlsxwriter::XlsxError;

use crate::Format;

/// What can go wrong while rows are written; each text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The name is no format.
    #[error("read the format `{name}`; choose one of {}", Format::names())]
    UnknownFormat {
        /// The name as it was given.
        name: String,
    },

    /// A column holds values that have no text form, such as lists.
    #[error("write the column `{column}` of type {dtype}; cast it to text in the query")]
    Column {
        /// The column's name.
        column: String,
        /// The column's type as polars names it.
        dtype: String,
        /// Why the cast to text failed.
        source: PolarsError,
    },

    /// The rows could not be laid out in the format.
    #[error("encode the rows as {format}")]
    Encode {
        /// The format that was asked for.
        format: Format,
        /// What polars said.
        source: PolarsError,
    },

    /// The rows could not be laid out in a workbook.
    #[error("encode the rows as xlsx")]
    Workbook(#[source] XlsxError),

    /// Rows lie in temporary files until a workbook is whole, and those took no
    /// more.
    #[error(
        "write the rows of a workbook to temporary files in {}; is the disk full? TMPDIR names another folder",
        folder.display()
    )]
    TemporaryFiles {
        /// The folder for temporary files.
        folder: PathBuf,
    },

    /// The page could not be put together.
    #[error("encode the rows as html")]
    Page(#[source] minijinja::Error),

    /// A format takes no more rows.
    #[error(
        "write {rows} rows as {format}: it holds {most} at most; narrow the question, \
         or choose csv, xlsx or parquet"
    )]
    TooManyRows {
        /// The format that was asked for.
        format: Format,
        /// How many rows there are.
        rows: usize,
        /// How many the format takes.
        most: usize,
    },

    /// The output took no more bytes.
    #[error("write the rows")]
    Write(#[source] io::Error),

    /// The file could not be made or filled.
    #[error("write {}", path.display())]
    File {
        /// The file as it was named.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The file is there already, and replacing it was not asked for.
    #[error("write {}: it exists already; pass --force to replace it", path.display())]
    Exists {
        /// The file as it was named.
        path: PathBuf,
    },

    /// The path leads to something that cannot hold a result.
    #[error("write {}: it is {what}; name a file", path.display())]
    NotAFile {
        /// The path as it was named.
        path: PathBuf,
        /// What the path is, with its article.
        what: &'static str,
    },

    /// The file would lie in a folder that does not exist.
    #[error(
        "write {}: there is no folder {}; create it first",
        path.display(),
        folder.display()
    )]
    NoFolder {
        /// The file as it was named.
        path: PathBuf,
        /// The folder that is missing, or that is no folder.
        folder: PathBuf,
    },

    /// The file would lie in a folder that takes no new files.
    #[error(
        "write {}: cannot create files in {}; choose another folder",
        path.display(),
        folder.display()
    )]
    FolderNotWritable {
        /// The file as it was named.
        path: PathBuf,
        /// The folder it would lie in.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ExportError {
    /// Returns true when the reader of the output has gone away, as `head` does;
    /// a command-line program then ends quietly.
    pub fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Write(source) | Self::File { source, .. } => {
                source.kind() == io::ErrorKind::BrokenPipe
            }
            _ => false,
        }
    }
}
