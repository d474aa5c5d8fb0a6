//! Reads inputs that the lake may not know yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use earwitness_parser::{Interest, Reader};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Ingest;
use crate::intake::Intake;
use crate::ledger::{InputEntry, hex};

/// A content that a name is known to have had.
pub(super) struct Version {
    bytes: u64,
    sha256: String,
    etag: Option<String>,
    /// Whether it was read to its end.
    is_whole: bool,
}

/// Every content of every name that the lake knows.
#[derive(Default)]
pub(super) struct Known(HashMap<String, Vec<Version>>);

impl Known {
    pub(super) fn add(&mut self, input: &InputEntry) {
        let versions = self.0.entry(input.name.clone()).or_default();
        versions.push(Version {
            bytes: input.bytes,
            sha256: input.sha256.clone(),
            etag: input.etag.clone(),
            is_whole: input.problem.is_none(),
        });
    }

    /// Tells without reading it whether an input is known.
    pub(super) fn has_unread<I>(&self, ask: &Ingest<'_, I>, input: &I) -> bool {
        let Some(etag) = (ask.etag)(input) else {
            return false;
        };
        let bytes = (ask.size_hint)(input);
        let same = |version: &Version| {
            version.is_whole && version.bytes == bytes && version.etag.as_deref() == Some(etag)
        };
        self.versions(ask, input).iter().any(same)
    }

    fn versions<I>(&self, ask: &Ingest<'_, I>, input: &I) -> &[Version] {
        let versions = self.0.get((ask.name)(input));
        versions.map_or(&[], Vec::as_slice)
    }
}

/// An input that was read.
pub(super) enum Read {
    Known,
    New(Box<NewInput>),
}

pub(super) struct NewInput {
    pub(super) version: u32,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) etag: Option<String>,
    pub(super) problem: Option<String>,
    pub(super) intake: Intake,
    /// The bytes, where they are to be kept.
    pub(super) document: Option<Vec<u8>>,
}

/// Reads inputs at the same time, where there are threads.
pub(super) fn read_all<I: Sync>(
    ask: &Ingest<'_, I>,
    inputs: &[&I],
    known: &Known,
    readers: &Mutex<Vec<Reader>>,
) -> Vec<Read> {
    let lock = || readers.lock().unwrap_or_else(PoisonError::into_inner);
    inputs
        .par_iter()
        .map(|input| {
            if (ask.stop)() {
                return Read::Known;
            }
            let mut bytes = Vec::new();
            let problem = (ask.read)(input, &mut bytes).err();
            let sha256 = hex(&Sha256::digest(&bytes));
            let versions = known.versions(ask, input);
            let same = |version: &Version| {
                version.sha256 == sha256 && version.is_whole == problem.is_none()
            };
            if versions.iter().any(same) {
                return Read::Known;
            }
            let reader = lock().pop();
            let max_bytes = usize::try_from(ask.max_inflated_bytes).unwrap_or(usize::MAX);
            let mut reader =
                reader.unwrap_or_else(|| Reader::new(Interest::everything(), max_bytes));
            let intake = if bytes.is_empty() && problem.is_some() {
                Intake::default()
            } else {
                Intake::read(&bytes, &mut reader)
            };
            lock().push(reader);
            let is_kept = intake.as_document || intake.aggregated > 0 || problem.is_some();
            Read::New(Box::new(NewInput {
                version: u32::try_from(versions.len()).unwrap_or(u32::MAX),
                bytes: bytes.len() as u64,
                sha256,
                etag: (ask.etag)(input).map(str::to_owned),
                problem,
                intake,
                document: is_kept.then_some(bytes),
            }))
        })
        .collect()
}
