//! What one run did to the lake, in one file that never changes.
//!
//! A ledger is two lines of JSON: the [`Ledger`], and the SHA-256 of the first
//! line. Its name is its number, `00000001.json` and so on without a gap; it
//! says the SHA-256 of the one before it, so that none can be changed, left out
//! or put in between unnoticed. A compaction's ledger says all that the ones
//! before it said, and stands for them.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::Builder;

use crate::error::LakeError;
use crate::folder::sync_folder;

/// The version of the format that is written, and the last that is read.
pub(crate) const VERSION: u64 = 1;

/// What says that a file is a ledger.
const FORMAT: &str = "earwitness-lake";

/// One run's entry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ledger {
    pub(crate) format: String,
    pub(crate) version: u64,
    /// The ledger's number, from 1.
    pub(crate) number: u64,
    /// The run, as the names of its files begin.
    pub(crate) run: String,
    pub(crate) kind: Kind,
    /// When, in microseconds since 1970.
    pub(crate) written: i64,
    /// The SHA-256 of the ledger before, as a file.
    pub(crate) previous: Option<String>,
    /// Event names and what else is said often, which the rest refers to by place.
    pub(crate) names: Vec<String>,
    pub(crate) inputs: Vec<InputEntry>,
    /// What was named to be read and could not be listed.
    pub(crate) problems: Vec<ProblemEntry>,
    /// Buckets that events of a name show to hold recordings.
    pub(crate) recording_buckets: Vec<(u32, String)>,
    pub(crate) files: Vec<FileEntry>,
    /// Files that these stand for.
    pub(crate) replaced: Vec<String>,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Added inputs.
    Ingest,
    /// Wrote everything anew, in fewer files.
    Compaction,
}

/// One input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InputEntry {
    /// The name as users know it.
    pub(crate) name: String,
    /// How many other contents the name had before.
    pub(crate) version: u32,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    /// What told this content from others before it was read, as S3's ETag does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// Records of any kind.
    pub(crate) records: u64,
    /// CloudTrail records.
    pub(crate) events: u64,
    /// Contact records.
    pub(crate) contacts: u64,
    /// Pieces that could not be read.
    pub(crate) rejected: u64,
    /// Aggregated events, which say neither who nor what; they are just counted.
    pub(crate) aggregated: u64,
    /// Whether entries of the Connect directory are in it.
    pub(crate) directory: bool,
    /// Why it was not read to its end.
    pub(crate) problem: Option<String>,
    pub(crate) stored: Stored,
    /// Of each event name: its place, the number of events, the first and the
    /// last, in microseconds since 1970.
    pub(crate) tallies: Vec<(u32, u64, i64, i64)>,
}

/// Where reports find an input again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stored {
    /// As rows: all that reports ask for are events and contact records.
    Rows,
    /// Byte by byte: it held something else too, and only the whole says what.
    /// Its events and contact records are rows as well, for other programs.
    Document,
}

/// Something that could not be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProblemEntry {
    pub(crate) name: String,
    pub(crate) why: String,
}

/// One data file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileEntry {
    pub(crate) table: Table,
    /// The path below the lake, with `/`.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) rows: u64,
    /// The bytes of what it holds before they are made small, about.
    pub(crate) content_bytes: u64,
    pub(crate) groups: Vec<Group>,
    /// The buckets that its contact records name recordings in; none where it holds
    /// something else, or an earlier release wrote it, without the columns that
    /// contact records are picked from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recording_buckets: Option<Vec<String>>,
}

impl FileEntry {
    /// Begins the entry of a file that nothing was written to.
    pub(crate) fn new(table: Table, path: String) -> FileEntry {
        FileEntry {
            table,
            path,
            bytes: 0,
            sha256: String::new(),
            rows: 0,
            content_bytes: 0,
            groups: Vec::new(),
            recording_buckets: None,
        }
    }
}

/// What a data file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Table {
    Events,
    Contacts,
    /// Inputs that reports read again as a whole.
    Documents,
    /// Inputs that are kept for what rows do not say, and no report asks for.
    Originals,
    /// Deliveries that a compaction found to be the same as others, byte by byte.
    Duplicates,
}

impl Table {
    pub(crate) const ALL: [Table; 5] = [
        Table::Events,
        Table::Contacts,
        Table::Documents,
        Table::Originals,
        Table::Duplicates,
    ];

    pub(crate) fn folder(self) -> &'static str {
        match self {
            Table::Events => "events",
            Table::Contacts => "contacts",
            Table::Documents => "documents",
            Table::Originals => "originals",
            Table::Duplicates => "duplicates",
        }
    }
}

