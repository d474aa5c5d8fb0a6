//! Lists a bucket under a prefix, many requests at once, by day where the keys
//! have days.

mod days;
mod job;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use aws_sdk_s3::types::Object;
use tokio::task::JoinSet;

use super::bucket::Bucket;
use super::object::Listed;
use super::trail_key::{Kind, Level};
use crate::origin::shown_text;
use crate::{AwsCause, S3Place, Told};
use days::LATE_DAYS;
use job::{Done, Job};

pub(crate) use days::Days;

/// So many requests are under way at once.
const REQUESTS: usize = 16;

/// What lies under a prefix, and what of it is wanted.
pub(crate) struct Listing {
    bucket: Arc<Bucket>,
    days: Days,
    digests: bool,
    /// What the user named: it is wanted whatever kind it is.
    named: Option<Kind>,
    pub(crate) objects: Vec<Listed>,
    /// Prefixes that could not be listed, or not to their end.
    pub(crate) problems: Vec<(String, AwsCause)>,
    /// Objects that are not wanted, by the reason.
    aside: BTreeMap<Aside, u64>,
    /// Prefixes that are not wanted: what is in them was not counted.
    closed: BTreeMap<Aside, Vec<String>>,
}

/// Why something is left aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Aside {
    OtherDay,
    Digest,
    Insight,
    OtherService,
}

impl Listing {
    pub(crate) fn new(bucket: Arc<Bucket>, place: &S3Place, days: Days, digests: bool) -> Listing {
        let named = Level::of(&place.prefix).kind();
        Listing {
            bucket,
            days,
            digests: digests || named == Some(Kind::Digests),
            named,
            objects: Vec::new(),
            problems: Vec::new(),
            aside: BTreeMap::new(),
            closed: BTreeMap::new(),
        }
    }

    /// Lists a prefix, which ends in `/` or is empty.
    pub(crate) async fn list(&mut self, prefix: String, tell: &dyn Fn(Told<'_>)) {
        let mut waiting = VecDeque::from([self.job(prefix)]);
        let mut under_way = JoinSet::new();
        let mut done = 0;
        loop {
            while under_way.len() < REQUESTS
                && let Some(job) = waiting.pop_front()
            {
                under_way.spawn(job.run(Arc::clone(&self.bucket), self.days));
            }
            let Some(result) = under_way.join_next().await else {
                return;
            };
            // A request that panicked would end the run in silence otherwise.
            let result = result.unwrap_or_else(|error| Done {
                problem: Some((
                    String::new(),
                    AwsCause::Network {
                        said: error.to_string(),
                    },
                )),
                ..Done::default()
            });
            done += 1;
            waiting.extend(result.jobs);
            for prefix in result.prefixes {
                waiting.extend(self.open(prefix));
            }
            for object in &result.objects {
                self.add(object);
            }
            if let Some((prefix, cause)) = result.problem {
                let ends_all = cause.ends_all();
                self.problems.push((prefix, cause.clone()));
                if ends_all {
                    let left = waiting.drain(..);
                    self.problems
                        .extend(left.map(|job| (job.prefix().to_owned(), cause.clone())));
                }
            }
            let all = done + waiting.len() + under_way.len();
            tell(Told::Progress(&format!(
                "listing s3://{}: {done} of {all} prefixes, {} objects",
                self.bucket.name,
                self.objects.len()
            )));
        }
    }

    /// Decides how a prefix below another is listed; not at all where nothing in
    /// it is wanted.
    fn open(&mut self, prefix: String) -> Option<Job> {
        let level = Level::of(&prefix);
        if let Some(aside) = self.aside(level) {
            self.closed.entry(aside).or_default().push(prefix);
            return None;
        }
        Some(match level {
            Level::Outside => Job::Probe(prefix),
            _ => self.job(prefix),
        })
    }

    fn job(&self, prefix: String) -> Job {
        match Level::of(&prefix) {
            Level::Outside | Level::Owners | Level::Account | Level::Kind(_) => Job::Below(prefix),
            Level::Region(_) => Job::Days(prefix),
            Level::Dated(..) | Level::Unlike(_) => Job::All {
                prefix,
                behind: None,
            },
        }
    }

    /// Adds an object where it is wanted.
    pub(crate) fn add(&mut self, object: &Object) {
        let Some(key) = object.key() else {
            return;
        };
        let size = object.size().and_then(|size| u64::try_from(size).ok());
        let size = size.unwrap_or_default();
        // Consoles make such to show a folder; there is nothing in them.
        if key.ends_with('/') && size == 0 {
            return;
        }
        let level = Level::of(key);
        let aside = match level.day() {
            Some(day) if !self.days.hold(day) => Some(Aside::OtherDay),
            _ => self.aside(level),
        };
        if let Some(aside) = aside {
            *self.aside.entry(aside).or_default() += 1;
            return;
        }
        self.objects.push(Listed {
            bucket: Arc::clone(&self.bucket),
            key: key.to_owned(),
            size,
            etag: object.e_tag().map(str::to_owned),
            written: object.last_modified().map(|time| time.secs()),
        });
    }

    fn aside(&self, level: Level) -> Option<Aside> {
        let kind = level.kind()?;
        if self.named == Some(kind) {
            return None;
        }
        match kind {
            Kind::Logs | Kind::OtherTrail => None,
            Kind::Digests => (!self.digests).then_some(Aside::Digest),
            Kind::Insights => Some(Aside::Insight),
            Kind::OtherService => Some(Aside::OtherService),
        }
    }

    /// Returns the days that are asked for.
    pub(crate) fn days(&self) -> Days {
        self.days
    }

    /// Tells whether there may be objects of other days.
    pub(crate) fn has_other_days(&self) -> bool {
        !self.days.are_all()
    }

    /// Returns how many objects and prefixes were left aside.
    pub(crate) fn left_aside(&self) -> u64 {
        let closed: usize = self.closed.values().map(Vec::len).sum();
        self.aside.values().sum::<u64>() + closed as u64
    }

    /// Says what was listed and what was left aside.
    pub(crate) fn note(&self, place: &S3Place) -> String {
        let bytes: u64 = self.objects.iter().map(|object| object.size).sum();
        let mut note = format!("{place}: {} objects, {bytes} bytes", self.objects.len());
        let dated = |object: &Listed| Level::of(&object.key).day().is_some();
        if !self.days.are_all() && (self.objects.is_empty() || self.objects.iter().any(dated)) {
            note.push_str(&format!(", {}", self.days));
            if self.days.until.is_some() {
                note.push_str(&format!(
                    ": {LATE_DAYS} days behind the window, for what came late"
                ));
            }
        }
        for (aside, what) in [
            (Aside::Digest, "digests, which prove and report nothing"),
            (
                Aside::Insight,
                "Insights events, which are records of no call",
            ),
            (Aside::OtherService, "other services' logs"),
        ] {
            let objects = self.aside.get(&aside).copied().unwrap_or_default();
            let prefixes = self.closed.get(&aside).map_or(&[][..], Vec::as_slice);
            let first = prefixes.first().map(|prefix| shown_text(prefix));
            match (objects, first, prefixes.len()) {
                (0, None, _) => {}
                (0, Some(first), 1) => {
                    note.push_str(&format!("; left aside {what}: {first}"));
                }
                (0, Some(first), prefixes) => note.push_str(&format!(
                    "; left aside {what}: {first} and {} more prefixes",
                    prefixes - 1
                )),
                (objects, ..) => {
                    note.push_str(&format!("; left aside {what}: {objects} objects"));
                }
            }
        }
        note
    }
}
