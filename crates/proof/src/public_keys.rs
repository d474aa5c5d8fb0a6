//! The public keys that digests are signed with.
//!
//! Source: AWS CloudTrail API Reference, `ListPublicKeys`, and User Guide,
//! "Custom implementations of CloudTrail log file integrity validation".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;

use crate::{ProofError, hex};

/// Public keys by their fingerprints.
///
/// They are what everything rests on, so they come from the user and never from
/// among the logs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicKeys(BTreeMap<String, Vec<u8>>);

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "PublicKeyList")]
    keys: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "Value")]
    value: String,
    #[serde(rename = "Fingerprint")]
    fingerprint: String,
}

impl PublicKeys {
    /// Reads what `aws cloudtrail list-public-keys` prints, one page or several
    /// one after the other, as for several regions.
    ///
    /// # Errors
    /// When a text is not that, holds no key, or a key is not the one that its
    /// fingerprint names: the fingerprint is the MD5 of the key's bytes.
    pub fn read(json: &[u8]) -> Result<PublicKeys, ProofError> {
        let mut keys = BTreeMap::new();
        for page in serde_json::Deserializer::from_slice(json).into_iter::<Page>() {
            for entry in page.map_err(ProofError::KeyList)?.keys {
                let fingerprint = entry.fingerprint.to_ascii_lowercase();
                let der =
                    STANDARD
                        .decode(entry.value.trim())
                        .map_err(|_| ProofError::KeyValue {
                            fingerprint: fingerprint.clone(),
                        })?;
                if hex::encode(&Md5::digest(&der)) != fingerprint {
                    return Err(ProofError::Fingerprint { fingerprint });
                }
                keys.insert(fingerprint, pkcs1(&der).to_vec());
            }
        }
        if keys.is_empty() {
            return Err(ProofError::NoKeys);
        }
        Ok(PublicKeys(keys))
    }

    /// Returns the fingerprints, in order.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Tells whether no key is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether a text was signed with the key of a fingerprint: RSASSA
    /// PKCS#1 v1.5 with SHA-256. `None` where the key is not known.
    pub(crate) fn verify(&self, fingerprint: &str, text: &[u8], signature: &[u8]) -> Option<bool> {
        let key = self.0.get(&fingerprint.to_ascii_lowercase())?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
        Some(key.verify(text, signature).is_ok())
    }

    pub(crate) fn knows(&self, fingerprint: &str) -> bool {
        self.0.contains_key(&fingerprint.to_ascii_lowercase())
    }
}

/// Takes a PKCS#1 key out of a `SubjectPublicKeyInfo` (RFC 5280, 4.1), which one
/// of AWS's examples has; anything else stays as it is.
fn pkcs1(der: &[u8]) -> &[u8] {
    const SEQUENCE: u8 = 0x30;
    const BIT_STRING: u8 = 0x03;
    let wrapped = || {
        let (info, []) = element(der, SEQUENCE)? else {
            return None;
        };
        let (_algorithm, rest) = element(info, SEQUENCE)?;
        let (bits, []) = element(rest, BIT_STRING)? else {
            return None;
        };
        // The first byte counts the unused bits at the end.
        bits.strip_prefix(&[0])
    };
    wrapped().unwrap_or(der)
}

/// Splits an element with this tag off: its content, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let [found, length, rest @ ..] = der else {
        return None;
    };
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81 | 0x82 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            let big_endian = |length, byte: &u8| length << 8 | usize::from(*byte);
            (bytes.iter().fold(0, big_endian), rest)
        }
        _ => return None,
    };
    (*found == tag).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests {
    use earwitness_testkit::SigningKey;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_encodings_of_a_key_verify_the_same() {
        let key = SigningKey::of_the_trail();
        let signature = key.sign(b"text").unwrap();
        let fingerprint = key.fingerprint();
        let keys = PublicKeys::read(key.public_key_list().as_bytes()).unwrap();
        assert_eq!(keys.fingerprints().collect::<Vec<_>>(), [&fingerprint]);
        assert_eq!(keys.verify(&fingerprint, b"text", &signature), Some(true));
        assert_eq!(keys.verify(&fingerprint, b"tex", &signature), Some(false));
        assert_eq!(keys.verify("00", b"text", &signature), None);

        let wrapped = key.public_key_list_as_spki();
        let wrapped = PublicKeys::read(wrapped.as_bytes()).unwrap();
        assert_ne!(wrapped, keys);
        let fingerprint = wrapped.fingerprints().next().unwrap();
        assert_eq!(wrapped.verify(fingerprint, b"text", &signature), Some(true));
    }

    #[test]
    fn pages_add_up_and_what_is_wrong_is_named() {
        let (one, other) = (SigningKey::of_the_trail(), SigningKey::of_another());
        let pages = one.public_key_list() + "\n" + &other.public_key_list();
        assert_eq!(
            PublicKeys::read(pages.as_bytes())
                .unwrap()
                .fingerprints()
                .count(),
            2
        );
        let swapped = one
            .public_key_list()
            .replace(&one.fingerprint(), &other.fingerprint());
        for (text, problem) in [
            (swapped.as_str(), "fingerprint"),
            (r#"{"PublicKeyList":[]}"#, "no key"),
            (
                r#"{"PublicKeyList":[{"Value":"!","Fingerprint":"00"}]}"#,
                "base64",
            ),
            ("{}", "PublicKeyList"),
            ("[]", "list"),
        ] {
            let error = PublicKeys::read(text.as_bytes()).unwrap_err();
            let error = format!("{error}: {:?}", std::error::Error::source(&error));
            assert!(error.contains(problem), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(der in proptest::collection::vec(any::<u8>(), 0..40)) {
            pkcs1(&der);
        }
    }
}
