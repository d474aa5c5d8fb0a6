//! A report: a question with its answer in SQL, in one file.
//!
//! The file begins with comments that say what the report is:
//!
//! ```sql
//! -- title: Who deleted recordings
//! -- question: Who deleted which recording, when and from where?
//! -- events: DeleteObject, DeleteObjects
//! -- sizes from: PutObject
//! -- parameter: gap integer 30 Minutes without a request that end a sitting.
//! -- contacts: of events
//! -- requires: contact-id
//! -- show: event_time
//! -- column: event_time When the request completed, UTC.
//! -- columns: accesses
//! -- cannot see: deletions by S3 Lifecycle.
//! SELECT …
//! ```
//!
//! A report that needs no events says `-- events: none`. Events under `sizes
//! from` become no rows: they only tell how large the objects were that others
//! are about, and are many.
//!
//! `contacts: of events` promises that the SQL looks in `contacts` for nothing but
//! the contacts of the report's own events, so that a lake need not read all contact
//! records for it. Without it `contacts` is whole.
//!
//! A line that begins with `--` and more than one space goes on with the entry
//! above it. `events`, `parameter` and `column` may stand more than once.
//! `columns` documents the columns of a table that the answer has as they are,
//! perhaps `without` some.

use earwitness_parser::Interest;
use polars::frame::DataFrame;

use crate::error::QueryError;
use crate::logging_call::LOGGING_CALLS;
use crate::parameter::Parameter;
use crate::table::Table;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The name: that of the file.
    pub name: String,
    /// A short title.
    pub title: String,
    /// The question that it answers, in its users' words.
    pub question: String,
    /// The CloudTrail event names that it needs; none where it asks the
    /// directory only.
    pub events: Vec<String>,
    /// The names of further events that only tell how large objects are.
    pub sizes_from: Vec<String>,
    /// Whether it looks in `contacts` for those of its events alone.
    pub contacts_of_events: bool,
    /// The options that it makes no sense without, such as `contact-id`.
    pub requires: Vec<String>,
    /// What can be set.
    pub parameters: Vec<Parameter>,
    /// The columns that a table on the terminal shows; all where empty.
    pub show: Vec<String>,
    /// What each column of the answer means.
    pub columns: Vec<ReportColumn>,
    /// What it cannot see.
    pub cannot_see: String,
    /// The query, with its comments.
    pub sql: String,
}

/// A column of a report's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportColumn {
    /// The name.
    pub name: String,
    /// What a value means.
    pub meaning: String,
}

impl Report {
    /// Reads a report from its file's text.
    ///
    /// # Errors
    /// When the comments at the top are not understood or something is missing;
    /// the error names the line.
    pub fn parse(name: &str, text: &str) -> Result<Report, QueryError> {
        let mut report = Report {
            name: name.to_owned(),
            title: String::new(),
            question: String::new(),
            events: Vec::new(),
            sizes_from: Vec::new(),
            contacts_of_events: false,
            parameters: Vec::new(),
            requires: Vec::new(),
            show: Vec::new(),
            columns: Vec::new(),
            cannot_see: String::new(),
            sql: text.to_owned(),
        };
        let entries = entries(name, text)?;
        for entry in &entries {
            report.set(entry)?;
        }
        let broken = |line, why: &str| QueryError::Report {
            name: name.to_owned(),
            line,
            why: why.to_owned(),
        };
        if report.title.is_empty() {
            return Err(broken(1, "it has no `-- title: …`"));
        }
        let says_none = |entry: &Entry<'_>| entry.key == "events" && entry.value == NO_EVENTS;
        if report.events.is_empty() && !entries.iter().any(says_none) {
            let why = "it has no `-- events: …`: name the CloudTrail events that it needs, or none";
            return Err(broken(1, why));
        }
        let documented = |name: &&String| report.columns.iter().any(|column| column.name == **name);
        if let Some(name) = report.show.iter().find(|name| !documented(name)) {
            let why = format!("`-- show:` names '{name}', which no `-- column: …` documents");
            return Err(broken(1, &why));
        }
        if !report.begins_with_a_query() {
            let line = 1 + text
                .lines()
                .take_while(|line| line.starts_with("--"))
                .count();
            return Err(broken(
                line,
                "a report asks: its SQL begins with SELECT or WITH",
            ));
        }
        Ok(report)
    }

