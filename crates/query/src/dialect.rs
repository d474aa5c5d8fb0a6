//! How engines write what they read alike.

use std::fmt;
use std::str::FromStr;

/// An engine's way of writing SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The engine inside earwitness.
    Polars,
    /// Spark SQL, and what speaks it: Sail, Databricks, EMR.
    Spark,
    /// Trino.
    Trino,
    /// Amazon Athena: Trino's queries, Hive's definitions of tables.
    Athena,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Dialect; 4] = [
        Dialect::Polars,
        Dialect::Spark,
        Dialect::Trino,
        Dialect::Athena,
    ];

    /// Returns the name that the command line uses.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Polars => "polars",
            Dialect::Spark => "spark",
            Dialect::Trino => "trino",
            Dialect::Athena => "athena",
        }
    }

    /// Writes a text as a value. Spark takes a backslash for an escape, and two
    /// quotes for the end of one text and the start of another.
    ///
    /// Source: Spark SQL Guide, "Literals"; Trino documentation, "Data types".
    pub(crate) fn text(self, text: &str) -> String {
        let inside = match self {
            Dialect::Spark => text.replace('\\', "\\\\").replace('\'', "\\'"),
            Dialect::Polars | Dialect::Trino | Dialect::Athena => text.replace('\'', "''"),
        };
        format!("'{inside}'")
    }

    /// Writes a name so that no word is taken for a keyword.
    pub(crate) fn name_of(self, name: &str) -> String {
        match self {
            Dialect::Spark | Dialect::Athena => format!("`{}`", name.replace('`', "``")),
            Dialect::Polars | Dialect::Trino => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Writes a report's query: in a cast, Spark wants a length behind
    /// `VARCHAR`, and calls text of any length `STRING`.
    pub(crate) fn query(self, query: &str) -> String {
        match self {
            Dialect::Spark => query.replace("AS VARCHAR)", "AS STRING)"),
            Dialect::Polars | Dialect::Trino | Dialect::Athena => query.to_owned(),
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Dialect, String> {
        let named = |dialect: &Dialect| dialect.name() == text;
        let known = || Dialect::ALL.map(Dialect::name).join(", ");
        let found = Dialect::ALL.into_iter().find(named);
        found.ok_or_else(|| format!("it is one of {}", known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values() {
        let hostile = r"'); DROP TABLE x; -- \'";
        assert_eq!(Dialect::Trino.text(hostile), r"'''); DROP TABLE x; -- \'''");
        assert_eq!(
            Dialect::Spark.text(hostile),
            r"'\'); DROP TABLE x; -- \\\''"
        );
        assert_eq!(Dialect::Athena.name_of("a`b"), "`a``b`");
        assert_eq!(Dialect::Trino.name_of("a\"b"), "\"a\"\"b\"");
    }

    #[test]
    fn dialects_go_by_their_names() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.name().parse(), Ok(dialect));
        }
        assert!("oracle".parse::<Dialect>().is_err());
    }
}
