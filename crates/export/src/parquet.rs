use std::io::{self, BufWriter, Write as _};

use polars::error::PolarsError;
use polars::frame::DataFrame;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter as Encoder, StatisticsOptions};

use crate::{ExportError, Format, Writer};

/// How many rows share one set of statistics: small enough to skip by time,
/// large enough to compress.
const ROW_GROUP_ROWS: usize = 128 * 1024;

/// Writes Parquet with zstd and statistics; times keep their unit and zone.
pub(crate) struct ParquetWriter;

impl Writer for ParquetWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        let mut out = ErrorKeeper {
            out: BufWriter::with_capacity(64 * 1024, out),
            error: None,
        };
        let encoded = encode(rows, &mut out);
        // polars turns an error of the output into text; the real one says more.
        if let Some(error) = out.error.take() {
            return Err(ExportError::Write(error));
        }
        encoded.map_err(|source| ExportError::Encode {
            format: Format::Parquet,
            source,
        })?;
        out.out.flush().map_err(ExportError::Write)
    }
}

/// Cuts the row groups here: polars would let the frame's chunks decide, and
/// with them the number of threads that made the frame.
fn encode(rows: &DataFrame, out: impl io::Write) -> Result<(), PolarsError> {
    let mut encoder = Encoder::new(out)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::default())
        .batched(rows.schema())?;
    for start in (0..rows.height()).step_by(ROW_GROUP_ROWS) {
        let mut group = rows.slice(start as i64, ROW_GROUP_ROWS);
        group.rechunk_mut_par();
        encoder.write_batch(&group)?;
    }
    encoder.finish()?;
    Ok(())
}

/// Passes bytes on and keeps the first error with its kind.
struct ErrorKeeper<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W> ErrorKeeper<W> {
    fn keep<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            let kind = error.kind();
            if kind != io::ErrorKind::Interrupted {
                self.error.get_or_insert(error);
            }
            kind.into()
        })
    }
}

impl<W: io::Write> io::Write for ErrorKeeper<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.out.write(bytes);
        self.keep(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.out.flush();
        self.keep(result)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{NamedFrom, Series, df};
    use polars_io::SerReader;
    use polars_io::parquet::read::ParquetReader;

    use super::*;
    use crate::Options;
    use crate::sample::{hostile_rows, in_chunks, written};

    fn bytes(rows: &DataFrame) -> Vec<u8> {
        written(Format::Parquet, &Options::default(), rows)
    }

    // The reader is the writer's sibling, so this shows only that nothing is
    // lost on the way; that others read the files is tested with a reader that
    // shares no code with polars.
    fn read_back(bytes: Vec<u8>) -> DataFrame {
        ParquetReader::new(Cursor::new(bytes)).finish().unwrap()
    }

    #[test]
    fn types_and_values_read_back() {
        let rows = hostile_rows();
        let read = read_back(bytes(&rows));
        assert!(read.equals_missing(&rows));
        assert_eq!(read.schema(), rows.schema());
        let schema: Vec<_> = read
            .schema()
            .iter()
            .map(|(name, dtype)| format!("{name}: {dtype}"))
            .collect();
        insta::assert_snapshot!(schema.join("\n"));
    }

    #[test]
    fn no_rows_keep_the_schema() {
        let rows = hostile_rows().clear();
        let read = read_back(bytes(&rows));
        assert_eq!(read.height(), 0);
        assert_eq!(read.schema(), rows.schema());
    }

    #[test]
    fn a_column_of_nothing_is_written() {
        let rows = DataFrame::new(2, vec![Series::new_null("n".into(), 2).into()]).unwrap();
        assert_eq!(read_back(bytes(&rows)).height(), 2);
    }

    #[test]
    fn chunks_do_not_move_the_row_groups() {
        let count = 2 * ROW_GROUP_ROWS as i64 + 5;
        let rows = df!(
            "n" => (0..count).collect::<Vec<_>>(),
            "text" => Series::new("".into(), (0..count)
                .map(|n| (n % 7 != 0).then(|| format!("key-{}", n % 1000)))
                .collect::<Vec<_>>()),
        )
        .unwrap();
        let whole = bytes(&rows);
        assert_eq!(whole, bytes(&in_chunks(&rows)));
        let mut reader = ParquetReader::new(Cursor::new(whole));
        let groups = &reader.get_metadata().unwrap().row_groups;
        let heights: Vec<_> = groups.iter().map(|group| group.num_rows()).collect();
        assert_eq!(heights, [ROW_GROUP_ROWS, ROW_GROUP_ROWS, 5]);
    }
}
