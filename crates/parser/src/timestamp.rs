//! Times as CloudTrail, Connect and the tools between write them.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat};
use serde::de::{Deserialize, Deserializer, Visitor};

use crate::event_by_member::FromValue;
use crate::tolerant_record::{Absent, absent_unless};

/// A moment in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads a time with or without zone; without one it is UTC, as in every
    /// AWS format that leaves the zone out.
    ///
    /// Takes `2019-02-01T03:18:19Z`, offsets, a space for the `T`, fractions of
    /// any length, and the compact `20131102T010628Z`. Years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        delivered(text.as_bytes())
            .or_else(|| written(text))
            .filter(|time| (0..253_402_300_800_000_000).contains(&time.0))
    }

    /// Reads a day, `2026-01-31`, as its first moment, UTC.
    pub fn of_day(text: &str) -> Option<Self> {
        let shaped = text.len() == "2026-01-31".len();
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let midnight = day.filter(|_| shaped)?.and_hms_opt(0, 0, 0)?;
        Some(Timestamp(midnight.and_utc().timestamp_micros())).filter(|time| time.0 >= 0)
    }

    /// Reads a number since 1970: seconds, or milliseconds where seconds
    /// would lie beyond the year 5138.
    fn from_number(number: f64) -> Option<Self> {
        let micros = if number.abs() < 1e11 {
            number * 1e6
        } else {
            number * 1e3
        };
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        (0.0..253_402_300_800e6)
            .contains(&micros)
            .then_some(Timestamp(micros.round() as i64))
    }

    /// Returns whole milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "{} µs", self.0),
        }
    }
}

/// The one form that delivered records have, `2019-02-01T03:18:19Z`.
fn delivered(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; 20] = text.try_into().ok()?;
    let shape = [text[4], text[7], text[10], text[13], text[16], text[19]];
    if shape != *b"--T::Z" {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0u32, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(number(0, 4)?).ok()?,
        number(5, 7)?,
        number(8, 10)?,
    )?;
    let time = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    Some(Timestamp(time.and_utc().timestamp_micros()))
}

fn written(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(Timestamp(time.timestamp_micros()));
    }
    [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y%m%dT%H%M%SZ",
    ]
    .iter()
    .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
    .map(|time| Timestamp(time.and_utc().timestamp_micros()))
}

/// A time field that may be missing or hold something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Time(pub Option<Timestamp>);

impl Absent for Time {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time")
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Time(Timestamp::parse(text)))
    }
    #[expect(clippy::cast_precision_loss, reason = "a time is well below 2^53")]
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Time(Timestamp::from_number(number as f64)))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Time(None))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Time(Timestamp::from_number(number)))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Time(None))
    }
    absent_unless!(seq);
    absent_unless!(map);
    absent_unless!(null);
}

impl FromValue<'_> for Time {}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(TimeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_seen_in_real_logs_names_the_same_moment() {
        let moment = Timestamp(1_707_099_499_000_000);
        for text in [
            "2024-02-05T02:18:19Z",
            "2024-02-05 02:18:19",
            "2024-02-05 02:18:19.000",
            "2024-02-05 02:18:19.000000000",
            "2024-02-05T02:18:19.000Z",
            "2024-02-04T18:18:19-08:00",
            "20240205T021819Z",
        ] {
            assert_eq!(Timestamp::parse(text), Some(moment), "{text}");
        }
        for number in ["1707099499", "1707099499.0", "1707099499000"] {
            let time: Time = serde_json::from_str(number).unwrap();
            assert_eq!(time.0, Some(moment), "{number}");
        }
        assert_eq!(moment.to_string(), "2024-02-05T02:18:19Z");
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let march = Some(Timestamp(1_772_323_200_000_000));
        assert_eq!(Timestamp::of_day("2026-03-01"), march);
        for text in ["2026-3-01", "2026-02-30", "1969-12-31", "2026-03-01T", ""] {
            assert_eq!(Timestamp::of_day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "redacted",
            "...",
            "2024-02-30T02:18:19Z",
            "2024-02-05",
            "2024-02-05T25:00:00Z",
            "1969-12-31T23:59:59Z",
            "２024-02-05T02:18:19Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
