//! A digest as it is verified: what it says, and the hash of its bytes.

use earwitness_parser::{ListedLogFile, Timestamp};

use crate::place::{Place, file_name};

/// A digest file that is on hand.
#[derive(Debug, Clone)]
pub(crate) struct Digest {
    pub(crate) place: Place,
    /// `None` where its key is not one that CloudTrail gives digests.
    pub(crate) chain: Option<Chain>,
    /// Microseconds since 1970; the end is not part of it.
    pub(crate) covers: Option<(i64, i64)>,
    pub(crate) end_time_text: String,
    pub(crate) fingerprint: String,
    /// SHA-256 of the inflated file, in hex.
    pub(crate) content: String,
    pub(crate) previous: Option<Previous>,
    pub(crate) log_files: Vec<Listed>,
}

/// What a digest says of the one before it.
#[derive(Debug, Clone)]
pub(crate) struct Previous {
    pub(crate) place: Place,
    pub(crate) content: String,
    pub(crate) signature: String,
}

/// What a digest says of a log file.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) place: Place,
    pub(crate) content: String,
}

/// The digests that follow one another: those of a trail in one region of one
/// account, and those of them apart that list late log files.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Chain {
    pub(crate) account_id: String,
    pub(crate) region: String,
    pub(crate) trail: String,
    pub(crate) home_region: String,
    pub(crate) backfill: bool,
}

impl Digest {
    /// Takes over what a digest says; `content` is its hash.
    pub(crate) fn of(said: &earwitness_parser::Digest<'_>, content: String) -> Digest {
        let place = |bucket: &str, key: &str| Place {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        let own = place(said.s3_bucket.as_str(), said.s3_object.as_str());
        let start = Timestamp::parse(said.start_time_text.as_str());
        let end = Timestamp::parse(said.end_time_text.as_str());
        let covers = start.zip(end).map(|(start, end)| (start.0, end.0));
        let previous = said.previous_s3_object.get().map(|key| Previous {
            place: place(said.previous_s3_bucket.as_str(), key),
            content: said.previous_hash_value.as_str().to_owned(),
            signature: said.previous_signature.as_str().to_owned(),
        });
        let listed = |log: &ListedLogFile<'_>| Listed {
            place: place(log.s3_bucket.as_str(), log.s3_object.as_str()),
            content: log.hash_value.as_str().to_ascii_lowercase(),
        };
        Digest {
            chain: Chain::of(&own.key),
            place: own,
            covers: covers.filter(|(start, end)| start < end),
            end_time_text: said.end_time_text.as_str().to_owned(),
            fingerprint: said.public_key_fingerprint.as_str().to_owned(),
            content,
            previous,
            log_files: said.log_files.0.iter().map(listed).collect(),
        }
    }

    /// Returns the text that CloudTrail signs.
    ///
    /// Source: AWS CloudTrail User Guide, "Custom implementations of CloudTrail
    /// log file integrity validation".
    pub(crate) fn signed_text(&self) -> String {
        let previous = self.previous.as_ref();
        let previous = previous.map(|previous| previous.signature.as_str());
        format!(
            "{}\n{}/{}\n{}\n{}",
            self.end_time_text,
            self.place.bucket,
            self.place.key,
            self.content,
            previous.unwrap_or("null")
        )
    }
}

impl Chain {
    /// Reads
    /// `…/111122223333_CloudTrail-Digest_us-west-2_my_trail_us-east-1_20260301T010000Z[_backfill].json.gz`.
    pub(crate) fn of(key: &str) -> Option<Chain> {
        let name = file_name(key).strip_suffix(".json")?;
        let (name, backfill) = match name.strip_suffix("_backfill") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (account_id, rest) = name.split_once("_CloudTrail-Digest_")?;
        let (region, rest) = rest.split_once('_')?;
        // A trail's name may hold underscores; a region and a time do not.
        let (rest, time) = rest.rsplit_once('_')?;
        Timestamp::parse(time)?;
        let (trail, home_region) = rest.rsplit_once('_')?;
        Some(Chain {
            account_id: account_id.to_owned(),
            region: region.to_owned(),
            trail: trail.to_owned(),
            home_region: home_region.to_owned(),
            backfill,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_told_by_the_key() {
        let chain = |key| Chain::of(key).map(|chain| (chain.region, chain.trail, chain.backfill));
        let named =
            |trail: &str, backfill| Some(("us-west-2".to_owned(), trail.to_owned(), backfill));
        assert_eq!(
            chain(
                "p/AWSLogs/1/CloudTrail-Digest/us-west-2/2026/03/01/1_CloudTrail-Digest_us-west-2_a_b_us-east-1_20260301T010000Z.json.gz"
            ),
            named("a_b", false)
        );
        assert_eq!(
            chain("1_CloudTrail-Digest_us-west-2_t_us-east-1_20260301T010000Z_backfill.json.gz"),
            named("t", true)
        );
        for key in [
            "",
            "a.json.gz",
            "1_CloudTrail-Digest_us-west-2_t_us-east-1_20260301T010000Z.json.gz.metadata.json",
            "1_CloudTrail-Digest_us-west-2_t.json.gz",
            "../../x",
        ] {
            assert_eq!(Chain::of(key), None, "{key}");
        }
    }
}
