//! Puts what the inputs are together: a verdict for each file, and for each that
//! should be there and is not.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::chain::{Flaw, flaws};
use crate::delivery::Delivery;
use crate::digest::{Chain, Digest};
use crate::examined::Examined;
use crate::listing::{Found, Listings};
use crate::place::{Place, file_name};
use crate::public_keys::PublicKeys;
use crate::signature::{Signed, check};
use crate::span::{SignedTimes, Span};
use crate::verdict::{FileKind, FileVerdict, Verdict};

/// What verifying some inputs came to.
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// The inputs in their order, then what is missing.
    pub files: Vec<FileVerdict>,
    /// The times in which a trail delivered no digests, between others.
    pub gaps: Vec<Gap>,
    /// Digests whose chain goes on before them, outside the inputs.
    pub goes_on_before: Vec<String>,
    pub(crate) spans: Vec<Span>,
    pub(crate) keys_given: bool,
}

/// A time without digests: validation or logging was off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The account.
    pub account_id: String,
    /// The region whose log files these would be.
    pub region: String,
    /// The trail.
    pub trail: String,
    /// Where it begins, in microseconds since 1970.
    pub from: i64,
    /// Where it ends.
    pub until: i64,
}

impl Verification {
    /// Verifies inputs that were examined, in the order in which they are listed.
    /// Without keys no signature is checked, only hashes are.
    pub fn of(inputs: &[Examined], keys: &PublicKeys) -> Verification {
        let digests: Vec<(usize, &Digest)> = inputs
            .iter()
            .enumerate()
            .filter_map(|(at, input)| Some((at, input.digest.as_deref()?)))
            .collect();
        let signed = check(inputs, &digests, keys);
        let mut verifying = Verifying {
            inputs,
            listings: Listings::of(&digests, &signed),
            no_digests: inputs
                .iter()
                .filter(|input| input.digest.is_none())
                .map(|input| file_name(&input.origin))
                .collect(),
            verdicts: vec![None; inputs.len()],
            listed_here: HashSet::new(),
            lost: HashSet::new(),
            verification: Verification::default(),
            keys_given: !keys.is_empty(),
            digests,
            signed,
        };
        verifying.digests();
        verifying.logs();
        verifying.missing_logs();
        verifying.finish()
    }

    /// Counts the files of each verdict.
    pub fn counts(&self) -> BTreeMap<Verdict, u64> {
        let mut counts = BTreeMap::new();
        for file in &self.files {
            *counts.entry(file.verdict).or_default() += 1;
        }
        counts
    }

    /// Tells whether somebody changed, removed or made a file.
    pub fn fails(&self) -> bool {
        self.files.iter().any(|file| file.fails)
    }

    /// Tells whether every log file and digest is proven, and none is lacking.
    pub fn is_complete(&self) -> bool {
        let proven = |file: &FileVerdict| match file.verdict {
            Verdict::Valid | Verdict::NoLog => true,
            // Where a file lay is part of what is to be proven.
            _ => false,
        };
        let any = self.files.iter().any(|file| file.verdict == Verdict::Valid);
        any && self.gaps.is_empty() && self.files.iter().all(proven)
    }
}

struct Verifying<'a> {
    inputs: &'a [Examined],
    digests: Vec<(usize, &'a Digest)>,
    signed: Vec<Signed>,
    listings: Listings<'a>,
    /// The names of the files that are no digests.
    no_digests: HashSet<&'a str>,
    verdicts: Vec<Option<FileVerdict>>,
    /// Places that a file on hand stands for, as it was delivered or not.
    listed_here: HashSet<&'a Place>,
    /// Digests that list a file that is missing or not as it was.
    lost: HashSet<usize>,
    verification: Verification,
    keys_given: bool,
}

