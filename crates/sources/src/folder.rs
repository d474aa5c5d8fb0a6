use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::problem::{Problem, SpecialFile};

/// Files and what could not be listed beside them.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) files: Vec<ListedFile>,
    pub(crate) problems: Vec<Problem>,
    folder: CanonicalFolder,
}

pub(crate) struct ListedFile {
    pub(crate) path: PathBuf,
    /// What tells two spellings of one file.
    pub(crate) canonical: PathBuf,
    pub(crate) bytes: u64,
}

impl Listing {
    /// Adds every file under a folder, hidden ones too; links are followed.
    pub(crate) fn add_folder(&mut self, root: &Path) {
        // A folder is entered once, however many links lead to it; crossed
        // links would otherwise multiply with each step down.
        let mut entered = HashSet::new();
        let entries = WalkDir::new(root)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| {
                let canonical = entry
                    .file_type()
                    .is_dir()
                    .then(|| entry.path().canonicalize());
                canonical.is_none_or(|path| path.is_ok_and(|path| entered.insert(path)))
            });
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.add_entry(entry),
                Err(error) => self.problems.push(Problem::walking(root, error)),
            }
        }
    }

    /// Adds something that was met in a folder and is no folder itself.
    pub(crate) fn add_entry(&mut self, entry: DirEntry) {
        let file_type = entry.file_type();
        if !file_type.is_file() {
            let special = Problem::special(entry.path(), SpecialFile::of(file_type));
            self.problems.push(special);
            return;
        }
        let link = entry.path_is_symlink();
        match entry.metadata() {
            Ok(metadata) => {
                let canonical = self.folder.canonical(entry.path(), link);
                self.files.push(ListedFile {
                    canonical,
                    bytes: metadata.len(),
                    path: entry.into_path(),
                });
            }
            Err(error) => self.problems.push(Problem::walking(entry.path(), error)),
        }
    }

    /// Puts everything into the order of its path's bytes.
    pub(crate) fn sort(&mut self) {
        let bytes = |file: &ListedFile| file.path.as_os_str().to_owned();
        self.files.sort_by_cached_key(bytes);
        self.problems.sort_by(|a, b| a.origin.cmp(&b.origin));
    }
}

/// The folder that was asked for last; files come by the thousand from one.
#[derive(Default)]
struct CanonicalFolder {
    spelled: PathBuf,
    canonical: Option<PathBuf>,
}

impl CanonicalFolder {
    fn canonical(&mut self, file: &Path, link: bool) -> PathBuf {
        let (false, Some(folder), Some(name)) = (link, file.parent(), file.file_name()) else {
            return canonical(file);
        };
        if self.canonical.is_none() || self.spelled != folder {
            self.spelled = folder.to_owned();
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            self.canonical = fs::canonicalize(folder).ok();
        }
        match &self.canonical {
            Some(folder) => folder.join(name),
            None => canonical(file),
        }
    }
}

/// Returns the one path behind all spellings of it. A pipe of the shell has a
/// name that leads nowhere, and stands for itself.
pub(crate) fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}
