//! The stored tables' definitions for engines that keep a catalog.

use crate::dialect::Dialect;
use crate::stored_table::{StoredColumn, StoredTable, StoredType};

/// The first day that CloudTrail can have a record of.
///
/// Source: AWS News Blog, 13 November 2013, "AWS CloudTrail - Capture AWS API
/// Activity".
const FIRST_DAY: &str = "2013-11-13";

/// Writes the statements that make the database and its tables known, each
/// ending in a semicolon; none for Polars, which has no catalog.
///
/// `location` is the folder that has a folder for each table, such as
/// `s3://bucket/prefix`. Athena and Trino find days by projection: they work
/// out the folders' names from the days that a query names and list none.
///
/// Source: Amazon Athena User Guide, "Partition projection"; Trino
/// documentation, "Hive connector", partition projection properties.
pub fn table_definitions(dialect: Dialect, database: &str, location: &str) -> String {
    let location = location.trim_end_matches('/');
    let made = match dialect {
        Dialect::Polars => return String::new(),
        Dialect::Spark | Dialect::Athena => {
            format!(
                "CREATE DATABASE IF NOT EXISTS {};\n",
                dialect.name_of(database)
            )
        }
        Dialect::Trino => format!(
            "CREATE SCHEMA IF NOT EXISTS {};\n",
            dialect.name_of(database)
        ),
    };
    StoredTable::all().fold(made, |made, table| {
        let definition = Definition {
            dialect,
            name: format!(
                "{}.{}",
                dialect.name_of(database),
                dialect.name_of(table.name())
            ),
            table,
            location: format!("{location}/{}", table.name()),
        };
        format!("{made}\n{}", definition.statement())
    })
}

struct Definition {
    dialect: Dialect,
    name: String,
    table: StoredTable,
    location: String,
}

impl Definition {
    fn statement(&self) -> String {
        let columns = self.table.columns();
        let is_partition = |column: &&StoredColumn| Some(column.name) == self.table.partition();
        let mut lines: Vec<String> = columns
            .iter()
            .filter(|column| !is_partition(column))
            .map(|column| self.column(column))
            .collect();
        let partition = columns.iter().find(is_partition);
        let text = |text: &str| self.dialect.text_in_definition(text);
        let (name, location) = (&self.name, text(&self.location));
        let meaning = text(self.table.meaning());
        match self.dialect {
            Dialect::Polars => String::new(),
            Dialect::Spark => {
                lines.extend(partition.map(|column| self.column(column)));
                let by = partition.map_or_else(String::new, |column| {
                    format!("PARTITIONED BY ({})\n", self.dialect.name_of(column.name))
                });
                let known = partition.map_or_else(String::new, |_| {
                    // Its catalog knows no folder that it was not told of.
                    format!("MSCK REPAIR TABLE {name};\n")
                });
                format!(
                    "CREATE TABLE IF NOT EXISTS {name} (\n{}\n)\nUSING PARQUET\n{by}COMMENT {meaning}\n\
                     LOCATION {location};\n{known}",
                    lines.join(",\n")
                )
            }
            Dialect::Athena => {
                let by = partition.map_or_else(String::new, |column| {
                    format!("PARTITIONED BY (\n{}\n)\n", self.column(column))
                });
                let projection = partition.map_or_else(String::new, |column| {
                    let day = column.name;
                    let template = text(&format!("{}/{day}=${{{day}}}", self.location));
                    format!(
                        "\nTBLPROPERTIES (\n    'projection.enabled' = 'true',\n    \
                         'projection.{day}.type' = 'date',\n    \
                         'projection.{day}.format' = 'yyyy-MM-dd',\n    \
                         'projection.{day}.range' = '{FIRST_DAY},NOW+1DAYS',\n    \
                         'storage.location.template' = {template}\n)"
                    )
                });
                format!(
                    "CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{}\n)\nCOMMENT {meaning}\n{by}\
                     STORED AS PARQUET\nLOCATION {location}{projection};\n",
                    lines.join(",\n")
                )
            }
            Dialect::Trino => {
                let mut properties = vec![
                    format!("external_location = {location}"),
                    "format = 'PARQUET'".to_owned(),
                ];
                if let Some(column) = partition {
                    let day = column.name;
                    lines.push(format!(
                        "{} WITH (\n        partition_projection_type = 'DATE',\n        \
                         partition_projection_format = 'yyyy-MM-dd',\n        \
                         partition_projection_range = ARRAY['{FIRST_DAY}', 'NOW+1DAYS']\n    )",
                        self.column(column)
                    ));
                    properties.extend([
                        format!("partitioned_by = ARRAY['{day}']"),
                        "partition_projection_enabled = true".to_owned(),
                    ]);
                }
                format!(
                    "CREATE TABLE IF NOT EXISTS {name} (\n{}\n)\nCOMMENT {meaning}\nWITH (\n    {}\n);\n",
                    lines.join(",\n"),
                    properties.join(",\n    ")
                )
            }
        }
    }

    fn column(&self, column: &StoredColumn) -> String {
        let name = self.dialect.name_of(column.name);
        let kind = self.dialect.kind(column.kind);
        format!(
            "    {name} {kind} COMMENT {}",
            self.dialect.text_in_definition(column.meaning)
        )
    }
}

impl Dialect {
    /// Writes a text in a definition, where Athena reads it as Hive does, with
    /// Spark's escapes.
    fn text_in_definition(self, text: &str) -> String {
        match self {
            Dialect::Athena => Dialect::Spark.text(text),
            Dialect::Polars | Dialect::Spark | Dialect::Trino => self.text(text),
        }
    }

    /// Names a type. Trino's Hive connector has times of milliseconds without a
    /// zone, unless it is told otherwise.
    fn kind(self, kind: StoredType) -> &'static str {
        match (kind, self) {
            (StoredType::Text, Dialect::Trino) => "VARCHAR",
            (StoredType::Text, _) => "STRING",
            (StoredType::Integer, _) => "BIGINT",
            (StoredType::Time, Dialect::Trino) => "TIMESTAMP(3)",
            (StoredType::Time, _) => "TIMESTAMP",
            (StoredType::Flag, _) => "BOOLEAN",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_defined_once_in_every_catalog() {
        for dialect in [Dialect::Spark, Dialect::Trino, Dialect::Athena] {
            let all = table_definitions(dialect, "ears", "s3://amazon-connect-example/lake/");
            let made = all.matches(" TABLE IF NOT EXISTS ").count();
            assert_eq!(made, StoredTable::all().count(), "{dialect}");
            assert_eq!(
                all.matches("s3://amazon-connect-example/lake/accesses'")
                    .count(),
                1
            );
            assert!(!all.contains("lake//"));
        }
        assert_eq!(table_definitions(Dialect::Polars, "ears", "lake"), "");
    }
}
