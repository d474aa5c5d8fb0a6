//! Writes and reads a lake's Parquet files, a row group at a time.
//!
//! polars-io's own reader is enough for that. The engine that streams files would
//! come with 139 crates more (359 against 220); row groups bound memory as well.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::mem;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use polars::error::{PolarsError, PolarsResult};
use polars::frame::DataFrame;
use polars::prelude::Column;
use polars_io::SerReader;
use polars_io::parquet::read::{ParallelStrategy, ParquetReader};
use polars_io::parquet::write::{
    BatchedWriter, ParquetCompression, ParquetWriter, StatisticsOptions,
};
use sha2::{Digest, Sha256};

use crate::error::LakeError;
use crate::folder::Folder;
use crate::known_columns::KnownColumns;
use crate::ledger::{FileEntry, Group, Ledger, Table, hex, readable_by_all};

/// A data file that is being written, under its hidden name.
pub(crate) struct DataFile<'f> {
    folder: &'f Folder,
    entry: FileEntry,
    out: Option<BatchedWriter<BufWriter<Summed>>>,
    summed: Arc<Mutex<Sum>>,
}

/// What was written so far.
#[derive(Debug, Default)]
struct Sum {
    hasher: Sha256,
    bytes: u64,
    /// polars makes text of an error; the real one says more.
    error: Option<io::Error>,
}

/// A file that sums up what is written to it.
struct Summed {
    file: File,
    sum: Arc<Mutex<Sum>>,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        let mut sum = self.sum.lock().unwrap_or_else(PoisonError::into_inner);
        match written {
            Ok(written) => {
                sum.hasher.update(&bytes[..written]);
                sum.bytes += written as u64;
                Ok(written)
            }
            Err(error) => {
                let kind = error.kind();
                if kind != io::ErrorKind::Interrupted {
                    sum.error.get_or_insert(error);
                }
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl<'f> DataFile<'f> {
    /// Begins a file that will have `path` below the lake.
    pub(crate) fn new(folder: &'f Folder, table: Table, path: String) -> DataFile<'f> {
        DataFile {
            folder,
            entry: FileEntry::new(table, path),
            out: None,
            summed: Arc::default(),
        }
    }

    /// Adds a row group.
    pub(crate) fn write(&mut self, mut frame: DataFrame, group: Group) -> Result<(), LakeError> {
        frame.rechunk_mut();
        let path = self.folder.hidden(&self.entry.path);
        let mut out = match self.out.take() {
            Some(out) => out,
            None => {
                let file = create(&path)?;
                readable_by_all(&file).map_err(LakeError::io("write", &path))?;
                let file = Summed {
                    file,
                    sum: Arc::clone(&self.summed),
                };
                ParquetWriter::new(BufWriter::with_capacity(1 << 20, file))
                    .with_compression(ParquetCompression::Zstd(None))
                    .with_statistics(StatisticsOptions::default())
                    .set_parallel(true)
                    .batched(frame.schema())
                    .map_err(|error| self.failed(error))?
            }
        };
        out.write_batch(&frame)
            .map_err(|error| self.failed(error))?;
        self.out = Some(out);
        self.entry.rows += group.rows;
        self.entry.groups.push(group);
        Ok(())
    }

    /// Ends the file and waits until it is on the disk.
    ///
    /// `content_bytes` is what it holds before it was made small.
    pub(crate) fn finish(mut self, content_bytes: usize) -> Result<FileEntry, LakeError> {
        let path = self.folder.hidden(&self.entry.path);
        if let Some(out) = self.out.take() {
            out.finish().map_err(|error| self.failed(error))?;
        }
        let file = File::open(&path).map_err(LakeError::io("write", &path))?;
        let on_disk = file
            .metadata()
            .map_err(LakeError::io("write", &path))?
            .len();
        let mut sum = self.summed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(error) = sum.error.take() {
            return Err(LakeError::io("write", &path)(error));
        }
        if on_disk != sum.bytes {
            let short = io::Error::other("the file is shorter than what was written");
            return Err(LakeError::io("write", &path)(short));
        }
        file.sync_all().map_err(LakeError::io("write", &path))?;
        self.entry.bytes = sum.bytes;
        self.entry.content_bytes = content_bytes as u64;
        self.entry.sha256 = hex(&sum.hasher.clone().finalize());
        drop(sum);
        Ok(self.entry)
    }

    fn failed(&self, source: PolarsError) -> LakeError {
        let path = self.folder.hidden(&self.entry.path);
        let mut sum = self.summed.lock().unwrap_or_else(PoisonError::into_inner);
        match sum.error.take() {
            Some(error) => LakeError::io("write", &path)(error),
            None => LakeError::Encode { path, source },
        }
    }
}

/// Makes a file and its folder. Another run that was stopped may take away the
/// folder while it is empty.
fn create(path: &Path) -> Result<File, LakeError> {
    let mut tries = 0;
    loop {
        tries += 1;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(LakeError::io("make folder", parent))?;
        }
        match File::create_new(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {}
            created => return created.map_err(LakeError::io("write", path)),
        }
    }
}

const TRIES: usize = 5;

/// A data file that is being read.
pub(crate) struct OpenFile<'e> {
    folder: &'e Folder,
    ledger: &'e Ledger,
    entry: &'e FileEntry,
}

impl<'e> OpenFile<'e> {
    /// Opens a file that a ledger lists.
    pub(crate) fn new(
        folder: &'e Folder,
        ledger: &'e Ledger,
        entry: &'e FileEntry,
    ) -> OpenFile<'e> {
        OpenFile {
            folder,
            ledger,
            entry,
        }
    }

    /// Returns what the ledger says of the columns of a row group of events.
    pub(crate) fn known_columns(&self, place: usize) -> KnownColumns<'e> {
        let group = self.entry.groups.get(place);
        group.map_or_else(KnownColumns::default, |group| {
            KnownColumns::of(self.ledger, group)
        })
    }

