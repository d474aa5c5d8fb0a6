//! Takes reports to an engine that runs on many machines: its tables, their
//! definitions, and the SQL of a report.

mod store;

use chrono::Utc;
use earwitness_query::{Question, table_definitions};

use crate::args::{DefinitionArgs, SqlArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::question::{ask, find_report, micros};
use crate::window::Window;

pub(crate) use store::store;

/// Prints the definitions of the tables.
pub(crate) fn print_definitions(args: &DefinitionArgs) -> Result<Exit, Failure> {
    let definitions = table_definitions(args.dialect, &args.database, &args.location);
    console::write_out(|out| out.write_all(definitions.as_bytes()))?;
    Ok(Exit::Ok)
}

/// Prints a report as an engine takes it.
pub(crate) fn print_sql(args: &SqlArgs) -> Result<Exit, Failure> {
    let report = find_report(&args.report, args.queries.as_deref())?;
    let window = Window::new(args.since, args.until, Utc::now()).map_err(Failure::usage)?;
    let question = Question {
        report: &report,
        window: micros(window),
        timezone: args.timezone.unwrap_or_default(),
        ask: &ask(&args.wanted, &report)?,
        database: &args.database,
    };
    let sql = question.sql(args.dialect)?;
    console::write_out(|out| out.write_all(sql.as_bytes()))?;
    Ok(Exit::Ok)
}