impl<'a> Verifying<'a> {
    fn digests(&mut self) {
        let flaws = flaws(&self.digests, &self.signed);
        let mut broken: HashMap<usize, &str> = HashMap::new();
        let mut missing: BTreeMap<&Place, usize> = BTreeMap::new();
        for flaw in &flaws {
            match flaw {
                Flaw::Broken { digest, why } => {
                    broken.entry(*digest).or_insert(why);
                }
                Flaw::Missing { place, named_by } => {
                    missing.entry(*place).or_insert(*named_by);
                }
                Flaw::Gap { chain, from, until } => self.verification.gaps.push(Gap {
                    account_id: chain.account_id.clone(),
                    region: chain.region.clone(),
                    trail: chain.trail.clone(),
                    from: *from,
                    until: *until,
                }),
                Flaw::GoesOnBefore { digest } => {
                    let origin = self.origin(*digest);
                    self.verification.goes_on_before.push(origin);
                }
            }
        }
        self.verification.gaps.sort();
        for (at, (input, digest)) in self.digests.iter().enumerate() {
            let (verdict, why) = self.judge_digest(at, broken.get(&at).copied());
            let backfill = digest.chain.as_ref().is_some_and(|chain| chain.backfill);
            self.verdicts[*input] = Some(FileVerdict {
                file: self.inputs[*input].origin.clone(),
                kind: if backfill {
                    FileKind::BackfillDigest
                } else {
                    FileKind::Digest
                },
                verdict,
                fails: matches!(
                    verdict,
                    Verdict::Modified | Verdict::ChainBroken | Verdict::KeyUnknown
                ),
                why,
                digest: None,
                inflated_sha256: Some(digest.content.clone()),
            });
        }
        for (place, named_by) in missing {
            // A file of its name that is no digest has a verdict of its own.
            let is_here = self.no_digests.contains(place.file_name());
            if is_here && Chain::of(&place.key).is_some() {
                continue;
            }
            self.verification.files.push(FileVerdict {
                file: place.to_string(),
                kind: FileKind::Digest,
                verdict: Verdict::Missing,
                fails: true,
                why: Some("the next digest names it; what it listed is not known".to_owned()),
                digest: Some(self.origin(named_by)),
                inflated_sha256: None,
            });
        }
    }

    fn judge_digest(&self, at: usize, broken: Option<&str>) -> (Verdict, Option<String>) {
        let (input, digest) = self.digests[at];
        let input = &self.inputs[input];
        let because = |verdict, why: &str| (verdict, Some(why.to_owned()));
        match (&self.signed[at], broken) {
            (Signed::No, _) => because(Verdict::Modified, "the signature does not fit"),
            (Signed::NoKey, _) => because(
                Verdict::KeyUnknown,
                &format!("no public key has the fingerprint {}", digest.fingerprint),
            ),
            (_, Some(why)) => because(Verdict::ChainBroken, why),
            (Signed::NotKnown, None) if !self.keys_given => {
                because(Verdict::Unsigned, "no public keys were given")
            }
            (Signed::NotKnown, None) => because(
                Verdict::Unsigned,
                "no digest that follows it and no saved metadata has its signature",
            ),
            (Signed::Yes(_), None) => {
                if let Some(defect) = &input.defect {
                    return because(Verdict::Modified, defect);
                }
                if file_name(&input.origin) != digest.place.file_name() {
                    let why = format!("it was delivered as {}", digest.place);
                    return because(Verdict::Moved, &why);
                }
                (Verdict::Valid, None)
            }
        }
    }

    fn logs(&mut self) {
        let spans = self.spans();
        let signed_times = SignedTimes::of(&spans);
        for (at, input) in self.inputs.iter().enumerate() {
            if self.verdicts[at].is_some() {
                continue;
            }
            let mut file = FileVerdict {
                file: input.origin.clone(),
                kind: FileKind::Log,
                verdict: Verdict::NoLog,
                fails: false,
                why: None,
                digest: None,
                inflated_sha256: Some(input.inflated_sha256.clone()),
            };
            if let Some(why) = &input.unread {
                file.verdict = Verdict::Unread;
                file.why = Some(why.clone());
                self.stand_for(&input.origin);
            } else {
                self.judge_log(input, &mut file, &signed_times);
            }
            file.fails |= file.verdict == Verdict::Modified;
            self.verdicts[at] = Some(file);
        }
    }

