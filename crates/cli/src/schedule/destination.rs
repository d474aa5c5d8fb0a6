//! Where a job's reports go: a folder, or a prefix of a bucket.
//!
//! A bucket has a folder that stands for it while the job is under way. What the
//! job has written so far is brought into it; what is written there is put into
//! the bucket, where nothing is written over:
//!
//! 1. A window's files go to `staged/`, under the hash of what they hold.
//! 2. The record of the window is put there unless there is one: of two runs that
//!    know nothing of each other, one lands.
//! 3. The files take their places, unless something stands there.
//!
//! So whatever is recorded can be finished by the next run, and what is not
//! recorded stands nowhere.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use earwitness_export::{ExportError, visible, write_file};
use earwitness_sources::{Address, AwsOptions, S3Folder, S3Place};
use tempfile::TempDir;

use super::job::Job;
use super::state::{FOLDER, Record, WrittenFile};
use crate::args::ReadingArgs;
use crate::failure::{Failure, failed_at as failed, shown_path};
use crate::interrupt::Interrupt;

/// Where a job's reports go, as the jobs file has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Destination {
    Folder(PathBuf),
    /// Bucket and prefix; the prefix has no `/` at its end.
    Bucket(String, String),
}

/// The folder that a job writes to, and the bucket that it stands for.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    shown: String,
    behind: Option<Behind>,
}

#[derive(Debug)]
struct Behind {
    _folder: TempDir,
    bucket: S3Folder,
    /// What stands there, without what the job remembers.
    names: BTreeSet<String>,
}

impl Destination {
    /// Reads a destination.
    ///
    /// # Errors
    /// When it is an address of something else, with what to write.
    pub(crate) fn of(text: &str) -> Result<Destination, String> {
        let place = match Address::parse(text) {
            None if text.contains("://") => {
                return Err(format!(
                    "reports go to a folder or to s3://BUCKET/PREFIX, and {text} is neither"
                ));
            }
            None => return Ok(Destination::Folder(PathBuf::from(text))),
            Some(Ok(Address::S3(place))) => place,
            Some(Ok(_)) => {
                return Err(format!(
                    "no reports can be written to {text}; name a folder or s3://BUCKET/PREFIX"
                ));
            }
            Some(Err(why)) => return Err(format!("`to`: {why}")),
        };
        let prefix = place.prefix.trim_end_matches('/');
        let is_plain = |step: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_.=".contains(c);
            !step.is_empty() && step.chars().all(plain) && !step.chars().all(|c| c == '.')
        };
        if !prefix.is_empty() && !prefix.split('/').all(is_plain) {
            return Err(format!(
                "`to` {text}: write the prefix with letters, digits, '-', '_', '.', '=' and single '/'"
            ));
        }
        Ok(Destination::Bucket(place.bucket, prefix.to_owned()))
    }

    /// Returns how people know a file there.
    pub(crate) fn path(&self, name: &str) -> String {
        match self {
            Destination::Folder(folder) => shown_path(&folder.join(name)),
            Destination::Bucket(bucket, prefix) if prefix.is_empty() => {
                format!("s3://{bucket}/{name}")
            }
            Destination::Bucket(bucket, prefix) => format!("s3://{bucket}/{prefix}/{name}"),
        }
    }

    /// Returns how a program that works elsewhere knows a file there.
    pub(crate) fn path_from_anywhere(&self, name: &str) -> String {
        match self {
            Destination::Folder(folder) => {
                let here = env::current_dir().unwrap_or_default();
                here.join(folder).join(name).to_string_lossy().into_owned()
            }
            Destination::Bucket(..) => self.path(name),
        }
    }

    /// Tells whether an input is around it, so that reports would be read as logs.
    pub(crate) fn is_read_by(&self, input: &Path) -> bool {
        match self {
            Destination::Folder(folder) => match (folder.canonicalize(), input.canonicalize()) {
                (Ok(to), Ok(input)) => to.starts_with(input),
                _ => false,
            },
            Destination::Bucket(bucket, prefix) => {
                let address = input.to_str().and_then(Address::parse);
                let Some(Ok(Address::S3(read))) = address else {
                    return false;
                };
                let read_prefix = read.prefix.trim_end_matches('/');
                let below = prefix.strip_prefix(read_prefix);
                let is_below = below.is_some_and(|below| {
                    read_prefix.is_empty() || below.is_empty() || below.starts_with('/')
                });
                read.bucket == *bucket && is_below
            }
        }
    }

    /// Opens it for a job: a folder that is there, or what a bucket has of the job.
    pub(crate) fn open(
        &self,
        job: &Job,
        how: &ReadingArgs,
        interrupt: &Interrupt,
    ) -> Result<Arc<Place>, Failure> {
        let (root, behind) = match self {
            Destination::Folder(folder) if folder.is_dir() => (folder.clone(), None),
            // One that is not mounted is not to be made.
            Destination::Folder(folder) => {
                let to = shown_path(folder);
                return Err(Failure::usage(anyhow!(
                    "there is no folder {to} to write to; make it with `mkdir -p {to}`, or mount it"
                )));
            }
            Destination::Bucket(bucket, prefix) => {
                let place = S3Place {
                    bucket: bucket.clone(),
                    prefix: match prefix.as_str() {
                        "" => String::new(),
                        prefix => format!("{prefix}/"),
                    },
                };
                let stop = interrupt.clone();
                let stop = Arc::new(move || stop.is_set());
                let bucket = S3Folder::open(&place, &AwsOptions::from(&how.aws), stop)?;
                let folder = tempfile::tempdir().map_err(|error| {
                    Failure::failed(anyhow!(
                        "failed to make a temporary folder: {error}; TMPDIR names another place"
                    ))
                })?;
                let root = folder.path().to_owned();
                let behind = Behind::bring(folder, bucket, &job.name)?;
                (root, Some(behind))
            }
        };
        Ok(Arc::new(Place {
            root,
            shown: self.path("").trim_end_matches('/').to_owned(),
            behind,
        }))
    }
}

