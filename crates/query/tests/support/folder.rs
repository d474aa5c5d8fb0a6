//! Gathers a folder of log files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use earwitness_parser::Reader;
use earwitness_query::{Batch, Evidence, Gathering, Report, Scope};

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Gathers what a report needs of all files below a folder.
pub(crate) fn gather(report: &Report, folder: &Path, scope: &Scope) -> Arc<Evidence> {
    let mut reader = Reader::new(report.interest(), 1 << 30);
    let mut gathering = Gathering::default();
    for file in files(folder) {
        let origin = file.strip_prefix(folder).unwrap().to_str().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        gathering.absorb(Batch::read(origin, &bytes, &mut reader, &scope.window));
    }
    Arc::new(gathering.into_evidence(scope))
}
