//! The manifest of evidence: what a report was made from, and what it came to.
//!
//! The same inputs give the same manifest on any machine and at any time, except
//! for `run`. `docs/proof.md` says what each member means.

use serde::{Deserialize, Serialize};

use crate::ProofError;
use crate::coverage::{Coverage, State};
use crate::examined::{Examined, sha256};
use crate::verdict::FileVerdict;

/// The schema that this version writes and reads.
pub const SCHEMA: &str = "earwitness-evidence/1";

/// What a report was made from, and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`SCHEMA`].
    pub schema: String,
    /// The version of the program.
    pub earwitness: String,
    /// The question.
    pub report: ReportText,
    /// What was asked for, times resolved.
    pub parameters: Parameters,
    /// The fingerprints of the keys that signatures were checked with.
    pub public_keys: Vec<String>,
    /// Every input, in the order of their names.
    pub inputs: Vec<InputFile>,
    /// What digests list or name that is not among the inputs.
    pub lacking: Vec<LackingFile>,
    /// What became of the records.
    pub counts: RecordCounts,
    /// What is known of the window.
    pub coverage: CoverageSum,
    /// The files beside the manifest.
    pub outputs: Vec<OutputFile>,
    /// The run itself: not compared.
    pub run: RunTimes,
}

/// A report with its SQL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportText {
    /// Its name.
    pub name: String,
    /// SHA-256 of the SQL, in hex.
    pub sql_sha256: String,
    /// The file with the report, comments included.
    pub sql: String,
}

/// What a report was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The first moment, as RFC 3339; none where the window is open.
    pub since: Option<String>,
    /// The first moment behind.
    pub until: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `--contact-id`.
    pub contact_id: Option<String>,
    /// `--bucket`.
    pub bucket: Option<String>,
    /// `--gap`, in minutes.
    pub gap_minutes: Option<u32>,
    /// `--set`, each as `NAME=VALUE`.
    pub set: Vec<String>,
    /// `--all-objects`.
    pub all_objects: bool,
    /// `--timezone`.
    pub timezone: Option<String>,
    /// `--output`.
    pub output: String,
    /// `--wide`.
    pub wide: bool,
    /// `--csv-raw`.
    pub csv_raw: bool,
    /// `--max-inflated-bytes`.
    pub max_inflated_bytes: u64,
}

/// An input, by what it is and not by where it lies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// The path below the folder that was named, or the file's name.
    pub name: String,
    /// Bytes as it lies.
    pub size: u64,
    /// SHA-256 of it as it lies, in hex.
    pub sha256: String,
    /// SHA-256 of it inflated, in hex.
    pub inflated_sha256: String,
    /// Records read, of any kind.
    pub records: u64,
    /// Pieces that could not be read.
    pub rejects: u64,
    /// What it is to a proof: `digest`, `backfill-digest`, `log` or `other`.
    pub kind: String,
    /// What verifying it came to.
    pub verdict: String,
    /// The digest that lists it.
    pub digest: Option<String>,
}

/// A file that should be among the inputs and is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LackingFile {
    /// `s3://bucket/key`.
    pub file: String,
    /// What verifying it came to.
    pub verdict: String,
    /// The digest that lists or names it.
    pub digest: Option<String>,
}

/// `read = kept + filtered + duplicates + rejected`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCounts {
    /// Records read, of any kind.
    pub read: u64,
    /// Records that the answer rests on.
    pub kept: u64,
    /// Records understood that the question is not about.
    pub filtered: u64,
    /// Records delivered again.
    pub duplicates: u64,
    /// Pieces that could not be read.
    pub rejected: u64,
}

/// What is known of the window, summed up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverageSum {
    /// In words.
    pub sentence: String,
    /// Whether nothing of any hour is lacking.
    pub full: bool,
    /// Hours by state, of all accounts and regions.
    pub validated: u64,
    /// See [`State::Covered`].
    pub covered: u64,
    /// See [`State::Empty`].
    pub empty: u64,
    /// See [`State::Blinded`].
    pub blinded: u64,
    /// See [`State::Unknown`].
    pub unknown: u64,
}

