//! The requests that a listing is made of.

use std::sync::Arc;

use aws_sdk_s3::types::Object;
use chrono::{Datelike, NaiveDate, Utc};

use super::super::bucket::{Bucket, objects_of, prefixes_of};
use super::super::trail_key::Level;
use super::days::Days;
use crate::AwsCause;

/// More days than these are listed by months.
const MOST_DAYS: i64 = 92;
/// CloudTrail has delivered nothing in the years before it was there.
const FIRST_YEAR: i32 = 2013;

/// A request, or several one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Job {
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
pub(super) struct Done {
    pub(super) objects: Vec<Object>,
    pub(super) jobs: Vec<Job>,
    pub(super) prefixes: Vec<String>,
    pub(super) problem: Option<(String, AwsCause)>,
}

impl Job {
    pub(super) fn prefix(&self) -> &str {
        match self {
            Job::Below(prefix)
            | Job::Probe(prefix)
            | Job::All { prefix, .. }
            | Job::Days(prefix) => prefix,
        }
    }

    pub(super) async fn run(self, bucket: Arc<Bucket>, days: Days) -> Done {
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