    /// Reads columns of a row group.
    ///
    /// # Errors
    /// When the file is not there, or not what its ledger says.
    pub(crate) fn group(&self, place: usize, columns: Vec<String>) -> Result<DataFrame, LakeError> {
        let file = self.folder.open_data(&self.entry.path)?;
        let path = self.folder.data(&self.entry.path);
        let bytes = file.metadata().map_err(LakeError::io("read", &path))?.len();
        if bytes != self.entry.bytes {
            let why = format!(
                "it has {bytes} bytes and its ledger says {}",
                self.entry.bytes
            );
            return Err(self.damaged(&why));
        }
        let rows = self.entry.groups.get(place).map_or(0, |group| group.rows);
        let frame = std::panic::catch_unwind(|| read_group(file, place, rows, columns));
        // Bytes that are no Parquet can stop the decoder in its tracks.
        let frame = frame.map_err(|_| self.damaged("it is no Parquet"))?;
        let frame = frame.map_err(|error| self.damaged(&error.to_string()))?;
        // The height is the footer's word; a column may have been cut short.
        let is_whole = |column: &Column| column.len() as u64 == rows;
        if !frame.columns().iter().all(is_whole) {
            return Err(self.damaged("it has columns of another length than its ledger says"));
        }
        Ok(frame)
    }

    pub(crate) fn damaged(&self, why: &str) -> LakeError {
        LakeError::DamagedData {
            path: self.folder.data(&self.entry.path),
            why: why.to_owned(),
        }
    }
}

/// Reads columns of a row group of a Parquet file.
///
/// polars-io's reader decompresses dictionaries of every row group up to the end of
/// a slice of rows. It is shown a file of the one row group.
///
/// # Errors
/// When it has another number of rows: what is allotted for them is not to be what a
/// damaged file says.
fn read_group(
    mut file: File,
    place: usize,
    rows: u64,
    columns: Vec<String>,
) -> PolarsResult<DataFrame> {
    let metadata = Arc::clone(ParquetReader::new(&mut file).get_metadata()?);
    let mut metadata = Arc::unwrap_or_clone(metadata);
    let group = mem::take(&mut metadata.row_groups).into_iter().nth(place);
    metadata.num_rows = group.as_ref().map_or(0, |group| group.num_rows());
    if metadata.num_rows as u64 != rows {
        let has = format!(
            "it has {} rows where its ledger says {rows}",
            metadata.num_rows
        );
        return Err(PolarsError::ShapeMismatch(has.into()));
    }
    metadata.row_groups = group.into_iter().collect();
    let mut reader = ParquetReader::new(file)
        .read_parallel(ParallelStrategy::None)
        .with_columns(Some(columns))
        .set_rechunk(true);
    reader.set_metadata(Arc::new(metadata));
    reader.finish()
}
