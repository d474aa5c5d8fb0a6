//! Rows of an answer as people get them in JSON.

use earwitness_export::{Format, Options, writer};
use earwitness_query::DataFrame;
use serde_json::{Map, Value};

pub(crate) type Row = Map<String, Value>;

/// Returns the rows as JSON lines say them.
pub(crate) fn rows(frame: &DataFrame) -> Vec<Row> {
    let mut text = Vec::new();
    writer(Format::Jsonl, &Options::default())
        .write(frame, &mut text)
        .unwrap();
    read_rows(&text)
}

/// Reads JSON lines.
pub(crate) fn read_rows(text: &[u8]) -> Vec<Row> {
    serde_json::Deserializer::from_slice(text)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap()
}
