//! Reads inputs that the lake may not know yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use earwitness_parser::{Interest, Reader};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Ingest;
use crate::intake::Intake;
use crate::ledger::hex;

/// An input that was read.
pub(super) enum Read {
    Known,
    New(Box<NewInput>),
}

pub(super) struct NewInput {
    pub(super) version: u32,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) problem: Option<String>,
    pub(super) intake: Intake,
    /// The bytes, where they are to be kept.
    pub(super) document: Option<Vec<u8>>,
}

/// Reads inputs at the same time, where there are threads.
pub(super) fn read_all<I: Sync>(
    ask: &Ingest<'_, I>,
    inputs: &[&I],
    known: &HashMap<String, Vec<(String, bool)>>,
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
            let versions = known.get((ask.name)(input));
            let same =
                |(known, unread): &(String, bool)| *known == sha256 && *unread == problem.is_some();
            if versions.is_some_and(|versions| versions.iter().any(same)) {
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
            let versions = versions.map_or(0, Vec::len);
            Read::New(Box::new(NewInput {
                version: u32::try_from(versions).unwrap_or(u32::MAX),
                bytes: bytes.len() as u64,
                sha256,
                problem,
                intake,
                document: is_kept.then_some(bytes),
            }))
        })
        .collect()
}
