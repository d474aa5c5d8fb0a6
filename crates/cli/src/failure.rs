//! Why a run ended early, and with which exit code.

use std::io;
use std::path::Path;

use earwitness_export::{ExportError, visible};
use earwitness_lake::LakeError;
use earwitness_proof::ProofError;
use earwitness_query::QueryError;
use earwitness_sources::SourceError;

use crate::console;
use crate::exit::Exit;
use crate::suggestion::did_you_mean;

/// The end of a run that has no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something to tell, and the exit code that goes with it.
    Error(Exit, anyhow::Error),
    /// Nobody reads standard output any more, which is no error.
    BrokenPipe,
    /// The user stopped it.
    Interrupted,
}

impl Failure {
    /// The command line asked for something that cannot be.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Failure {
        Failure::Error(Exit::Usage, error.into())
    }

    /// What was asked could not be done.
    pub(crate) fn failed(error: impl Into<anyhow::Error>) -> Failure {
        Failure::Error(Exit::Failed, error.into())
    }

    /// Tells the user and returns the exit code.
    pub(crate) fn report(self) -> Exit {
        match self {
            Failure::Error(exit, error) => {
                // A cause may quote a log.
                console::say(&format!("error: {}", visible(&format!("{error:#}"))));
                exit
            }
            Failure::BrokenPipe => Exit::Ok,
            Failure::Interrupted => {
                console::say("interrupted; no file was written");
                Exit::Interrupted
            }
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Failure {
        let exit = match &error {
            SourceError::NotFound { .. }
            | SourceError::BadPattern { .. }
            | SourceError::Address { .. }
            | SourceError::NotBuiltIn { .. }
            | SourceError::Nothing { .. }
            | SourceError::DataEventsOnly { .. }
            | SourceError::NothingToFetch { .. }
            | SourceError::NotReadable { .. }
            | SourceError::Empty { .. } => Exit::Usage,
            SourceError::Stopped => return Failure::Interrupted,
            _ => Exit::Failed,
        };
        Failure::Error(exit, failed_to(error))
    }
}

impl From<LakeError> for Failure {
    fn from(error: LakeError) -> Failure {
        let exit = match &error {
            LakeError::NotThere { .. } | LakeError::NotALake { .. } | LakeError::Empty { .. } => {
                Exit::Usage
            }
            LakeError::Stopped => return Failure::Interrupted,
            _ => Exit::Failed,
        };
        Failure::Error(exit, failed_to(error))
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Failure {
        let exit = match &error {
            QueryError::Sql { .. } | QueryError::Table { .. } | QueryError::Thread { .. } => {
                Exit::Failed
            }
            _ => Exit::Usage,
        };
        let hint = name_hint(&error);
        let error = failed_to(error);
        Failure::Error(exit, anyhow::Error::msg(format!("{error}{hint}")))
    }
}

impl From<ProofError> for Failure {
    fn from(error: ProofError) -> Failure {
        Failure::Error(Exit::Usage, failed_to(error))
    }
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Failure {
        if error.is_broken_pipe() {
            return Failure::BrokenPipe;
        }
        let exit = match &error {
            ExportError::Exists { .. }
            | ExportError::NotAFile { .. }
            | ExportError::NoFolder { .. }
            | ExportError::UnknownFormat { .. } => Exit::Usage,
            _ => Exit::Failed,
        };
        Failure::Error(exit, failed_to(error))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::BrokenPipe;
        }
        Failure::failed(anyhow::Error::new(error).context("failed to write to standard output"))
    }
}

/// Says which name a report's SQL may have meant, and where they are listed.
fn name_hint(error: &QueryError) -> String {
    let QueryError::Sql { problem, .. } = error else {
        return String::new();
    };
    match &problem.unknown_name {
        Some(name) if !problem.known_names.is_empty() => {
            let known = problem.known_names.iter().map(String::as_str);
            let meant = did_you_mean(name, known);
            let end = if meant.is_empty() { ";" } else { "." };
            format!("{end}{meant} `earwitness tables` lists tables and columns")
        }
        _ => String::new(),
    }
}

/// Puts "failed to" before an error whose text is a fragment that fits it, with
/// its causes behind.
fn failed_to(error: impl std::error::Error) -> anyhow::Error {
    anyhow::Error::msg(format!("failed to {}", causes(&error)))
}

/// Names a file, what failed, and what the system said.
pub(crate) fn failed_at(what: &str, path: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| {
        Failure::failed(anyhow::anyhow!(
            "failed to {what} {}: {error}",
            shown_path(path)
        ))
    }
}

/// Returns a path as a terminal may show it.
pub(crate) fn shown_path(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// Says an error and what caused it.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    // The engine says some things on lines of their own.
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}