    /// Tells whether the SQL asks: the engine would run other statements too.
    fn begins_with_a_query(&self) -> bool {
        let mut lines = self.query().lines().map(str::trim);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with("--"));
        let word = first.and_then(|line| line.split(|c: char| !c.is_alphabetic()).next());
        word.is_some_and(|word| {
            ["SELECT", "WITH"]
                .iter()
                .any(|query| query.eq_ignore_ascii_case(word))
        })
    }

    fn set(&mut self, entry: &Entry<'_>) -> Result<(), QueryError> {
        let broken = |why: String| QueryError::Report {
            name: entry.report.to_owned(),
            line: entry.line,
            why,
        };
        let value = entry.value.as_str();
        match entry.key {
            "title" => self.title = value.to_owned(),
            "question" => self.question = value.to_owned(),
            "cannot see" => self.cannot_see = value.to_owned(),
            "events" if value == NO_EVENTS => {}
            "events" => self.events.extend(names(value)),
            "sizes from" => self.sizes_from.extend(names(value)),
            "contacts" if value == OF_EVENTS => self.contacts_of_events = true,
            "contacts" => {
                return Err(broken(format!(
                    "`-- contacts:` cannot be '{value}'; it is `{OF_EVENTS}` or left out"
                )));
            }
            "show" => self.show.extend(names(value)),
            "requires" => {
                self.requires.extend(names(value));
                if let Some(other) = self
                    .requires
                    .iter()
                    .find(|name| !REQUIRABLE.contains(&name.as_str()))
                {
                    return Err(broken(format!(
                        "'{other}' cannot be required; it is one of {}",
                        REQUIRABLE.join(", ")
                    )));
                }
            }
            "columns" => {
                let (name, without) = value.split_once(" without ").unwrap_or((value, ""));
                let table = Table::ALL.into_iter().find(|table| table.name() == name);
                let table = table.ok_or_else(|| broken(format!("there is no table '{name}'")))?;
                let without: Vec<String> = names(without).collect();
                let columns = table.columns();
                if let Some(other) = without
                    .iter()
                    .find(|name| !columns.iter().any(|column| column.name == **name))
                {
                    return Err(broken(format!("table '{name}' has no column '{other}'")));
                }
                let columns = columns
                    .into_iter()
                    .filter(|column| !without.iter().any(|name| name == column.name));
                self.columns.extend(columns.map(|column| ReportColumn {
                    name: column.name.to_owned(),
                    meaning: column.meaning.to_owned(),
                }));
            }
            "column" => {
                let (name, meaning) = value.split_once(' ').unwrap_or((value, ""));
                self.columns.push(ReportColumn {
                    name: name.to_owned(),
                    meaning: meaning.to_owned(),
                });
            }
            "parameter" => {
                let parameter = Parameter::declared(value).map_err(broken)?;
                if self.parameter(&parameter.name).is_some() {
                    let why = format!("parameter '{}' is declared twice", parameter.name);
                    return Err(broken(why));
                }
                self.parameters.push(parameter);
            }
            other => {
                return Err(broken(format!(
                    "'{other}' is no entry of a report; there are title, question, events, \
                     sizes from, contacts, parameter, requires, show, column, columns and cannot see"
                )));
            }
        }
        Ok(())
    }

    /// Finds a parameter by its name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }

    /// Returns the query without the comments at the top.
    pub fn query(&self) -> &str {
        let head = self.sql.lines().take_while(|line| line.starts_with("--"));
        let head: usize = head.map(|line| line.len() + 1).sum();
        self.sql.get(head..).unwrap_or_default()
    }

    /// Tells whether the query names a table.
    pub fn uses(&self, table: Table) -> bool {
        self.query()
            .split(|character: char| !(character.is_alphanumeric() || character == '_'))
            .any(|word| word.eq_ignore_ascii_case(table.name()))
    }

    /// Compares the columns that the head documents with those of an answer.
    pub(crate) fn promises(&self, rows: &DataFrame) -> Result<(), QueryError> {
        let documented = self.columns.iter().map(|column| column.name.as_str());
        let answered = rows
            .get_column_names()
            .into_iter()
            .map(|name| name.as_str());
        let difference = documented
            .clone()
            .find(|name| !rows.schema().contains(name))
            .map(|name| format!("it documents a column '{name}' that its answer does not have"))
            .or_else(|| {
                let missing = answered
                    .clone()
                    .find(|name| !documented.clone().any(|n| n == *name));
                missing.map(|name| {
                    format!("its answer has a column '{name}' that it does not document")
                })
            });
        match difference {
            Some(why) if !self.columns.is_empty() => Err(QueryError::Report {
                name: self.name.clone(),
                line: 1,
                why,
            }),
            _ => Ok(()),
        }
    }

    /// Returns which records the report needs.
    pub fn interest(&self) -> Interest {
        Self::interest_of(&[self])
    }

    /// Returns which records several reports need, to be read once for all.
    pub fn interest_of(reports: &[&Report]) -> Interest {
        let events = reports.iter().flat_map(|report| &report.events);
        let sizes_from = reports.iter().flat_map(|report| &report.sizes_from);
        let mut interest = Interest::in_events(events).and_sizes(sizes_from);
        let any_uses = |table| reports.iter().any(|report| report.uses(table));
        if any_uses(Table::Verdicts) || any_uses(Table::Grants) {
            interest = interest.and_directory();
        }
        if any_uses(Table::S3Deletions) {
            interest = interest.and_s3_deletions();
        }
        if !any_uses(Table::TrailChanges) {
            interest = interest.and_heed(LOGGING_CALLS);
        }
        if reports
            .iter()
            .all(|report| report.needs_contacts_of_events())
        {
            interest = interest.with_contacts_of_events();
        }
        interest
    }

    /// Tells whether no contact record matters but those of the report's events.
    fn needs_contacts_of_events(&self) -> bool {
        !self.uses(Table::Recordings)
            && !self.uses(Table::Monitorings)
            && (self.contacts_of_events || !self.uses(Table::Contacts))
    }
}

