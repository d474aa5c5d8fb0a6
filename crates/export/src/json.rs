use std::io::{self, BufWriter, Write as _};

use polars::frame::DataFrame;

use crate::json_object::write_object;
use crate::rows::for_each_row;
use crate::{ExportError, Writer};

/// Writes one JSON array, one object per line.
pub(crate) struct JsonWriter;

impl Writer for JsonWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        let mut before: &[u8] = b"[\n";
        for_each_row(rows, |row| {
            out.write_all(before).map_err(ExportError::Write)?;
            before = b",\n";
            write_object(row, &mut out)
        })?;
        let end: &[u8] = if rows.height() == 0 {
            b"[]\n"
        } else {
            b"\n]\n"
        };
        out.write_all(end).map_err(ExportError::Write)?;
        out.flush().map_err(ExportError::Write)
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::sample::{hostile_rows, shown, written};
    use crate::{Format, Options};

    fn read_back(rows: &DataFrame) -> Value {
        serde_json::from_slice(&written(Format::Json, &Options::default(), rows)).unwrap()
    }

    #[test]
    fn hostile_rows_are_escaped() {
        let bytes = written(Format::Json, &Options::default(), &hostile_rows());
        insta::assert_snapshot!(shown(&bytes));
    }

    #[test]
    fn values_read_back_with_their_types() {
        let rows = df!(
            "text" => [Some("\x1b[31m\u{202e}\u{e0041}"), None],
            "int" => [i64::MIN, 1],
            "uint" => [u64::MAX, 1],
            "float" => [0.1, f64::NAN],
            "bool" => [true, false],
        )
        .unwrap();
        assert_eq!(
            read_back(&rows),
            json!([
                {"text": "\x1b[31m\u{202e}\u{e0041}", "int": i64::MIN, "uint": u64::MAX,
                 "float": 0.1, "bool": true},
                {"text": null, "int": 1, "uint": 1, "float": null, "bool": false},
            ])
        );
    }

    #[test]
    fn no_rows_are_an_empty_array() {
        assert_eq!(read_back(&hostile_rows().clear()), json!([]));
    }

    proptest! {
        #[test]
        fn any_text_reads_back(texts in prop::collection::vec(any::<String>(), 1..4)) {
            let rows = df!("text" => &texts).unwrap();
            let expected: Vec<_> = texts.iter().map(|text| json!({"text": text})).collect();
            prop_assert_eq!(read_back(&rows), Value::Array(expected));
        }
    }
}
