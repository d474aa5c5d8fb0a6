//! The windows of a job: whole days, weeks or months of a zone, or whatever
//! passed since the last one.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc,
    Weekday,
};
use chrono_tz::Tz;
use serde::Deserialize;

/// How a job cuts time into windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cadence {
    /// A day of the zone.
    PreviousDay,
    /// A week of the zone, which begins on Monday as ISO 8601 has it.
    PreviousWeek,
    /// A month of the zone.
    PreviousMonth,
    /// From the end of the window before up to the run.
    SinceLast,
}

/// One window, half-open, with the name by which files and people know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) name: String,
    pub(crate) since: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

impl Period {
    /// The time from one moment up to another.
    pub(crate) fn between(since: DateTime<Utc>, until: DateTime<Utc>) -> Period {
        let plain = |moment: DateTime<Utc>| moment.format("%Y%m%dT%H%M%SZ");
        Period {
            name: format!("{}-{}", plain(since), plain(until)),
            since,
            until,
        }
    }
}

impl Cadence {
    /// Iterates over the windows of the calendar that begin on a day or later, as
    /// long as dates go on. Of [`Cadence::SinceLast`] there are none.
    pub(crate) fn periods(self, start: NaiveDate, zone: Tz) -> impl Iterator<Item = Period> {
        let mut begin = self.first(start);
        std::iter::from_fn(move || {
            let this = begin?;
            let next = self.next(this)?;
            begin = Some(next);
            Some(Period {
                name: self.name(this),
                since: midnight(this, zone),
                until: midnight(next, zone),
            })
        })
        // A day that a zone skipped, as when it crossed the date line, has no moment.
        .filter(|period| period.since < period.until)
    }

    /// Returns the first day on or after `start` with which a window begins.
    fn first(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Cadence::PreviousDay => Some(start),
            Cadence::PreviousWeek => {
                let past = u64::from(start.weekday().days_since(Weekday::Mon));
                start.checked_add_days(Days::new((7 - past) % 7))
            }
            Cadence::PreviousMonth if start.day() == 1 => Some(start),
            Cadence::PreviousMonth => start.with_day(1)?.checked_add_months(Months::new(1)),
            Cadence::SinceLast => None,
        }
    }

    fn next(self, begin: NaiveDate) -> Option<NaiveDate> {
        match self {
            Cadence::PreviousDay => begin.checked_add_days(Days::new(1)),
            Cadence::PreviousWeek => begin.checked_add_days(Days::new(7)),
            Cadence::PreviousMonth => begin.checked_add_months(Months::new(1)),
            Cadence::SinceLast => None,
        }
    }

    fn name(self, begin: NaiveDate) -> String {
        match self {
            Cadence::PreviousWeek => begin.format("%G-W%V").to_string(),
            Cadence::PreviousMonth => begin.format("%Y-%m").to_string(),
            Cadence::PreviousDay | Cadence::SinceLast => begin.to_string(),
        }
    }
}

