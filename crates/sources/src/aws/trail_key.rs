//! Where a key stands in the layout that CloudTrail delivers to:
//! `[prefix/]AWSLogs/[o-ID/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/…`, and
//! `CloudTrail-Digest` in the place of `CloudTrail`.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html>

use chrono::NaiveDate;

use crate::address::is_region;

/// What lies below an account's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Log files.
    Logs,
    /// The digests that prove log files.
    Digests,
    /// Insights events, which are records of no call.
    Insights,
    /// What CloudTrail may deliver besides.
    OtherTrail,
    /// Another service's logs.
    OtherService,
}

/// How far into the layout a prefix leads, or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// There is no `AWSLogs/` in it.
    Outside,
    /// Accounts or organizations come next.
    Owners,
    /// Kinds come next.
    Account,
    /// Regions come next.
    Kind(Kind),
    /// Dates come next.
    Region(Kind),
    /// Within the dates; the day where it is in the prefix.
    Dated(Kind, Option<NaiveDate>),
    /// Below a kind and not of the layout.
    Unlike(Kind),
}

impl Level {
    /// Tells where a prefix or a key stands. What stands behind the last `/` is
    /// a file's name, or the beginning of one.
    pub(crate) fn of(prefix: &str) -> Level {
        let folders = prefix.rsplit_once('/').map_or("", |(folders, _)| folders);
        let mut steps = folders.split('/').skip_while(|step| *step != "AWSLogs");
        if steps.next().is_none() {
            return Level::Outside;
        }
        let mut steps = steps.peekable();
        // An organization stands between, where there is one.
        steps.next_if(|step| step.starts_with("o-"));
        if steps.next().is_none() {
            return Level::Owners;
        }
        let Some(kind) = steps.next().map(Kind::of) else {
            return Level::Account;
        };
        let Some(region) = steps.next() else {
            return Level::Kind(kind);
        };
        if !is_region(region) || kind == Kind::OtherService {
            return Level::Unlike(kind);
        }
        let dates: Vec<&str> = steps.collect();
        let number = |at: usize| dates.get(at).and_then(|step| step.parse::<u16>().ok());
        match (dates.len(), number(0), number(1), number(2)) {
            (0, ..) => Level::Region(kind),
            (1, Some(_), ..) | (2, Some(_), Some(_), _) => Level::Dated(kind, None),
            (_, Some(year), Some(month), Some(day)) => Level::Dated(
                kind,
                NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()),
            ),
            _ => Level::Unlike(kind),
        }
    }

    /// Returns what is below the account, where the prefix tells.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            Level::Outside | Level::Owners | Level::Account => None,
            Level::Kind(kind)
            | Level::Region(kind)
            | Level::Dated(kind, _)
            | Level::Unlike(kind) => Some(kind),
        }
    }

    /// Returns the day of delivery, where the key has one.
    pub(crate) fn day(self) -> Option<NaiveDate> {
        match self {
            Level::Dated(_, day) => day,
            _ => None,
        }
    }
}

impl Kind {
    fn of(step: &str) -> Kind {
        match step {
            "CloudTrail" => Kind::Logs,
            "CloudTrail-Digest" => Kind::Digests,
            "CloudTrail-Insight" => Kind::Insights,
            other if other.starts_with("CloudTrail") => Kind::OtherTrail,
            _ => Kind::OtherService,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    #[test]
    fn each_step_of_the_layout_is_known() {
        use Kind::{Digests, Insights, Logs, OtherService, OtherTrail};

        for (prefix, level) in [
            ("", Level::Outside),
            ("connect/centre/CallRecordings/2026/03/01/", Level::Outside),
            ("x/AWSLogs", Level::Outside),
            ("x/AWSLogs/", Level::Owners),
            ("AWSLogs/o-example/", Level::Owners),
            ("AWSLogs/o-example/111122223333/", Level::Account),
            ("AWSLogs/111122223333/", Level::Account),
            ("AWSLogs/111122223333/CloudTrail/", Level::Kind(Logs)),
            (
                "AWSLogs/111122223333/Config/us-west-2/",
                Level::Unlike(OtherService),
            ),
            (
                "AWSLogs/111122223333/CloudTrail-Insight/us-west-2/",
                Level::Region(Insights),
            ),
            (
                "AWSLogs/111122223333/CloudTrail-New/us-west-2/",
                Level::Region(OtherTrail),
            ),
            (
                "AWSLogs/111122223333/CloudTrail-Digest/us-west-2/",
                Level::Region(Digests),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/us-west-2/2026/",
                Level::Dated(Logs, None),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/us-west-2/2026/03/",
                Level::Dated(Logs, None),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/us-west-2/2026/03/02/x.json.gz",
                Level::Dated(Logs, day(2026, 3, 2)),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/us-west-2/2026/02/30/x",
                Level::Dated(Logs, None),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/backup/2026/",
                Level::Unlike(Logs),
            ),
            (
                "AWSLogs/111122223333/CloudTrail/us-west-2/new/",
                Level::Unlike(Logs),
            ),
        ] {
            assert_eq!(Level::of(prefix), level, "{prefix}");
        }
    }
}
