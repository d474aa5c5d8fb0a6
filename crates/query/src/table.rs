//! The tables that reports see.

pub(crate) mod accesses;
pub(crate) mod contacts;
pub(crate) mod grants;
pub(crate) mod inputs;
pub(crate) mod monitor_requests;
pub(crate) mod monitorings;
pub(crate) mod recordings;
pub(crate) mod s3_deletions;
pub(crate) mod trail_changes;
pub(crate) mod users;
pub(crate) mod verdicts;

use std::any::Any;
use std::sync::Arc;

use polars::prelude::*;

use crate::column::{self, Column};
use crate::error::QueryError;
use crate::evidence::Evidence;

/// Hands the columns of a table, whatever its rows are, to a function.
macro_rules! declared {
    ($table:expr, $function:ident) => {
        match $table {
            Table::Accesses => $function(&accesses::COLUMNS),
            Table::Recordings => $function(&recordings::COLUMNS),
            Table::Contacts => $function(&contacts::COLUMNS),
            Table::Users => $function(&users::COLUMNS),
            Table::Verdicts => $function(&verdicts::COLUMNS),
            Table::Grants => $function(&grants::COLUMNS),
            Table::Monitorings => $function(&monitorings::COLUMNS),
            Table::MonitorRequests => $function(&monitor_requests::COLUMNS),
            Table::TrailChanges => $function(&trail_changes::COLUMNS),
            Table::S3Deletions => $function(&s3_deletions::COLUMNS),
            Table::Inputs => $function(&inputs::COLUMNS),
        }
    };
}

/// A table that reports see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row per distinct CloudTrail event about an S3 object or bucket.
    Accesses,
    /// Which contact each recording belongs to.
    Recordings,
    /// The newest contact record per contact.
    Contacts,
    /// The Connect directory, as far as the inputs tell it.
    Users,
    /// What the profiles of Connect users granted to their accesses.
    Verdicts,
    /// What everyone in the newest listings is granted.
    Grants,
    /// Live monitoring, as contact records tell it.
    Monitorings,
    /// Requests to monitor a contact live.
    MonitorRequests,
    /// Management events that can blind the trail.
    TrailChanges,
    /// Deletions that S3 itself reports.
    S3Deletions,
    /// One row per input read.
    Inputs,
}

