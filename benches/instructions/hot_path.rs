//! Runs one path over a folder of logs on one thread, for its instructions to be
//! counted, and prints how many records it met.
//!
//! `hot-path inflate|who-deleted|who-listened|everything FOLDER`. Except for
//! `inflate`, the files are best inflated already: inflating is C, whose count
//! follows the C compiler.

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use earwitness_parser::{Inflater, Interest, Reader};
use earwitness_query::{Batch, Gathering, Library, Scope};

const MAX_BYTES: usize = 1 << 30;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [path, folder] = words.as_slice() else {
        return Err("usage: hot-path inflate|who-deleted|who-listened|everything FOLDER".into());
    };
    let files = read(Path::new(folder))?;
    let count = match path.as_str() {
        "inflate" => inflate(&files),
        "everything" => parse(&files),
        report => gather(report, &files)?,
    };
    writeln!(io::stdout(), "{count}")?;
    Ok(())
}

/// Reads the files of a folder in the order of their names.
fn read(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = entries.collect::<io::Result<_>>()?;
    paths.sort();
    paths.iter().map(fs::read).collect()
}

fn inflate(files: &[Vec<u8>]) -> u64 {
    let mut inflater = Inflater::default();
    let mut length = |file| inflater.inflate_at_most(MAX_BYTES, file).bytes.len() as u64;
    files.iter().map(|file| length(file)).sum()
}

/// Reads every record into its type.
fn parse(files: &[Vec<u8>]) -> u64 {
    let mut reader = Reader::new(Interest::everything(), MAX_BYTES);
    let mut items = 0;
    for file in files {
        reader.read(file, &mut |_| items += 1);
    }
    items
}

/// Does all that a report does before its SQL.
fn gather(report: &str, files: &[Vec<u8>]) -> Result<u64, Box<dyn Error>> {
    let library = Library::shipped()?;
    let report = library.find(report).ok_or("there is no such report")?;
    let scope = Scope::default();
    let mut reader = Reader::new(report.interest(), MAX_BYTES);
    let mut gathering = Gathering::default();
    for file in files {
        gathering.absorb(Batch::read("a file", file, &mut reader, &scope.window));
    }
    Ok(gathering.into_evidence(&scope).counts().read)
}
