//! Says which inputs a job has at this moment, without reading them.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use earwitness_lake::Lake;
use earwitness_sources::Found;
use sha2::{Digest, Sha256};

use super::job::Job;
use super::state::{Listing, Record};
use crate::failure::{Failure, shown_path as shown};
use crate::input_version::version;

/// Lists a job's inputs, or the ledgers of its lake.
pub(crate) fn listing(job: &Job, found: &Found) -> Result<Listing, Failure> {
    let mut hash = Sha256::new();
    if let Some(lake) = &job.lake {
        let status = Lake::open(lake)?.status();
        // Ledgers are only ever added.
        hash.update(format!("{} {}", status.last_ledger, status.last_written));
        return Ok(listed(status.inputs, hash));
    }
    for input in &found.inputs {
        let (origin, size) = (input.origin(), input.size_hint());
        hash.update(format!("{origin}\0{size} {}\n", version(input)));
    }
    for problem in &found.problems {
        hash.update(format!("{}\0{}\n", problem.origin, problem.why));
    }
    Ok(listed(found.inputs.len() as u64, hash))
}

fn listed(count: u64, hash: Sha256) -> Listing {
    let hash = hash.finalize();
    Listing {
        count,
        sha256: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}

/// Refuses to write where it is read: reports would be inputs of the next run.
pub(crate) fn spare(job: &Job, found: &Found, records: &[Record]) -> Result<(), Failure> {
    let lake = job.lake.iter().map(|lake| lake.as_os_str());
    let read = job.inputs.iter().map(|input| input.as_os_str()).chain(lake);
    let mut read = read.map(Path::new);
    let folder = read.find(|input| job.to.is_read_by(input));
    let files = records.iter().flat_map(|record| &record.files);
    let mut files = files.map(|file| PathBuf::from(job.to.path(&file.name)));
    let file = files.find(|path| found.file_at(path).is_some());
    let lies_in = folder.map(shown).or_else(|| file.map(|file| shown(&file)));
    match lies_in {
        None => Ok(()),
        Some(read) => Err(Failure::usage(anyhow!(
            "reports would go to {} and be read as logs from {read}; choose another folder with `to`",
            job.to.path("").trim_end_matches('/')
        ))),
    }
}