/// What is said of a column to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnDoc {
    /// The name.
    pub name: &'static str,
    /// The type, in words.
    pub type_name: &'static str,
    /// What a value means.
    pub meaning: &'static str,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 11] = [
        Table::Accesses,
        Table::Recordings,
        Table::Contacts,
        Table::Users,
        Table::Verdicts,
        Table::Grants,
        Table::Monitorings,
        Table::MonitorRequests,
        Table::TrailChanges,
        Table::S3Deletions,
        Table::Inputs,
    ];

    /// Returns the name that SQL uses.
    pub fn name(self) -> &'static str {
        match self {
            Table::Accesses => "accesses",
            Table::Recordings => "recordings",
            Table::Contacts => "contacts",
            Table::Users => "users",
            Table::Verdicts => "verdicts",
            Table::Grants => "grants",
            Table::Monitorings => "monitorings",
            Table::MonitorRequests => "monitor_requests",
            Table::TrailChanges => "trail_changes",
            Table::S3Deletions => "s3_deletions",
            Table::Inputs => "inputs",
        }
    }

    /// Returns what a row is.
    pub fn meaning(self) -> &'static str {
        match self {
            Table::Accesses => "one row per distinct CloudTrail event about an S3 object or bucket",
            Table::Recordings => "one row per object that a contact record names as a recording",
            Table::Contacts => "the newest contact record per contact",
            Table::Users => "the Connect directory, as far as the inputs tell it",
            Table::Verdicts => {
                "one row per read or delete by a Connect user: what their security profiles granted"
            }
            Table::Grants => {
                "one row per right to a kind of recording that the newest listings grant a user"
            }
            Table::Monitorings => {
                "one row per stretch of live monitoring that a supervisor's contact record tells"
            }
            Table::MonitorRequests => "one row per request to monitor a contact live",
            Table::TrailChanges => "management events that can blind the trail or the answer",
            Table::S3Deletions => {
                "deletions that S3 itself reports: server access logs and EventBridge events"
            }
            Table::Inputs => "one row per input read",
        }
    }

    /// Returns the columns, in order.
    pub fn columns(self) -> Vec<ColumnDoc> {
        declared!(self, docs)
    }

    /// Returns the columns with their types.
    pub(crate) fn schema(self) -> Schema {
        declared!(self, schema)
    }

    /// Returns the whole table, for other engines to ask.
    ///
    /// # Errors
    /// When the engine cannot make a frame of it.
    pub fn rows(self, evidence: &Evidence) -> Result<DataFrame, QueryError> {
        self.frame(evidence, None)
            .map_err(|source| QueryError::Table {
                table: self.name().to_owned(),
                source,
            })
    }

    /// Makes the table with the wanted columns, all where `None`.
    pub(crate) fn frame(
        self,
        evidence: &Evidence,
        wanted: Option<&[PlSmallStr]>,
    ) -> PolarsResult<DataFrame> {
        match self {
            Table::Accesses => {
                column::frame(&accesses::COLUMNS, wanted, evidence, &evidence.accesses)
            }
            Table::Recordings => {
                let rows: Vec<_> = evidence.contacts.recordings().copied().collect();
                column::frame(&recordings::COLUMNS, wanted, evidence, &rows)
            }
            Table::Contacts => {
                let rows: Vec<_> = evidence.contacts.iter().copied().collect();
                column::frame(&contacts::COLUMNS, wanted, evidence, &rows)
            }
            Table::Users => {
                let rows: Vec<_> = evidence.users.iter().copied().collect();
                column::frame(&users::COLUMNS, wanted, evidence, &rows)
            }
            Table::Verdicts => {
                let rows = crate::review::review(evidence);
                column::frame(&verdicts::COLUMNS, wanted, evidence, &rows)
            }
            Table::Grants => {
                let rows = crate::grant::grants(evidence);
                column::frame(&grants::COLUMNS, wanted, evidence, &rows)
            }
            Table::Monitorings => {
                let rows = &evidence.monitorings;
                column::frame(&monitorings::COLUMNS, wanted, evidence, rows)
            }
            Table::MonitorRequests => {
                let rows = &evidence.monitor_requests;
                column::frame(&monitor_requests::COLUMNS, wanted, evidence, rows)
            }
            Table::TrailChanges => {
                let rows = &evidence.trail_changes;
                column::frame(&trail_changes::COLUMNS, wanted, evidence, rows)
            }
            Table::S3Deletions => {
                let rows = &evidence.s3_deletions;
                column::frame(&s3_deletions::COLUMNS, wanted, evidence, rows)
            }
            Table::Inputs => column::frame(&inputs::COLUMNS, wanted, evidence, &evidence.inputs),
        }
    }

    /// Returns the table for a query, which makes only the columns it uses.
    pub(crate) fn scan(self, evidence: &Arc<Evidence>) -> PolarsResult<LazyFrame> {
        let scan = TableScan {
            table: self,
            evidence: Arc::clone(evidence),
        };
        let arguments = ScanArgsAnonymous {
            schema: Some(Arc::new(self.schema())),
            name: self.name(),
            ..ScanArgsAnonymous::default()
        };
        LazyFrame::anonymous_scan(Arc::new(scan), arguments)
    }
}

struct TableScan {
    table: Table,
    evidence: Arc<Evidence>,
}

impl AnonymousScan for TableScan {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn scan(&self, options: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        let rows = self
            .table
            .frame(&self.evidence, options.with_columns.as_deref())?;
        Ok(match options.n_rows {
            Some(limit) => rows.head(Some(limit)),
            None => rows,
        })
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }
}

fn docs<R>(columns: &[Column<R>]) -> Vec<ColumnDoc> {
    columns
        .iter()
        .map(|column| ColumnDoc {
            name: column.name,
            type_name: column.type_name(),
            meaning: column.meaning,
        })
        .collect()
}

fn schema<R>(columns: &[Column<R>]) -> Schema {
    columns
        .iter()
        .map(|column| Field::new(column.name.into(), column.dtype()))
        .collect()
}
