//! What a zone's clocks show at a moment.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

/// Returns the moment that a clock of `zone` shows at `micros` (microseconds
/// since 1970, UTC), read as if it were UTC: for the day and the hour there.
pub(crate) fn shown(zone: Tz, micros: i64) -> i64 {
    let Some(moment) = DateTime::from_timestamp_micros(micros) else {
        return micros;
    };
    let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
    micros + i64::from(offset.fix().local_minus_utc()) * 1_000_000
}

/// Returns the hour of a moment, 0 to 23.
pub(crate) fn hour(micros: i64) -> i64 {
    micros.div_euclid(3_600_000_000).rem_euclid(24)
}

/// Returns the day of the week of a moment, 1 Monday to 7 Sunday.
pub(crate) fn weekday(micros: i64) -> i64 {
    (micros.div_euclid(86_400_000_000) + 3).rem_euclid(7) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_micros()
    }

    #[test]
    fn clocks_follow_the_zone_through_the_year() {
        let berlin: Tz = "Europe/Berlin".parse().unwrap();
        for (moment, there) in [
            ("2026-01-15T23:30:00Z", "2026-01-16T00:30:00Z"),
            ("2026-07-15T23:30:00Z", "2026-07-16T01:30:00Z"),
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59Z"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"),
        ] {
            assert_eq!(shown(berlin, micros(moment)), micros(there), "{moment}");
        }
        assert_eq!(shown(Tz::UTC, 7), 7);
        assert_eq!(hour(micros("2026-03-02T09:05:17Z")), 9);
        assert_eq!(weekday(micros("2026-03-02T09:05:17Z")), 1);
        assert_eq!(weekday(micros("2026-03-08T23:59:59Z")), 7);
    }
}
