use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[cfg(feature = "aws")]
use crate::S3Object;
use crate::SourceError;
use crate::origin::shown;

/// One thing to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A file, or a pipe that was named itself.
    File(LogFile),
    /// Standard input.
    Stdin,
    /// An object of S3, or its metadata.
    #[cfg(feature = "aws")]
    Object(S3Object),
}

/// A file that was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    path: PathBuf,
    origin: String,
    size_hint: u64,
}

impl LogFile {
    pub(crate) fn new(path: PathBuf, size_hint: u64) -> Self {
        LogFile {
            origin: shown(&path),
            path,
            size_hint,
        }
    }

    /// Gives the same file another name to be known by.
    pub(crate) fn named(&self, origin: String) -> Self {
        LogFile {
            origin,
            ..self.clone()
        }
    }

    /// Returns the path to open, as it was spelled.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Input {
    /// Returns the name users know the input by: the path as they spelled it,
    /// escaped where a terminal would obey or hide it, `-`, or where it lies in
    /// AWS, such as `s3://bucket/key`.
    pub fn origin(&self) -> &str {
        match self {
            Self::File(file) => &file.origin,
            Self::Stdin => "-",
            #[cfg(feature = "aws")]
            Self::Object(object) => object.origin(),
        }
    }

    /// Returns the bytes the input had when it was listed, 0 when unknown.
    pub fn size_hint(&self) -> u64 {
        match self {
            Self::File(file) => file.size_hint,
            Self::Stdin => 0,
            #[cfg(feature = "aws")]
            Self::Object(object) => object.size(),
        }
    }

    /// Returns what tells this content from any other that the input has had, where
    /// that is known before it is read: the ETag of an object.
    pub fn etag(&self) -> Option<&str> {
        match self {
            Self::File(_) | Self::Stdin => None,
            #[cfg(feature = "aws")]
            Self::Object(object) if object.is_metadata() => None,
            #[cfg(feature = "aws")]
            Self::Object(object) => object.etag(),
        }
    }

    /// Replaces the buffer's content with the whole input, in the buffer's own
    /// memory where it is large enough.
    ///
    /// A file that grows is read to where it ended when it was opened.
    ///
    /// # Errors
    /// When the input is gone, refuses to be read, shrinks or changes meanwhile,
    /// and when the user stops the run while the network is waited for; the
    /// buffer then holds what came.
    pub fn read(&self, buffer: &mut Vec<u8>) -> Result<(), SourceError> {
        self.read_at_most(u64::MAX, buffer)
    }

