use std::io;

use polars::frame::DataFrame;

use crate::csv::CsvWriter;
use crate::html::HtmlWriter;
use crate::json::JsonWriter;
use crate::jsonl::JsonlWriter;
use crate::parquet::ParquetWriter;
use crate::table::TableWriter;
use crate::xlsx::XlsxWriter;
use crate::{About, ExportError, Format};

/// Writes rows in one format.
pub trait Writer {
    /// Writes all rows to `out` and flushes it.
    ///
    /// Writers gather small pieces themselves, so `out` needs no buffer. The
    /// same rows give the same bytes, however many threads there are and
    /// however the frame is split into chunks.
    ///
    /// # Errors
    /// When `out` takes no more bytes, or a column's type fits the format in no
    /// way. Bytes may have been written by then; see
    /// [`write_file`](crate::write_file).
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError>;
}

/// What the user may choose about the output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leaves CSV cells as they are, though a spreadsheet may run them as formulas.
    pub csv_raw: bool,
    /// The terminal's width in columns; `None` when the output is no terminal.
    pub width: Option<u16>,
    /// How many rows a table shows before it counts the rest; `None` for all.
    pub max_table_rows: Option<usize>,
    /// What the rows answer, for formats that say it.
    pub about: About,
}

/// Returns the writer for a format.
pub fn writer(format: Format, options: &Options) -> Box<dyn Writer> {
    match format {
        Format::Table => Box::new(TableWriter {
            width: options.width.map(usize::from),
            max_rows: options.max_table_rows,
        }),
        Format::Csv => Box::new(CsvWriter {
            raw: options.csv_raw,
        }),
        Format::Json => Box::new(JsonWriter),
        Format::Jsonl => Box::new(JsonlWriter),
        Format::Parquet => Box::new(ParquetWriter),
        Format::Xlsx => Box::new(XlsxWriter::new(options.about.clone())),
        Format::Html => Box::new(HtmlWriter {
            about: options.about.clone(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;

    use super::*;
    use crate::sample::{hostile_rows, in_chunks};

    /// A reader that has gone away.
    struct ClosedPipe;

    impl io::Write for ClosedPipe {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn every_writer_reports_a_broken_pipe_as_one() {
        for format in Format::ALL {
            let writer = writer(format, &Options::default());
            let error = writer.write(&hostile_rows(), &mut ClosedPipe).unwrap_err();
            assert!(error.is_broken_pipe(), "{format}: {error:?}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn every_writer_reports_a_full_disk() {
        for format in Format::ALL {
            let mut full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            let writer = writer(format, &Options::default());
            let error = writer.write(&hostile_rows(), &mut full).unwrap_err();
            let ExportError::Write(source) = error else {
                panic!("{format}: {error:?}");
            };
            assert_eq!(source.kind(), io::ErrorKind::StorageFull, "{format}");
        }
    }

    #[test]
    fn chunks_do_not_change_the_bytes() {
        for format in Format::ALL {
            let bytes = |rows: &DataFrame| {
                let mut out = Vec::new();
                let writer = writer(format, &Options::default());
                writer.write(rows, &mut out).unwrap();
                out
            };
            let whole = bytes(&hostile_rows());
            assert!(!whole.is_empty());
            assert_eq!(whole, bytes(&hostile_rows()), "{format}: twice");
            assert_eq!(
                whole,
                bytes(&in_chunks(&hostile_rows())),
                "{format}: chunked"
            );
        }
    }

    #[test]
    fn no_rows_are_no_error() {
        for format in Format::ALL {
            let mut out = Vec::new();
            let writer = writer(format, &Options::default());
            writer.write(&hostile_rows().clear(), &mut out).unwrap();
            if format != Format::Jsonl {
                assert!(!out.is_empty(), "{format}");
            }
        }
    }
}
