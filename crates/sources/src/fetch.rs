//! Keeps what lies in AWS in a folder, as it was delivered.

use std::ffi::OsString;
use std::path::Path;
#[cfg(feature = "aws")]
use std::path::PathBuf;

use crate::origin::shown;
use crate::{Address, Problem, SourceError, Wanted};
#[cfg(feature = "aws")]
use crate::{Ahead, Input, ProblemReason, S3Object, Told, find, safe_name, spool};

/// What fetching came to.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Files that were written.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Objects that were in the folder already.
    pub known: u64,
    /// Objects that are another content than what the folder had: what it had
    /// stays, and this is the name of what lies beside it.
    pub changed: Vec<String>,
    /// What could not be listed or brought.
    pub problems: Vec<Problem>,
}

/// Keeps everything that addresses of AWS name, and that the run wants, in a
/// folder: objects of S3 below their bucket and key, the signatures of digests
/// beside them as `aws s3api head-object` prints them, and answers page by page
/// as aws-cli prints them.
///
/// Each file is there whole or not at all. An object that is there with its size
/// and time of delivery is not brought again, so an end at any moment loses no
/// more than the file that was under way. No file is replaced by another content.
///
/// # Errors
/// When an argument names no place in AWS, or one that cannot be reached; when
/// the folder cannot be written; when the user stops the run.
pub fn fetch(
    arguments: &[OsString],
    wanted: &Wanted<'_>,
    folder: &Path,
) -> Result<Fetched, SourceError> {
    for argument in arguments {
        if argument.to_str().and_then(Address::parse).is_none() {
            return Err(SourceError::NothingToFetch {
                argument: shown(Path::new(argument)),
            });
        }
    }
    bring(arguments, wanted, folder)
}

#[cfg(not(feature = "aws"))]
fn bring(arguments: &[OsString], wanted: &Wanted<'_>, _: &Path) -> Result<Fetched, SourceError> {
    // No address leads anywhere in this build, which the error says.
    crate::find(arguments, wanted).map(|_| Fetched::default())
}

#[cfg(feature = "aws")]
fn bring(
    arguments: &[OsString],
    wanted: &Wanted<'_>,
    folder: &Path,
) -> Result<Fetched, SourceError> {
    let found = find(arguments, wanted)?;
    let mut fetched = Fetched {
        problems: found.problems,
        ..Fetched::default()
    };
    let mut missing = Vec::new();
    for input in &found.inputs {
        match input {
            Input::Object(object) if is_there(object, &place(object, folder)) => fetched.known += 1,
            Input::Object(_) => missing.push(input),
            // Pages were written as they came.
            Input::File(_) | Input::Stdin => {
                fetched.files += 1;
                fetched.bytes += input.size_hint();
            }
        }
    }
    let _ahead = Ahead::of(missing.iter().copied());
    let objects = missing.iter().filter_map(|input| match input {
        Input::Object(object) => Some(object),
        _ => None,
    });
    let mut content = Vec::new();
    for (done, object) in objects.enumerate() {
        if (wanted.stop)() {
            return Err(SourceError::Stopped);
        }
        (wanted.tell)(Told::Progress(&format!(
            "fetching: {done} of {} objects, {} bytes",
            missing.len(),
            fetched.bytes
        )));
        match object.read_at_most(u64::MAX, &mut content) {
            Ok(()) => keep(object, &content, folder, &mut fetched)?,
            Err(SourceError::Aws(error)) => fetched.problems.push(Problem {
                origin: object.origin().to_owned(),
                why: ProblemReason::Aws(error.cause),
            }),
            Err(error) => return Err(error),
        }
    }
    Ok(fetched)
}

/// Returns where an object lies in the folder. A bucket may hold both `a` and
/// `a/b`, a folder not: what comes second lies aside, under no name that a key has.
#[cfg(feature = "aws")]
fn place(object: &S3Object, folder: &Path) -> PathBuf {
    let bucket = spool::below(folder, object.bucket());
    let key = object.key();
    let place = spool::below(&bucket, &key);
    let mut above = place.ancestors().skip(1);
    let is_taken = |path: &Path| path.exists() && !path.is_dir();
    if place.is_dir() || above.any(|path| path.starts_with(&bucket) && is_taken(path)) {
        return bucket.join("%aside").join(safe_name::aside(&key));
    }
    place
}

/// Tells whether an object is in the folder as it is in the bucket, by the rule
/// of `aws s3 sync`: of the same size, and not of an earlier time. Its metadata
/// goes by its content.
#[cfg(feature = "aws")]
fn is_there(object: &S3Object, path: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(path) else {
        return false;
    };
    let same_time = || metadata.modified().ok() == object.written();
    metadata.is_file() && same_time() && (object.is_metadata() || metadata.len() == object.size())
}

/// Writes an object, beside what lies in its place where that is something else.
#[cfg(feature = "aws")]
fn keep(
    object: &S3Object,
    content: &[u8],
    folder: &Path,
    fetched: &mut Fetched,
) -> Result<(), SourceError> {
    let failed = |path: &Path| {
        let path = shown(path);
        move |source| SourceError::Write { path, source }
    };
    let mut path = place(object, folder);
    match std::fs::read(&path) {
        Err(_) => {}
        Ok(there) if there == content => {
            let touched = std::fs::File::options().append(true).open(&path);
            if let (Ok(file), Some(written)) = (touched, object.written()) {
                // Without the time it is compared once more by the next run.
                let _ = file.set_modified(written);
            }
            fetched.known += 1;
            return Ok(());
        }
        Ok(_) => {
            let version = object.etag().unwrap_or("another").trim_matches('"');
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.set_file_name(safe_name::safe_step(&format!("{version}-{name}")));
            if is_there(object, &path) {
                fetched.known += 1;
                return Ok(());
            }
            fetched.changed.push(shown(&path));
        }
    }
    spool::write_whole(&path, content, object.written()).map_err(failed(&path))?;
    fetched.files += 1;
    fetched.bytes += content.len() as u64;
    Ok(())
}