    fn judge_log(
        &mut self,
        input: &'a Examined,
        file: &mut FileVerdict,
        signed_times: &SignedTimes<'_>,
    ) {
        let found = self.listings.find(&input.origin, &input.inflated_sha256);
        let (index, verdict) = match found {
            Found::Nothing if Chain::of(&input.origin).is_some() => {
                file.kind = FileKind::Digest;
                file.verdict = Verdict::Modified;
                let why = "it has a digest's name, and is none any more";
                file.why = Some(input.defect.clone().unwrap_or(why.to_owned()));
                return;
            }
            Found::Nothing if input.events == 0 => {
                file.kind = FileKind::Other;
                if input.defect.is_some() {
                    file.verdict = Verdict::Unread;
                    file.why = input.defect.clone();
                }
                return;
            }
            Found::Nothing => {
                file.verdict = Verdict::NotListed;
                let delivery = Delivery::of(&input.origin);
                if delivery.is_some_and(|delivery| signed_times.have(&delivery)) {
                    file.fails = true;
                    let why = "the digests of the hour it is named for do not list it";
                    file.why = Some(why.to_owned());
                }
                return;
            }
            Found::Other(index) => (index, Verdict::Modified),
            Found::Same(index) => (index, Verdict::Valid),
            Found::Renamed(index) => (index, Verdict::Moved),
        };
        let listing = self.listings.all[index];
        self.listed_here.insert(&listing.log.place);
        file.digest = Some(self.origin(listing.digest));
        file.verdict = match (verdict, &self.signed[listing.digest]) {
            (Verdict::Modified, _) => {
                self.lost.insert(listing.digest);
                let why = format!("the digest lists SHA-256 {}", listing.log.content);
                file.why = Some(input.defect.clone().unwrap_or(why));
                Verdict::Modified
            }
            (_, _) if input.defect.is_some() => {
                file.why = input.defect.clone();
                Verdict::Modified
            }
            (verdict, Signed::Yes(_)) => {
                if verdict == Verdict::Moved {
                    file.why = Some(format!("it was delivered as {}", listing.log.place));
                }
                verdict
            }
            (_, Signed::NoKey) => Verdict::KeyUnknown,
            _ => Verdict::Unsigned,
        };
    }

    /// A file that cannot be read is not missing.
    fn stand_for(&mut self, origin: &str) {
        if let Found::Other(index) | Found::Same(index) = self.listings.find(origin, "") {
            let listing = self.listings.all[index];
            self.listed_here.insert(&listing.log.place);
            self.lost.insert(listing.digest);
        }
    }

    fn missing_logs(&mut self) {
        let mut missing: BTreeMap<&Place, usize> = BTreeMap::new();
        for listing in &self.listings.all {
            let place = &listing.log.place;
            if !self.listed_here.contains(place) {
                missing.entry(place).or_insert(listing.digest);
                self.lost.insert(listing.digest);
            }
        }
        for (place, digest) in missing {
            let signed = self.signed[digest].is_yes();
            let why = (!signed).then(|| "a digest that is not proven lists it".to_owned());
            self.verification.files.push(FileVerdict {
                file: place.to_string(),
                kind: FileKind::Log,
                verdict: Verdict::Missing,
                fails: true,
                why,
                digest: Some(self.origin(digest)),
                inflated_sha256: None,
            });
        }
    }

    /// Returns the times that digests speak of, without those that do not count.
    fn spans(&self) -> Vec<Span> {
        let of = |(at, (_, digest)): (usize, &(usize, &Digest))| {
            let (start, end) = digest.covers?;
            let chain = digest.chain.clone()?;
            (!self.signed[at].is_no()).then(|| Span {
                chain,
                start,
                end,
                is_signed: self.signed[at].is_yes(),
                log_files: digest.log_files.len(),
                is_lossy: self.lost.contains(&at),
            })
        };
        self.digests.iter().enumerate().filter_map(of).collect()
    }

    fn finish(mut self) -> Verification {
        self.verification.spans = self.spans();
        self.verification.keys_given = self.keys_given;
        let here = std::mem::take(&mut self.verdicts).into_iter().flatten();
        let missing = std::mem::take(&mut self.verification.files);
        self.verification.files = here.chain(missing).collect();
        self.verification
    }

    fn origin(&self, digest: usize) -> String {
        self.inputs[self.digests[digest].0].origin.clone()
    }
}
