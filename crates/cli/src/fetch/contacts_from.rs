//! Which contacts a report names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::anyhow;
use earwitness_export::visible;
use serde_json::Value;

use crate::failure::Failure;

/// The column of reports that names a contact.
const COLUMN: &str = "contact_id";

/// Reads the contact ids of a report's file, each once.
pub(crate) fn contact_ids(report: &Path) -> Result<Vec<String>, Failure> {
    let failed = |why: &str| {
        let path = visible(&report.to_string_lossy());
        Failure::usage(anyhow!(
            "failed to read contacts from {path}: {why}; name a report's .csv, .json or .jsonl file with the column {COLUMN}"
        ))
    };
    let bytes = fs::read(report).map_err(|error| failed(&error.to_string()))?;
    let suffix = report.extension().and_then(|suffix| suffix.to_str());
    let ids = match suffix {
        Some("csv") => of_csv(&bytes),
        Some("json") => of_json(&bytes),
        Some("jsonl") => of_json_lines(&bytes),
        _ => Err("it is none of these".to_owned()),
    };
    let ids = ids.map_err(|why| failed(&why))?;
    if ids.is_empty() {
        return Err(failed("it names no contact"));
    }
    Ok(ids.into_iter().collect())
}

fn of_csv(bytes: &[u8]) -> Result<BTreeSet<String>, String> {
    // Spreadsheets are told by a mark in front that the text is UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?;
    let place = headers.iter().position(|name| name == COLUMN);
    let place = place.ok_or_else(|| "it has no such column".to_owned())?;
    let mut ids = BTreeSet::new();
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        ids.extend(row.get(place).and_then(contact_id));
    }
    Ok(ids)
}

fn of_json(bytes: &[u8]) -> Result<BTreeSet<String>, String> {
    let rows: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    Ok(rows.iter().filter_map(of_row).collect())
}

fn of_json_lines(bytes: &[u8]) -> Result<BTreeSet<String>, String> {
    let mut ids = BTreeSet::new();
    for row in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
        ids.extend(of_row(&row.map_err(|error| error.to_string())?));
    }
    Ok(ids)
}

fn of_row(row: &Value) -> Option<String> {
    contact_id(row.get(COLUMN)?.as_str()?)
}

/// Takes what has the form of a contact's id, whatever else stands there.
fn contact_id(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    let is_id = text.len() == 36 && text.bytes().all(plain);
    is_id.then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0a1b2c3d-1111-4222-8333-444455556666";

    fn read(name: &str, text: &str) -> Result<Vec<String>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        contact_ids(&path).map_err(|failure| match failure {
            Failure::Error(_, error) => error.to_string(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn every_format_names_its_contacts_once() {
        for (name, text) in [
            (
                "a.csv",
                format!("\u{feff}time,contact_id\n1,{ID}\n2,{ID}\n3,\n4,../x\n"),
            ),
            (
                "a.json",
                format!(r#"[{{"contact_id":"{ID}"}},{{"contact_id":null}},{{}}]"#),
            ),
            (
                "a.jsonl",
                format!("{{\"contact_id\":\"{ID}\"}}\n{{\"x\":1}}\n"),
            ),
        ] {
            assert_eq!(read(name, &text).unwrap(), [ID], "{name}");
        }
    }

    #[test]
    fn what_names_none_is_said() {
        for (name, text, why) in [
            ("a.csv", "time,user\n1,2\n", "no such column"),
            ("a.csv", "contact_id\n\n", "names no contact"),
            ("a.json", "{}", "expected a sequence"),
            ("a.jsonl", "{", "EOF"),
            ("a.parquet", "PAR1", "none of these"),
        ] {
            let said = read(name, text).unwrap_err();
            assert!(said.contains(why), "{name}: {said}");
        }
    }
}
