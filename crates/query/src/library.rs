//! The reports there are: those shipped, and those in a folder of the user's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use earwitness_parser::Interest;

use crate::answer::{Ask, answer};
use crate::error::QueryError;
use crate::evidence::Scope;
use crate::gathering::Gathering;
use crate::report::Report;

/// Names a shipped report and holds its file.
macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../../queries/", $name, ".sql")))),*]
    };
}

const SHIPPED: [(&str, &str); 14] = shipped![
    "access-review",
    "accesses",
    "contact-timeline",
    "deleted-cross-check",
    "denied-attempts",
    "live-monitoring",
    "logging-changes",
    "outside-connect",
    "summary",
    "unredacted-access",
    "unusual-access",
    "who-could-access",
    "who-deleted",
    "who-listened",
];

/// All reports, by name.
#[derive(Debug, Clone)]
pub struct Library {
    reports: Vec<Report>,
}

impl Library {
    /// Returns the reports that are part of earwitness.
    ///
    /// # Errors
    /// None that a release can have: a test reads them all.
    pub fn shipped() -> Result<Library, QueryError> {
        let reports = SHIPPED
            .iter()
            .map(|(name, text)| Report::parse(name, text))
            .collect::<Result<_, _>>()?;
        Ok(Library { reports })
    }

    /// Adds the `*.sql` files of a folder; one of a shipped report's name
    /// replaces it.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, holds no report, or a report
    /// is not understood.
    pub fn with_folder(mut self, folder: &Path) -> Result<Library, QueryError> {
        for file in files(folder)? {
            self.add(Report::from_file(&file)?);
        }
        Ok(self)
    }

    /// Reads the reports of a folder and tries each on empty tables.
    ///
    /// # Errors
    /// When the folder cannot be read or holds no report; what is wrong with a
    /// single report stands beside it.
    #[expect(clippy::type_complexity, reason = "a file with its outcome")]
    pub fn check(folder: &Path) -> Result<Vec<(PathBuf, Result<Report, QueryError>)>, QueryError> {
        let nothing = Arc::new(Gathering::default().into_evidence(&Scope::default()));
        let check = |file: PathBuf| {
            let report = Report::from_file(&file).and_then(|report| {
                let rows = answer(&report, &nothing, &Ask::default())?;
                report.promises(&rows)?;
                Ok(report)
            });
            (file, report)
        };
        Ok(files(folder)?.into_iter().map(check).collect())
    }

    fn add(&mut self, report: Report) {
        match self
            .reports
            .iter_mut()
            .find(|known| known.name == report.name)
        {
            Some(known) => *known = report,
            None => self.reports.push(report),
        }
        self.reports.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Finds a report.
    pub fn find(&self, name: &str) -> Option<&Report> {
        self.reports.iter().find(|report| report.name == name)
    }

    /// Returns which records any of the reports needs.
    pub fn interest(&self) -> Interest {
        let events = self.reports.iter().flat_map(|report| &report.events);
        let sizes_from = self.reports.iter().flat_map(|report| &report.sizes_from);
        Interest::in_events(events)
            .and_sizes(sizes_from)
            .and_directory()
            .and_s3_deletions()
    }

    /// Iterates over the reports by name.
    pub fn reports(&self) -> impl Iterator<Item = &Report> {
        self.reports.iter()
    }
}

impl Report {
    /// Reads a report from a file.
    ///
    /// # Errors
    /// When the file cannot be read or is not understood.
    pub fn from_file(path: &Path) -> Result<Report, QueryError> {
        let text = std::fs::read_to_string(path).map_err(|source| QueryError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        Report::parse(&name, &text)
    }
}

/// Lists the files of a folder that are reports.
fn files(folder: &Path) -> Result<Vec<PathBuf>, QueryError> {
    let unreadable = |source| QueryError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|suffix| suffix == "sql") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(QueryError::NoReports {
            folder: folder.to_owned(),
        });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_query_file_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../queries");
        let shipped = Library::shipped().unwrap();
        let with_files = Library::shipped().unwrap().with_folder(&folder).unwrap();
        let reports: Vec<_> = with_files.reports().collect();
        assert!(!reports.is_empty());
        assert_eq!(shipped.reports().collect::<Vec<_>>(), reports);
    }
}