/// What a report says that looks in `contacts` for those of its events alone.
const OF_EVENTS: &str = "of events";

/// What a report that needs no events says in their place.
const NO_EVENTS: &str = "none";

/// Options that a report may require.
const REQUIRABLE: [&str; 3] = ["user", "contact-id", "bucket"];

fn names(list: &str) -> impl Iterator<Item = String> {
    list.split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
}

struct Entry<'a> {
    report: &'a str,
    key: &'a str,
    value: String,
    line: usize,
}

/// Splits the comments at the top of a file into entries.
fn entries<'a>(report: &'a str, text: &'a str) -> Result<Vec<Entry<'a>>, QueryError> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        let Some(comment) = content.strip_prefix("--") else {
            break;
        };
        let continues = comment.starts_with("  ");
        let comment = comment.trim();
        if let (true, Some(entry)) = (continues, entries.last_mut()) {
            entry.value.push(' ');
            entry.value.push_str(comment);
        } else if let Some((key, value)) = comment.split_once(':') {
            entries.push(Entry {
                report,
                key,
                value: value.trim().to_owned(),
                line,
            });
        } else if !comment.is_empty() {
            return Err(QueryError::Report {
                name: report.to_owned(),
                line,
                why: "a comment at the top is written `-- entry: value`".to_owned(),
            });
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use earwitness_parser::ContactInterest;

    use super::*;

    #[test]
    fn a_report_says_what_it_is() {
        let text = "-- title: T\n-- events: A, B,\n--   C\n-- sizes from: D\n-- parameter: gap integer 30 In minutes.\n\
                    -- column: a What a is.\n-- column: b\n\nSELECT 1 -- title: no\n";
        let report = Report::parse("r", text).unwrap();
        assert_eq!(report.events, ["A", "B", "C"]);
        assert_eq!(report.sizes_from, ["D"]);
        assert!(report.interest().wants(b"D"));
        assert_eq!(report.parameters[0].name, "gap");
        assert_eq!(report.columns[0].meaning, "What a is.");
        assert_eq!(report.sql, text);
    }

    #[test]
    fn the_columns_of_a_table_are_documented_perhaps_without_some() {
        let text =
            "-- title: T\n-- events: none\n-- columns: inputs without sha256, rejects\nSELECT 1\n";
        let report = Report::parse("r", text).unwrap();
        let names: Vec<_> = report.columns.iter().map(|column| &*column.name).collect();
        assert_eq!(names.len(), Table::Inputs.columns().len() - 2);
        assert!(names.contains(&"origin") && !names.contains(&"sha256"));
    }

    #[test]
    fn a_report_may_need_no_events() {
        let text = "-- title: T\n-- events: none\nSELECT username FROM grants\n";
        let report = Report::parse("r", text).unwrap();
        assert_eq!(report.events, [] as [String; 0]);
        assert!(!report.interest().wants(b"DeleteObject"));
    }

    #[test]
    fn all_contact_records_matter_unless_a_report_promises_otherwise() {
        let of_events = |head: &str, table: &str| {
            let text = format!("-- title: T\n-- events: A\n{head}SELECT 1 FROM {table}\n");
            let interest = Report::parse("r", &text).unwrap().interest();
            interest.contacts() == ContactInterest::OfEvents
        };
        assert!(of_events("", "accesses"));
        assert!(!of_events("", "contacts"));
        assert!(of_events("-- contacts: of events\n", "contacts"));
        // Recordings and live monitoring come from contact records, too.
        assert!(!of_events("-- contacts: of events\n", "recordings"));
        assert!(!of_events("-- contacts: of events\n", "monitorings"));
    }

    #[test]
    fn a_broken_head_names_its_line() {
        for (text, line) in [
            ("-- title: T\n-- events: A\nDROP TABLE accesses", 3),
            ("-- title: T\n-- events: A\n", 3),
            ("SELECT 1", 1),
            ("-- title: T\nSELECT 1", 1),
            ("-- title: T\n-- evnts: A\n", 2),
            ("-- title: T\n-- parameter: gap integer many\n", 2),
            ("-- title: T\n-- parameter: gap\n", 2),
            ("-- title: T\n-- events: A\n-- show: a\n", 1),
            ("-- no entry\n", 1),
            ("-- title: T\n-- contacts: of accesses\n", 2),
            ("-- title: T\n-- columns: acesses\n", 2),
            ("-- title: T\n-- columns: inputs without orign\n", 2),
            ("-- title: T\n-- events: ,\nSELECT 1", 1),
        ] {
            let error = Report::parse("r", text).unwrap_err();
            assert!(
                error.to_string().contains(&format!("line {line}")),
                "{error}"
            );
        }
    }
}
