//! Gathers a folder of log files.

use std::path::Path;
use std::sync::Arc;

use earwitness_parser::{Interest, Reader};
use earwitness_query::{Batch, Evidence, Gathering, Report, Scope};
use earwitness_testkit::files;

/// Gathers what a report needs of all files below a folder.
pub(crate) fn gather(report: &Report, folder: &Path, scope: &Scope) -> Arc<Evidence> {
    gather_for(report.interest(), folder, scope)
}

/// Gathers what is of interest of all files below a folder.
pub(crate) fn gather_for(interest: Interest, folder: &Path, scope: &Scope) -> Arc<Evidence> {
    let mut reader = Reader::new(interest, 1 << 30);
    let mut gathering = Gathering::default();
    for file in files(folder).unwrap() {
        let origin = file.strip_prefix(folder).unwrap().to_str().unwrap();
        let bytes = std::fs::read(&file).unwrap();
        gathering.absorb(Batch::read(origin, &bytes, &mut reader, &scope.window));
    }
    Arc::new(gathering.into_evidence(scope))
}
