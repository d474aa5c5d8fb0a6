//! Reads an event member by member, from where finding the record's end met them.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use serde::Deserialize;

use crate::event::Event;
use crate::identity::UserIdentity;
use crate::tolerant_record::replace;

/// Where a member lies, counted from the start of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberSpan {
    /// The key, without its quotes.
    pub(crate) key: Range<usize>,
    /// The value, without the white space around it.
    pub(crate) value: Range<usize>,
}

/// A record that takes in its members one by one.
pub(crate) trait TakeMember<'a> {
    /// Takes in a member as reading the whole record would, a key without
    /// escapes.
    fn take(&mut self, key: &str, value: &'a str) -> serde_json::Result<()>;
}

/// A value that reads itself from its own text.
pub(crate) trait FromValue<'a>: Deserialize<'a> {
    fn from_value(value: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(value)
    }
}

/// The callers in a document, by what is written of them. Many records in a row
/// have few.
#[derive(Debug, Default)]
pub(crate) struct Callers<'b>(HashMap<&'b str, UserIdentity<'b>, FixedState>);

/// So many callers are remembered at once: as many as a usual file has.
const REMEMBERED: usize = 512;

impl<'b> Callers<'b> {
    fn read(&mut self, value: &'b str) -> serde_json::Result<UserIdentity<'b>> {
        if let Some(known) = self.0.get(value) {
            return Ok(known.clone());
        }
        let caller = UserIdentity::from_value(value)?;
        if self.0.len() == REMEMBERED {
            self.0.clear();
        }
        self.0.insert(value, caller.clone());
        Ok(caller)
    }
}

/// Reads an event from its members, all of them, in their order. `None` where
/// only reading it in one piece tells what it is, or what is wrong.
pub(crate) fn event<'b>(
    record: &'b [u8],
    members: &[MemberSpan],
    callers: &mut Callers<'b>,
) -> Option<Event<'b>> {
    if members.is_empty() {
        return None;
    }
    let record = std::str::from_utf8(record).ok()?;
    let mut event = Event::default();
    for member in members {
        let key = record.get(member.key.clone())?;
        let value = record.get(member.value.clone())?;
        match key {
            "userIdentity" => replace(&mut event.user_identity, callers.read(value).ok()?),
            _ if key.as_bytes().contains(&b'\\') => return None,
            _ => event.take(key, value).ok()?,
        }
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interest::Interest;
    use crate::record_span::RecordSpan;
    use crate::scan::Scanner;

    /// Reads a record both ways. `None` where the record is no whole object, or
    /// the members leave it to reading it in one piece.
    fn both(record: &str) -> Option<(Event<'_>, serde_json::Result<Event<'_>>)> {
        let mut members = Vec::new();
        let mut scanner = Scanner::new(record.as_bytes());
        let everything = Interest::everything();
        RecordSpan::of(&mut scanner, 0, &everything, &mut members).ok()?;
        let mut callers = Callers::default();
        let read = event(record.as_bytes(), &members, &mut callers)?;
        let again = event(record.as_bytes(), &members, &mut callers)?;
        assert_eq!(read, again, "a caller is remembered as it is");
        Some((read, serde_json::from_str(record)))
    }

    #[test]
    fn each_spelling_reads_as_it_does_in_one_piece() {
        for record in [
            r#"{"eventName":"GetObject","eventTime":"2026-03-02T09:05:17Z","readOnly":"True"}"#,
            r#"{ "eventName" : "Get\u004fbject" , "tlsDetails" : { "a" : [ 1 , { } ] } }"#,
            r#"{"requestId":"a","requestID":"b","eventId":"c","eventID":"","eventID":"d"}"#,
            r#"{"userIdentity":{"type":"Root","sessionContext":{"attributes":{}}},"userIdentity":{}}"#,
            r#"{"userIdentity":null,"resources":"","additionalEventData":{"objectSize":"7"}}"#,
            r#"{"requestParameters":{"key":"a\"b"},"awsRegion":["x"],"recipientAccountId":1}"#,
        ] {
            let (read, whole) = both(record).unwrap();
            assert_eq!(read, whole.unwrap(), "{record}");
        }
    }

    #[test]
    fn what_is_no_json_is_left_to_reading_in_one_piece() {
        for record in [
            r#"{"event\u004eame":"GetObject"}"#,
            r#"{"eventName":"a\qb"}"#,
            r#"{"tlsDetails":{"a":01}}"#,
            r#"{"userIdentity":{"type":tru}}"#,
            r#"{"readOnly":truth}"#,
            "{}",
        ] {
            assert!(both(record).is_none(), "{record}");
        }
        assert!(event(b"{\"eventName\":\"\xff\"}", &[], &mut Callers::default()).is_none());
    }

    #[test]
    fn no_more_callers_are_remembered_than_a_usual_file_has() {
        let records: Vec<String> = (0..3 * REMEMBERED)
            .map(|n| format!(r#"{{"type":"IAMUser","userName":"user-{n}"}}"#))
            .collect();
        let mut callers = Callers::default();
        for record in &records {
            let caller = callers.read(record).unwrap();
            assert_eq!(caller, serde_json::from_str(record).unwrap());
            assert!(callers.0.len() <= REMEMBERED);
        }
    }

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            r#""[a-z\\"\u0000-\u001f é]{0,6}""#,
            r#"[0-9tfne.+-]{1,5}"#,
            Just("null".to_owned()),
            Just("true".to_owned()),
            Just(r#"{"type":"Root","userName":["a"],"sessionContext":{"x":1}}"#.to_owned()),
            Just(r#"[{"ARN":"arn:aws:s3:::b/k"},"x",[]]"#.to_owned()),
            Just(r#"{"bucketName":"b","key":"k\u00e9"}"#.to_owned()),
        ]
    }

    fn key() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(vec![
            "eventName",
            "eventTime",
            "eventID",
            "eventId",
            "requestID",
            "requestId",
            "userAgent",
            "readOnly",
            "userIdentity",
            "requestParameters",
            "resources",
            "additionalEventData",
            "responseElements",
            "addendum",
            "tlsDetails",
            "x\\u0041",
        ])
    }

    proptest! {
        #[test]
        fn members_make_the_event_that_the_whole_record_makes(
            members in proptest::collection::vec((key(), value()), 0..8),
            space in "[ \t\r\n]{0,2}",
        ) {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("{space}\"{key}\"{space}:{space}{value}{space}"))
                .collect();
            let record = format!("{{{}}}", members.join(","));
            if let Some((read, whole)) = both(&record) {
                prop_assert_eq!(read, whole.unwrap());
            }
        }
    }
}
