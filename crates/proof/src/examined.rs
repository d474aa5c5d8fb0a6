//! What one input is to a proof, before it is put together with the others.

use earwitness_parser::{Inflater, Interest, Item, Passed, Reader, RejectReason};
use ring::digest::{SHA256, digest};

use crate::digest::Digest;
use crate::hex;
use crate::logging_change::{CHANGES, LoggingChange};
use crate::saved_metadata::SavedSignature;

/// Looks at inputs one after the other, reusing its buffers.
#[derive(Debug)]
pub struct Examiner {
    inflater: Inflater,
    reader: Reader,
    max_inflated_bytes: usize,
}

/// What one input is to a proof.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The input, as it was named.
    pub origin: String,
    /// Its bytes as it lies.
    pub size: u64,
    /// SHA-256 of the input as it lies, in hex.
    pub sha256: String,
    /// SHA-256 of the input inflated, in hex: what a digest lists.
    pub inflated_sha256: String,
    /// Why it could not be read, or not to its end.
    pub(crate) unread: Option<String>,
    /// What is wrong with its compression.
    pub(crate) defect: Option<String>,
    pub(crate) digest: Option<Box<Digest>>,
    pub(crate) signatures: Vec<SavedSignature>,
    pub(crate) changes: Vec<LoggingChange>,
    /// CloudTrail records in it.
    pub(crate) events: u64,
}

impl Examiner {
    /// Makes an examiner that inflates an input to `max_inflated_bytes` at most.
    pub fn new(max_inflated_bytes: usize) -> Examiner {
        Examiner {
            inflater: Inflater::default(),
            reader: Reader::new(Interest::in_events(CHANGES), max_inflated_bytes),
            max_inflated_bytes,
        }
    }

    /// Looks at one input.
    pub fn examine(&mut self, origin: &str, input: &[u8]) -> Examined {
        let inflated = self
            .inflater
            .inflate_at_most(self.max_inflated_bytes, input);
        let bytes = inflated.bytes;
        let content = sha256(bytes);
        let is_whole = !matches!(inflated.defect, Some(RejectReason::TooLarge { .. }));
        let defect = inflated.defect.map(|defect| defect.to_string());
        let mut examined = Examined {
            origin: origin.to_owned(),
            size: input.len() as u64,
            sha256: sha256(input),
            inflated_sha256: content.clone(),
            unread: defect.clone().filter(|_| !is_whole),
            defect,
            digest: None,
            signatures: Vec::new(),
            changes: Vec::new(),
            events: 0,
        };
        if let Some(said) = earwitness_parser::Digest::read(bytes) {
            examined.digest = Some(Box::new(Digest::of(&said, content)));
            return examined;
        }
        let mut is_side_file = false;
        self.reader.read(bytes, &mut |item| match item {
            Item::Event {
                event, time, raw, ..
            } => {
                examined.events += 1;
                let change = LoggingChange::of(&event, time.0, raw.as_bytes());
                examined.changes.extend(change);
            }
            Item::Passed(Passed::OtherEvent) => examined.events += 1,
            Item::Passed(Passed::DigestKey) => is_side_file = true,
            _ => {}
        });
        if is_side_file {
            examined.signatures = SavedSignature::read(origin, bytes);
        }
        examined
    }
}

impl Examined {
    /// Makes what an input is that could not be read, or not to its end.
    #[must_use]
    pub fn unread(mut self, why: String) -> Examined {
        self.unread = Some(why);
        self
    }
}

/// Hashes bytes with SHA-256; returns it in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes).as_ref())
}
