use std::collections::{BTreeMap, HashMap};
use std::io;

use polars::frame::DataFrame;
use polars::prelude::DataType;
use serde::Serialize;

use crate::cell::Cell;
use crate::column::is_number;
use crate::html::charts::LISTED;
use crate::rows::for_each_row;
use crate::tally::{Share, Tally, UNTOLD};
use crate::{About, ExportError};

/// What the script is given.
#[derive(Serialize)]
struct Data<'a> {
    reports: Vec<Report<'a>>,
    /// Records behind the rows, by their ids.
    records: BTreeMap<&'a str, Vec<Logged<'a>>>,
    /// What makes a spreadsheet take a text for a formula.
    formula_starts: String,
}

/// A record as it was logged.
#[derive(Serialize, PartialEq)]
struct Logged<'a> {
    input: &'a str,
    place: &'a str,
    sha256: &'a str,
    text: &'a str,
}

/// The rows of one answer.
#[derive(Serialize)]
struct Report<'a> {
    name: &'a str,
    rows: usize,
    columns: Vec<Column<'a>>,
    main: &'a [String],
    custody: &'a [String],
    ids: &'a [String],
    time: Option<String>,
    person: Option<&'a str>,
    contact: Option<&'a str>,
    /// Those whose bars can be chosen, in their order; null for nobody known.
    people: Vec<Option<String>>,
    attempts: Vec<Option<String>>,
    contacts: Vec<Option<String>>,
    outcome: Option<&'a str>,
    /// Values of the outcome of what was tried and did not happen.
    in_vain: &'a [String],
}

/// A column: each different text once, and of each row the place of its text.
#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    kind: &'static str,
    meaning: &'a str,
    texts: Vec<String>,
    /// -1 for no value.
    at: Vec<i64>,
}

/// Returns the rows as JSON that can stand inside a script element: no `<` is
/// in it.
pub(super) fn json(
    answers: &[(&DataFrame, &About)],
    tallies: &[Tally],
) -> Result<String, ExportError> {
    let reports = answers
        .iter()
        .zip(tallies)
        .map(|((rows, about), tally)| report(rows, about, tally))
        .collect::<Result<Vec<_>, _>>()?;
    let data = Data {
        reports,
        records: records(answers),
        formula_starts: crate::csv::FORMULA_STARTS.iter().collect(),
    };
    let mut json = WithoutTags(Vec::new());
    serde_json::to_writer(&mut json, &data).map_err(|error| ExportError::Write(error.into()))?;
    String::from_utf8(json.0).map_err(|error| ExportError::Write(io::Error::other(error)))
}

/// Puts the records of all answers together, each once.
fn records<'a>(answers: &[(&DataFrame, &'a About)]) -> BTreeMap<&'a str, Vec<Logged<'a>>> {
    let mut records: BTreeMap<&str, Vec<Logged<'_>>> = BTreeMap::new();
    for record in answers.iter().flat_map(|(_, about)| &about.records) {
        let logged = Logged {
            input: &record.input,
            place: &record.place,
            sha256: &record.sha256,
            text: &record.json,
        };
        let known = records.entry(&record.id).or_default();
        if !known.contains(&logged) {
            known.push(logged);
        }
    }
    records
}

/// Takes JSON and keeps it without `<`, which JSON has in texts only.
struct WithoutTags(Vec<u8>);

impl io::Write for WithoutTags {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'<') {
            match part.strip_suffix(b"<") {
                Some(before) => {
                    self.0.extend_from_slice(before);
                    self.0.extend_from_slice(b"\\u003c");
                }
                None => self.0.extend_from_slice(part),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn report<'a>(
    rows: &'a DataFrame,
    about: &'a About,
    tally: &Tally,
) -> Result<Report<'a>, ExportError> {
    let mut columns: Vec<Column<'a>> = rows
        .schema()
        .iter()
        .map(|(name, dtype)| Column {
            name,
            kind: kind(dtype),
            meaning: about.meaning(name),
            texts: Vec::new(),
            at: Vec::with_capacity(rows.height()),
        })
        .collect();
    let mut places: Vec<HashMap<String, i64>> = vec![HashMap::new(); columns.len()];
    for_each_row(rows, |row| {
        for ((column, places), cell) in columns.iter_mut().zip(&mut places).zip(row.cells()) {
            column.push(cell, places);
        }
        Ok(())
    })?;
    let has = |name: &String| columns.iter().any(|column| column.name == name);
    let roles = &about.roles;
    // Days are those of the charts: of the zone, where the rows have its times.
    let local = roles.time.as_ref().map(|time| format!("{time}_local"));
    let time = local
        .filter(|name| has(name))
        .or_else(|| roles.time.clone());
    let role = |name: &'a Option<String>| name.as_ref().filter(|name| has(name));
    Ok(Report {
        name: &about.name,
        rows: rows.height(),
        time: time.filter(|name| has(name)),
        person: role(&roles.person).map(String::as_str),
        contact: role(&roles.contact).map(String::as_str),
        main: &about.main,
        custody: &roles.custody,
        ids: &roles.ids,
        outcome: role(&roles.outcome).map(String::as_str),
        in_vain: &roles.in_vain,
        people: choices(&tally.people),
        attempts: choices(&tally.attempts()),
        contacts: choices(&tally.contacts),
        columns,
    })
}

impl Column<'_> {
    fn push(&mut self, cell: Cell<'_>, places: &mut HashMap<String, i64>) {
        if cell == Cell::Null {
            self.at.push(-1);
            return;
        }
        let text = cell.to_string();
        let at = match places.get(&text) {
            Some(at) => *at,
            None => {
                let at = self.texts.len() as i64;
                places.insert(text.clone(), at);
                self.texts.push(text);
                at
            }
        };
        self.at.push(at);
    }
}

fn choices(shares: &[Share]) -> Vec<Option<String>> {
    let listed = shares.iter().take(LISTED);
    listed
        .map(|share| Some(share.name.clone()).filter(|name| name != UNTOLD))
        .collect()
}

fn kind(dtype: &DataType) -> &'static str {
    match dtype {
        DataType::Datetime(..) | DataType::Date => "time",
        DataType::Boolean => "flag",
        dtype if is_number(dtype) => "number",
        _ => "text",
    }
}
