//! Lists a bucket under a prefix, many requests at once, by day where the keys
//! have days.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use aws_sdk_s3::types::Object;
use chrono::{DateTime, Datelike, Days as DayCount, NaiveDate, Utc};
use tokio::task::JoinSet;

use super::bucket::{Bucket, objects_of, prefixes_of};
use super::object::Listed;
use super::trail_key::{Kind, Level};
use crate::origin::shown_text;
use crate::{AwsCause, S3Place, Told, Wanted};

/// So many requests are under way at once.
const REQUESTS: usize = 16;
/// So many days behind the window are listed too: a key's day is when a file was
/// delivered, which can be late. AWS promises minutes on average and no more.
const LATE_DAYS: u64 = 2;
/// More days than these are listed by months.
const MOST_DAYS: i64 = 92;
/// CloudTrail has delivered nothing in the years before it was there.
const FIRST_YEAR: i32 = 2013;

/// The days of delivery that can hold what is wanted, both included.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Days {
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Days {
    pub(crate) fn of(wanted: &Wanted<'_>) -> Days {
        let day = |micros: i64| Some(DateTime::<Utc>::from_timestamp_micros(micros)?.date_naive());
        // Nothing is delivered before it happens.
        let since = wanted.since.and_then(day);
        let late = |day: NaiveDate| day.checked_add_days(DayCount::new(LATE_DAYS));
        let until = wanted.until.and_then(day).and_then(late);
        Days { since, until }
    }

    fn hold(self, day: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }

    fn are_all(self) -> bool {
        self.since.is_none() && self.until.is_none()
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.since, self.until) {
            (None, None) => f.write_str("of all days"),
            (Some(since), None) => write!(f, "delivered from {since} on"),
            (None, Some(until)) => write!(f, "delivered to {until}"),
            (Some(since), Some(until)) => write!(f, "delivered from {since} to {until}"),
        }
    }
}

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

/// A request, or several one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    /// What lies directly under a prefix, and the prefixes below it.
    Below(String),
    /// Whether a prefix leads to deliveries; it is listed whole where it does not.
    Probe(String),
    /// Everything under a prefix, behind a key where one is named.
    All {
        prefix: String,
        behind: Option<String>,
    },
    /// The days of a region; by day or month where they are more than a page.
    Days(String),
}

/// What a job came to.
#[derive(Default)]
struct Done {
    objects: Vec<Object>,
    jobs: Vec<Job>,
    prefixes: Vec<String>,
    problem: Option<(String, AwsCause)>,
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

impl Job {
    fn prefix(&self) -> &str {
        match self {
            Job::Below(prefix)
            | Job::Probe(prefix)
            | Job::All { prefix, .. }
            | Job::Days(prefix) => prefix,
        }
    }

