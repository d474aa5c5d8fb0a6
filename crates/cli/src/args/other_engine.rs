use std::ffi::OsString;
use std::path::PathBuf;

use chrono_tz::Tz;
use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use earwitness_query::Dialect;

use super::{EXAMPLES_FIRST, ReadingArgs, WantedArgs};
use crate::window::Bound;

pub(crate) const TABLES_EXAMPLES: &str = "\
Examples:
  earwitness lake tables --lake lake/ --out lake-tables
  earwitness lake tables --lake lake/ --out lake-tables --since 2026-03-02 --until 2026-03-03 --force";

pub(crate) const DEFINITION_EXAMPLES: &str = "\
Examples:
  earwitness lake ddl --dialect athena --location s3://example/lake-tables
  earwitness lake ddl --dialect spark --location /data/lake-tables --database audit";

pub(crate) const SQL_EXAMPLES: &str = "\
Examples:
  earwitness lake sql who-deleted --dialect trino --since 7d
  earwitness lake sql who-listened --dialect spark --user ana --gap 10";

/// Writes the tables that reports ask as Parquet, for other engines.
///
/// They hold what any shipped report could ask; the SQL of `earwitness lake sql` leaves in what the
/// report is about. Tables with a time are cut into a folder a day. To add a day, give --since and
/// --until of that day, and --force: its folders and the tables without days are written anew.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = TABLES_EXAMPLES
)]
pub(crate) struct StoreArgs {
    /// Files, folders, patterns or - for standard input, as in `earwitness report`.
    #[arg(
        value_name = "INPUT",
        required_unless_present = "lake",
        conflicts_with = "lake",
        value_hint = ValueHint::AnyPath
    )]
    pub(crate) inputs: Vec<OsString>,

    /// Makes the tables from this lake, which `earwitness ingest` fills, in place of inputs.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) lake: Option<PathBuf>,

    /// Makes a folder for each table in this folder, which must be empty without --force.
    #[arg(long = "out", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    /// Keeps the days from this one on, in UTC [default: the first event's].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Bound>,

    /// Keeps the days before this one [default: all].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Bound>,

    /// Keeps every object in the logs, and not recordings only.
    #[arg(long)]
    pub(crate) all_objects: bool,

    /// Replaces files that exist.
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) how: ReadingArgs,
}

/// Prints the definitions of these tables for an engine with a catalog.
///
/// Trino and Athena find days by partition projection: nothing has to be told of a new day.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = DEFINITION_EXAMPLES
)]
pub(crate) struct DefinitionArgs {
    /// Engine that will read them.
    #[arg(long, value_name = "ENGINE", value_parser = dialect([Dialect::Spark, Dialect::Trino, Dialect::Athena]))]
    pub(crate) dialect: Dialect,

    /// Where the engine finds the folder that has a folder for each table.
    #[arg(long, value_name = "URL", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) location: String,

    /// Database, or schema, to make the tables in.
    #[arg(long, value_name = "NAME", default_value = "earwitness", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) database: String,
}

/// Prints a report's SQL for an engine that has these tables.
///
/// Its answer is that of `earwitness report` with the same options, but for numbers that mean
/// nothing beyond a run.
#[derive(Args, Debug)]
#[command(
    help_template = EXAMPLES_FIRST,
    before_help = SQL_EXAMPLES
)]
pub(crate) struct SqlArgs {
    /// Report to print: a name that `earwitness reports` lists, or a file with SQL.
    #[arg(value_name = "NAME_OR_FILE", value_hint = ValueHint::FilePath)]
    pub(crate) report: OsString,

    /// Engine that will run it.
    #[arg(long, value_name = "ENGINE", value_parser = dialect(Dialect::ALL))]
    pub(crate) dialect: Dialect,

    /// Database, or schema, that has the tables.
    #[arg(long, value_name = "NAME", default_value = "earwitness", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) database: String,

    /// Keeps what happened at this time or later, as in `earwitness report`.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) since: Option<Bound>,

    /// Keeps what happened before this time.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) until: Option<Bound>,

    #[command(flatten)]
    pub(crate) wanted: WantedArgs,

    /// Takes the hour of day in this zone where a report looks at it; times stay in UTC.
    #[arg(long, value_name = "AREA/CITY", value_parser = super::zone)]
    pub(crate) timezone: Option<Tz>,

    /// Takes reports from this folder too; they replace shipped ones of the same name.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) queries: Option<PathBuf>,
}

/// Reads a dialect by its name.
fn dialect<const N: usize>(dialects: [Dialect; N]) -> impl TypedValueParser<Value = Dialect> {
    let names = PossibleValuesParser::new(dialects.map(Dialect::name));
    names.try_map(|name| name.parse::<Dialect>())
}
