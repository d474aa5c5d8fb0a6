//! A trail with log file validation: log files, and each hour a digest that is
//! signed and names the one before it, as CloudTrail delivers them.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail digest file structure".

use std::collections::BTreeMap;

use ring::digest::{SHA256, digest};

use crate::gzip::gzip;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, REGION};
use crate::rng::Rng;
use crate::signing_key::SigningKey;
use crate::{Result, clock};

/// The bucket that the trail delivers to.
pub(crate) const BUCKET: &str = "example-trail";

/// A chain of digests that grows hour by hour, with the log files they list.
#[derive(Debug, Clone)]
pub struct SignedTrail {
    name: &'static str,
    backfill: bool,
    rng: Rng,
    hour_begins: i64,
    previous: Option<Digest>,
    /// Every file by its key: log files and digests, in gzip.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The digests, in their order.
    pub digests: Vec<Digest>,
}

/// A digest of a [`SignedTrail`].
#[derive(Debug, Clone)]
pub struct Digest {
    /// The key that it is delivered under.
    pub key: String,
    /// The keys of the log files that it lists.
    pub log_files: Vec<String>,
    /// In hex; S3 keeps it as metadata of the object.
    pub signature: String,
    json: Json,
}

impl SignedTrail {
    /// Begins a trail at 2026-03-01T00:00:00Z.
    pub fn new(name: &'static str) -> SignedTrail {
        SignedTrail {
            name,
            backfill: false,
            rng: Rng::new(name.len() as u64),
            hour_begins: clock::START,
            previous: None,
            files: BTreeMap::new(),
            digests: Vec::new(),
        }
    }

    /// Begins the chain that lists log files which came late, in hours of the same
    /// times.
    pub fn backfill(name: &'static str) -> SignedTrail {
        SignedTrail {
            backfill: true,
            ..SignedTrail::new(name)
        }
    }

    /// Delivers an hour: log files with these texts, and the digest of them.
    ///
    /// # Errors
    /// When something cannot be compressed or signed.
    pub fn hour(&mut self, logs: &[String]) -> Result<()> {
        let mut listed = Vec::new();
        let mut keys = Vec::new();
        for (number, log) in (1..).zip(logs) {
            let delivered_at = self.hour_begins + number * 600;
            let key = format!(
                "AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{}/{ACCOUNT}_CloudTrail_{REGION}_{}_EXAMPLE{}.json.gz",
                clock::folder(delivered_at),
                clock::delivery_minute(delivered_at),
                self.rng.mixed(9)
            );
            listed.push(map! {
                "s3Bucket" => BUCKET,
                "s3Object" => key.clone(),
                "hashValue" => sha256(log.as_bytes()),
                "hashAlgorithm" => "SHA-256",
                "newestEventTime" => clock::iso(delivered_at - 60),
                "oldestEventTime" => clock::iso(delivered_at - 300),
            });
            self.files.insert(key.clone(), gzip(log.as_bytes())?);
            keys.push(key);
        }
        let begins = self.hour_begins;
        self.hour_begins += 3_600;
        let ends = self.hour_begins;
        let suffix = if self.backfill { "_backfill" } else { "" };
        let key = format!(
            "AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{}/{ACCOUNT}_CloudTrail-Digest_{REGION}_{}_{REGION}_{}{suffix}.json.gz",
            clock::folder(ends),
            self.name,
            clock::compact(ends),
        );
        let of_logs = |time: i64| match logs {
            [] => Json::Null,
            _ => clock::iso(time).into(),
        };
        let mut json = map! {
            "awsAccountId" => ACCOUNT,
            "digestStartTime" => clock::iso(begins),
            "digestEndTime" => clock::iso(ends),
            "digestS3Bucket" => BUCKET,
            "digestS3Object" => key.clone(),
            "digestPublicKeyFingerprint" => Json::Null,
            "digestSignatureAlgorithm" => "SHA256withRSA",
            "newestEventTime" => of_logs(ends - 60),
            "oldestEventTime" => of_logs(begins),
            "previousDigestS3Bucket" => Json::Null,
            "previousDigestS3Object" => Json::Null,
            "previousDigestHashValue" => Json::Null,
            "previousDigestHashAlgorithm" => Json::Null,
            "previousDigestSignature" => Json::Null,
            "logFiles" => Json::List(listed),
        };
        if let Some(previous) = &self.previous {
            previous.name_in(&mut json);
        }
        let digest = Digest {
            key,
            log_files: keys,
            signature: String::new(),
            json,
        };
        self.digests.push(digest);
        self.sign(self.digests.len() - 1, SigningKey::of_the_trail())?;
        self.previous = self.digests.last().cloned();
        Ok(())
    }

    /// Lets hours pass without validation: the next digest starts a chain.
    pub fn pause(&mut self, hours: i64) {
        self.hour_begins += hours * 3_600;
        self.previous = None;
    }

    /// Signs the digest number `at` with a key, and writes its file.
    ///
    /// # Errors
    /// When it cannot be compressed or signed.
    pub fn sign(&mut self, at: usize, key: SigningKey) -> Result<()> {
        let digest = &mut self.digests[at];
        digest
            .json
            .set("digestPublicKeyFingerprint", key.fingerprint());
        let text = digest.json.to_string();
        digest.signature = hex(&key.sign(digest.signed_text(&text).as_bytes())?);
        self.files
            .insert(digest.key.clone(), gzip(text.as_bytes())?);
        Ok(())
    }

    /// Makes the digest number `at` follow the one number `previous`, and signs it
    /// as the trail does.
    ///
    /// # Errors
    /// When it cannot be compressed or signed.
    pub fn follow(&mut self, at: usize, previous: usize) -> Result<()> {
        let previous = self.digests[previous].clone();
        previous.name_in(&mut self.digests[at].json);
        self.sign(at, SigningKey::of_the_trail())
    }

    /// Sets a member of the digest number `at`, and signs it as the trail does.
    ///
    /// # Errors
    /// When it cannot be compressed or signed.
    pub fn set(&mut self, at: usize, member: &'static str, text: &str) -> Result<()> {
        self.digests[at].json.set(member, text.to_owned());
        self.sign(at, SigningKey::of_the_trail())
    }

    /// Writes the metadata that S3 keeps of each digest, one object a line.
    pub fn saved_metadata(&self) -> String {
        let mut lines = String::new();
        for digest in &self.digests {
            let line = map! {
                "Bucket" => BUCKET,
                "Key" => digest.key.clone(),
                "Metadata" => map! {
                    "signature" => digest.signature.clone(),
                    "signature-algorithm" => "SHA256withRSA",
                },
            };
            line.write(&mut lines);
            lines.push('\n');
        }
        lines
    }
}

impl Digest {
    /// Writes into another digest that this one is before it.
    fn name_in(&self, json: &mut Json) {
        json.set("previousDigestS3Bucket", BUCKET);
        json.set("previousDigestS3Object", self.key.clone());
        json.set(
            "previousDigestHashValue",
            sha256(self.json.to_string().as_bytes()),
        );
        json.set("previousDigestHashAlgorithm", "SHA-256");
        json.set("previousDigestSignature", self.signature.clone());
    }

    fn signed_text(&self, file: &str) -> String {
        let member = |name| match self.json.get(name) {
            Json::Text(text) => text,
            _ => "null".to_owned(),
        };
        [
            member("digestEndTime"),
            member("digestS3Bucket") + "/" + &member("digestS3Object"),
            sha256(file.as_bytes()),
            member("previousDigestSignature"),
        ]
        .join("\n")
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
