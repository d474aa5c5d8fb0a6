use std::fmt;

use chrono::{DateTime, NaiveDate};

/// One value of one row, borrowed from its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Null,
    /// Text, as hostile as whoever wrote it.
    Text(&'a str),
    /// A signed whole number.
    Int(i64),
    /// An unsigned whole number.
    UInt(u64),
    /// A finite number; a column hands out others as [`Cell::Null`].
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Microseconds since 1970 in UTC.
    Time(i64),
    /// Days since 1970.
    Date(i32),
}

/// Writes the text form: nothing for null, RFC 3339 in UTC for times with a
/// fraction only where there is one, the shortest digits that read back alike
/// for floats.
impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Null => Ok(()),
            Self::Text(text) => f.write_str(text),
            Self::Int(value) => write!(f, "{value}"),
            Self::UInt(value) => write!(f, "{value}"),
            Self::Float(value) => write_float(value, f),
            Self::Bool(value) => write!(f, "{value}"),
            // chrono documents `Debug` as RFC 3339 with `Z`; unlike
            // `to_rfc3339_opts` it makes no string.
            Self::Time(micros) => match DateTime::from_timestamp_micros(micros) {
                Some(time) => write!(f, "{time:?}"),
                None => write!(f, "{micros}"),
            },
            Self::Date(days) => match NaiveDate::from_epoch_days(days) {
                Some(date) => write!(f, "{date:?}"),
                None => write!(f, "{days}"),
            },
        }
    }
}

fn write_float(value: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let size = value.abs();
    if size == 0.0 || (1e-5..1e16).contains(&size) {
        write!(f, "{value}")
    } else {
        write!(f, "{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_have_a_fraction_only_where_there_is_one() {
        let text = |micros| Cell::Time(micros).to_string();
        assert_eq!(text(1_772_442_317_000_000), "2026-03-02T09:05:17Z");
        assert_eq!(text(1_772_442_317_250_000), "2026-03-02T09:05:17.250Z");
        assert_eq!(text(1_772_442_317_000_001), "2026-03-02T09:05:17.000001Z");
        assert_eq!(text(-1), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn times_beyond_the_calendar_stay_numbers() {
        assert_eq!(Cell::Time(i64::MAX).to_string(), i64::MAX.to_string());
        assert_eq!(Cell::Date(i32::MAX).to_string(), i32::MAX.to_string());
    }

    #[test]
    fn dates_have_no_time() {
        assert_eq!(Cell::Date(20_514).to_string(), "2026-03-02");
    }

    #[test]
    fn floats_are_short() {
        let text = |value| Cell::Float(value).to_string();
        assert_eq!(text(0.0), "0");
        assert_eq!(text(0.1), "0.1");
        assert_eq!(text(3.0), "3");
        assert_eq!(text(-2.5), "-2.5");
        assert_eq!(text(1e300), "1e300");
        assert_eq!(text(5e-324), "5e-324");
    }

    proptest! {
        #[test]
        fn floats_read_back(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(Cell::Float(value).to_string().parse::<f64>().unwrap(), value);
        }

        #[test]
        fn times_read_back(micros in 0i64..253_402_300_800_000_000) {
            let text = Cell::Time(micros).to_string();
            let read = DateTime::parse_from_rfc3339(&text).unwrap();
            prop_assert_eq!(read.timestamp_micros(), micros);
        }
    }
}
