//! The time that a report is about.

use std::fmt;
use std::str::FromStr;

use chrono::format::ParseErrorKind;
use chrono::{
    DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Utc,
};

/// The time from one moment up to, and without, another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// The first moment that belongs to it; open when absent.
    pub(crate) since: Option<DateTime<Utc>>,
    /// The first moment after it; open when absent.
    pub(crate) until: Option<DateTime<Utc>>,
}

impl Window {
    /// Puts two bounds together, relative ones counted from `now`.
    ///
    /// # Errors
    /// When no moment lies between them.
    pub(crate) fn new(
        since: Option<Bound>,
        until: Option<Bound>,
        now: DateTime<Utc>,
    ) -> Result<Self, WindowError> {
        let since = since.map(|bound| bound.at(now));
        let until = until.map(|bound| bound.at(now));
        match (since, until) {
            (Some(since), Some(until)) if since >= until => {
                Err(WindowError::Empty { since, until })
            }
            _ => Ok(Window { since, until }),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.since {
            Some(since) => write!(f, "{} (inclusive)", shown(since))?,
            None => f.write_str("the first event")?,
        }
        f.write_str(" to ")?;
        match self.until {
            Some(until) => write!(f, "{} (exclusive)", shown(until)),
            None => f.write_str("the last event"),
        }
    }
}

fn shown(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A moment as `--since` and `--until` take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// A fixed moment.
    At(DateTime<Utc>),
    /// So long before now.
    BeforeNow(TimeDelta),
    /// The midnight that began the day so many days before today, in UTC.
    Midnight {
        /// 0 is today.
        days_ago: u32,
    },
}

impl Bound {
    /// Returns the moment. What is counted from now is cut to whole seconds,
    /// which is how exact CloudTrail is.
    pub(crate) fn at(self, now: DateTime<Utc>) -> DateTime<Utc> {
        let earliest = DateTime::UNIX_EPOCH;
        match self {
            Self::At(moment) => moment,
            Self::BeforeNow(span) => {
                let now = now.trunc_subsecs(0);
                now.checked_sub_signed(span).unwrap_or(earliest)
            }
            Self::Midnight { days_ago } => {
                let day = now.date_naive();
                let day = day.checked_sub_days(Days::new(days_ago.into()));
                day.map_or(earliest, |day| day.and_time(NaiveTime::MIN).and_utc())
            }
        }
    }
}

impl FromStr for Bound {
    type Err = BoundError;

    fn from_str(text: &str) -> Result<Self, BoundError> {
        let text = text.trim();
        match text {
            "now" => return Ok(Self::BeforeNow(TimeDelta::zero())),
            "today" => return Ok(Self::Midnight { days_ago: 0 }),
            "yesterday" => return Ok(Self::Midnight { days_ago: 1 }),
            _ => {}
        }
        match split_date(text) {
            Some((date, rest)) => moment(date, rest).map(Self::At),
            None => span(text).map(Self::BeforeNow),
        }
    }
}

/// Takes apart `2026-01-31` and what follows it.
fn split_date(text: &str) -> Option<(&str, &str)> {
    let (date, rest) = text.split_at_checked("2026-01-31".len())?;
    let mut places = date.bytes().zip(b"0000-00-00");
    let is_date = places.all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == *form,
    });
    is_date.then_some((date, rest))
}

fn moment(date: &str, rest: &str) -> Result<DateTime<Utc>, BoundError> {
    let day: NaiveDate = date.parse().map_err(|_| BoundError::NoSuchDate {
        date: date.to_owned(),
    })?;
    if rest.is_empty() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    let time = rest
        .strip_prefix(['T', 't', ' '])
        .ok_or(BoundError::NotATime)?;
    let mut no_such_time = false;
    let text = format!("{date}T{}", time.replace(['z', 'Z'], "+00:00"));
    for form in ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z"] {
        match DateTime::parse_from_str(&text, form) {
            Ok(moment) => return Ok(moment.to_utc()),
            Err(error) => no_such_time |= error.kind() == ParseErrorKind::OutOfRange,
        }
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        match NaiveDateTime::parse_from_str(&text, form) {
            Ok(moment) => return Ok(moment.and_utc()),
            Err(error) => no_such_time |= error.kind() == ParseErrorKind::OutOfRange,
        }
    }
    if no_such_time {
        return Err(BoundError::NoSuchTime {
            time: time.to_owned(),
        });
    }
    Err(BoundError::NotATime)
}

fn span(text: &str) -> Result<TimeDelta, BoundError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let minutes_per_unit: u64 = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 24 * 60,
        "w" => 7 * 24 * 60,
        _ => return Err(BoundError::NotATime),
    };
    if number.is_empty() {
        return Err(BoundError::NotATime);
    }
    const HUNDRED_YEARS: u64 = 36_525 * 24 * 60;
    let minutes = number
        .parse()
        .ok()
        .and_then(|number: u64| number.checked_mul(minutes_per_unit))
        .filter(|minutes| *minutes <= HUNDRED_YEARS)
        .and_then(|minutes| i64::try_from(minutes).ok());
    minutes
        .and_then(TimeDelta::try_minutes)
        .ok_or(BoundError::TooLong)
}

/// The text is no moment.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BoundError {
    /// Not a form that is known.
    #[error(
        "not a time; write one of these forms:
  2026-01-31                  the midnight that begins the day, UTC
  2026-01-31T10:00            a time of day, UTC (also 2026-01-31 10:00:00)
  2026-01-31T10:00:00+01:00   with its offset from UTC, as RFC 3339 has it
  90m, 24h, 7d, 2w            so many minutes, hours, days or weeks ago
  now, today, yesterday       today and yesterday begin at midnight UTC"
    )]
    NotATime,
    /// No calendar has the date.
    #[error("there is no date {date}; check the month and the day")]
    NoSuchDate {
        /// As it was written.
        date: String,
    },
    /// No clock shows the time.
    #[error("there is no time of day {time}; hours go to 23, minutes and seconds to 59")]
    NoSuchTime {
        /// As it was written.
        time: String,
    },
    /// A span longer than any log.
    #[error("longer ago than 100 years; name a date instead, such as 2026-01-31")]
    TooLong,
}

