use std::fmt;
use std::fs::FileType;
use std::io;
use std::path::Path;

use crate::origin::shown;
use crate::{AwsCause, Gap};

/// Something that could not be listed, named so that nobody believes it read.
#[derive(Debug)]
pub struct Problem {
    /// The path as users see it.
    pub origin: String,
    /// Why it could not be listed.
    pub why: ProblemReason,
}

/// Why something could not be listed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemReason {
    /// The system refused.
    #[error("cannot be listed: {0}")]
    System(#[source] io::Error),
    /// It was in the folder and then was not.
    #[error("vanished while its folder was listed")]
    Vanished,
    /// A link that leads nowhere.
    #[error("a link to nothing")]
    DanglingLink,
    /// A link to a folder that it lies in.
    #[error("a link back to {ancestor}, which is listed already; not followed")]
    Loop {
        /// The folder as users see it.
        ancestor: String,
    },
    /// Something that reading would wait for or never end on.
    #[error("{0}, not a file; skipped")]
    SpecialFile(SpecialFile),
    /// AWS refused to list it, or to list all of it.
    #[error("{0}")]
    Aws(#[source] AwsCause),
    /// A stretch of what was asked for did not come.
    #[error("{0}")]
    Gap(Gap),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.why)
    }
}

impl Problem {
    pub(crate) fn special(path: &Path, what: SpecialFile) -> Self {
        Problem {
            origin: shown(path),
            why: ProblemReason::SpecialFile(what),
        }
    }

    pub(crate) fn system(path: &Path, source: io::Error) -> Self {
        let why = if source.kind() != io::ErrorKind::NotFound {
            ProblemReason::System(source)
        } else if path.is_symlink() {
            ProblemReason::DanglingLink
        } else {
            ProblemReason::Vanished
        };
        Problem {
            origin: shown(path),
            why,
        }
    }

    pub(crate) fn walking(root: &Path, error: walkdir::Error) -> Self {
        let path = error.path().unwrap_or(root).to_owned();
        if let Some(ancestor) = error.loop_ancestor() {
            return Problem {
                origin: shown(&path),
                why: ProblemReason::Loop {
                    ancestor: shown(ancestor),
                },
            };
        }
        // Without a loop there is an error of the system behind it.
        let source = error.into_io_error();
        Problem::system(&path, source.unwrap_or_else(|| io::ErrorKind::Other.into()))
    }
}

/// What a path can name besides files and folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialFile {
    /// A FIFO.
    Pipe,
    /// A socket.
    Socket,
    /// A disk.
    BlockDevice,
    /// A terminal and its like.
    CharacterDevice,
    /// Something else.
    Unknown,
}

impl SpecialFile {
    #[cfg(unix)]
    pub(crate) fn of(file_type: FileType) -> Self {
        use std::os::unix::fs::FileTypeExt;

        if file_type.is_fifo() {
            Self::Pipe
        } else if file_type.is_socket() {
            Self::Socket
        } else if file_type.is_block_device() {
            Self::BlockDevice
        } else if file_type.is_char_device() {
            Self::CharacterDevice
        } else {
            Self::Unknown
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_: FileType) -> Self {
        Self::Unknown
    }
}

impl fmt::Display for SpecialFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pipe => "a pipe",
            Self::Socket => "a socket",
            Self::BlockDevice => "a disk",
            Self::CharacterDevice => "a device",
            Self::Unknown => "a special file",
        })
    }
}
