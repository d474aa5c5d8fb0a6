//! What is wrong with a report's SQL, where it stands, and which names there are
//! instead.

use std::fmt;

use polars::prelude::PolarsError;

use crate::report::Report;
use crate::table::Table;

/// Why the engine did not run a report's SQL.
#[derive(Debug)]
pub struct SqlProblem {
    what: String,
    place: Option<Place>,
    /// The name in the SQL that the engine does not know.
    pub unknown_name: Option<String>,
    /// The tables, or the columns, that there are.
    pub known_names: Vec<String>,
    /// The engine's own error, whose first words the text repeats.
    pub engine: PolarsError,
}

/// A place in a report's file, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
}

/// The engine prints whole plans; so many characters tell what is the matter.
const TOLD_CHARACTERS: usize = 160;

impl SqlProblem {
    pub(crate) fn new(report: &Report, engine: PolarsError) -> SqlProblem {
        let text = engine.to_string();
        let first = text.lines().next().unwrap_or_default();
        let (first, written_place) = without_place(first);
        let first = first.split("; valid columns").next().unwrap_or(first);
        let printed_place = location(first);
        // A printed part of the query is named by its first word.
        let told = match printed_place {
            Some(_) => first.split(" {").next().unwrap_or(first),
            None => first,
        };
        let mut what: String = told.chars().take(TOLD_CHARACTERS).collect();
        if what.len() < first.len() {
            what.push('…');
        }
        let named = quoted_words(told)
            .find_map(|word| place_of(&report.sql, word).map(|place| (word, place)));
        let unknown_name = named.map(|(word, _)| word.to_owned());
        let known_names = match &unknown_name {
            Some(_) if told.contains("relation") || told.contains("no table") => tables(),
            Some(_) if told.contains("column") => columns(report),
            _ => Vec::new(),
        };
        SqlProblem {
            what,
            place: written_place
                .or(printed_place)
                .or(named.map(|(_, place)| place)),
            unknown_name,
            known_names,
            engine,
        }
    }
}

impl fmt::Display for SqlProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { line, column }) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.what)
    }
}

impl std::error::Error for SqlProblem {}

fn tables() -> Vec<String> {
    let tables = Table::ALL.map(Table::name).into_iter();
    tables.chain(["parameters"]).map(str::to_owned).collect()
}

fn columns(report: &Report) -> Vec<String> {
    let of_tables = Table::ALL
        .into_iter()
        .filter(|table| report.uses(*table))
        .flat_map(|table| table.columns())
        .map(|column| column.name.to_owned());
    let of_parameters = report.parameters.iter().map(|known| known.name.clone());
    of_tables.chain(of_parameters).collect()
}

/// Takes the place off that the engine's parser writes behind an error.
fn without_place(text: &str) -> (&str, Option<Place>) {
    let place = || {
        let (what, place) = text.rsplit_once(" at Line: ")?;
        let (line, column) = place.split_once(", Column: ")?;
        let place = Place {
            line: line.trim().parse().ok()?,
            column: column.trim().parse().ok()?,
        };
        Some((what, Some(place)))
    };
    place().unwrap_or((text, None))
}

/// Reads the first place in a part of the query that the engine prints whole.
fn location(text: &str) -> Option<Place> {
    let (_, rest) = text.split_once("Location(")?;
    let (place, _) = rest.split_once(')')?;
    let (line, column) = place.split_once(',')?;
    Some(Place {
        line: line.parse().ok()?,
        column: column.parse().ok()?,
    })
}

/// Iterates over what stands in quotes of either kind.
fn quoted_words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let open = rest.find(['\'', '"'])?;
        let quote = rest.as_bytes()[open];
        let inside = &rest[open + 1..];
        let close = inside.bytes().position(|byte| byte == quote)?;
        rest = &inside[close + 1..];
        Some(&inside[..close])
    })
}

/// Finds a name in SQL, as a whole word outside comments.
fn place_of(sql: &str, name: &str) -> Option<Place> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    if name.is_empty() || !name.bytes().all(is_part) {
        return None;
    }
    let (wanted, lines) = (name.to_ascii_lowercase(), sql.lines());
    (1..).zip(lines).find_map(|(line, text)| {
        let code = text.split("--").next().unwrap_or_default();
        let code = code.to_ascii_lowercase();
        let found = code.match_indices(&wanted).find(|(at, _)| {
            let before = code.as_bytes()[..*at].last();
            let behind = code.as_bytes().get(at + wanted.len());
            !before.copied().is_some_and(is_part) && !behind.copied().is_some_and(is_part)
        });
        found.map(|(at, _)| Place {
            line,
            column: code[..at].chars().count() + 1,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_whole_word_outside_comments() {
        let sql = "-- title: bucket\nSELECT buckets, x_bucket, -- bucket\n  é, a.Bucket\n";
        let place = place_of(sql, "bucket").unwrap();
        assert_eq!((place.line, place.column), (3, 8));
        for nothing in ["", "date/time", "SELECT 1", "buck"] {
            assert_eq!(place_of(sql, nothing), None, "{nothing}");
        }
    }

    #[test]
    fn places_are_read_as_the_engine_writes_them() {
        let (what, place) = without_place("Expected: ), found: FROM at Line: 3, Column: 26");
        assert_eq!(what, "Expected: ), found: FROM");
        let place = place.unwrap();
        assert_eq!((place.line, place.column), (3, 26));
        let place = location("Exists { span: Span(Location(4,45)..Location(3,51)) }").unwrap();
        assert_eq!((place.line, place.column), (4, 45));
        assert_eq!(location("Location(x,y)"), None);
        let words: Vec<_> = quoted_words("no 'one' in \"a'b\" 'open").collect();
        assert_eq!(words, ["one", "a'b"]);
    }
}
