//! What can go wrong before anything is verified.

/// Why nothing can be verified; each text completes "failed to …".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The list of public keys is none.
    #[error(
        "read the list of public keys; write it with `aws cloudtrail list-public-keys --start-time TIME > keys.json`"
    )]
    KeyList(#[source] serde_json::Error),
    /// The list has no entries.
    #[error(
        "find a key: the list has no key in it; name the time of the digests with --start-time and --end-time"
    )]
    NoKeys,
    /// A key's value is not readable.
    #[error("read the public key with fingerprint {fingerprint}: its value is no base64")]
    KeyValue {
        /// As the list has it.
        fingerprint: String,
    },
    /// A key is not the one it is said to be.
    #[error(
        "believe a public key: its bytes do not have the fingerprint {fingerprint} that the list names; fetch the list again"
    )]
    Fingerprint {
        /// As the list has it.
        fingerprint: String,
    },
    /// The digests claim times that no trail has.
    #[error("go through more than thirty years hour by hour; name --since and --until")]
    LongWindow,
    /// The evidence's manifest is none.
    #[error("read the manifest of the evidence")]
    Manifest(#[source] serde_json::Error),
    /// The evidence's manifest is of another version.
    #[error(
        "read the manifest of the evidence: its schema is {schema:?}, and this version reads {}",
        crate::SCHEMA
    )]
    Schema {
        /// As the manifest has it.
        schema: String,
    },
    /// A name is of no command whose output matters.
    #[error(
        "tell what {name} is: it has the name of no aws-cli command that is read; `earwitness doctor --help` lists them"
    )]
    NoSetting {
        /// The name.
        name: String,
    },
    /// What a command printed is neither JSON nor an error of AWS.
    #[error("read {name}: it holds neither JSON nor an error of AWS; run its command again")]
    Setting {
        /// The name.
        name: String,
    },
    /// The bucket is not there.
    #[error(
        "find bucket {bucket}: S3 says there is none; check its name, and whether the profile is of the account it is in"
    )]
    NoBucket {
        /// The bucket.
        bucket: String,
    },
}
