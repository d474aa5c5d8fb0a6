use std::io;

use polars::frame::DataFrame;

use crate::json_object::write_object;
use crate::rows::write_blocks;
use crate::{ExportError, Writer};

/// Writes one JSON object per line, and nothing when there are no rows.
pub(crate) struct JsonlWriter;

impl Writer for JsonlWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        write_blocks(rows, out, |block| {
            let mut lines = Vec::new();
            block.for_each_row(|row| {
                write_object(row, &mut lines)?;
                lines.push(b'\n');
                Ok(())
            })?;
            Ok(lines)
        })?;
        out.flush().map_err(ExportError::Write)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::sample::{hostile_rows, shown, written};
    use crate::{Format, Options};

    #[test]
    fn hostile_rows_are_escaped() {
        let bytes = written(Format::Jsonl, &Options::default(), &hostile_rows());
        insta::assert_snapshot!(shown(&bytes));
    }

    #[test]
    fn the_lines_are_the_elements_of_the_array() {
        let lines = written(Format::Jsonl, &Options::default(), &hostile_rows());
        let lines: Vec<Value> = String::from_utf8(lines)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let array = written(Format::Json, &Options::default(), &hostile_rows());
        assert_eq!(serde_json::from_slice::<Vec<Value>>(&array).unwrap(), lines);
        assert_eq!(lines.len(), hostile_rows().height());
    }
}
