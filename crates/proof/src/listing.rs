//! Which log files digests list, and which file is which of them.

use std::collections::HashMap;

use crate::digest::{Digest, Listed};
use crate::place::{common_folders, file_name};
use crate::signature::Signed;

/// A log file that a digest lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listing<'a> {
    /// The digest's place in the list of digests.
    pub(crate) digest: usize,
    pub(crate) log: &'a Listed,
    pub(crate) is_signed: bool,
}

/// Everything that digests list, except those whose signatures do not fit.
pub(crate) struct Listings<'a> {
    pub(crate) all: Vec<Listing<'a>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    by_content: HashMap<&'a str, usize>,
}

/// CloudTrail makes names unique, and a few prefixes may have the same. So many of
/// one name are compared, those of signed digests first.
const NAMESAKES: usize = 64;

/// Which listings speak of a file.
pub(crate) enum Found {
    /// They have its name and its content.
    Same(usize),
    /// They have its name, and another content.
    Other(usize),
    /// They have its content, under another name.
    Renamed(usize),
    Nothing,
}

impl<'a> Listings<'a> {
    pub(crate) fn of(digests: &[(usize, &'a Digest)], signed: &[Signed]) -> Listings<'a> {
        let mut listings = Listings {
            all: Vec::new(),
            by_name: HashMap::new(),
            by_content: HashMap::new(),
        };
        let numbered = || digests.iter().enumerate();
        let first = numbered().filter(|(at, _)| signed[*at].is_yes());
        let others = numbered().filter(|(at, _)| !signed[*at].is_yes() && !signed[*at].is_no());
        for (at, (_, digest)) in first.chain(others) {
            for log in &digest.log_files {
                let index = listings.all.len();
                let name = log.place.file_name();
                let namesakes = listings.by_name.entry(name).or_default();
                if namesakes.len() < NAMESAKES {
                    namesakes.push(index);
                }
                listings.by_content.entry(&log.content).or_insert(index);
                listings.all.push(Listing {
                    digest: at,
                    log,
                    is_signed: signed[at].is_yes(),
                });
            }
        }
        listings
    }

    /// Finds what is said of a file. What a signed digest says counts before what
    /// another says, and what is said of a file in the same folders before what is
    /// said of its namesakes.
    pub(crate) fn find(&self, origin: &str, content: &str) -> Found {
        let named = self.by_name.get(file_name(origin));
        let named = named.map(Vec::as_slice).unwrap_or_default();
        let rank = |index: usize| {
            let listing = &self.all[index];
            let folders = common_folders(origin, &listing.log.place.key);
            (listing.is_signed, folders)
        };
        if let Some(best) = named.iter().map(|index| rank(*index)).max() {
            let mut best = named.iter().copied().filter(|index| rank(*index) == best);
            let first = best.next();
            let same = |index: &usize| self.all[*index].log.content == content;
            let same = first.filter(same).or_else(|| best.find(same));
            return match (same, first) {
                (Some(index), _) => Found::Same(index),
                (None, Some(index)) => Found::Other(index),
                (None, None) => Found::Nothing,
            };
        }
        match self.by_content.get(content) {
            Some(index) => Found::Renamed(*index),
            None => Found::Nothing,
        }
    }
}
