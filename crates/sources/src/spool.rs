use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::{NamedTempFile, TempDir};

use crate::SourceError;
use crate::input::LogFile;
use crate::origin::shown;
use crate::safe_name::safe_step;

/// A folder that takes the pages of answers as files: each whole or not at all.
///
/// A temporary folder goes when the spool does.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    /// Removes the folder at the end, where it is temporary.
    _temporary: Option<TempDir>,
}

impl Spool {
    /// Takes a folder of the user, else makes a temporary one.
    pub(crate) fn new(folder: Option<&Path>) -> Result<Spool, SourceError> {
        let Some(folder) = folder else {
            let temporary = tempfile::Builder::new()
                .prefix("earwitness-")
                .tempdir()
                .map_err(failed(&std::env::temp_dir()))?;
            return Ok(Spool {
                folder: temporary.path().to_owned(),
                _temporary: Some(temporary),
            });
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        Ok(Spool {
            folder: folder.to_owned(),
            _temporary: None,
        })
    }

    /// Writes a page under a name, which is a path below the folder with `/`
    /// between its steps, and returns it to be read under its origin.
    ///
    /// # Errors
    /// When the folder cannot be written; no page is there then.
    pub(crate) fn write(
        &self,
        name: &str,
        origin: &str,
        page: &[u8],
    ) -> Result<LogFile, SourceError> {
        let path = self.path_of(name);
        write_whole(&path, page, None).map_err(failed(&path))?;
        Ok(LogFile::new(path, page.len() as u64).named(origin.to_owned()))
    }

    /// Returns the path of a name, whose steps lead nowhere but below the folder.
    fn path_of(&self, name: &str) -> PathBuf {
        below(&self.folder, name)
    }
}

/// Returns where a key of a bucket lies below a folder, wherever its steps would
/// lead.
pub(crate) fn below(folder: &Path, key: &str) -> PathBuf {
    let mut path = folder.to_owned();
    path.extend(key.split('/').map(safe_step));
    path
}

/// Writes a file whole or not at all, and the folders that it lies in. It has the
/// time that is given, where one is.
pub(crate) fn write_whole(
    path: &Path,
    content: &[u8],
    written: Option<SystemTime>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = new_file(folder)?;
    file.write_all(content)?;
    if let Some(written) = written {
        file.as_file().set_modified(written)?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Makes a file in a folder that is gone unless it is given a name.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".earwitness-").suffix(".tmp");
    // What any new file gets, from which the system takes the umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn failed(path: &Path) -> impl Fn(io::Error) -> SourceError + use<> {
    let path = shown(path);
    move |source| SourceError::Write {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use crate::scratch::Scratch;

    #[test]
    fn a_page_is_read_like_a_file_under_its_origin() {
        let spool = Spool::new(None).unwrap();
        let folder = spool.folder.clone();
        let page = spool.write("group/day/1.json", "cloudwatch:group page 1", b"{}");
        let page = Input::File(page.unwrap());
        assert_eq!(page.origin(), "cloudwatch:group page 1");
        let mut bytes = Vec::new();
        page.read(&mut bytes).unwrap();
        assert_eq!(bytes, b"{}");
        drop(spool);
        assert!(!folder.exists());
    }

    #[test]
    fn a_folder_of_the_user_stays() {
        let scratch = Scratch::new();
        let folder = scratch.path().join("out");
        let spool = Spool::new(Some(&folder)).unwrap();
        spool.write("a/1.json", "page", b"{}").unwrap();
        drop(spool);
        assert!(folder.join("a/1.json").is_file());
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let scratch = Scratch::new();
        let folder = scratch.path().join("out");
        let spool = Spool::new(Some(&folder)).unwrap();
        spool.write("../../x/./y.json", "page", b"{}").unwrap();
        assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    }
}
