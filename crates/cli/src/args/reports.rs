use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::EXAMPLES_FIRST;

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness reports
  earwitness reports who-deleted
  earwitness reports who-deleted --columns
  earwitness reports --check my-reports/";

/// Lists the reports, or says more about one.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES)]
pub(crate) struct ReportsArgs {
    /// Report to say more about [default: all, in one line each].
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,

    /// Lists the columns with their types and meanings.
    #[arg(long)]
    pub(crate) columns: bool,

    /// Checks the reports in this folder: their heads, their SQL and the columns they promise.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["name", "columns"])]
    pub(crate) check: Option<PathBuf>,

    /// Takes reports from this folder too; they replace shipped ones of the same name.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) queries: Option<PathBuf>,
}
