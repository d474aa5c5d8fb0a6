//! A report that was answered, with what the answer rests on.

use std::path::Path;
use std::sync::Arc;

use earwitness_query::{DataFrame, Evidence, answer};

use crate::about::Run;
use crate::args::FailOn;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::proof::{Proof, proof};
use crate::question::Question;
use crate::report::remarks;
use crate::session::Session;
use crate::unread::Unread;

/// A report that was answered, with what the answer rests on.
pub(crate) struct Answered {
    pub(crate) evidence: Arc<Evidence>,
    pub(crate) rows: DataFrame,
    pub(crate) proof: Proof,
    pub(crate) unread: Unread,
    /// What is said of the evidence on standard error too.
    pub(crate) remarks: Vec<String>,
}

/// What a run has to have, or not to have, to end well.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Demands {
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) require_coverage: bool,
}

impl Answered {
    /// Reads the inputs and asks, with the keys of a file that the user trusts.
    pub(crate) fn of(
        question: &Question,
        session: &Session<'_>,
        trusted: Option<&Path>,
        progress: &Progress,
    ) -> Result<Answered, Failure> {
        let mut unread = session.unread();
        let gathering = session.gather(progress, &mut unread)?;
        progress.phase("answering");
        let (evidence, rows) = session.ask(gathering, &question.scope(), |evidence| {
            answer(&question.report, evidence, &question.ask)
        });
        let rows = rows?;
        let proof = progress.pause(|| proof(session, trusted, &evidence))?;
        let remarks = remarks(&question.report, &evidence);
        Ok(Answered {
            evidence,
            rows,
            proof,
            unread,
            remarks,
        })
    }

    /// Returns what formats that people open tell of the answer.
    pub(crate) fn run<'a>(&'a self, question: &'a Question) -> Run<'a> {
        Run {
            question,
            evidence: &self.evidence,
            unread: &self.unread,
            remarks: &self.remarks,
            coverage: &self.proof.coverage,
        }
    }

    /// Says how the run ends, the worst of what was found.
    pub(crate) fn exit(&self, demands: Demands) -> Exit {
        let lacks_coverage = demands.require_coverage && !self.proof.coverage.is_full();
        let read = if self.unread.is_empty() && !lacks_coverage {
            Exit::Ok
        } else {
            Exit::Incomplete
        };
        let proven = if self.proof.fails {
            Exit::Integrity
        } else {
            Exit::Ok
        };
        let found = FailOn::exit(demands.fail_on, self.rows.height());
        read.max(proven).max(found)
    }
}
