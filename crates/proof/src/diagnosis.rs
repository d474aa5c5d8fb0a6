//! Whether the settings let the questions be answered, and what to change.

mod answer;
mod bucket;
mod history;
mod keeping;
mod recording;
mod repair;
mod shell;
mod trail;

use crate::ProofError;
use crate::json_member::{list, member, text};
use crate::settings::{Call, Reply, Settings};

pub use answer::{Answer, Finding, Question};
pub use history::CHANGES as TRAIL_CHANGES;

use recording::Recording;
use trail::Trail;

/// Where recordings lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The bucket.
    pub bucket: String,
    /// How their keys begin; anywhere in the bucket where there are none.
    pub prefixes: Vec<String>,
}

/// What is asked of the settings.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Where recordings lie.
    pub places: &'a [Place],
    /// Days for which logs have to be kept.
    pub keep_days: u32,
    /// When the settings were asked for, in microseconds since 1970.
    pub now: i64,
}

/// What the settings let be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// One for each question, and for each bucket where it is about a bucket.
    pub findings: Vec<Finding>,
}

impl Place {
    /// Returns where an instance keeps what its contacts leave, by what
    /// `aws connect list-instance-storage-configs` prints for each type.
    ///
    /// Contact Lens writes its copies to the top of the bucket of recordings.
    /// Source: Amazon Connect Administrator Guide, "Output file locations".
    pub fn of_instance(settings: &Settings) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for (of_type, reply) in settings.of_call(Call::ListInstanceStorageConfigs) {
            let Reply::Said(said) = reply else { continue };
            for config in list(said, "StorageConfigs") {
                let Some(s3) = member(config, "S3Config") else {
                    continue;
                };
                let Some(bucket) = text(s3, "BucketName") else {
                    continue;
                };
                let prefix = text(s3, "BucketPrefix").unwrap_or_default();
                let mut prefixes = vec![match prefix {
                    "" => String::new(),
                    prefix => format!("{}/", prefix.trim_end_matches('/')),
                }];
                if matches!(of_type, "CALL_RECORDINGS" | "CHAT_TRANSCRIPTS") {
                    prefixes.push("Analysis/".to_owned());
                }
                match places.iter_mut().find(|place| place.bucket == bucket) {
                    Some(place) => place.prefixes.extend(prefixes),
                    None => places.push(Place {
                        bucket: bucket.to_owned(),
                        prefixes,
                    }),
                }
            }
        }
        for place in &mut places {
            place.prefixes.sort_unstable();
            place.prefixes.dedup();
        }
        places
    }
}

impl Diagnosis {
    /// Judges the settings.
    ///
    /// # Errors
    /// When S3 says that a bucket is not there.
    pub fn of(settings: &Settings, case: &Case<'_>) -> Result<Diagnosis, ProofError> {
        for place in case.places {
            let location = settings.get(Call::GetBucketLocation, &place.bucket);
            if let Some(Reply::Refused(refusal)) = location
                && refusal.code == "NoSuchBucket"
            {
                return Err(ProofError::NoBucket {
                    bucket: place.bucket.clone(),
                });
            }
        }
        let trails = Trail::all(settings);
        let recording = Recording::of(settings, case, trails);
        let mut findings = recording.findings();
        findings.push(history::finding(case, &recording));
        findings.extend(keeping::findings(settings, case, recording.chosen()));
        let account_id = recording.chosen().and_then(Trail::account_id);
        for place in case.places {
            findings.extend(bucket::findings(settings, place, account_id));
        }
        Ok(Diagnosis { findings })
    }

    /// Tells whether some answer is no, or not for all.
    pub fn has_findings(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| matches!(finding.answer, Answer::No | Answer::Partly))
    }

    /// Tells whether some answer is not known.
    pub fn has_unknowns(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|finding| finding.answer == Answer::Unknown)
    }

    /// Tells whether nothing is known.
    pub fn knows_nothing(&self) -> bool {
        let mut findings = self.findings.iter();
        findings.all(|finding| finding.answer == Answer::Unknown)
    }
}
