use std::collections::HashMap;
#[cfg(feature = "aws")]
use std::collections::HashSet;
use std::collections::hash_map::Entry;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
#[cfg(feature = "aws")]
use std::sync::Arc;

use crate::error::Missing;
use crate::folder::{Listing, canonical};
use crate::input::LogFile;
use crate::origin::{shown, shown_text};
use crate::pattern::Pattern;
use crate::remote::Remote;
#[cfg(feature = "aws")]
use crate::spool::Spool;
use crate::{Address, Input, Problem, SourceError, SpecialFile, Wanted};

/// What the arguments name.
#[derive(Debug, Default)]
pub struct Found {
    /// Everything to read, each once: in the order of the arguments, and within
    /// a folder or pattern in the order of the paths' bytes.
    pub inputs: Vec<Input>,
    /// What could not be listed.
    pub problems: Vec<Problem>,
    /// The one path behind all spellings of each file, with its place among the
    /// inputs.
    files: HashMap<PathBuf, usize>,
    /// The bucket and key of each object among the inputs.
    #[cfg(feature = "aws")]
    pub(crate) objects: HashSet<(String, String)>,
    /// Keeps the pages of answers as long as they may be read.
    #[cfg(feature = "aws")]
    pub(crate) pages: Option<Arc<Spool>>,
}

impl Found {
    /// Returns the input that a path leads to, under whatever spelling.
    pub fn file_at(&self, path: &Path) -> Option<&Input> {
        let place = self.files.get(&canonical(path))?;
        self.inputs.get(*place)
    }
}

/// Finds the inputs that arguments name.
///
/// An argument is a file, a folder (with everything under it, hidden files too
/// and links followed), a pattern such as `logs/**/*.gz` where no file has that
/// very name, `-` for standard input, or an [`Address`] in AWS. What two arguments
/// name is read once, under its first spelling.
///
/// # Errors
/// When an argument names nothing, cannot be opened, is a folder without files
/// or a place that cannot be reached, and when nothing at all can be listed.
/// Anything less becomes a [`Problem`].
pub fn find(arguments: &[OsString], wanted: &Wanted<'_>) -> Result<Found, SourceError> {
    let mut search = Search {
        wanted,
        found: Found::default(),
        stdin_named: false,
        remote: Remote::default(),
    };
    for argument in arguments {
        search.add(argument)?;
    }
    let found = search.found;
    if found.inputs.is_empty() {
        return Err(SourceError::OnlyProblems {
            problems: found.problems,
        });
    }
    Ok(found)
}

struct Search<'w> {
    wanted: &'w Wanted<'w>,
    found: Found,
    stdin_named: bool,
    remote: Remote,
}

impl Search<'_> {
    fn add(&mut self, argument: &OsStr) -> Result<(), SourceError> {
        if argument == "-" {
            if !self.stdin_named {
                self.stdin_named = true;
                self.found.inputs.push(Input::Stdin);
            }
            return Ok(());
        }
        if let Some((text, address)) = argument
            .to_str()
            .and_then(|text| Some((text, Address::parse(text)?)))
        {
            let address = address.map_err(|why| SourceError::Address {
                address: shown_text(text),
                why,
            })?;
            return self.remote.add(&address, self.wanted, &mut self.found);
        }
        let path = Path::new(argument);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) => self.add_file(path, &metadata),
            Err(error) => match argument.to_str().and_then(Pattern::of) {
                Some(pattern) => self.add_matches(path, pattern),
                None => Err(not_there(path, error)),
            },
        }
    }

    fn add_file(&mut self, path: &Path, metadata: &Metadata) -> Result<(), SourceError> {
        if metadata.is_file() {
            File::open(path).map_err(unreadable(path))?;
        } else {
            // Opening a pipe waits for its writer, and may end it.
            let what = SpecialFile::of(metadata.file_type());
            if !matches!(what, SpecialFile::Pipe | SpecialFile::CharacterDevice) {
                return Err(SourceError::NotReadable {
                    path: shown(path),
                    what,
                });
            }
        }
        let bytes = if metadata.is_file() {
            metadata.len()
        } else {
            0
        };
        self.take(path.to_owned(), canonical(path), bytes);
        Ok(())
    }

    fn add_folder(&mut self, path: &Path) -> Result<(), SourceError> {
        fs::read_dir(path).map_err(unreadable(path))?;
        let mut listing = Listing::default();
        listing.add_folder(path);
        if listing.files.is_empty() && listing.problems.is_empty() {
            return Err(SourceError::Empty { path: shown(path) });
        }
        self.take_all(listing);
        Ok(())
    }

    fn add_matches(
        &mut self,
        path: &Path,
        pattern: Result<Pattern, globset::Error>,
    ) -> Result<(), SourceError> {
        let pattern = pattern.map_err(|source| SourceError::BadPattern {
            pattern: shown(path),
            source,
        })?;
        let folder = pattern.folder();
        let not_found = |why| SourceError::NotFound {
            path: shown(path),
            why,
        };
        fs::read_dir(folder).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                not_found(missing_folder(folder))
            }
            _ => unreadable(folder)(error),
        })?;
        let listing = pattern.list();
        if listing.files.is_empty() && listing.problems.is_empty() {
            return Err(not_found(Missing::NothingMatches {
                folder: shown(folder.components().as_path()),
            }));
        }
        self.take_all(listing);
        Ok(())
    }

    fn take_all(&mut self, mut listing: Listing) {
        listing.sort();
        for file in listing.files {
            self.take(file.path, file.canonical, file.bytes);
        }
        self.found.problems.append(&mut listing.problems);
    }

    fn take(&mut self, path: PathBuf, canonical: PathBuf, bytes: u64) {
        if let Entry::Vacant(new) = self.found.files.entry(canonical) {
            new.insert(self.found.inputs.len());
            let file = LogFile::new(path, bytes);
            self.found.inputs.push(Input::File(file));
        }
    }
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> SourceError {
    move |source| SourceError::Unreadable {
        path: shown(path),
        source,
    }
}

fn not_there(path: &Path, error: io::Error) -> SourceError {
    let why = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => missing(path),
        _ => return unreadable(path)(error),
    };
    SourceError::NotFound {
        path: shown(path),
        why,
    }
}

fn missing(path: &Path) -> Missing {
    let path = path.components().as_path();
    if path.as_os_str().is_empty() {
        return Missing::EmptyName;
    }
    if path.is_symlink() {
        return Missing::DanglingLink;
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match path.file_name() {
        Some(name) if folder.is_dir() && !path.exists() => Missing::Name {
            name: shown(Path::new(name)),
            folder: shown(folder),
        },
        _ => missing_folder(path),
    }
}

/// Names the first step of the way to a folder that is missing.
fn missing_folder(folder: &Path) -> Missing {
    let folder = folder.components().as_path();
    let mut steps: Vec<_> = folder.ancestors().collect();
    steps.retain(|step| !step.as_os_str().is_empty());
    let step = steps.into_iter().rev().find(|step| !step.is_dir());
    let step = step.unwrap_or(folder);
    if step.exists() {
        Missing::NotAFolder { path: shown(step) }
    } else {
        Missing::Folder {
            folder: shown(step),
        }
    }
}

#[cfg(test)]
mod tests;
