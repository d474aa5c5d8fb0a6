//! A report as SQL for another engine, over the stored tables.
//!
//! Named parts in front of the report's own query stand for the tables that it
//! asks. They leave in what the report would see if earwitness read the inputs
//! for it alone: the events that it names, its window, its zone. The query
//! itself stays as it is, but for the words of [`Dialect`].

use chrono_tz::Tz;
use earwitness_parser::Timestamp;

use crate::answer::{Ask, USER_COLUMNS};
use crate::dialect::Dialect;
use crate::error::QueryError;
use crate::parameter::ParameterValue;
use crate::recording_buckets::S3_REPORT;
use crate::report::Report;
use crate::sql_clause::{LastSelect, Order, first_word};
use crate::stored_table::StoredTable;
use crate::table::Table;
use crate::window::Window;

/// A report with everything that it is asked with.
#[derive(Debug)]
pub struct Question<'a> {
    /// The report.
    pub report: &'a Report,
    /// The time.
    pub window: Window,
    /// The zone of `local_date`, `local_hour` and `local_weekday`.
    pub timezone: Tz,
    /// Its parameters and filters.
    pub ask: &'a Ask,
    /// The database, or schema, that has the stored tables. Polars has none:
    /// there it is a part of the tables' names.
    pub database: &'a str,
}

/// The columns of `accesses` that a report sees and files do not hold: the names
/// themselves, where earwitness has numbers for them.
const REFERENCES: [(&str, &str); 3] = [
    ("actor_ref", "a.actor_id"),
    ("bucket_ref", "a.bucket"),
    (
        "object_ref",
        // The length in front keeps a bucket apart from a key that has a slash.
        "COALESCE(CAST(LENGTH(a.bucket) AS VARCHAR) || ':' || a.bucket, '') || \
         CASE WHEN a.key IS NULL THEN '' ELSE '/' || a.key END",
    ),
];

/// What a filter compares: columns, any of which may have the value.
struct Filter<'a> {
    columns: Vec<&'static str>,
    value: &'a str,
    any_case: bool,
}