/// A file beside the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputFile {
    /// Its name in the folder.
    pub name: String,
    /// Rows of the answer.
    pub rows: u64,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of it, in hex.
    pub sha256: String,
}

/// When and how it ran.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunTimes {
    /// When it began, as RFC 3339.
    pub started_at: String,
    /// When the manifest was written.
    pub ended_at: String,
    /// How many files were worked on at once.
    pub threads: u64,
}

impl ReportText {
    /// Takes over a report.
    pub fn of(name: &str, sql: &str) -> ReportText {
        ReportText {
            name: name.to_owned(),
            sql_sha256: sha256(sql.as_bytes()),
            sql: sql.to_owned(),
        }
    }
}

impl InputFile {
    /// Takes over an input with its verdict.
    pub fn of(input: &Examined, file: &FileVerdict, records: u64, rejects: u64) -> InputFile {
        InputFile {
            name: input.origin.clone(),
            size: input.size,
            sha256: input.sha256.clone(),
            inflated_sha256: input.inflated_sha256.clone(),
            records,
            rejects,
            kind: file.kind.name().to_owned(),
            verdict: file.verdict.name().to_owned(),
            digest: file.digest.clone(),
        }
    }
}

impl LackingFile {
    /// Takes over the verdict of a file that is not here.
    pub fn of(file: &FileVerdict) -> LackingFile {
        LackingFile {
            file: file.file.clone(),
            verdict: file.verdict.name().to_owned(),
            digest: file.digest.clone(),
        }
    }
}

impl CoverageSum {
    /// Sums a coverage up.
    pub fn of(coverage: &Coverage) -> CoverageSum {
        CoverageSum {
            sentence: coverage.to_string(),
            full: coverage.is_full(),
            validated: coverage.count(State::Validated),
            covered: coverage.count(State::Covered),
            empty: coverage.count(State::Empty),
            blinded: coverage.count(State::Blinded),
            unknown: coverage.count(State::Unknown),
        }
    }
}

impl OutputFile {
    /// Takes over a file that was written.
    pub fn of(name: &str, rows: u64, bytes: &[u8]) -> OutputFile {
        OutputFile {
            name: name.to_owned(),
            rows,
            size: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// When it is none, or of another schema.
    pub fn read(json: &[u8]) -> Result<Manifest, ProofError> {
        let manifest: Manifest = serde_json::from_slice(json).map_err(ProofError::Manifest)?;
        match manifest.schema == SCHEMA {
            true => Ok(manifest),
            false => Err(ProofError::Schema {
                schema: manifest.schema,
            }),
        }
    }

    /// Writes the manifest as JSON, a member a line.
    ///
    /// # Errors
    /// Never in practice: every member has a JSON form.
    pub fn write(&self) -> Result<String, ProofError> {
        let json = serde_json::to_string_pretty(self).map_err(ProofError::Manifest)?;
        Ok(json + "\n")
    }

    /// Names the members in which another manifest of the same inputs says
    /// something else. The run is not compared; the program's version is.
    pub fn differences(&self, other: &Manifest) -> Vec<&'static str> {
        let same = [
            ("schema", self.schema == other.schema),
            ("earwitness", self.earwitness == other.earwitness),
            ("report", self.report == other.report),
            ("parameters", self.parameters == other.parameters),
            ("public_keys", self.public_keys == other.public_keys),
            ("inputs", self.inputs == other.inputs),
            ("lacking", self.lacking == other.lacking),
            ("counts", self.counts == other.counts),
            ("coverage", self.coverage == other.coverage),
            ("outputs", self.outputs == other.outputs),
        ];
        let different = same.into_iter().filter(|(_, same)| !same);
        different.map(|(name, _)| name).collect()
    }
}
