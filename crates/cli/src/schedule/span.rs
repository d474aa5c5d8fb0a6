use std::fmt;

use chrono::TimeDelta;
use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::window::Bound;

/// A length of time as people write it: 90m, 24h, 14d or 2w.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) TimeDelta);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        deserializer.deserialize_str(SpanVisitor)
    }
}

struct SpanVisitor;

impl Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length of time, such as \"90m\", \"24h\", \"14d\" or \"2w\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
        text.parse().map_err(E::custom)
    }
}

/// The text is no length of time.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{text}' is no length of time; write minutes, hours, days or weeks as 90m, 24h, 14d or 2w"
)]
pub(crate) struct NoSpan {
    text: String,
}

impl std::str::FromStr for Span {
    type Err = NoSpan;

    fn from_str(text: &str) -> Result<Span, NoSpan> {
        let is_span = text.starts_with(|c: char| c.is_ascii_digit());
        match text.parse::<Bound>() {
            Ok(Bound::BeforeNow(span)) if is_span => Ok(Span(span)),
            _ => Err(NoSpan {
                text: text.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_moments_are_not() {
        assert_eq!("90m".parse(), Ok(Span(TimeDelta::minutes(90))));
        assert_eq!("2w".parse(), Ok(Span(TimeDelta::days(14))));
        for text in ["", "now", "today", "2026-01-31", "7", "d", "-7d"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
