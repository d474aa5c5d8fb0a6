//! Whether digests are signed: by the metadata that S3 kept of them, or by what
//! the next digest says.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::digest::Digest;
use crate::examined::Examined;
use crate::hex;
use crate::place::{Place, file_name};
use crate::public_keys::PublicKeys;
use crate::saved_metadata::Named;

/// What is known of a digest's signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Signed {
    /// It fits; this is the signature, in lower-case hex.
    Yes(String),
    /// None of those that are known fits.
    No,
    /// There is no key of the fingerprint that the digest names.
    NoKey,
    /// No signature is known.
    NotKnown,
}

impl Signed {
    pub(crate) fn is_yes(&self) -> bool {
        matches!(self, Signed::Yes(_))
    }

    pub(crate) fn is_no(&self) -> bool {
        *self == Signed::No
    }
}

/// So many signatures that are said to be of one digest are tried: two are usual,
/// and each costs time.
const TRIED: usize = 8;

/// The signatures that are said to be of digests.
#[derive(Default)]
struct Said<'a> {
    of_places: HashMap<&'a Place, Vec<&'a str>>,
    of_files: HashMap<&'a str, Vec<&'a str>>,
}

/// Checks the signature of each digest. Who says what a signature is does not
/// matter: it fits or it does not.
pub(crate) fn check(
    inputs: &[Examined],
    digests: &[(usize, &Digest)],
    keys: &PublicKeys,
) -> Vec<Signed> {
    let mut said = Said::default();
    for saved in inputs.iter().flat_map(|input| &input.signatures) {
        match &saved.of {
            Named::Place(place) => said.add(place, &saved.signature),
            Named::File(name) => {
                let known = said.of_files.entry(name).or_default();
                known.push(&saved.signature);
            }
        }
    }
    for (_, digest) in digests {
        if let Some(previous) = &digest.previous {
            said.add(&previous.place, &previous.signature);
        }
    }
    for known in said
        .of_places
        .values_mut()
        .chain(said.of_files.values_mut())
    {
        known.sort_unstable();
        known.dedup();
    }
    digests
        .par_iter()
        .map(|(input, digest)| said.of(digest, &inputs[*input].origin, keys))
        .collect()
}

impl<'a> Said<'a> {
    /// A digest that says of itself that it lay elsewhere has its name all the same.
    fn add(&mut self, place: &'a Place, signature: &'a str) {
        self.of_places.entry(place).or_default().push(signature);
        let namesakes = self.of_files.entry(place.file_name()).or_default();
        namesakes.push(signature);
    }

    fn of(&self, digest: &Digest, origin: &str, keys: &PublicKeys) -> Signed {
        if !keys.is_empty() && !keys.knows(&digest.fingerprint) {
            return Signed::NoKey;
        }
        let of_file = self.of_files.get(file_name(origin)).into_iter();
        let of_place = self.of_places.get(&digest.place).into_iter();
        let mut known = of_place.chain(of_file).flatten().take(TRIED).peekable();
        if keys.is_empty() || known.peek().is_none() {
            return Signed::NotKnown;
        }
        let text = digest.signed_text();
        let fits = |signature: &&&str| {
            let signature = hex::decode(signature)?;
            keys.verify(&digest.fingerprint, text.as_bytes(), &signature)
        };
        match known.find(|signature| fits(signature) == Some(true)) {
            Some(signature) => Signed::Yes(signature.to_ascii_lowercase()),
            None => Signed::No,
        }
    }
}
