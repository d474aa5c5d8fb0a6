//! What the ledgers say, taken together.

use std::fs;
use std::io;

use crate::error::LakeError;
use crate::folder::Folder;
use crate::ledger::{FileEntry, InputEntry, Kind, Landed, Ledger, file_name, number_of};

/// The lake as of one ledger.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The last compaction's ledger, if there is one, and those since.
    pub(crate) ledgers: Vec<Ledger>,
    /// The number of the last one, 0 without any.
    pub(crate) last: u64,
    /// The SHA-256 of its file.
    pub(crate) last_sha256: Option<String>,
}

/// A data file with the ledger that lists it.
pub(crate) type Listed<'s> = (&'s Ledger, &'s FileEntry);

/// How often a list of ledgers is read again that a compaction shortened meanwhile.
const TRIES: usize = 5;

impl State {
    /// Reads the ledgers that count.
    ///
    /// # Errors
    /// When one is damaged, missing or of a later version.
    pub(crate) fn read(folder: &Folder) -> Result<State, LakeError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match read_once(folder) {
                Err(LakeError::MissingLedger { .. }) if tries < TRIES => {}
                read => return read,
            }
        }
    }

    /// Iterates over the inputs with the ledgers that list them.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = (&Ledger, &InputEntry)> {
        let inputs = |ledger: &'_ Ledger| ledger.inputs.len();
        self.ledgers.iter().flat_map(move |ledger| {
            (0..inputs(ledger)).map(move |place| (ledger, &ledger.inputs[place]))
        })
    }

    /// Iterates over the data files with the ledgers that list them.
    pub(crate) fn files(&self) -> impl Iterator<Item = Listed<'_>> {
        self.ledgers
            .iter()
            .flat_map(|ledger| ledger.files.iter().map(move |file| (ledger, file)))
    }
}

fn read_once(folder: &Folder) -> Result<State, LakeError> {
    let ledgers = folder.ledgers();
    let failed = LakeError::io("read", &ledgers);
    let mut numbers = Vec::new();
    for entry in fs::read_dir(&ledgers).map_err(&failed)? {
        let name = entry.map_err(&failed)?.file_name();
        numbers.extend(name.to_str().and_then(number_of));
    }
    numbers.sort_unstable();
    let mut read: Vec<Landed> = Vec::new();
    let mut next = None;
    for &number in numbers.iter().rev() {
        let missing = |number| LakeError::MissingLedger {
            path: folder.root().to_owned(),
            number,
        };
        if let Some(next) = next.filter(|next| *next != number) {
            return Err(missing(next));
        }
        let path = ledgers.join(file_name(number));
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing(number)),
            read => read.map_err(LakeError::io("read", &path))?,
        };
        let landed = Ledger::parse(&path, &bytes)?;
        let damaged = |why: &str| LakeError::DamagedLedger {
            path: path.clone(),
            why: why.to_owned(),
        };
        if landed.ledger.number != number {
            return Err(damaged("it has another ledger's name"));
        }
        let after = read.last().map(|after| &after.ledger);
        if let Some(after) = after
            && after.previous.as_ref() != Some(&landed.sha256)
        {
            return Err(damaged("the ledger after it was written after another one"));
        }
        let begins = landed.ledger.kind == Kind::Compaction;
        read.push(landed);
        next = number.checked_sub(1).filter(|before| *before > 0);
        if begins {
            next = None;
            break;
        }
    }
    if let Some(number) = next {
        return Err(LakeError::MissingLedger {
            path: folder.root().to_owned(),
            number,
        });
    }
    let last_sha256 = read.first().map(|last| last.sha256.clone());
    read.reverse();
    Ok(State {
        last: numbers.last().copied().unwrap_or(0),
        last_sha256,
        ledgers: read.into_iter().map(|landed| landed.ledger).collect(),
    })
}
