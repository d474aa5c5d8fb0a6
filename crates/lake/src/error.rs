//! What can go wrong with a lake, and what helps.

use std::io;
use std::path::{Path, PathBuf};

use polars::error::PolarsError;

/// Why a lake was not read or written. Reads as the end of "failed to …".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// The folder is not there.
    #[error(
        "open lake {}: there is no such folder; `earwitness ingest INPUTS --lake {}` makes it",
        .path.display(), .path.display()
    )]
    NotThere {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error(
        "open lake {}: the folder is no lake (it has no _earwitness/ledgers); \
         name the folder of a lake, or a new or empty one to ingest into",
        .path.display()
    )]
    NotALake {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing was ingested so far.
    #[error(
        "read lake {}: nothing was ingested yet; run `earwitness ingest INPUTS --lake {}`",
        .path.display(), .path.display()
    )]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A later release wrote it.
    #[error(
        "read {}: it has version {version} of the lake's format and this earwitness knows \
         version {known}; update earwitness",
        .path.display()
    )]
    Newer {
        /// The ledger.
        path: PathBuf,
        /// Its version.
        version: u64,
        /// The version that is known here.
        known: u64,
    },
    /// A ledger is not as it was written.
    #[error(
        "read {}: the ledger is damaged ({why}); restore it from a backup, or ingest the inputs \
         into a new lake",
        .path.display()
    )]
    DamagedLedger {
        /// The ledger.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A ledger between others is gone.
    #[error(
        "read lake {}: ledger {number:08} is missing; restore it from a backup, or ingest the \
         inputs into a new lake",
        .path.display()
    )]
    MissingLedger {
        /// The folder.
        path: PathBuf,
        /// The ledger's number.
        number: u64,
    },
    /// A data file is not as its ledger says.
    #[error(
        "read {}: the data file is damaged ({why}); restore it from a backup, or ingest the \
         inputs into a new lake; `earwitness lake check` lists all that is damaged",
        .path.display()
    )]
    DamagedData {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A data file that a ledger names is gone, with a compaction or for good.
    #[error(
        "read {}: the data file is missing; restore it from a backup, or ingest the inputs into \
         a new lake; `earwitness lake check` lists all that is missing",
        .path.display()
    )]
    MissingData {
        /// The file.
        path: PathBuf,
    },
    /// Others committed to the lake again and again meanwhile.
    #[error("write lake {}: other runs change the same inputs all the time; run again when they are done", .path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The caller wanted the run to end.
    #[error("end as asked; the lake is as before")]
    Stopped,
    /// The system refused.
    #[error("{doing} {}", .path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// Rows could not be made into Parquet.
    #[error("write {}", .path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        source: PolarsError,
    },
}

impl LakeError {
    pub(crate) fn io<'a>(
        doing: &'static str,
        path: &'a Path,
    ) -> impl Fn(io::Error) -> LakeError + 'a {
        move |source| LakeError::Io {
            doing,
            path: path.to_owned(),
            source,
        }
    }
}
