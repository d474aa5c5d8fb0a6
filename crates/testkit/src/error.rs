//! What can go wrong while writing a world.

use std::io;
use std::path::PathBuf;

/// Why a world or a fixture could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be written.
    #[error("cannot write {path}", path = path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the file system said.
        source: io::Error,
    },
    /// A gzip stream could not be made.
    #[error("cannot compress {bytes} bytes")]
    Compress {
        /// How many bytes were to be compressed.
        bytes: usize,
    },
    /// A digest could not be signed.
    #[error("cannot sign a digest")]
    Sign,
    /// A gzip stream could not be made piece by piece.
    #[error("cannot compress a stream")]
    Stream(#[from] io::Error),
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