    /// Does what [`Input::read`] does and stops after `max_bytes`, since only
    /// that bounds a pipe. The buffer is full to `max_bytes` when there may be
    /// more.
    ///
    /// # Errors
    /// Those of [`Input::read`].
    pub fn read_at_most(&self, max_bytes: u64, buffer: &mut Vec<u8>) -> Result<(), SourceError> {
        buffer.clear();
        let failed = |source| SourceError::Read {
            origin: self.origin().to_owned(),
            source,
        };
        let file = match self {
            Self::File(file) => File::open(&file.path).map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => SourceError::Vanished {
                    origin: file.origin.clone(),
                    source,
                },
                _ => failed(source),
            })?,
            Self::Stdin => {
                let stdin = io::stdin().lock();
                stdin.take(max_bytes).read_to_end(buffer).map_err(failed)?;
                return Ok(());
            }
            #[cfg(feature = "aws")]
            Self::Object(object) => return object.read_at_most(max_bytes, buffer),
        };
        let metadata = file.metadata().map_err(failed)?;
        // Some mounted file systems learn a size only by reading, and say 0.
        if !metadata.is_file() || metadata.len() == 0 {
            file.take(max_bytes).read_to_end(buffer).map_err(failed)?;
            return Ok(());
        }
        let expected_bytes = metadata.len().min(max_bytes);
        // Memory that is not there is an error of this file, not of the run.
        usize::try_from(expected_bytes)
            .ok()
            .and_then(|bytes| buffer.try_reserve_exact(bytes).ok())
            .ok_or_else(|| failed(io::ErrorKind::OutOfMemory.into()))?;
        let read = file.take(expected_bytes).read_to_end(buffer);
        let read_bytes = read.map_err(failed)? as u64;
        if read_bytes < expected_bytes {
            return Err(SourceError::Shrank {
                origin: self.origin().to_owned(),
                expected_bytes,
                read_bytes,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use crate::scratch::Scratch;

    fn input(path: PathBuf) -> Input {
        let size = fs::metadata(&path).unwrap().len();
        Input::File(LogFile::new(path, size))
    }

    #[test]
    fn the_buffer_is_replaced_and_its_memory_reused() {
        let scratch = Scratch::new();
        let large = input(scratch.file("large", &[b'x'; 100_000]));
        let small = input(scratch.file("small", b"abc"));
        let mut buffer = b"old".to_vec();
        large.read(&mut buffer).unwrap();
        assert_eq!(buffer, [b'x'; 100_000]);
        let memory = (buffer.as_ptr(), buffer.capacity());
        small.read(&mut buffer).unwrap();
        assert_eq!(buffer, b"abc");
        assert_eq!((buffer.as_ptr(), buffer.capacity()), memory);
    }

    #[test]
    fn an_empty_file_gives_no_bytes() {
        let scratch = Scratch::new();
        let mut buffer = b"old".to_vec();
        input(scratch.file("empty", b"")).read(&mut buffer).unwrap();
        assert!(buffer.is_empty());
    }

    #[test]
    fn a_limit_ends_the_read() {
        let scratch = Scratch::new();
        let ten = input(scratch.file("ten", b"0123456789"));
        let mut buffer = Vec::new();
        ten.read_at_most(4, &mut buffer).unwrap();
        assert_eq!(buffer, b"0123");
        ten.read_at_most(11, &mut buffer).unwrap();
        assert_eq!(buffer, b"0123456789");
    }

    #[test]
    fn a_file_that_grew_since_it_was_listed_is_read_as_it_is_now() {
        let scratch = Scratch::new();
        let path = scratch.file("log", b"one");
        let listed = input(path.clone());
        let mut file = File::options().append(true).open(path).unwrap();
        file.write_all(b" two").unwrap();
        let mut buffer = Vec::new();
        listed.read(&mut buffer).unwrap();
        assert_eq!(buffer, b"one two");
        assert_eq!(listed.size_hint(), 3);
    }

    #[test]
    fn a_file_that_vanished_is_named() {
        let scratch = Scratch::new();
        let path = scratch.file("log", b"one");
        let listed = input(path.clone());
        fs::remove_file(&path).unwrap();
        let error = listed.read(&mut Vec::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "read {}: it was there when the run began and is gone now; run again",
                path.display()
            )
        );
    }

    #[test]
    fn a_folder_in_its_place_is_an_error_that_names_it() {
        let scratch = Scratch::new();
        let path = scratch.file("log", b"one");
        let listed = input(path.clone());
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let error = listed.read(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), format!("read {}", path.display()));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_does_not_know_its_size_is_read() {
        let mut buffer = Vec::new();
        let status = input("/proc/self/status".into());
        assert_eq!(status.size_hint(), 0);
        status.read(&mut buffer).unwrap();
        assert!(buffer.starts_with(b"Name:"));
    }

    // Here the system itself promises 4096 bytes and gives fewer.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_ends_early_is_named_with_its_sizes() {
        let path = PathBuf::from("/sys/kernel/mm/transparent_hugepage/enabled");
        if !path.exists() {
            return;
        }
        let error = input(path).read(&mut Vec::new()).unwrap_err();
        assert!(
            matches!(
                error,
                SourceError::Shrank {
                    expected_bytes: 4096,
                    read_bytes: 1..,
                    ..
                }
            ),
            "{error:?}"
        );
    }
}
