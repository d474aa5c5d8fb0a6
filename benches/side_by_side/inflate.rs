//! Inflates every file below a folder and prints how many bytes came out: the
//! least that any reader of the same files must do.
//!
//! `bare-inflate THREADS FOLDER`. The files must be single gzip members.

use std::cell::RefCell;
use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use libdeflater::Decompressor;
use rayon::prelude::*;
use walkdir::WalkDir;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

thread_local! {
    static BUFFERS: RefCell<(Decompressor, Vec<u8>)> =
        RefCell::new((Decompressor::new(), Vec::new()));
}

fn main() -> Result<()> {
    let mut words = std::env::args_os().skip(1);
    let (Some(threads), Some(folder)) = (words.next(), words.next()) else {
        return Err("usage: bare-inflate THREADS FOLDER".into());
    };
    let threads = threads.to_string_lossy().parse()?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let files = files(Path::new(&folder))?;
    let bytes: u64 = pool.install(|| {
        files
            .par_iter()
            .map(|file| inflate(file))
            .sum::<Result<_>>()
    })?;
    writeln!(io::stdout(), "{bytes}")?;
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Inflates into a buffer of the thread's, which the trailer's size fits.
fn inflate(file: &Path) -> Result<u64> {
    let packed = fs::read(file)?;
    let (_, size) = packed.split_last_chunk::<4>().ok_or("no gzip file")?;
    let size = usize::try_from(u32::from_le_bytes(*size))?;
    BUFFERS.with_borrow_mut(|(decompressor, buffer)| {
        if buffer.len() < size {
            buffer.resize(size, 0);
        }
        let length = decompressor.gzip_decompress(&packed, &mut buffer[..size])?;
        Ok(length as u64)
    })
}
