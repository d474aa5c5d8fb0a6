use std::str::FromStr;

/// A number of days, as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) u32);

/// The text is no number of days.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time; write days, or a whole number with a unit, such as 90d, 12w or 7y")]
pub(crate) struct DaysError;

impl FromStr for Days {
    type Err = DaysError;

    fn from_str(text: &str) -> Result<Self, DaysError> {
        let text = text.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let unit_days: u32 = match unit.trim_start() {
            "" | "d" => 1,
            "w" => 7,
            "y" => 365,
            _ => return Err(DaysError),
        };
        let number: u32 = number.parse().map_err(|_| DaysError)?;
        let days = number.checked_mul(unit_days).filter(|days| *days > 0);
        days.map(Days).ok_or(DaysError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_weeks_and_years() {
        for (text, days) in [("365", 365), ("90d", 90), ("12w", 84), (" 7 y", 2555)] {
            assert_eq!(text.parse(), Ok(Days(days)), "{text}");
        }
        for text in [
            "",
            "d",
            "0",
            "-1d",
            "1.5y",
            "7m",
            "99999999999",
            "20000000y",
        ] {
            assert_eq!(text.parse::<Days>(), Err(DaysError), "{text}");
        }
    }
}