/// Returns the first moment of a day in a zone: midnight, the earlier one where
/// clocks show it twice, and the moment behind the gap where they skip it.
pub(crate) fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    const LONGEST_GAP_MINUTES: i64 = 26 * 60;
    let midnight = day.and_time(NaiveTime::MIN);
    let shown = (0..=LONGEST_GAP_MINUTES)
        .filter_map(|minutes| midnight.checked_add_signed(TimeDelta::minutes(minutes)));
    let mut moments = shown.filter_map(|shown| match zone.from_local_datetime(&shown) {
        LocalResult::Single(moment) | LocalResult::Ambiguous(moment, _) => Some(moment.to_utc()),
        LocalResult::None => None,
    });
    moments.next().unwrap_or_else(|| midnight.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::written;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(cadence: Cadence, start: &str, zone: Tz, count: usize) -> Vec<String> {
        let periods = cadence.periods(day(start), zone).take(count);
        let told = periods.map(|period| {
            let (since, until) = (written(period.since), written(period.until));
            format!("{} {since} {until}", period.name)
        });
        told.collect()
    }

    #[test]
    fn months_begin_with_the_first_whole_one() {
        let expected = [
            "2026-03 2026-03-01T00:00:00Z 2026-04-01T00:00:00Z",
            "2026-04 2026-04-01T00:00:00Z 2026-05-01T00:00:00Z",
        ];
        for start in ["2026-03-01", "2026-02-02", "2026-02-28"] {
            let told = told(Cadence::PreviousMonth, start, Tz::UTC, 2);
            assert_eq!(told, expected, "{start}");
        }
        let december = told(Cadence::PreviousMonth, "2025-12-01", Tz::UTC, 1);
        assert_eq!(
            december,
            ["2025-12 2025-12-01T00:00:00Z 2026-01-01T00:00:00Z"]
        );
    }

    #[test]
    fn weeks_begin_on_monday_and_have_the_names_of_iso_8601() {
        assert_eq!(
            told(Cadence::PreviousWeek, "2026-12-28", Tz::UTC, 2),
            [
                "2026-W53 2026-12-28T00:00:00Z 2027-01-04T00:00:00Z",
                "2027-W01 2027-01-04T00:00:00Z 2027-01-11T00:00:00Z",
            ]
        );
        // Tuesday to Sunday wait for the next Monday.
        for start in ["2026-03-03", "2026-03-08", "2026-03-09"] {
            let told = told(Cadence::PreviousWeek, start, Tz::UTC, 1);
            assert_eq!(
                told,
                ["2026-W11 2026-03-09T00:00:00Z 2026-03-16T00:00:00Z"],
                "{start}"
            );
        }
    }

    #[test]
    fn days_on_which_clocks_change_have_23_or_25_hours() {
        let zone = Tz::Europe__Berlin;
        assert_eq!(
            told(Cadence::PreviousDay, "2026-03-29", zone, 1),
            ["2026-03-29 2026-03-28T23:00:00Z 2026-03-29T22:00:00Z"]
        );
        assert_eq!(
            told(Cadence::PreviousDay, "2026-10-25", zone, 1),
            ["2026-10-25 2026-10-24T22:00:00Z 2026-10-25T23:00:00Z"]
        );
        assert_eq!(
            told(Cadence::PreviousMonth, "2026-03-01", zone, 1),
            ["2026-03 2026-02-28T23:00:00Z 2026-03-31T22:00:00Z"]
        );
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_behind_the_gap() {
        // Clocks in Cairo went from 0:00 to 1:00 on 2023-04-28.
        let told = told(Cadence::PreviousDay, "2023-04-28", Tz::Africa__Cairo, 1);
        assert_eq!(
            told,
            ["2023-04-28 2023-04-27T22:00:00Z 2023-04-28T21:00:00Z"]
        );
    }

    #[test]
    fn a_day_whose_midnight_comes_twice_begins_with_the_first() {
        // Clocks in Havana went from 1:00 back to 0:00 on 2025-11-02.
        let told = told(Cadence::PreviousDay, "2025-11-02", Tz::America__Havana, 1);
        assert_eq!(
            told,
            ["2025-11-02 2025-11-02T04:00:00Z 2025-11-03T05:00:00Z"]
        );
    }

    #[test]
    fn a_day_that_a_zone_skipped_is_no_window() {
        // Samoa crossed the date line: 2011-12-30 did not happen there.
        let told = told(Cadence::PreviousDay, "2011-12-29", Tz::Pacific__Apia, 2);
        assert_eq!(
            told,
            [
                "2011-12-29 2011-12-29T10:00:00Z 2011-12-30T10:00:00Z",
                "2011-12-31 2011-12-30T10:00:00Z 2011-12-31T10:00:00Z",
            ]
        );
    }

    #[test]
    fn windows_follow_each_other_without_gap_or_overlap_in_any_zone() {
        let mut tried = 0;
        for zone in chrono_tz::TZ_VARIANTS.iter().step_by(7) {
            let periods = Cadence::PreviousDay.periods(day("2025-01-01"), *zone);
            let periods: Vec<Period> = periods.take(800).collect();
            for pair in periods.windows(2) {
                assert_eq!(pair[0].until, pair[1].since, "{zone} {}", pair[0].name);
                tried += 1;
            }
        }
        assert!(tried > 10_000);
    }

    #[test]
    fn the_calendar_ends_without_a_panic() {
        for cadence in [
            Cadence::PreviousDay,
            Cadence::PreviousWeek,
            Cadence::PreviousMonth,
        ] {
            assert!(cadence.periods(NaiveDate::MAX, Tz::UTC).count() <= 1);
        }
        assert_eq!(
            Cadence::SinceLast
                .periods(day("2026-01-01"), Tz::UTC)
                .count(),
            0
        );
    }

    #[test]
    fn a_window_between_moments_is_named_by_both() {
        let period = Period::between(
            midnight(day("2026-03-01"), Tz::UTC),
            midnight(day("2026-03-02"), Tz::UTC),
        );
        assert_eq!(period.name, "20260301T000000Z-20260302T000000Z");
    }
}
