//! A folder to try things in, gone after the test.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub(crate) struct Scratch(TempDir);

impl Scratch {
    pub(crate) fn new() -> Self {
        Scratch(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders it lies in.
    pub(crate) fn file(&self, name: impl AsRef<Path>, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(&path).unwrap();
        path
    }

    #[cfg(unix)]
    pub(crate) fn link(&self, name: &str, to: impl AsRef<Path>) -> PathBuf {
        let path = self.path().join(name);
        std::os::unix::fs::symlink(to, &path).unwrap();
        path
    }

    /// Makes a FIFO; false when this machine has no `mkfifo`.
    #[cfg(unix)]
    pub(crate) fn pipe(&self, name: &str) -> bool {
        let made = std::process::Command::new("mkfifo")
            .arg(self.path().join(name))
            .status();
        made.is_ok_and(|status| status.success())
    }
}