impl Question<'_> {
    /// Writes the SQL, with comments that say what it answers.
    ///
    /// # Errors
    /// When a parameter or filter does not fit the report, when the window is
    /// finer than the tables' milliseconds, or when the dialect has no words for
    /// it.
    pub fn sql(&self, dialect: Dialect) -> Result<String, QueryError> {
        let mut named = Vec::new();
        if !self.report.parameters.is_empty() {
            named.push(self.parameters(dialect)?);
        }
        named.extend(self.tables(dialect)?);
        let query = self.report.query();
        let (start, first) = first_word(query).unwrap_or_default();
        let has_parts = first.eq_ignore_ascii_case("WITH");
        let own = if has_parts {
            &query[start + first.len()..]
        } else {
            &query[start..]
        };
        let filters = self.filters()?;
        let select = if filters.is_empty() {
            own.trim().to_owned()
        } else {
            let why = "its query does not end in one plain SELECT with ORDER BY, so nothing tells \
                       how its rows are filtered; filter inside the query";
            let last = LastSelect::of(own).ok_or_else(|| self.cannot(dialect, why))?;
            if has_parts {
                named.push(last.before.trim().to_owned());
            }
            let (answer, select) = self.filtered(&last, &filters, dialect);
            named.push(answer);
            select
        };
        // The query's own parts begin the text that goes on.
        let goes_on = has_parts && filters.is_empty();
        let between = if goes_on { ",\n\n" } else { "\n\n" };
        let sql = match named.join(",\n\n") {
            none if none.is_empty() => select,
            named => format!("WITH {named}{between}{select}"),
        };
        Ok(format!("{}{}\n", self.head(dialect), dialect.query(&sql)))
    }

    /// Says what the SQL answers.
    fn head(&self, dialect: Dialect) -> String {
        let report = self.report;
        let mut head = vec![
            format!("{}: {}", report.name, report.title),
            report.question.clone(),
        ];
        let (since, until) = (self.window.since, self.window.until);
        if since.is_some() || until.is_some() {
            let shown = |bound: Option<i64>, open: &str| {
                bound.map_or_else(|| open.to_owned(), |at| Timestamp(at).to_string())
            };
            head.push(format!(
                "window: {} (inclusive) to {} (exclusive)",
                shown(since, "the first event"),
                shown(until, "the last event")
            ));
        }
        if dialect == Dialect::Spark {
            head.push("Times are shown in the session's zone: SET TIME ZONE 'UTC'".to_owned());
        }
        head.extend(
            report
                .columns
                .iter()
                .map(|column| format!("  {}: {}", column.name, column.meaning)),
        );
        // A line of a comment ends where the text has an end of line of any kind.
        let line = |line: String| format!("-- {}\n", line.replace(char::is_control, " "));
        head.into_iter().map(line).collect()
    }

    fn parameters(&self, dialect: Dialect) -> Result<String, QueryError> {
        let values = self.ask.values(self.report)?;
        let cells: Vec<String> = values
            .iter()
            .map(|(name, value)| match value {
                ParameterValue::Integer(value) => format!("CAST({value} AS BIGINT) AS {name}"),
                ParameterValue::Text(value) => format!("{} AS {name}", dialect.text(value)),
            })
            .collect();
        Ok(format!(
            "parameters AS (\n    SELECT {}\n)",
            cells.join(", ")
        ))
    }

    /// Writes a named part for each table that the query asks.
    fn tables(&self, dialect: Dialect) -> Result<Vec<String>, QueryError> {
        let uses = |table| self.report.uses(table);
        let accesses = uses(Table::Accesses) || uses(Table::Verdicts);
        let mut named = Vec::new();
        if accesses || uses(Table::S3Deletions) {
            let mut events = self.report.events.clone();
            events.extend(self.report.sizes_from.iter().cloned());
            if uses(Table::S3Deletions) {
                events.push(S3_REPORT.to_owned());
            }
            named.push(format!(
                "recording_buckets AS (\n    SELECT DISTINCT bucket\n    FROM {}\n    WHERE {}\n)",
                self.stored(StoredTable::RecordingBuckets, dialect),
                among("shown_by", &events, dialect)
            ));
        }
        for table in Table::ALL {
            if uses(table) || (accesses && table == Table::Accesses) {
                named.push(self.table(table, dialect)?);
            }
        }
        Ok(named)
    }

    fn table(&self, table: Table, dialect: Dialect) -> Result<String, QueryError> {
        let stored = StoredTable::Of(table);
        let mut columns: Vec<String> = table
            .columns()
            .iter()
            .map(|column| self.cell(table, column.name, dialect))
            .collect::<Result<_, _>>()?;
        let (joined, mut conditions) = match table {
            Table::Accesses => (
                "LEFT JOIN recording_buckets AS b ON a.bucket = b.bucket",
                self.of_events("event_ms", dialect)?,
            ),
            Table::S3Deletions => (
                "LEFT JOIN recording_buckets AS b ON a.bucket = b.bucket",
                self.in_window("placed_ms", NEVER, dialect)?,
            ),
            Table::Verdicts => (
                "INNER JOIN accesses AS b ON a.access_id = b.access_id",
                vec![],
            ),
            Table::TrailChanges => ("", self.of_events("event_ms", dialect)?),
            Table::MonitorRequests => {
                let mut conditions = self.in_window("event_ms", NEVER, dialect)?;
                if !self
                    .report
                    .events
                    .iter()
                    .any(|name| name == "MonitorContact")
                {
                    conditions.push(NEVER.to_owned());
                }
                ("", conditions)
            }
            Table::Monitorings => (
                "",
                self.in_window("started_ms", "a.started_ms IS NULL", dialect)?,
            ),
            _ => ("", vec![]),
        };
        if matches!(table, Table::Accesses | Table::S3Deletions) {
            conditions.push("(NOT a.kept_by_bucket OR b.bucket IS NOT NULL)".to_owned());
        }
        if let Some(partition) = stored.partition() {
            conditions.splice(0..0, self.days(partition));
        }
        let name = table.name();
        let from = self.stored(stored, dialect);
        if let Some(last) = columns.last_mut() {
            last.push('\n');
        }
        let mut part = format!(
            "{name} AS (\n    SELECT\n        {}    FROM {from} AS a\n",
            columns.join(",\n        ")
        );
        if !joined.is_empty() {
            part.push_str(&format!("    {joined}\n"));
        }
        if !conditions.is_empty() {
            let conditions = conditions.join("\n        AND ");
            part.push_str(&format!("    WHERE {conditions}\n"));
        }
        part.push(')');
        Ok(part)
    }

    /// Writes a column of a table as the report sees it.
    fn cell(&self, table: Table, name: &str, dialect: Dialect) -> Result<String, QueryError> {
        let is_seen = |other| self.report.uses(other);
        let plain = format!("a.{name}");
        if table != Table::Accesses {
            return Ok(plain);
        }
        let reference = REFERENCES.iter().find(|(reference, _)| *reference == name);
        let cell = match (name, reference) {
            (_, Some((_, value))) => (*value).to_owned(),
            ("local_date" | "local_hour" | "local_weekday", None) => {
                let why = "it shows times in no zone but UTC; `earwitness report` has --timezone";
                let local = self.local(name, dialect);
                local.ok_or_else(|| self.cannot(dialect, why))?
            }
            // What S3 itself reports is nothing to a report that does not ask for it.
            ("evidence", None) if !is_seen(Table::S3Deletions) => "'cloudtrail'".to_owned(),
            ("batch_children", None) if !is_seen(Table::S3Deletions) => {
                "a.batch_children - a.children_by_s3".to_owned()
            }
            _ => return Ok(plain),
        };
        Ok(format!("{cell} AS {name}"))
    }

    /// Writes what a clock of the zone shows; `None` where the dialect cannot.
    ///
    /// Source: Spark SQL, "Built-in Functions"; Trino documentation, "Date and
    /// time functions and operators".
    fn local(&self, name: &str, dialect: Dialect) -> Option<String> {
        if self.timezone == Tz::UTC {
            return Some(format!("a.{}", name.trim_start_matches("local_")));
        }
        let zone = dialect.text(self.timezone.name());
        match dialect {
            Dialect::Polars => None,
            Dialect::Spark => {
                let shown = format!("FROM_UTC_TIMESTAMP(a.event_time, {zone})");
                Some(match name {
                    "local_date" => format!("DATE_FORMAT({shown}, 'yyyy-MM-dd')"),
                    "local_hour" => format!("CAST(HOUR({shown}) AS BIGINT)"),
                    // Arithmetic, because engines that speak Spark count the days of a week in
                    // ways of their own; 1970 began on a Thursday.
                    _ => format!(
                        "CAST(PMOD(DATEDIFF(CAST({shown} AS DATE), DATE '1970-01-01') + 3, 7) + 1 AS BIGINT)"
                    ),
                })
            }
            // Its tables have times without a zone, which are UTC.
            Dialect::Trino | Dialect::Athena => {
                let shown = format!("AT_TIMEZONE(WITH_TIMEZONE(a.event_time, 'UTC'), {zone})");
                Some(match name {
                    "local_date" => format!("DATE_FORMAT({shown}, '%Y-%m-%d')"),
                    "local_hour" => format!("HOUR({shown})"),
                    _ => format!("DAY_OF_WEEK({shown})"),
                })
            }
        }
    }

    /// Leaves in the report's events in its window.
    fn of_events(&self, moment: &str, dialect: Dialect) -> Result<Vec<String>, QueryError> {
        let mut conditions = vec![among("a.event_name", &self.report.events, dialect)];
        conditions.extend(self.in_window(moment, NEVER, dialect)?);
        Ok(conditions)
    }

    /// Leaves in what lies in the window, and what is `undated`.
    fn in_window(
        &self,
        moment: &str,
        undated: &str,
        dialect: Dialect,
    ) -> Result<Vec<String>, QueryError> {
        let bound = |bound: Option<i64>, comparison: &str| {
            let Some(micros) = bound else {
                return Ok(None);
            };
            if micros.rem_euclid(1000) != 0 {
                let why = "its window is finer than milliseconds, which the tables have";
                return Err(self.cannot(dialect, why));
            }
            let compared = format!("a.{moment} {comparison} {}", micros / 1000);
            Ok(Some(match undated {
                NEVER => compared,
                undated => format!("({compared} OR {undated})"),
            }))
        };
        let since = bound(self.window.since, ">=")?;
        let until = bound(self.window.until, "<")?;
        Ok(since.into_iter().chain(until).collect())
    }

    /// Leaves in the folders whose days the window touches.
    fn days(&self, partition: &str) -> Vec<String> {
        let day = |micros: i64, comparison: &str| {
            let mut day = Timestamp(micros).to_string();
            day.truncate("2026-01-31".len());
            format!("a.{partition} {comparison} '{day}'")
        };
        let since = self.window.since.map(|since| day(since, ">="));
        let until = self.window.until.map(|until| day(until - 1, "<="));
        since.into_iter().chain(until).collect()
    }

    fn stored(&self, stored: StoredTable, dialect: Dialect) -> String {
        let (database, table) = (self.database, stored.name());
        match dialect {
            // It has no databases, and would take a part for the table of its name.
            Dialect::Polars => dialect.name_of(&format!("{database}.{table}")),
            // Athena's queries are Trino's, its definitions are Hive's.
            Dialect::Athena => self.stored(stored, Dialect::Trino),
            _ => format!("{}.{}", dialect.name_of(database), dialect.name_of(table)),
        }
    }

    /// Lists what is compared with the columns of the answer.
    fn filters(&self) -> Result<Vec<Filter<'_>>, QueryError> {
        let has = |name: &str| self.report.columns.iter().any(|column| column.name == name);
        let filter = |option, column: &'static str, value| match value {
            Some(_) if !has(column) => Err(QueryError::NoColumn {
                report: self.report.name.clone(),
                filter: option,
                column,
            }),
            value => Ok(value),
        };
        let ask = self.ask;
        let user = filter("--user", "actor", ask.user.as_deref())?;
        let contact_id = filter("--contact-id", "contact_id", ask.contact_id.as_deref())?;
        let bucket = filter("--bucket", "bucket", ask.bucket.as_deref())?;
        let user = user.map(|value| Filter {
            columns: USER_COLUMNS.into_iter().filter(|name| has(name)).collect(),
            value,
            any_case: true,
        });
        let one = |column, value| Filter {
            columns: vec![column],
            value,
            any_case: false,
        };
        let contact_id = contact_id.map(|value| one("contact_id", value));
        let bucket = bucket.map(|value| one("bucket", value));
        Ok([user, contact_id, bucket].into_iter().flatten().collect())
    }

    /// Makes the rows a named part, with what they are ordered by beside them,
    /// and filters it: engines need not keep the order of what they select from.
    fn filtered(
        &self,
        last: &LastSelect<'_>,
        filters: &[Filter<'_>],
        dialect: Dialect,
    ) -> (String, String) {
        let names: Vec<&str> = self
            .report
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let mut list = last.list.trim().to_owned();
        let mut order = Vec::new();
        for (
            number,
            Order {
                expression,
                direction,
            },
        ) in (1..).zip(&last.order)
        {
            if names.contains(expression) {
                order.push(format!("{expression} {direction}"));
            } else {
                list.push_str(&format!(",\n    {expression} AS order_{number}"));
                order.push(format!("order_{number} {direction}"));
            }
        }
        let conditions: Vec<String> = filters
            .iter()
            .map(|filter| {
                let value = if filter.any_case {
                    dialect.text(&filter.value.to_lowercase())
                } else {
                    dialect.text(filter.value)
                };
                let compare = |column: &&str| match filter.any_case {
                    true => format!("LOWER({column}) = {value}"),
                    false => format!("{column} = {value}"),
                };
                let any: Vec<String> = filter.columns.iter().map(compare).collect();
                format!("({})", any.join(" OR "))
            })
            .collect();
        let order: Vec<&str> = order.iter().map(|order| order.trim_end()).collect();
        let answer = format!("answer AS (\n{list}\n{}\n)", last.from.trim());
        let select = format!(
            "SELECT\n    {}\nFROM answer\nWHERE {}\nORDER BY {}",
            names.join(",\n    "),
            conditions.join("\n    AND "),
            order.join(", ")
        );
        (answer, select)
    }

    fn cannot(&self, dialect: Dialect, why: &'static str) -> QueryError {
        QueryError::Dialect {
            report: self.report.name.clone(),
            dialect: dialect.name(),
            why,
        }
    }
}

/// A condition that no row meets.
const NEVER: &str = "1 = 0";

fn among(column: &str, values: &[String], dialect: Dialect) -> String {
    if values.is_empty() {
        return NEVER.to_owned();
    }
    let values: Vec<String> = values.iter().map(|value| dialect.text(value)).collect();
    format!("{column} IN ({})", values.join(", "))
}
