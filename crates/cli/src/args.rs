//! What can be asked on the command line.

mod aws;
mod completions;
mod coverage;
mod dashboard;
mod doctor;
mod evidence;
mod fail_on;
mod fetch;
mod ingest;
mod lake;
mod other_engine;
mod reading;
mod report;
mod reports;
mod run;
mod show;
mod trail;
mod verify;
mod wanted;
mod watch;

use chrono_tz::Tz;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use earwitness_export::Format;

pub(crate) use aws::AwsArgs;
pub(crate) use completions::CompletionsArgs;
pub(crate) use coverage::CoverageArgs;
pub(crate) use dashboard::DashboardArgs;
pub(crate) use doctor::DoctorArgs;
pub(crate) use evidence::{CheckArgs, EvidenceArgs, EvidenceCommand};
pub(crate) use fail_on::FailOn;
pub(crate) use fetch::FetchArgs;
pub(crate) use ingest::IngestArgs;
pub(crate) use lake::{LakeArgs, LakeCommand};
pub(crate) use other_engine::{DefinitionArgs, SqlArgs, StoreArgs};
pub(crate) use reading::ReadingArgs;
pub(crate) use report::ReportArgs;
pub(crate) use reports::ReportsArgs;
pub(crate) use run::RunArgs;
pub(crate) use show::ShowArgs;
pub(crate) use trail::TrailArgs;
pub(crate) use verify::VerifyArgs;
pub(crate) use wanted::WantedArgs;
pub(crate) use watch::WatchArgs;

use crate::suggestion::nearest;

/// Puts the examples before the usage: most readers need no more.
const EXAMPLES_FIRST: &str = "\
{about-with-newline}
{before-help}{usage-heading} {usage}

{all-args}{after-help}";

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness reports
  earwitness report who-deleted logs/
  earwitness report who-listened logs/ --since 7d --out-file listens.csv";

/// Answers from AWS CloudTrail who deleted, listened to, downloaded or tried to
/// reach which contact-centre recording.
#[derive(Debug, Parser)]
#[command(
    name = "earwitness",
    version,
    help_template = EXAMPLES_FIRST,
    before_help = EXAMPLES,
    after_help = "`earwitness COMMAND --help` says more about a command, `earwitness man` everything.",
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true,
    infer_subcommands = false,
    max_term_width = 100
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Report(Box<ReportArgs>),
    Dashboard(Box<DashboardArgs>),
    Run(RunArgs),
    Watch(Box<WatchArgs>),
    Reports(ReportsArgs),
    Verify(VerifyArgs),
    Coverage(CoverageArgs),
    Doctor(Box<DoctorArgs>),
    Show(ShowArgs),
    Evidence(EvidenceArgs),
    Fetch(FetchArgs),
    Ingest(IngestArgs),
    Lake(LakeArgs),
    /// Lists the tables that reports ask, with their columns.
    #[command(
        help_template = EXAMPLES_FIRST,
        before_help = "Examples:\n  earwitness tables\n  earwitness tables accesses"
    )]
    Tables {
        /// Table to list [default: all].
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    Completions(CompletionsArgs),
    /// Prints the manual page.
    #[command(
        help_template = EXAMPLES_FIRST,
        before_help = "Examples:\n  earwitness man | man -l -\n  earwitness man > earwitness.1"
    )]
    Man,
}

/// Reads a time zone by its name in the tz database.
fn zone(text: &str) -> Result<Tz, String> {
    text.parse::<Tz>().map_err(|_| {
        let meant = nearest(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        let meant = meant.unwrap_or("Europe/Berlin");
        format!("there is no zone of that name; did you mean {meant}?")
    })
}

/// Reads a parameter with its value, whose type the report knows.
fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "write NAME=VALUE, such as factor=5".to_owned())?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Reads a format by the names that the exporters have.
fn format() -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(Format::ALL.map(Format::name));
    names.try_map(|name| name.parse::<Format>())
}

/// Understands the formats that are text.
fn text_format() -> impl TypedValueParser<Value = Format> {
    let is_text = |format: &Format| format.is_text();
    let names = Format::ALL.into_iter().filter(is_text).map(Format::name);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Format>())
}

#[cfg(test)]
mod tests;