/// A row group, as far as it takes to know whether it must be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) rows: u64,
    /// The times of its first and last event, in microseconds since 1970.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// The event names in it, by place.
    pub(crate) names: Vec<u32>,
    /// What is known of the columns that records are given back from; none where the
    /// table is another, or an earlier release wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) columns: Option<Columns>,
}

impl Group {
    /// Iterates over the places of the ledger's names that it refers to.
    fn places(&self) -> impl Iterator<Item = &u32> {
        let constants = self.columns.iter().flat_map(|known| &known.constants);
        self.names.iter().chain(constants.map(|(_, place)| place))
    }

    /// Iterates over the same, for another ledger to give it other places.
    pub(crate) fn places_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        let constants = self.columns.iter_mut();
        let constants = constants.flat_map(|known| &mut known.constants);
        let constants = constants.map(|(_, place)| place);
        self.names.iter_mut().chain(constants)
    }
}

/// Which columns of a row group need not be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Columns {
    /// Those that hold nothing: a bit each, in their order.
    pub(crate) nulls: u64,
    /// Those that say one thing in every row, and what, by place.
    pub(crate) constants: Vec<(u8, u32)>,
}

/// The second line of a ledger's file.
#[derive(Debug, Serialize, Deserialize)]
struct Seal {
    sha256: String,
}

/// What any version of a ledger says.
#[derive(Debug, Deserialize)]
struct Head {
    format: String,
    version: u64,
}

/// A ledger as it lies in the lake.
#[derive(Debug, Clone)]
pub(crate) struct Landed {
    pub(crate) ledger: Ledger,
    /// The SHA-256 of the file.
    pub(crate) sha256: String,
}

