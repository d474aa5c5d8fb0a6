//! Writes the files of one window.

use std::path::PathBuf;

use earwitness_export::{ExportError, Format, write_file};

use super::shelf::Staged;
use super::summary::{self, Outcome};
use crate::about::about;
use crate::answered::Answered;
use crate::args::ReportArgs;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::question::Question;
use crate::session::Session;
use crate::target::Target;

/// The files of one window.
pub(crate) struct Files<'f> {
    pub(crate) session: &'f Session<'f>,
    pub(crate) args: &'f ReportArgs,
    pub(crate) answered: &'f Answered,
    pub(crate) question: &'f Question,
    pub(crate) outcome: &'f Outcome,
    pub(crate) name: &'f str,
    pub(crate) progress: &'f Progress,
}

impl Files<'_> {
    /// Writes the rows in each format, what they rest on, and what could not be read.
    pub(crate) fn all(&self, formats: &[Format], staged: &mut Staged<'_>) -> Result<(), Failure> {
        for format in formats {
            self.rows(*format, staged)?;
        }
        self.summary(staged)?;
        if !self.answered.unread.is_empty() {
            let path = staged.add(&format!("{}.unread.jsonl", self.name))?;
            self.answered.unread.write(&path, true)?;
        }
        Ok(())
    }

    fn rows(&self, format: Format, staged: &mut Staged<'_>) -> Result<(), Failure> {
        let suffix = match format {
            Format::Table => "txt",
            other => other.name(),
        };
        let path = staged.add(&format!("{}.{suffix}", self.name))?;
        let target = to_file(path, format);
        let rows = &self.answered.rows;
        let about = target.about(&self.answered.run(self.question), rows, self.session);
        let written = target.write(rows, about, self.args, self.session, self.progress);
        match self.session.interrupt.is_set() {
            true => Err(Failure::Interrupted),
            false => written,
        }
    }

    fn summary(&self, staged: &mut Staged<'_>) -> Result<(), Failure> {
        let path = staged.add(&format!("{}.summary.txt", self.name))?;
        let about = about(&self.answered.run(self.question));
        Ok(write_file(&path, true, |out| {
            summary::write(&about, self.outcome, out).map_err(ExportError::Write)
        })?)
    }
}

fn to_file(path: PathBuf, format: Format) -> Target {
    Target {
        file: Some(path),
        rejects_file: None,
        format,
    }
}