/// The bounds make no window.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WindowError {
    /// It ends before it begins, or with its beginning.
    #[error(
        "no time lies between --since {} and --until {}; --until names the first moment that is left out, so it must be the later one",
        shown(*since),
        shown(*until)
    )]
    Empty {
        /// Where it begins.
        since: DateTime<Utc>,
        /// Where it ends.
        until: DateTime<Utc>,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Reads a text as `--since`, at a Monday's afternoon.
    fn at(text: &str) -> Result<String, BoundError> {
        let now = utc("2026-03-02T15:30:45.678Z");
        text.parse().map(|bound: Bound| shown(bound.at(now)))
    }

    #[test]
    fn every_form_names_its_moment() {
        for (text, moment) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T10:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:05", "2026-01-31T10:00:05Z"),
            ("2026-01-31 10:00:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31 10:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31t10:00:00z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00+01:30", "2026-01-31T08:30:00Z"),
            ("2026-01-31T10:00:00-08:00", "2026-01-31T18:00:00Z"),
            ("2026-01-31T10:00:00.250Z", "2026-01-31T10:00:00.250Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z"),
            (" 2026-01-31 ", "2026-01-31T00:00:00Z"),
            ("90m", "2026-03-02T14:00:45Z"),
            ("24h", "2026-03-01T15:30:45Z"),
            ("7d", "2026-02-23T15:30:45Z"),
            ("2w", "2026-02-16T15:30:45Z"),
            ("0d", "2026-03-02T15:30:45Z"),
            ("now", "2026-03-02T15:30:45Z"),
            ("today", "2026-03-02T00:00:00Z"),
            ("yesterday", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(at(text).as_deref(), Ok(moment), "{text}");
        }
    }

    #[test]
    fn nonsense_lists_the_forms() {
        for text in [
            "",
            " ",
            "tomorrowish",
            "d",
            "7",
            "7y",
            "-7d",
            "+7d",
            "7 d",
            "1.5d",
            "2026",
            "2026-1-31",
            "31.01.2026",
            "01/31/2026",
            "2026-01-31x",
            "2026-01-31T",
            "2026-01-31T10",
            "2026-01-31T10:00:00 CET",
            "20260131",
            "٢٠٢٦-٠١-٣١",
            "1767225600",
        ] {
            assert_eq!(at(text), Err(BoundError::NotATime), "{text}");
        }
        let text = BoundError::NotATime.to_string();
        for form in ["2026-01-31T10:00:00+01:00", "7d", "yesterday"] {
            assert!(text.contains(form));
        }
    }

    #[test]
    fn dates_and_times_that_do_not_exist_are_named() {
        for date in [
            "2026-02-30",
            "2025-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
        ] {
            let error = at(date).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("there is no date {date}; check the month and the day")
            );
            assert_eq!(at(&format!("{date}T10:00:00Z")), Err(error));
        }
        for time in ["25:00", "24:00:00", "10:60", "10:00:61Z"] {
            let expected = BoundError::NoSuchTime {
                time: time.to_owned(),
            };
            assert_eq!(at(&format!("2026-01-31T{time}")), Err(expected));
        }
    }

    #[test]
    fn a_span_longer_than_any_log_is_refused() {
        assert!(at("5217w").is_ok());
        for text in ["5218w", "99999999999999999999d", "9223372036854775807m"] {
            assert_eq!(at(text), Err(BoundError::TooLong), "{text}");
        }
    }

    fn window(since: &str, until: &str) -> Result<Window, WindowError> {
        let bound = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        Window::new(bound(since), bound(until), utc("2026-03-02T15:30:45Z"))
    }

    #[test]
    fn a_window_says_what_belongs_to_it() {
        for (since, until, shown) in [
            (
                "2026-03-01",
                "2026-04-01",
                "2026-03-01T00:00:00Z (inclusive) to 2026-04-01T00:00:00Z (exclusive)",
            ),
            (
                "7d",
                "",
                "2026-02-23T15:30:45Z (inclusive) to the last event",
            ),
            (
                "",
                "today",
                "the first event to 2026-03-02T00:00:00Z (exclusive)",
            ),
            ("", "", "the first event to the last event"),
        ] {
            assert_eq!(window(since, until).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_window_without_a_moment_is_refused() {
        for (since, until) in [
            ("2026-03-01", "2026-03-01"),
            ("now", "7d"),
            ("today", "yesterday"),
        ] {
            window(since, until).unwrap_err();
        }
        assert_eq!(
            window("2026-04-01", "2026-03-01").unwrap_err().to_string(),
            "no time lies between --since 2026-04-01T00:00:00Z and --until 2026-03-01T00:00:00Z; \
             --until names the first moment that is left out, so it must be the later one"
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = at(&text);
        }

        #[test]
        fn nothing_near_a_time_panics(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[T tz0-9:.+é-]{0,20}|[0-9]{0,25}[mhdwé]{0,2}") {
            let _ = at(&text);
        }

        #[test]
        fn what_is_shown_reads_back(seconds in 0..4_102_444_800i64) {
            let moment = shown(DateTime::from_timestamp(seconds, 0).unwrap());
            prop_assert_eq!(at(&moment), Ok(moment.clone()));
        }
    }
}
