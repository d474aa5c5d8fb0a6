//! Where a record ends and what its first level says it is, without reading the
//! rest.

use crate::event_by_member::MemberSpan;
use crate::interest::Interest;
use crate::scan::{Scan, ScanError, Scanner};

/// What stands at the first level of an object that may be a CloudTrail record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RecordSpan<'a> {
    /// The position behind it.
    pub(crate) end: usize,
    /// The value of `eventName`.
    pub(crate) event_name: Said<'a>,
    /// The value of `eventSource`.
    pub(crate) event_source: Said<'a>,
    /// The value of `eventType`.
    pub(crate) event_type: Said<'a>,
    /// The value of `eventCategory`.
    pub(crate) event_category: Said<'a>,
}

/// What a key's value is, as far as its bytes tell at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Said<'a> {
    /// The key is not there.
    #[default]
    Nothing,
    /// A text without escapes.
    Plain(&'a [u8]),
    /// Anything else, or the key is there twice, or a key is written with
    /// escapes: only reading the record tells.
    Unclear,
}

impl Said<'_> {
    /// Tells whether the value may be one of some texts.
    pub(crate) fn may_be(&self, test: impl Fn(&[u8]) -> bool) -> bool {
        match self {
            Said::Nothing => false,
            Said::Plain(text) => test(text),
            Said::Unclear => true,
        }
    }
}

impl<'a> RecordSpan<'a> {
    /// Walks over the members of the object that opens at `open`, as far as it
    /// takes to know that the record is of no interest. `members` are those it
    /// has, none where not all were met.
    pub(crate) fn of(
        scanner: &mut Scanner<'a>,
        open: usize,
        interest: &Interest,
        members: &mut Vec<MemberSpan>,
    ) -> Scan<RecordSpan<'a>> {
        members.clear();
        let bytes = scanner.bytes();
        let mut span = RecordSpan::default();
        let mut at = scanner.skip_space(open + 1);
        if scanner.byte(at)? == b'}' {
            span.end = at + 1;
            return Ok(span);
        }
        loop {
            let key_end = scanner.string_end(at)?;
            let key = &bytes[at + 1..key_end - 1];
            let colon = scanner.expect(scanner.skip_space(key_end), b':')?;
            let value = scanner.skip_space(colon);
            let end = scanner.skip(value)?;
            members.push(MemberSpan {
                key: at + 1 - open..key_end - 1 - open,
                value: value - open..end - open,
            });
            let tells_interest = matches!(key, b"eventName" | b"eventSource");
            let said = match key {
                b"eventName" => Some(&mut span.event_name),
                b"eventSource" => Some(&mut span.event_source),
                b"eventType" => Some(&mut span.event_type),
                b"eventCategory" => Some(&mut span.event_category),
                _ if key.contains(&b'\\') => {
                    span.event_name = Said::Unclear;
                    span.event_source = Said::Unclear;
                    span.event_type = Said::Unclear;
                    span.event_category = Said::Unclear;
                    None
                }
                _ => None,
            };
            if let Some(said) = said {
                *said = match (*said, &bytes[value..end]) {
                    (Said::Nothing, [b'"', text @ .., b'"']) if !text.contains(&b'\\') => {
                        Said::Plain(text)
                    }
                    _ => Said::Unclear,
                };
            }
            if tells_interest
                && span.is_of_no(interest)
                && let Some(end) = scanner.object_end(end)
            {
                span.end = end;
                members.clear();
                return Ok(span);
            }
            at = scanner.skip_space(end);
            match scanner.byte(at)? {
                b',' => at = scanner.skip_space(at + 1),
                b'}' => {
                    span.end = at + 1;
                    return Ok(span);
                }
                byte => return Err(ScanError::unexpected(at, byte)),
            }
        }
    }

    /// Tells whether what was read so far says that the record is an event, by
    /// its source, and not one that matters, by its name.
    fn is_of_no(&self, interest: &Interest) -> bool {
        match (self.event_source, self.event_name) {
            (Said::Plain(source), Said::Plain(name)) => {
                !source.starts_with(b"aws:") && !interest.wants(name) && !interest.heeds(name)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> RecordSpan<'_> {
        let mut scanner = Scanner::new(text.as_bytes());
        RecordSpan::of(&mut scanner, 0, &Interest::everything(), &mut Vec::new()).unwrap()
    }

    #[test]
    fn only_the_first_level_counts() {
        let text = r#"{"requestParameters":{"eventName":"GetObject"},"eventName" : "PutObject","eventSource":["s3"]}"#;
        let span = span(text);
        assert_eq!(span.end, text.len());
        assert_eq!(span.event_name, Said::Plain(b"PutObject"));
        assert_eq!(span.event_source, Said::Unclear);
        assert_eq!(span.event_type, Said::Nothing);
    }

    #[test]
    fn the_rest_of_a_record_of_no_interest_is_skipped_in_one() {
        let text =
            r#"{"eventSource":"s3","eventName":"PutObject","x":{"eventName":"y"},"eventType":"z"}"#;
        let interest = Interest::in_events(["GetObject"]);
        let mut members = Vec::new();
        let mut scanner = Scanner::new(text.as_bytes());
        let span = RecordSpan::of(&mut scanner, 0, &interest, &mut members).unwrap();
        assert_eq!(span.end, text.len());
        assert_eq!(members, []);
        assert_eq!(span.event_type, Said::Nothing);
        // A record that does not end does not swallow the next.
        let text = format!("[{},{text}]", &text[..text.len() - 1]);
        let mut scanner = Scanner::new(text.as_bytes());
        assert!(RecordSpan::of(&mut scanner, 1, &interest, &mut members).is_err());
    }

    #[test]
    fn what_bytes_do_not_tell_is_unclear() {
        for text in [
            r#"{"event\u004eame":"GetObject"}"#,
            r#"{"eventName":"Get\u004fbject"}"#,
            r#"{"eventName":"a","eventName":"b"}"#,
            r#"{"eventName":7}"#,
            r#"{"eventName":"a","x\\":1}"#,
        ] {
            assert_eq!(span(text).event_name, Said::Unclear, "{text}");
        }
        assert_eq!(span("{ }").end, 3);
        let mut scanner = Scanner::new(b"{\"a\":1,}");
        let everything = Interest::everything();
        assert!(RecordSpan::of(&mut scanner, 0, &everything, &mut Vec::new()).is_err());
    }
}
