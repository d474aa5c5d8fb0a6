//! Takes reports to an engine that runs on many machines: its tables, their
//! definitions, and the SQL of a report.

mod store;

use std::io;

use chrono::Utc;
use earwitness_query::{Question, table_definitions};

use crate::args::{DefinitionArgs, LakeCommand, SqlArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::{ask, find_report, micros};
use crate::window::Window;

pub(crate) fn run(command: &LakeCommand) -> Result<Exit, Failure> {
    match command {
        LakeCommand::Tables(args) => return store::run(args),
        LakeCommand::Ddl(args) => print_definitions(args)?,
        LakeCommand::Sql(args) => print_sql(args)?,
    }
    Ok(Exit::Ok)
}

fn print_definitions(args: &DefinitionArgs) -> io::Result<()> {
    let definitions = table_definitions(args.dialect, &args.database, &args.location);
    console::write_out(|out| out.write_all(definitions.as_bytes()))
}

fn print_sql(args: &SqlArgs) -> Result<(), Failure> {
    let report = find_report(&args.report, args.queries.as_deref())?;
    let window = Window::new(args.since, args.until, Utc::now()).map_err(Failure::usage)?;
    let question = Question {
        report: &report,
        window: micros(window),
        timezone: args.timezone.unwrap_or_default(),
        ask: &ask(&args.wanted(), &report)?,
        database: &args.database,
    };
    let sql = question.sql(args.dialect)?;
    console::write_out(|out| out.write_all(sql.as_bytes()))?;
    Ok(())
}
