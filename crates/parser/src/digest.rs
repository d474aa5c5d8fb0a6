//! CloudTrail digest files: which log files were delivered in an hour, and what
//! their contents hash to.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail digest file structure".

use memchr::memmem;

use crate::timestamp::Time;
use crate::tolerant::{List, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A digest file. Texts are as they were written: the signature covers them.
    pub struct Digest<'a> {
        /// The account whose log files these are.
        "awsAccountId" => aws_account_id: Text<'a>,
        /// When the time it covers begins, as text.
        "digestStartTime" => start_time_text: Text<'a>,
        /// When the time it covers ends, as text.
        "digestEndTime" => end_time_text: Text<'a>,
        /// The bucket it was delivered to.
        "digestS3Bucket" => s3_bucket: Text<'a>,
        /// The key it was delivered under.
        "digestS3Object" => s3_object: Text<'a>,
        /// MD5 of the public key that its signature is checked with, in hex.
        "digestPublicKeyFingerprint" => public_key_fingerprint: Text<'a>,
        /// `SHA256withRSA`.
        "digestSignatureAlgorithm" => signature_algorithm: Text<'a>,
        /// The bucket of the digest before it; absent where a chain starts.
        "previousDigestS3Bucket" => previous_s3_bucket: Text<'a>,
        /// The key of the digest before it.
        "previousDigestS3Object" => previous_s3_object: Text<'a>,
        /// SHA-256 of the digest before it, inflated, in hex.
        "previousDigestHashValue" => previous_hash_value: Text<'a>,
        /// The signature of the digest before it, in hex.
        "previousDigestSignature" => previous_signature: Text<'a>,
        /// The log files that were delivered meanwhile.
        "logFiles" => log_files: List<ListedLogFile<'a>>,
        /// A delivery file has this one, and is no digest.
        "Records" => records: List<serde::de::IgnoredAny>,
    }
}

tolerant_record! {
    /// A log file that a digest lists.
    pub struct ListedLogFile<'a> {
        /// The bucket it was delivered to.
        "s3Bucket" => s3_bucket: Text<'a>,
        /// The key it was delivered under.
        "s3Object" => s3_object: Text<'a>,
        /// SHA-256 of the file, inflated, in hex.
        "hashValue" => hash_value: Text<'a>,
        /// `SHA-256`.
        "hashAlgorithm" => hash_algorithm: Text<'a>,
        /// The earliest event in it.
        "oldestEventTime" => oldest_event_time: Time,
        /// The latest event in it.
        "newestEventTime" => newest_event_time: Time,
    }
}

impl<'a> Digest<'a> {
    /// Reads a whole file, inflated; `None` where it is no digest.
    pub fn read(file: &'a [u8]) -> Option<Digest<'a>> {
        // Within a text the quotes would be escaped, so few other files get further.
        memmem::find(file, b"\"digestS3Object\"")?;
        let digest: Digest<'a> = serde_json::from_slice(file).ok()?;
        let is_digest = digest.s3_object.get().is_some() && digest.records.0.is_empty();
        is_digest.then_some(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_digest_reads_as_one() {
        let digest = br#"{"awsAccountId":"111122223333","digestS3Object":"k","logFiles":
            [{"s3Object":"l","hashValue":"00","oldestEventTime":"2026-03-01T00:00:00Z"}],
            "previousDigestSignature":null}"#;
        let read = Digest::read(digest).unwrap();
        assert_eq!(read.s3_object.get(), Some("k"));
        assert_eq!(read.log_files.0[0].s3_object.get(), Some("l"));
        assert!(read.log_files.0[0].oldest_event_time.0.is_some());
        assert_eq!(read.previous_signature.get(), None);
        for other in [
            &br#"{"Records":[{"eventName":"x"}],"digestS3Object":"k"}"#[..],
            br#"{"Records":[{"requestParameters":{"digestS3Object":"k"}}]}"#,
            br#"{"digestS3Object":null}"#,
            br#"{"digestS3Object":"k""#,
            b"",
        ] {
            assert_eq!(Digest::read(other), None);
        }
    }
}
