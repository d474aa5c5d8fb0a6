//! The days of delivery that a listing is about.

use std::fmt;

use chrono::{DateTime, Days as DayCount, NaiveDate, Utc};

use crate::Wanted;

/// So many days behind the window are listed too: a key's day is when a file was
/// delivered, which can be late. AWS promises minutes on average and no more.
pub(super) const LATE_DAYS: u64 = 2;

/// The days of delivery that can hold what is wanted, both included.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Days {
    pub(super) since: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
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

    pub(super) fn hold(self, day: NaiveDate) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }

    pub(super) fn are_all(self) -> bool {
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