    async fn run(self, bucket: Arc<Bucket>, days: Days) -> Done {
        let mut done = Done::default();
        let prefix = self.prefix().to_owned();
        let ran = match self {
            Job::Below(prefix) => below(&bucket, &prefix, &mut done).await,
            Job::Probe(prefix) => probe(&bucket, prefix, &mut done).await,
            Job::All { prefix, behind } => all(&bucket, &prefix, behind, &mut done).await,
            Job::Days(prefix) => by_days(&bucket, &prefix, days, &mut done).await,
        };
        if let Err(cause) = ran {
            done.problem = Some((prefix, cause));
        }
        done
    }
}

async fn below(bucket: &Bucket, prefix: &str, done: &mut Done) -> Result<(), AwsCause> {
    let mut token = None;
    loop {
        let page = bucket
            .list(prefix)
            .delimiter("/")
            .set_continuation_token(token)
            .send()
            .await
            .map_err(|error| bucket.list_call(prefix).cause(&error))?;
        done.objects.extend(objects_of(page.contents));
        done.prefixes.extend(prefixes_of(page.common_prefixes));
        token = page.next_continuation_token;
        if token.is_none() {
            return Ok(());
        }
    }
}

async fn probe(bucket: &Bucket, prefix: String, done: &mut Done) -> Result<(), AwsCause> {
    let deliveries = format!("{prefix}AWSLogs/");
    let page = bucket
        .list(&deliveries)
        .max_keys(1)
        .send()
        .await
        .map_err(|error| bucket.list_call(&prefix).cause(&error))?;
    done.jobs.push(if page.contents().is_empty() {
        Job::All {
            prefix,
            behind: None,
        }
    } else {
        Job::Below(prefix)
    });
    Ok(())
}

async fn all(
    bucket: &Bucket,
    prefix: &str,
    behind: Option<String>,
    done: &mut Done,
) -> Result<(), AwsCause> {
    let mut token = None;
    loop {
        let page = bucket
            .list(prefix)
            .set_start_after(behind.clone())
            .set_continuation_token(token)
            .send()
            .await
            .map_err(|error| bucket.list_call(prefix).cause(&error))?;
        done.objects.extend(objects_of(page.contents));
        token = page.next_continuation_token;
        if token.is_none() {
            return Ok(());
        }
    }
}

/// Lists a region from its first wanted day on. Most have few objects, so one
/// page is all; where it is not, the days behind it are listed at once.
async fn by_days(
    bucket: &Bucket,
    prefix: &str,
    days: Days,
    done: &mut Done,
) -> Result<(), AwsCause> {
    // A day's prefix stands before all its keys.
    let behind = days
        .since
        .map(|since| format!("{prefix}{}", path_of(since)));
    let page = bucket
        .list(prefix)
        .set_start_after(behind)
        .send()
        .await
        .map_err(|error| bucket.list_call(prefix).cause(&error))?;
    done.objects.extend(objects_of(page.contents));
    if page.next_continuation_token.is_none() {
        return Ok(());
    }
    let last = done.objects.last().and_then(|object| object.key());
    done.jobs = behind_page(
        prefix,
        last.unwrap_or(prefix),
        days,
        Utc::now().date_naive(),
    );
    Ok(())
}

/// Divides what stands behind a key among requests.
fn behind_page(prefix: &str, last: &str, days: Days, today: NaiveDate) -> Vec<Job> {
    let rest = |behind: String| Job::All {
        prefix: prefix.to_owned(),
        behind: Some(behind),
    };
    let day = Level::of(last).day();
    let Some(day) = day.filter(|day| day.year() >= FIRST_YEAR && *day <= today) else {
        return match day {
            Some(day) if days.until.is_some_and(|until| day > until) => Vec::new(),
            _ => vec![rest(last.to_owned())],
        };
    };
    let end = days.until.map_or(today, |until| until.min(today));
    let mut jobs = vec![Job::All {
        prefix: format!("{prefix}{}/", path_of(day)),
        behind: Some(last.to_owned()),
    }];
    let by_day = (end - day).num_days() <= MOST_DAYS;
    let mut next = day.succ_opt();
    while let Some(day) = next.filter(|day| *day <= end) {
        // Months are listed once the days before the first of one are.
        let month = !by_day && day.day() == 1;
        let path = path_of(day);
        let path = if month { &path[..7] } else { &path };
        jobs.push(Job::All {
            prefix: format!("{prefix}{path}/"),
            behind: None,
        });
        next = if month {
            day.checked_add_months(chrono::Months::new(1))
        } else {
            day.succ_opt()
        };
    }
    // Clocks differ, and what is not a day of today's is something too.
    if days.until.is_none_or(|until| until >= today) {
        // The byte behind `/` stands behind all keys of the day.
        jobs.push(rest(format!("{prefix}{}0", path_of(today))));
    }
    jobs
}

/// Writes a day as keys have it.
fn path_of(day: NaiveDate) -> String {
    day.format("%Y/%m/%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGION: &str = "AWSLogs/111122223333/CloudTrail/us-west-2/";

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn prefixes(jobs: &[Job]) -> Vec<String> {
        let shown = |job: &Job| match job {
            Job::All { prefix, behind } => {
                let below = |text: &str| text.strip_prefix(REGION).unwrap().to_owned();
                let behind = behind.as_deref().map(below);
                behind.map_or(below(prefix), |key| {
                    format!("{} behind {key}", below(prefix))
                })
            }
            other => panic!("{other:?}"),
        };
        jobs.iter().map(shown).collect()
    }

    fn behind(last: &str, since: Option<&str>, until: Option<&str>) -> Vec<String> {
        let days = Days {
            since: since.map(day),
            until: until.map(day),
        };
        let last = format!("{REGION}{last}");
        prefixes(&behind_page(REGION, &last, days, day("2026-03-05")))
    }

    #[test]
    fn the_days_behind_a_full_page_are_listed_each_by_itself() {
        assert_eq!(
            behind("2026/03/03/b", None, Some("2026-03-04")),
            ["2026/03/03/ behind 2026/03/03/b", "2026/03/04/"]
        );
        assert_eq!(
            behind("2026/03/03/b", Some("2026-03-01"), None),
            [
                "2026/03/03/ behind 2026/03/03/b",
                "2026/03/04/",
                "2026/03/05/",
                " behind 2026/03/050",
            ]
        );
    }

    #[test]
    fn long_stretches_are_listed_by_months_and_leave_no_day_out() {
        let jobs = behind("2025/01/30/b", None, Some("2026-03-02"));
        assert_eq!(
            jobs[..3],
            ["2025/01/30/ behind 2025/01/30/b", "2025/01/31/", "2025/02/"]
        );
        // The last month is listed whole; what is behind the window is dropped by
        // its key.
        assert_eq!(jobs.last().unwrap(), "2026/03/");
        assert_eq!(jobs.len(), 2 + 14);
    }

    #[test]
    fn keys_of_no_day_are_listed_one_page_after_the_other() {
        assert_eq!(behind("zzz", None, None), [" behind zzz"]);
        assert_eq!(behind("0001/01/01/a", None, None), [" behind 0001/01/01/a"]);
        assert_eq!(behind("2027/01/01/a", None, None), [" behind 2027/01/01/a"]);
        assert!(behind("2027/01/01/a", None, Some("2026-03-01")).is_empty());
    }
}
