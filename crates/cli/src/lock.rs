use std::fs::{self, File, TryLockError};
use std::io::Write as _;
use std::path::Path;
use std::process;

use chrono::{DateTime, Utc};
use earwitness_export::visible;

use crate::failure::{Failure, failed_at as failed};
use crate::moment::written;

/// The right to write a job's reports, as long as it lives. The system takes it
/// away from a run that dies.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "closing it gives the lock back")] File);

impl Lock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(path: &Path, now: DateTime<Utc>) -> Result<Result<Lock, String>, Failure> {
        let wrong = failed("lock", path);
        let mut options = File::options();
        let file = options.create(true).truncate(false).write(true).open(path);
        let mut file = file.map_err(&wrong)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(path).unwrap_or_default();
                return Ok(Err(visible(holder.trim())));
            }
            Err(TryLockError::Error(error)) => return Err(wrong(error)),
        }
        file.set_len(0).map_err(&wrong)?;
        let holder = format!("process {} since {}", process::id(), written(now));
        writeln!(file, "{holder}").map_err(&wrong)?;
        Ok(Ok(Lock(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_and_the_other_is_told_who() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let now = "2026-03-01T00:00:00Z".parse().unwrap();
        let first = Lock::take(&path, now).unwrap().unwrap();
        let holder = Lock::take(&path, now).unwrap().unwrap_err();
        let expected = format!("process {} since 2026-03-01T00:00:00Z", process::id());
        assert_eq!(holder, expected);
        drop(first);
        assert!(Lock::take(&path, now).unwrap().is_ok());
    }
}
