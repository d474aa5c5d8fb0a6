use std::fs::{self, File, FileType, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::ExportError;

/// Writes a file whole or not at all.
///
/// `write` fills a temporary file in the same folder, which takes the name only
/// when everything is on the disk; after an error nothing is left behind. A
/// link is followed, and a file that is replaced keeps its permissions.
/// Devices and pipes, such as `/dev/stdout`, are written to directly.
///
/// # Errors
/// Those of [`check_target`] and of `write`. When the file appeared in the
/// meantime and `force` is false, it stays and the error says so.
pub fn write_file(
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let name_file = |error| match error {
        ExportError::Write(source) => file_error(path)(source),
        other => other,
    };
    match target(path, force)? {
        Target::Stream => {
            // What already stands in a file behind `/dev/stdout` is not ours.
            let file = OpenOptions::new().append(true).open(path);
            fill(&file.map_err(file_error(path))?, write).map_err(name_file)
        }
        Target::File { at, permissions } => {
            let file = temporary_beside(&at, permissions).map_err(file_error(path))?;
            fill(file.as_file(), write).map_err(name_file)?;
            file.as_file().sync_all().map_err(file_error(path))?;
            let persisted = if force {
                file.persist(&at)
            } else {
                file.persist_noclobber(&at)
            };
            persisted.map_err(|error| match error.error.kind() {
                io::ErrorKind::AlreadyExists => exists(path),
                _ => file_error(path)(error.error),
            })?;
            Ok(())
        }
    }
}

/// Checks that a file can be written before the work for it is done.
///
/// # Errors
/// When the file exists and `force` is false, when the path is a folder, a disk
/// or a link to nothing, and when its folder is missing or takes no new files.
pub fn check_target(path: &Path, force: bool) -> Result<(), ExportError> {
    let Target::File { at, .. } = target(path, force)? else {
        return Ok(());
    };
    let folder = folder_of(&at);
    // Only an attempt tells: permission bits know nothing of read-only disks.
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(source) => Err(ExportError::FolderNotWritable {
            path: path.to_owned(),
            folder: folder.to_owned(),
            source,
        }),
    }
}

enum Target {
    /// Bytes go straight there.
    Stream,
    /// A file at the end of all links, with its permissions when it exists.
    File {
        at: PathBuf,
        permissions: Option<Permissions>,
    },
}

fn target(path: &Path, force: bool) -> Result<Target, ExportError> {
    let not_a_file = |what| ExportError::NotAFile {
        path: path.to_owned(),
        what,
    };
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(not_a_file("a folder")),
        Ok(found) if is_disk(found.file_type()) => Err(not_a_file("a disk")),
        Ok(found) if !found.is_file() || is_open_stream(path) => Ok(Target::Stream),
        Ok(_) if !force => Err(exists(path)),
        Ok(found) => Ok(Target::File {
            at: fs::canonicalize(path).map_err(file_error(path))?,
            permissions: Some(found.permissions()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if path.is_symlink() {
                return Err(not_a_file("a link to nothing"));
            }
            let folder = folder_of(path);
            if !folder.is_dir() {
                return Err(ExportError::NoFolder {
                    path: path.to_owned(),
                    folder: folder.to_owned(),
                });
            }
            Ok(Target::File {
                at: path.to_owned(),
                permissions: None,
            })
        }
        Err(error) => Err(file_error(path)(error)),
    }
}

/// Tells whether a path names a stream the process holds open, even one that
/// the shell has sent to a file.
fn is_open_stream(path: &Path) -> bool {
    ["/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"]
        .iter()
        .any(|stream| path.starts_with(stream))
}

#[cfg(unix)]
fn is_disk(file_type: FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_block_device(&file_type)
}

#[cfg(not(unix))]
fn is_disk(_: FileType) -> bool {
    false
}

fn temporary_beside(at: &Path, permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".earwitness-").suffix(".tmp");
    if let Some(permissions) = permissions.clone().or_else(new_file_permissions) {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(folder_of(at))?;
    if let Some(permissions) = permissions {
        // The umask has narrowed them.
        file.as_file().set_permissions(permissions)?;
    }
    Ok(file)
}

/// Returns what any new file gets, from which the system takes the umask.
#[cfg(unix)]
fn new_file_permissions() -> Option<Permissions> {
    Some(std::os::unix::fs::PermissionsExt::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<Permissions> {
    None
}

fn fill(
    file: &File,
    write: impl FnOnce(&mut dyn Write) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush().map_err(ExportError::Write)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn exists(path: &Path) -> ExportError {
    ExportError::Exists {
        path: path.to_owned(),
    }
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> ExportError {
    move |source| ExportError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;
