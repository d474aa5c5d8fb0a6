//! Fetches the records behind rows, as they were logged, from the inputs.

use std::collections::HashSet;

use earwitness_export::{About, Record};
use earwitness_parser::{Item, Reader};
use earwitness_proof::sha256;
use earwitness_query::DataFrame;
use earwitness_sources::Input;
use rayon::prelude::*;

use crate::session::Session;

/// So many records are put into a page; it would grow beyond use.
const MOST_RECORDS: usize = 10_000;

/// Columns of the inputs that rows were read from.
const INPUTS: [&str; 3] = ["input", "record_input", "event_input"];

/// Adds the records behind the rows to what is told about them, and says so
/// where not all are there.
///
/// The inputs that rows name are read once more, then the others while a record
/// is missing: a sitting's last request lies elsewhere than its first. Standard
/// input is gone by then.
pub(crate) fn add_records(about: &mut About, rows: &DataFrame, session: &Session<'_>) {
    let (ids, left_out) = ids(about, rows);
    let named: HashSet<String> = texts(rows, &INPUTS).collect();
    let is_named = |input: &&Input| named.contains(input.origin());
    let (first, rest): (Vec<&Input>, Vec<&Input>) = session.found.inputs.iter().partition(is_named);
    let mut records = records_of(session, &first, &ids);
    let found: HashSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
    let missing: HashSet<String> = ids
        .iter()
        .filter(|id| !found.contains(id.as_str()))
        .cloned()
        .collect();
    if !missing.is_empty() {
        records.extend(records_of(session, &rest, &missing));
    }
    if left_out > 0 {
        about.basis.push(format!(
            "this page has the records behind the first rows; {left_out} more are in the inputs that \
             the rows name"
        ));
    }
    about.records = records;
}

/// Returns the ids of the records behind the rows, as many as a page takes, and
/// how many more there are.
fn ids(about: &About, rows: &DataFrame) -> (HashSet<String>, usize) {
    let columns: Vec<&str> = about.roles.ids.iter().map(String::as_str).collect();
    let mut ids = HashSet::new();
    let mut left_out = HashSet::new();
    for id in texts(rows, &columns) {
        if ids.len() < MOST_RECORDS || ids.contains(&id) {
            ids.insert(id);
        } else {
            left_out.insert(id);
        }
    }
    (ids, left_out.len())
}

/// Iterates over the texts of some columns, row by row, as far as the rows have
/// them.
fn texts<'r>(rows: &'r DataFrame, names: &[&str]) -> impl Iterator<Item = String> + 'r {
    let columns = names
        .iter()
        .filter_map(|name| rows.column(name).ok()?.str().ok());
    let columns: Vec<_> = columns.collect();
    (0..rows.height()).flat_map(move |row| {
        let texts = columns.iter().filter_map(|column| column.get(row));
        texts.map(str::to_owned).collect::<Vec<_>>()
    })
}

/// Reads inputs and keeps the records of some ids, each as often as it was
/// delivered in different words.
fn records_of(session: &Session<'_>, inputs: &[&Input], ids: &HashSet<String>) -> Vec<Record> {
    let read = inputs.par_iter().map(|input| of_input(session, input, ids));
    let mut records: Vec<Record> = Vec::new();
    let mut seen = HashSet::new();
    for record in read.collect::<Vec<_>>().into_iter().flatten() {
        if seen.insert((record.id.clone(), record.json.clone())) {
            records.push(record);
        }
    }
    records
}

fn of_input(session: &Session<'_>, input: &Input, ids: &HashSet<String>) -> Vec<Record> {
    let mut records = Vec::new();
    if matches!(input, Input::Stdin) || session.interrupt.is_set() {
        return records;
    }
    let mut bytes = Vec::new();
    // What keeps an input from being read was said when it was read first.
    let _ = input.read_at_most(session.max_inflated_bytes().saturating_add(1), &mut bytes);
    let most = usize::try_from(session.max_inflated_bytes()).unwrap_or(usize::MAX);
    Reader::new(session.wants.interest.clone(), most).read(&bytes, &mut |item| {
        if let Item::Event {
            event,
            raw,
            position,
            ..
        } = item
            && let Some(id) = event.event_id.get()
            && ids.contains(id)
        {
            records.push(Record {
                id: id.to_owned(),
                input: input.origin().to_owned(),
                place: format!("record {} at byte {}", position.index, position.offset),
                sha256: String::new(),
                json: String::from_utf8_lossy(raw.as_bytes()).into_owned(),
            });
        }
    });
    if !records.is_empty() {
        let hash = sha256(&bytes);
        for record in &mut records {
            record.sha256.clone_from(&hash);
        }
    }
    records
}
