use std::fmt::Write as _;
use std::io;

use ::csv::{ByteRecord, ErrorKind, Terminator, WriterBuilder};
use polars::frame::DataFrame;

use crate::cell::Cell;
use crate::rows::{Block, write_blocks};
use crate::{ExportError, Writer};

/// Writes CSV as RFC 4180 has it: a header row, CRLF, quotes where needed, an
/// empty cell for null.
pub(crate) struct CsvWriter {
    /// Leaves formulas as they are.
    pub(crate) raw: bool,
}

impl Writer for CsvWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        let header = encoded(|csv| {
            let mut record = ByteRecord::new();
            let mut text = String::new();
            for name in rows.get_column_names() {
                record.push_field(self.harmless(name, &mut text).as_bytes());
            }
            csv.write_byte_record(&record).map_err(write_error)
        })?;
        out.write_all(&header).map_err(ExportError::Write)?;
        write_blocks(rows, out, |block| {
            encoded(|csv| self.write_block(block, csv))
        })?;
        out.flush().map_err(ExportError::Write)
    }
}

impl CsvWriter {
    fn write_block(
        &self,
        block: &Block<'_>,
        csv: &mut ::csv::Writer<Vec<u8>>,
    ) -> Result<(), ExportError> {
        let mut record = ByteRecord::new();
        let mut text = String::new();
        block.for_each_row(|row| {
            record.clear();
            for cell in row.cells() {
                let field = match cell {
                    Cell::Text(value) => self.harmless(value, &mut text),
                    other => {
                        text.clear();
                        // Writing to a string cannot fail.
                        let _ = write!(text, "{other}");
                        &text
                    }
                };
                record.push_field(field.as_bytes());
            }
            csv.write_byte_record(&record).map_err(write_error)
        })
    }

    /// Returns a text, with `'` before it where a spreadsheet would run it; `cell`
    /// is room for that.
    fn harmless<'t>(&self, text: &'t str, cell: &'t mut String) -> &'t str {
        if self.raw || !starts_formula(text) {
            return text;
        }
        cell.clear();
        cell.push('\'');
        cell.push_str(text);
        cell
    }
}

fn encoded(
    write: impl FnOnce(&mut ::csv::Writer<Vec<u8>>) -> Result<(), ExportError>,
) -> Result<Vec<u8>, ExportError> {
    let mut csv = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    write(&mut csv)?;
    csv.into_inner()
        .map_err(|error| ExportError::Write(error.into_error()))
}

/// Characters after which a spreadsheet may run a cell's text as a formula.
///
/// They are those of OWASP's page "CSV Injection"
/// (<https://owasp.org/www-community/attacks/CSV_Injection>), and the byte order
/// mark, which readers drop from the start of a file together with its effect.
pub(crate) const FORMULA_STARTS: [char; 12] = [
    '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\u{feff}',
];

pub(crate) fn starts_formula(text: &str) -> bool {
    text.starts_with(FORMULA_STARTS)
}

fn write_error(error: ::csv::Error) -> ExportError {
    // csv's own conversion to `io::Error` forgets the kind.
    ExportError::Write(match error.into_kind() {
        ErrorKind::Io(source) => source,
        other => io::Error::other(format!("{other:?}")),
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;
    use proptest::prelude::*;

    use super::*;
    use crate::rows::for_each_row;
    use crate::sample::{hostile_rows, shown, written};
    use crate::{Format, Options};

    fn raw() -> Options {
        Options {
            csv_raw: true,
            ..Options::default()
        }
    }

    fn read_back(bytes: &[u8]) -> Vec<Vec<String>> {
        ::csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes)
            .into_deserialize()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn hostile_rows_are_disarmed() {
        let bytes = written(Format::Csv, &Options::default(), &hostile_rows());
        insta::assert_snapshot!(shown(&bytes));
    }

    #[test]
    fn what_is_written_raw_reads_back() {
        let rows = hostile_rows();
        let read = read_back(&written(Format::Csv, &raw(), &rows));
        let mut expected = vec![
            rows.get_column_names()
                .iter()
                .map(|name| name.to_string())
                .collect::<Vec<_>>(),
        ];
        for_each_row(&rows, |row| {
            expected.push(row.cells().map(|cell| cell.to_string()).collect());
            Ok(())
        })
        .unwrap();
        assert_eq!(read, expected);
    }

    #[test]
    fn headers_are_disarmed_and_negative_numbers_are_not() {
        let rows = df!("=1+1" => [-5i64], "@f" => [-0.5f64]).unwrap();
        let bytes = written(Format::Csv, &Options::default(), &rows);
        assert_eq!(bytes, b"'=1+1,'@f\r\n-5,-0.5\r\n");
        assert_eq!(
            written(Format::Csv, &raw(), &rows),
            b"=1+1,@f\r\n-5,-0.5\r\n"
        );
    }

    #[test]
    fn a_byte_order_mark_hides_no_formula() {
        let rows = df!("\u{feff}=1+1" => ["a"]).unwrap();
        let read = read_back(&written(Format::Csv, &Options::default(), &rows));
        assert_eq!(read[0], ["'\u{feff}=1+1"]);
    }

    proptest! {
        #[test]
        fn no_text_cell_starts_a_formula(
            text in "[=+@\t\r\n＝＋－＠\u{feff}'\",-]{0,3}.{0,8}",
            other in any::<String>(),
        ) {
            let rows = df!(text.as_str() => [text.as_str(), other.as_str()], "a longer name" => [-1i64, 1])
                .unwrap();
            let read = read_back(&written(Format::Csv, &Options::default(), &rows));
            prop_assert_eq!(read.len(), 3);
            for (cell, original) in read.iter().map(|row| &row[0]).zip([&text, &text, &other]) {
                prop_assert!(!starts_formula(cell));
                prop_assert_eq!(cell.strip_prefix('\'').filter(|_| cell != original)
                    .unwrap_or(cell), original);
            }
        }
    }
}