impl Ledger {
    pub(crate) fn new(kind: Kind, run: &str, written: i64) -> Ledger {
        Ledger {
            format: FORMAT.to_owned(),
            version: VERSION,
            number: 0,
            run: run.to_owned(),
            kind,
            written,
            previous: None,
            names: Vec::new(),
            inputs: Vec::new(),
            problems: Vec::new(),
            recording_buckets: Vec::new(),
            files: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// Reads a ledger from its file's bytes.
    ///
    /// # Errors
    /// When they are not what was written, or of a later version.
    pub(crate) fn parse(path: &Path, bytes: &[u8]) -> Result<Landed, LakeError> {
        let damaged = |why: &str| LakeError::DamagedLedger {
            path: path.to_owned(),
            why: why.to_owned(),
        };
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
        let (Some(said), Some(seal)) = (lines.next(), lines.next()) else {
            return Err(damaged("it is cut short"));
        };
        let not_json = |error: serde_json::Error| damaged(&error.to_string());
        // One of a later version may have another shape, and says its version all the
        // same.
        let (ledger, mut hasher) = rayon::join(
            || serde_json::from_slice::<Ledger>(said),
            || Sha256::new_with_prefix(said),
        );
        let head = match &ledger {
            Ok(ledger) => ledger.head(),
            Err(_) => serde_json::from_slice(said).map_err(not_json)?,
        };
        if head.format != FORMAT {
            return Err(damaged("it is no ledger of a lake"));
        }
        if head.version > VERSION {
            return Err(LakeError::Newer {
                path: path.to_owned(),
                version: head.version,
                known: VERSION,
            });
        }
        let seal: Seal = serde_json::from_slice(seal).map_err(not_json)?;
        if seal.sha256 != hex(&hasher.clone().finalize()) {
            return Err(damaged("its text is not what its SHA-256 says"));
        }
        let ledger = ledger.map_err(not_json)?;
        hasher.update(&bytes[said.len()..]);
        if ledger.is_sound() {
            Ok(Landed {
                ledger,
                sha256: hex(&hasher.finalize()),
            })
        } else {
            Err(damaged("it refers to what it does not list"))
        }
    }

    fn head(&self) -> Head {
        Head {
            format: self.format.clone(),
            version: self.version,
        }
    }

    /// Tells whether every place is one of a name, and every path lies in the lake.
    fn is_sound(&self) -> bool {
        let is_name = |place: &u32| (*place as usize) < self.names.len();
        let mut tallies = self.inputs.iter().flat_map(|input| &input.tallies);
        let mut groups = self.files.iter().flat_map(|file| &file.groups);
        let paths = self.files.iter().map(|file| &file.path);
        let mut paths = paths.chain(&self.replaced);
        tallies.all(|(place, ..)| is_name(place))
            && groups.all(|group| group.places().all(is_name))
            && self
                .recording_buckets
                .iter()
                .all(|(place, _)| is_name(place))
            && paths.all(|path| {
                let mut parts = path.split('/');
                parts.all(|part| !matches!(part, "" | "." | "..") && !part.contains('\\'))
            })
    }

    /// Lets the ledger take its number in `folder`, whole and on the disk.
    /// Returns false where the number is taken.
    ///
    /// # Errors
    /// When it cannot be written; then nothing is left of it.
    pub(crate) fn land(&self, folder: &Path) -> Result<bool, LakeError> {
        let path = folder.join(file_name(self.number));
        let failed = |source| LakeError::io("write", &path)(source);
        let mut said = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        said.push(b'\n');
        let seal = Seal {
            sha256: hex(&Sha256::digest(&said)),
        };
        serde_json::to_writer(&mut said, &seal).map_err(|error| failed(error.into()))?;
        said.push(b'\n');
        let mut file = Builder::new()
            .prefix(&unlanded_file_name(&self.run))
            .rand_bytes(0)
            .tempfile_in(folder)
            .map_err(failed)?;
        file.write_all(&said).map_err(failed)?;
        readable_by_all(file.as_file()).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(failed(error.error)),
        }
        sync_folder(folder)?;
        Ok(true)
    }
}

/// Returns the name of the ledger's file of a number.
pub(crate) fn file_name(number: u64) -> String {
    format!("{number:08}.json")
}

/// Returns the name that the file of a run's ledger has until it lands: whoever
/// ends a run that died finds it by that.
pub(crate) fn unlanded_file_name(run: &str) -> String {
    format!("_{run}.tmp")
}

/// Reads the number of a ledger's file; `None` for other files.
pub(crate) fn number_of(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".json")?.parse().ok()?;
    (file_name(number) == name).then_some(number)
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A temporary file is its owner's alone; a lake may be many people's.
#[cfg(unix)]
pub(crate) fn readable_by_all(file: &fs::File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
}

#[cfg(not(unix))]
pub(crate) fn readable_by_all(_: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(ledger: &Ledger) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        assert!(ledger.land(folder.path()).unwrap());
        // Another one of its number does not land, and leaves nothing.
        assert!(!ledger.land(folder.path()).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::read(folder.path().join(file_name(ledger.number))).unwrap()
    }

    #[test]
    fn what_lands_is_read_and_nothing_else() {
        let ledger = Ledger::new(Kind::Ingest, "00aa", 7);
        let bytes = sealed(&ledger);
        let path = Path::new("00000000.json");
        let read = Ledger::parse(path, &bytes).unwrap();
        assert_eq!((read.ledger.run.as_str(), read.ledger.written), ("00aa", 7));
        for at in 0..bytes.len() {
            let cut = Ledger::parse(path, &bytes[..at]);
            // The line break behind the seal says nothing.
            assert!(cut.is_err() || at == bytes.len() - 1, "{at}");
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x02;
            assert!(
                Ledger::parse(path, &flipped).is_err() || at == bytes.len() - 1,
                "{at}"
            );
        }
    }

    #[test]
    fn no_path_leads_out_of_the_lake() {
        for path in ["../x", "/etc/x", "a//b", "a/./b", "a\\b", ""] {
            let mut ledger = Ledger::new(Kind::Compaction, "00aa", 7);
            ledger.replaced.push(path.to_owned());
            let read = Ledger::parse(Path::new("x"), &sealed(&ledger));
            assert!(read.is_err(), "{path}");
        }
    }

    #[test]
    fn nothing_refers_to_what_is_not_listed() {
        for place in [0, 1] {
            let mut ledger = Ledger::new(Kind::Ingest, "00aa", 7);
            ledger.names.push("Data".to_owned());
            let columns = Columns {
                nulls: 0,
                constants: vec![(2, place)],
            };
            let mut file = FileEntry::new(Table::Events, "a.parquet".to_owned());
            file.groups.push(Group {
                columns: Some(columns),
                ..Group::default()
            });
            ledger.files.push(file);
            let read = Ledger::parse(Path::new("x"), &sealed(&ledger));
            assert_eq!(read.is_ok(), place == 0);
        }
    }

    #[test]
    fn names_are_numbers() {
        assert_eq!(number_of("00000012.json"), Some(12));
        for name in [
            "12.json",
            "_00000012.json",
            "00000012.json.tmp",
            "0000001x.json",
        ] {
            assert_eq!(number_of(name), None, "{name}");
        }
    }
}
