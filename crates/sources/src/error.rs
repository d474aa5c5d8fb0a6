use std::fmt;
use std::io;

use crate::{AwsError, BadAddress, Problem, SpecialFile};

/// What can go wrong while inputs are found and read; each text completes
/// "failed to …". Paths are as users see them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The argument names nothing.
    #[error("find {path}: {why}", path = quoted_when_empty(path))]
    NotFound {
        /// The argument.
        path: String,
        /// What is missing.
        why: Missing,
    },

    /// The argument names no file, and is no pattern either.
    #[error(
        "find {pattern}: there is no such file, and it is not a pattern; to name a file, check its spelling"
    )]
    BadPattern {
        /// The argument.
        pattern: String,
        /// What is wrong with it as a pattern.
        source: globset::Error,
    },

    /// The argument is there and cannot be opened or listed.
    #[error("read {path}; check who may read it with `ls -ld`")]
    Unreadable {
        /// The argument.
        path: String,
        /// What the system said.
        source: io::Error,
    },

    /// The argument is neither a file nor a folder nor a pipe.
    #[error("read {path}: it is {what}; name a file, a folder or a pipe")]
    NotReadable {
        /// The argument.
        path: String,
        /// What it is.
        what: SpecialFile,
    },

    /// The folder holds no files, nor do the folders in it.
    #[error("read {path}: there are no files in this folder; name the folder that holds the logs")]
    Empty {
        /// The argument.
        path: String,
    },

    /// Everything there is could not be listed.
    #[error("find anything to read: {}", summary(problems))]
    OnlyProblems {
        /// What could not be listed.
        problems: Vec<Problem>,
    },

    /// The argument begins like an address and is none.
    #[error("read {address}: {why}")]
    Address {
        /// The argument.
        address: String,
        /// What is wrong with it.
        why: BadAddress,
    },

    /// The program was built without what asks AWS.
    #[error(
        "read {address}: this build of earwitness reads files and standard input only; build it with `cargo build --release --features {feature}`, or download it first with `{download}`"
    )]
    NotBuiltIn {
        /// The argument.
        address: String,
        /// The feature that is missing.
        feature: &'static str,
        /// A command that downloads it.
        download: String,
    },

    /// AWS refused, or the way to it did.
    #[error(transparent)]
    Aws(#[from] AwsError),

    /// The user wants the run to end.
    #[error("go on: the run was stopped")]
    Stopped,

    /// There is nothing where the argument points.
    #[error("find anything in {address}: {why}")]
    Nothing {
        /// The argument.
        address: String,
        /// What was looked for, and what to do.
        why: String,
    },

    /// The argument is on this machine already.
    #[error(
        "fetch {argument}: it is no place in AWS; name s3://BUCKET/PREFIX, cloudwatch:GROUP, cloudtrail:REGION, public-keys:REGION or connect:INSTANCE"
    )]
    NothingToFetch {
        /// The argument.
        argument: String,
    },

    /// All that is wanted is what the event history never has.
    #[error(
        "read {address}: CloudTrail's event history has management events only, and the question is about data events ({events}); read the trail's bucket (s3://BUCKET/AWSLogs/) or its log group (cloudwatch:GROUP), where the trail records data events"
    )]
    DataEventsOnly {
        /// The argument.
        address: String,
        /// The names of the events that are wanted.
        events: String,
    },

    /// A folder cannot be written.
    #[error("write {path}; check who may write there, and how much room is left")]
    Write {
        /// The path.
        path: String,
        /// What the system said.
        source: io::Error,
    },

    /// The input was there when it was listed.
    #[error("read {origin}: it was there when the run began and is gone now; run again")]
    Vanished {
        /// The input.
        origin: String,
        /// What the system said.
        source: io::Error,
    },

    /// The input's bytes did not come.
    #[error("read {origin}")]
    Read {
        /// The input.
        origin: String,
        /// What the system said.
        source: io::Error,
    },

    /// The file lost bytes while it was read.
    #[error(
        "read {origin}: it shrank from {expected_bytes} to {read_bytes} bytes while it was read; run again when nothing writes to it"
    )]
    Shrank {
        /// The input.
        origin: String,
        /// Its size when it was opened.
        expected_bytes: u64,
        /// What could be read.
        read_bytes: u64,
    },
}

/// What is missing where an argument points.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missing {
    /// The argument has no characters.
    EmptyName,
    /// The folder is there; nothing in it has the name.
    Name {
        /// The name that nothing has.
        name: String,
        /// The folder that was looked in.
        folder: String,
    },
    /// A folder on the way is not there.
    Folder {
        /// The first folder that is missing.
        folder: String,
    },
    /// A part of the way is a file.
    NotAFolder {
        /// The file.
        path: String,
    },
    /// The argument is a link that leads nowhere.
    DanglingLink,
    /// The argument is a pattern that matches nothing.
    NothingMatches {
        /// The folder that was looked in.
        folder: String,
    },
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyName => f.write_str("the name is empty; is a shell variable unset?"),
            Self::Name { name, folder } => write!(
                f,
                "there is no `{name}` in the folder {folder}; `ls {folder}` shows what is there"
            ),
            Self::Folder { folder } => write!(f, "there is no folder {folder}"),
            Self::NotAFolder { path } => write!(f, "{path} is a file, not a folder"),
            Self::DanglingLink => f.write_str("it is a link to nothing"),
            Self::NothingMatches { folder } => write!(
                f,
                "no file in the folder {folder} matches this pattern; `*` stays within one folder, `**` goes deeper"
            ),
        }
    }
}

fn quoted_when_empty(path: &str) -> &str {
    if path.is_empty() { "``" } else { path }
}

fn summary(problems: &[Problem]) -> String {
    match problems {
        [] => "there are no inputs; name a file or a folder".to_owned(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more like it)", rest.len()),
    }
}
