//! What can go wrong in asking.

use std::path::PathBuf;

use polars::prelude::PolarsError;

use crate::report::Report;
use crate::sql_problem::SqlProblem;

/// Why a question has no answer. Texts fit behind "failed to".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// A report's file is not understood.
    #[error("read report '{name}': line {line}: {why}")]
    Report {
        /// The report.
        name: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// A file or folder of reports cannot be read.
    #[error("read reports from {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A folder of reports holds none.
    #[error("find reports in {}: it has no file that ends in .sql", folder.display())]
    NoReports {
        /// The folder.
        folder: PathBuf,
    },
    /// A report is given a value that it does not have.
    #[error("set '{parameter}' of report '{report}': it has no such parameter")]
    NoParameter {
        /// The report.
        report: String,
        /// The parameter.
        parameter: String,
    },
    /// A filter needs a column that the report's answer does not have.
    #[error("filter report '{report}' by {filter}: its answer has no column '{column}'")]
    NoColumn {
        /// The report.
        report: String,
        /// The option that filters.
        filter: &'static str,
        /// The column that it needs.
        column: &'static str,
    },
    /// The report's SQL failed.
    #[error("run report '{report}'")]
    Sql {
        /// The report.
        report: String,
        /// What is wrong with it, and where.
        #[source]
        problem: Box<SqlProblem>,
    },
    /// A table cannot be made.
    #[error("make table '{table}'")]
    Table {
        /// The table.
        table: String,
        /// The engine's reason.
        source: PolarsError,
    },
    /// A report cannot be written for another engine.
    #[error("write report '{report}' for {dialect}: {why}")]
    Dialect {
        /// The report.
        report: String,
        /// The engine's dialect.
        dialect: &'static str,
        /// What keeps it, and what to do.
        why: &'static str,
    },
    /// The system gave no thread to run the report on.
    #[error("start report '{report}'")]
    Thread {
        /// The report.
        report: String,
        /// The system's reason.
        source: std::io::Error,
    },
}

impl QueryError {
    pub(crate) fn sql(report: &Report, engine: PolarsError) -> QueryError {
        QueryError::Sql {
            report: report.name.clone(),
            problem: Box::new(SqlProblem::new(report, engine)),
        }
    }
}
