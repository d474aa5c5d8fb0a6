//! Lists the reports, or says all about one.

use std::io::{self, Write};
use std::path::Path;

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_query::{Library, Report};

use crate::args::ReportsArgs;
use crate::console;
use crate::failure::{Failure, causes};
use crate::suggestion::did_you_mean;

pub(crate) fn run(args: &ReportsArgs) -> Result<(), Failure> {
    if let Some(folder) = &args.check {
        return check(folder);
    }
    let library = library(args.queries.as_deref())?;
    let Some(name) = &args.name else {
        return Ok(console::write_out(|out| list(&library, args.columns, out))?);
    };
    let Some(report) = library.find(name) else {
        let names = library.reports().map(|report| report.name.as_str());
        return Err(Failure::usage(anyhow!(
            "there is no report '{}'.{} `earwitness reports` lists them",
            visible(name),
            did_you_mean(name, names)
        )));
    };
    console::write_out(|out| {
        if args.columns {
            columns(report, out)
        } else {
            describe(report, out)
        }
    })?;
    Ok(())
}

/// Returns the shipped reports, with those of the user's folder.
pub(crate) fn library(queries: Option<&Path>) -> Result<Library, Failure> {
    let library = Library::shipped()?;
    Ok(match queries {
        Some(folder) => library.with_folder(folder)?,
        None => library,
    })
}

/// Says of each report in a folder whether it can be run.
fn check(folder: &Path) -> Result<(), Failure> {
    let reports = Library::check(folder)?;
    let broken = reports.iter().filter(|(_, result)| result.is_err()).count();
    console::write_out(|out| {
        reports.iter().try_for_each(|(file, result)| match result {
            Ok(report) => writeln!(
                out,
                "{}: good: {}",
                visible(&file.to_string_lossy()),
                visible(&report.title)
            ),
            Err(error) => writeln!(
                out,
                "{}: {}",
                visible(&file.to_string_lossy()),
                visible(&causes(error))
            ),
        })
    })?;
    match broken {
        0 => Ok(()),
        _ => Err(Failure::failed(anyhow!(
            "{broken} of {} reports in {} cannot be run",
            reports.len(),
            folder.display()
        ))),
    }
}

fn list(library: &Library, with_columns: bool, out: &mut dyn Write) -> io::Result<()> {
    for report in library.reports() {
        writeln!(out, "{:<20} {}", report.name, visible(&report.question))?;
        if with_columns {
            columns(report, out)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn describe(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}: {}\n", report.name, visible(&report.title))?;
    writeln!(out, "Answers: {}", visible(&report.question))?;
    writeln!(out, "Cannot see: {}", visible(&report.cannot_see))?;
    let events = match report.events.as_slice() {
        [] => "none".to_owned(),
        events => events.join(", "),
    };
    writeln!(out, "Needs events: {}", visible(&events))?;
    for parameter in &report.parameters {
        writeln!(
            out,
            "Parameter: --set {}={} ({}) {}",
            parameter.name,
            visible(&parameter.default.to_string()),
            parameter.default.type_name(),
            visible(&parameter.meaning)
        )?;
    }
    for option in &report.requires {
        writeln!(out, "Requires: --{}", visible(option))?;
    }
    writeln!(out, "\nColumns:")?;
    columns(report, out)?;
    writeln!(out, "\nSQL:\n{}", report.query().trim())
}

fn columns(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let width = report.columns.iter().map(|column| column.name.len()).max();
    for column in &report.columns {
        let (name, width) = (&column.name, width.unwrap_or_default());
        writeln!(out, "  {name:<width$}  {}", visible(&column.meaning))?;
    }
    Ok(())
}
