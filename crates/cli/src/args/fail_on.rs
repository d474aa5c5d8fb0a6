use clap::ValueEnum;
use serde::Deserialize;

use crate::exit::Exit;

/// What makes an answer a finding, which ends a run with exit code 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// The report has rows.
    Rows,
}

impl FailOn {
    /// Returns how a run with so many rows ends.
    pub(crate) fn exit(fail_on: Option<FailOn>, rows: usize) -> Exit {
        match fail_on {
            Some(FailOn::Rows) if rows > 0 => Exit::Findings,
            _ => Exit::Ok,
        }
    }
}
