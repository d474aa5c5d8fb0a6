//! Keys that sign digests in tests, and nothing else anywhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest as _, Md5};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;

use crate::json::map;
use crate::{Error, Result};

/// Made for these tests and public: they prove nothing.
const TRAIL: &[u8] = include_bytes!("../keys/test-only-trail.der");
const OTHER: &[u8] = include_bytes!("../keys/test-only-other.der");

/// An RSA key of 2048 bits that stands for one of CloudTrail's.
#[derive(Debug, Clone, Copy)]
pub struct SigningKey(&'static [u8]);

impl SigningKey {
    /// Returns the key that signs the digests of a trail.
    pub fn of_the_trail() -> SigningKey {
        SigningKey(TRAIL)
    }

    /// Returns a key that nobody trusts.
    pub fn of_another() -> SigningKey {
        SigningKey(OTHER)
    }

    fn pair(self) -> Result<KeyPair> {
        KeyPair::from_der(self.0).map_err(|_| Error::Sign)
    }

    /// Signs a text: RSASSA PKCS#1 v1.5 with SHA-256, the same bytes each time.
    ///
    /// # Errors
    /// When there is no randomness to blind the computation with.
    pub fn sign(self, text: &[u8]) -> Result<Vec<u8>> {
        let pair = self.pair()?;
        let mut signature = vec![0; pair.public().modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            text,
            &mut signature,
        )
        .map_err(|_| Error::Sign)?;
        Ok(signature)
    }

    /// Returns the public key as `RSAPublicKey` of PKCS#1.
    fn public(self) -> Vec<u8> {
        let pair = self.pair();
        pair.map_or_else(|_| Vec::new(), |pair| pair.public().as_ref().to_vec())
    }

    /// Returns the MD5 of the public key, in hex.
    pub fn fingerprint(self) -> String {
        fingerprint(&self.public())
    }

    /// Returns what `aws cloudtrail list-public-keys` would print.
    pub fn public_key_list(self) -> String {
        key_list(&self.public())
    }

    /// Returns the same with the key as a `SubjectPublicKeyInfo`.
    pub fn public_key_list_as_spki(self) -> String {
        // The identifier of rsaEncryption with its null parameters.
        const ALGORITHM: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
        let bits = element(0x03, &[&[0], self.public().as_slice()].concat());
        key_list(&element(0x30, &[ALGORITHM, &bits].concat()))
    }
}

fn fingerprint(der: &[u8]) -> String {
    let hash = Md5::digest(der);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key_list(der: &[u8]) -> String {
    let key = map! {
        "Value" => STANDARD.encode(der),
        "ValidityStartTime" => "2026-01-01T00:00:00+00:00",
        "ValidityEndTime" => "2027-01-01T00:00:00+00:00",
        "Fingerprint" => fingerprint(der),
    };
    let list = map! { "PublicKeyList" => crate::json::Json::List(vec![key]) };
    list.pretty() + "\n"
}

/// A DER element of more than 255 and less than 65,536 bytes.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [.., high, low] = content.len().to_be_bytes();
    [&[tag, 0x82, high, low], content].concat()
}
