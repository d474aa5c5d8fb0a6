use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::EXAMPLES_FIRST;
use super::other_engine::{DefinitionArgs, SqlArgs, StoreArgs};

pub(crate) const EXAMPLES: &str = "\
Examples:
  earwitness lake status --lake lake/
  earwitness lake check --lake lake/
  earwitness lake compact --lake lake/
  earwitness lake tables --lake lake/ --out lake-tables
  earwitness lake sql who-deleted --dialect athena --since 30d";

/// Looks after a lake, and takes reports to engines that run on many machines.
#[derive(Args, Debug)]
#[command(help_template = EXAMPLES_FIRST, before_help = EXAMPLES)]
pub(crate) struct LakeArgs {
    #[command(subcommand)]
    pub(crate) command: LakeCommand,
}

/// What can be done with a lake.
#[derive(Subcommand, Debug)]
pub(crate) enum LakeCommand {
    /// Says what the lake holds.
    Status(LakeFolder),
    /// Reads every file and proves that it is what its ledger says.
    ///
    /// Exit code 5 where a file is missing, damaged or not what its ledger says.
    Check(LakeFolder),
    /// Makes few large files of many small ones and drops what was delivered twice.
    ///
    /// Programs that list the lake's folders may meanwhile see an event twice; reports see each once.
    Compact(LakeFolder),
    Tables(StoreArgs),
    Ddl(DefinitionArgs),
    Sql(Box<SqlArgs>),
}

/// Which lake.
#[derive(Args, Debug)]
pub(crate) struct LakeFolder {
    /// Folder of the lake.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lake: PathBuf,
}
