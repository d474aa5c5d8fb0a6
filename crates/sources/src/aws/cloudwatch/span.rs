//! The stretches of time that a log group is asked about.

use std::fmt;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::super::time::moment;

/// Whole seconds since 1970, from the first up to and without the last.
///
/// Two spans that meet share no moment, so what each of them holds adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    start: i64,
    end: i64,
}

impl Span {
    /// Returns the span of these seconds, none where no second lies in it.
    pub(crate) fn new(start: i64, end: i64) -> Option<Span> {
        (start < end).then_some(Span { start, end })
    }

    /// Returns the first second.
    pub(crate) fn start(self) -> i64 {
        self.start
    }

    /// Returns the first second behind.
    pub(crate) fn end(self) -> i64 {
        self.end
    }

    /// Returns the span from the beginning of this one to the end of a later one.
    pub(crate) fn up_to(self, later: Span) -> Span {
        Span {
            start: self.start,
            end: later.end,
        }
    }

    /// Returns the earlier and the later half, none of a single second.
    pub(crate) fn halves(self) -> Option<[Span; 2]> {
        let middle = self.start + (self.end - self.start) / 2;
        let earlier = Span::new(self.start, middle)?;
        Some([earlier, Span::new(middle, self.end)?])
    }

    /// Cuts the span into pieces of so many seconds, the last one shorter.
    pub(crate) fn pieces(self, seconds: i64) -> impl Iterator<Item = Span> {
        let starts = (self.start..self.end).step_by(usize::try_from(seconds).unwrap_or(1).max(1));
        starts.filter_map(move |start| Span::new(start, self.end.min(start + seconds.max(1))))
    }

    /// Tells whether a moment lies in it, in milliseconds since 1970.
    pub(crate) fn holds(self, millis: i64) -> bool {
        (self.start..self.end).contains(&millis.div_euclid(1000))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", moment(self.start), moment(self.end))
    }
}

/// Reads the `@timestamp` of a row of Logs Insights, which is in UTC without
/// saying so: `2026-03-01 09:29:13.095`. Doubles of AWS give milliseconds since
/// 1970 in its place.
pub(crate) fn timestamp_millis(text: &str) -> Option<i64> {
    if let Ok(millis) = text.parse() {
        return Some(millis);
    }
    let moment = format!("{}Z", text.replacen(' ', "T", 1));
    let moment = DateTime::from_str(&moment, Format::DateTime).ok()?;
    moment.to_millis().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Span {
        Span::new(start, end).unwrap()
    }

    #[test]
    fn halves_meet_and_lose_nothing() {
        let mut splits = 0;
        let mut open = vec![span(100, 137)];
        let mut seconds = Vec::new();
        while let Some(span) = open.pop() {
            match span.halves() {
                Some([earlier, later]) => {
                    assert_eq!((earlier.start(), later.end()), (span.start(), span.end()));
                    assert_eq!(earlier.end(), later.start());
                    open.extend([later, earlier]);
                    splits += 1;
                }
                None => seconds.push(span.start()),
            }
        }
        assert_eq!(seconds, (100..137).collect::<Vec<_>>());
        assert_eq!(splits, 36);
    }

    #[test]
    fn each_moment_lies_in_exactly_one_piece() {
        for (whole, seconds) in [(span(0, 10), 3), (span(-7, 5), 4), (span(0, 3), 86_400)] {
            let pieces: Vec<Span> = whole.pieces(seconds).collect();
            for millis in (whole.start() * 1000 - 1500)..(whole.end() * 1000 + 1500) {
                let holding = pieces.iter().filter(|piece| piece.holds(millis)).count();
                assert_eq!(
                    holding,
                    usize::from(whole.holds(millis)),
                    "{whole} {millis}"
                );
            }
        }
        assert_eq!(Span::new(5, 5), None);
        assert_eq!(Span::new(6, 5), None);
    }

    #[test]
    fn a_span_reads_as_people_write_times() {
        assert_eq!(
            span(1_772_323_200, 1_772_409_600).to_string(),
            "2026-03-01T00:00:00Z..2026-03-02T00:00:00Z"
        );
    }

    #[test]
    fn rows_say_their_time_in_two_ways() {
        let at = timestamp_millis("2026-03-01 00:00:00.095");
        assert_eq!(at, Some(1_772_323_200_095));
        assert_eq!(timestamp_millis("1772323200095"), at);
        for text in ["", "yesterday", "2026-03-01", "2026-13-01 00:00:00.000"] {
            assert_eq!(timestamp_millis(text), None, "{text}");
        }
    }
}