impl Behind {
    /// Brings what a job remembers.
    fn bring(folder: TempDir, bucket: S3Folder, job: &str) -> Result<Behind, Failure> {
        let remembered = format!("{FOLDER}/{job}/");
        let staged = format!("{remembered}staged/");
        let mut names = BTreeSet::new();
        for name in bucket.names() {
            let Some(below) = name.strip_prefix(&remembered) else {
                names.insert(name.to_owned());
                continue;
            };
            let is_plain = below
                .split('/')
                .all(|step| !matches!(step, "" | "." | "..") && !step.contains('\\'));
            if name.starts_with(&staged) || !is_plain {
                continue;
            }
            if let Some(bytes) = bucket.get(name)? {
                write(&folder.path().join(name), &bytes)?;
            }
        }
        Ok(Behind {
            _folder: folder,
            bucket,
            names,
        })
    }
}

impl Place {
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Tells whether something stands under a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        match &self.behind {
            None => self.root.join(name).symlink_metadata().is_ok(),
            Some(behind) => behind.names.contains(name),
        }
    }

    /// Returns how people know a file there.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.shown)
    }

    /// Puts a file that was written below the root where it is to last. Unless it
    /// `replaces`, what is there stays: then it returns false.
    pub(crate) fn keep(&self, file: &Path, replaces: bool) -> Result<bool, Failure> {
        let Some(behind) = &self.behind else {
            return Ok(true);
        };
        let bytes = fs::read(file).map_err(failed("read", file))?;
        Ok(behind.bucket.put(&self.name_of(file), &bytes, replaces)?)
    }

    /// Puts a window's files aside, for the run that finishes what this one records.
    pub(crate) fn stage(&self, staged: &Path, record: &Record) -> Result<(), Failure> {
        let Some(behind) = &self.behind else {
            return Ok(());
        };
        for file in &record.files {
            let path = staged.join(&file.name);
            let bytes = fs::read(&path).map_err(failed("read", &path))?;
            behind
                .bucket
                .put(&self.staged_name(staged, file), &bytes, false)?;
        }
        Ok(())
    }

    /// Puts what was recorded and stands nowhere back among the files on their way.
    pub(crate) fn recall(&self, staged: &Path, file: &WrittenFile) -> Result<(), Failure> {
        let Some(behind) = &self.behind else {
            return Ok(());
        };
        if self.has(&file.name) {
            return Ok(());
        }
        // Where there is nothing, somebody moved the report away.
        match behind.bucket.get(&self.staged_name(staged, file))? {
            Some(bytes) => write(&staged.join(&file.name), &bytes),
            None => Ok(()),
        }
    }

    /// Gives a file of a report its place, and returns what stands there where that
    /// is something already.
    pub(crate) fn place(
        &self,
        staged: &Path,
        file: &WrittenFile,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let Some(behind) = &self.behind else {
            return Ok(None);
        };
        let path = self.root.join(&file.name);
        let there = match self.keep(&path, false)? {
            true => None,
            false => behind.bucket.look_up(&file.name)?,
        };
        behind.bucket.remove(&self.staged_name(staged, file))?;
        Ok(there)
    }

    fn staged_name(&self, staged: &Path, file: &WrittenFile) -> String {
        let folder = self.name_of(staged);
        format!("{folder}/{}-{}", file.sha256, file.name)
    }

    fn name_of(&self, file: &Path) -> String {
        let below = file.strip_prefix(&self.root).unwrap_or(file);
        let steps = below.components();
        let steps: Vec<_> = steps
            .map(|step| step.as_os_str().to_string_lossy())
            .collect();
        steps.join("/")
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("make the folder", folder))?;
    }
    Ok(write_file(path, true, |out| {
        out.write_all(bytes).map_err(ExportError::Write)
    })?)
}

/// Says that a place is not free.
pub(crate) fn taken(place: &str) -> Failure {
    Failure::failed(anyhow!(
        "{} is there already and was not written by this job; move it away, or choose other names with `file`",
        visible(place)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_read_and_say_where_a_file_is() {
        let path = |text: &str| Destination::of(text).unwrap().path("a.csv");
        assert_eq!(path("reports"), "reports/a.csv");
        assert_eq!(path("s3://some-bucket"), "s3://some-bucket/a.csv");
        assert_eq!(path("s3://some-bucket/r/x/"), "s3://some-bucket/r/x/a.csv");
        for text in [
            "https://example.com/x",
            "cloudtrail:us-west-2",
            "s3://",
            "s3://b-k/../x",
            "s3://b-k/a//b",
            "s3://b-k/a b",
        ] {
            assert!(Destination::of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn inputs_around_a_destination_are_known() {
        let to = Destination::of("s3://some-bucket/logs/reports").unwrap();
        for (input, is_around) in [
            ("s3://some-bucket", true),
            ("s3://some-bucket/logs/", true),
            ("s3://some-bucket/logs/reports", true),
            ("s3://some-bucket/log", false),
            ("s3://some-bucket/logs/reports/x", false),
            ("s3://other-bucket/logs", false),
            ("logs", false),
        ] {
            assert_eq!(to.is_read_by(Path::new(input)), is_around, "{input}");
        }
    }
}
