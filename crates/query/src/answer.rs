//! Runs a report on the evidence.

use std::sync::Arc;

use polars::prelude::*;
use polars::sql::SQLContext;

use crate::error::QueryError;
use crate::evidence::Evidence;
use crate::parameter::ParameterValue;
use crate::report::Report;
use crate::table::Table;

/// What is asked of a report beyond its SQL.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Values of the report's parameters; the defaults stand for the others.
    pub parameters: Vec<(String, ParameterValue)>,
    /// Only rows of this person, in any case of letters: `actor`, `user_id`, `full_name`, or the raw
    /// identity's ARN or id.
    pub user: Option<String>,
    /// Only rows of this contact.
    pub contact_id: Option<String>,
    /// Only rows of this bucket.
    pub bucket: Option<String>,
}

impl Ask {
    /// Returns the report's parameters with the values that they have.
    pub(crate) fn values<'a>(
        &'a self,
        report: &'a Report,
    ) -> Result<Vec<(&'a str, &'a ParameterValue)>, QueryError> {
        for (name, _) in &self.parameters {
            if report.parameter(name).is_none() {
                return Err(QueryError::NoParameter {
                    report: report.name.clone(),
                    parameter: name.clone(),
                });
            }
        }
        let values = report.parameters.iter().map(|parameter| {
            let mut given = self.parameters.iter().rev();
            let given = given.find(|(name, _)| *name == parameter.name);
            let value = given.map_or(&parameter.default, |(_, value)| value);
            (parameter.name.as_str(), value)
        });
        Ok(values.collect())
    }
}

/// The columns that `--user` looks in, where the answer has them.
pub(crate) const USER_COLUMNS: [&str; 5] = [
    "actor",
    "user_id",
    "full_name",
    "principal_arn",
    "principal_id",
];

/// Runs a report and returns its rows.
///
/// Values are only ever values: parameters are a table of their own, and
/// filters compare columns of the answer. No text of theirs becomes SQL.
///
/// # Errors
/// When the SQL is wrong, or asks for what the tables do not have; when a
/// parameter or filter does not fit the report.
pub fn answer(
    report: &Report,
    evidence: &Arc<Evidence>,
    ask: &Ask,
) -> Result<DataFrame, QueryError> {
    let run = || run(report, evidence, ask);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, run)
            .map_err(|source| QueryError::Thread {
                report: report.name.clone(),
                source,
            })?;
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// The engine walks a query's plan by recursion, as deep as the SQL is; a
/// thread's usual two megabytes are too few for that.
const STACK_BYTES: usize = 64 << 20;

fn run(report: &Report, evidence: &Arc<Evidence>, ask: &Ask) -> Result<DataFrame, QueryError> {
    let sql = |engine| QueryError::sql(report, engine);
    let mut context = SQLContext::new();
    for table in Table::ALL {
        let scan = table.scan(evidence).map_err(sql)?;
        context.register(table.name(), scan);
    }
    context.register("parameters", parameters(report, ask)?);
    let rows = context.execute(&report.sql).map_err(sql)?;
    let rows = filtered(rows, report, ask)?;
    let mut rows = rows.collect().map_err(sql)?;
    rows.rechunk_mut();
    Ok(rows)
}

/// Makes the one-row table of parameters.
fn parameters(report: &Report, ask: &Ask) -> Result<LazyFrame, QueryError> {
    let values = ask.values(report)?;
    let columns: Vec<Column> = values
        .iter()
        .map(|(name, value)| value.column(name))
        .collect();
    let frame = DataFrame::new(1, columns).map_err(|engine| QueryError::sql(report, engine))?;
    Ok(frame.lazy())
}

fn filtered(mut rows: LazyFrame, report: &Report, ask: &Ask) -> Result<LazyFrame, QueryError> {
    let schema = rows
        .collect_schema()
        .map_err(|engine| QueryError::sql(report, engine))?;
    let require = |filter, column: &'static str| {
        if schema.contains(column) {
            Ok(column)
        } else {
            Err(QueryError::NoColumn {
                report: report.name.clone(),
                filter,
                column,
            })
        }
    };
    if let Some(user) = &ask.user {
        require("--user", "actor")?;
        let is_user = USER_COLUMNS
            .iter()
            .filter(|column| schema.contains(column))
            .map(|column| {
                let name = col(*column).str().to_lowercase();
                name.eq(lit(user.to_lowercase())).fill_null(lit(false))
            })
            .reduce(Expr::or);
        if let Some(is_user) = is_user {
            rows = rows.filter(is_user);
        }
    }
    if let Some(contact_id) = &ask.contact_id {
        let column = require("--contact-id", "contact_id")?;
        rows = rows.filter(col(column).eq(lit(contact_id.to_ascii_lowercase())));
    }
    if let Some(bucket) = &ask.bucket {
        let column = require("--bucket", "bucket")?;
        rows = rows.filter(col(column).eq(lit(bucket.as_str())));
    }
    Ok(rows)
}
