//! The metadata that S3 keeps of a digest, saved to a file: an object that is
//! downloaded loses it, and with it the signature.

use serde::Deserialize;

use crate::place::{Place, file_name};

/// A digest's signature, as a side file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SavedSignature {
    pub(crate) of: Named,
    /// In hex.
    pub(crate) signature: String,
}

/// Which digest a signature is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Named {
    /// Its bucket and key stand beside the signature.
    Place(Place),
    /// The side file has the digest's name, with `.metadata.json` behind it.
    File(String),
}

/// What `aws s3api head-object` prints of an object, as far as it matters, with
/// the object's bucket and key where the writer adds them.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "Bucket")]
    bucket: Option<String>,
    #[serde(rename = "Key")]
    key: Option<String>,
    #[serde(rename = "Metadata")]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    signature: String,
}

/// The suffix of a side file that holds one object's metadata.
const SUFFIX: &str = ".metadata.json";

impl SavedSignature {
    /// Reads a side file: objects one after the other. None where it is no side
    /// file; what is damaged ends it.
    pub(crate) fn read(origin: &str, file: &[u8]) -> Vec<SavedSignature> {
        if !file.trim_ascii_start().starts_with(b"{") {
            return Vec::new();
        }
        let heads = serde_json::Deserializer::from_slice(file).into_iter::<Head>();
        let saved = heads.map_while(Result::ok).filter_map(|head| {
            let of = match (head.bucket, head.key) {
                (Some(bucket), Some(key)) => Named::Place(Place { bucket, key }),
                _ => Named::File(file_name(origin.strip_suffix(SUFFIX)?).to_owned()),
            };
            Some(SavedSignature {
                of,
                signature: head.metadata.signature,
            })
        });
        saved.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_s_head_or_many_objects_lines() {
        let head = br#"{"ContentLength":3,"Metadata":{"signature":"aa","signature-algorithm":"SHA256withRSA"}}"#;
        let saved = SavedSignature::read("x/d.json.gz.metadata.json", head);
        assert_eq!(saved[0].of, Named::File("d.json".to_owned()));
        assert_eq!(SavedSignature::read("x/d.json", head), []);
        let lines = br#"{"Bucket":"b","Key":"k","Metadata":{"signature":"aa"}}
            {"Bucket":"b","Key":"l","Metadata":{"signature":"bb"}}
            {"Records":[]}"#;
        let saved = SavedSignature::read("-", lines);
        assert_eq!(saved.len(), 2);
        assert_eq!(saved[1].signature, "bb");
        for other in [&b"{\"Records\":[]}"[..], b"[1]", b"", b"{"] {
            assert_eq!(SavedSignature::read("a.metadata.json", other), []);
        }
    }
}
