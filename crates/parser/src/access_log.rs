//! S3 server access logs: one request a line, its fields between spaces.
//!
//! Source: Amazon S3 User Guide, "Amazon S3 server access log format"; for the
//! operations of S3 Lifecycle, "How S3 Lifecycle interacts with other bucket
//! configurations". Fields may be added at the end of a line.

use std::borrow::Cow;

use chrono::DateTime;

use crate::content::ContentHash;
use crate::event::percent_decoded;
use crate::item::Item;
use crate::reject::RejectReason;
use crate::s3_deletion::{S3Deletion, S3Report};
use crate::shape::Passed;
use crate::timestamp::Timestamp;
use crate::tolerant::{Count, Text};
use crate::walk::{Document, Walk, object_start};

/// What operations begin with.
const OPERATIONS: [&[u8]; 5] = [b"REST.", b"BATCH.", b"S3.", b"SOAP.", b"WEBSITE."];

/// The fields that every line begins with, up to the operation.
struct Head<'b> {
    bucket: &'b [u8],
    time: Timestamp,
    source_ip: &'b [u8],
    requester: &'b [u8],
    request_id: &'b [u8],
    operation: &'b [u8],
}

/// An operation that deletes one object.
enum Deletes {
    /// For a request, whose answer the log leaves out.
    ByRequest,
    /// For S3 Lifecycle: the object itself, or behind a delete marker.
    ByLifecycle { delete_marker: bool },
}

/// Why a line is not read.
enum Broken {
    /// The line ends before its fields do.
    Ends,
    Has(&'static str),
}

/// The fields of a line that are not read yet.
struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    fn next(&mut self) -> Option<&'b [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr(b' ', self.0).unwrap_or(self.0.len());
        let field = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(field)
    }

    /// Takes a field in quotes that ends where `is_end` accepts what stands
    /// behind its last quote; a field without quotes where it ends anyway.
    fn quoted(&mut self, is_end: impl Fn(&[u8]) -> bool) -> Option<&'b [u8]> {
        let Some(inner) = self.0.strip_prefix(b"\"") else {
            return self.next();
        };
        let end = memchr::memchr_iter(b'"', inner).find(|&at| is_end(&inner[at + 1..]))?;
        self.0 = inner[end + 1..].trim_ascii_start();
        Some(&inner[..end])
    }
}

impl<'b> Head<'b> {
    /// Reads the beginning of a line; `None` where it is none of these logs.
    fn of(fields: &mut Fields<'b>) -> Option<Head<'b>> {
        let _owner = fields.next().filter(|owner| !owner.is_empty())?;
        let bucket = fields.next()?;
        let time = fields.0.strip_prefix(b"[")?;
        let time_end = memchr::memchr(b']', time)?;
        let (time, rest) = time.split_at(time_end);
        fields.0 = rest.strip_prefix(b"] ")?;
        let head = Head {
            bucket,
            time: moment(time)?,
            source_ip: fields.next()?,
            requester: fields.next()?,
            request_id: fields.next()?,
            operation: fields.next()?,
        };
        let known = |start: &&[u8]| head.operation.starts_with(start);
        OPERATIONS.iter().any(known).then_some(head)
    }

    fn deletes(&self) -> Option<Deletes> {
        match self.operation {
            b"REST.DELETE.OBJECT" | b"BATCH.DELETE.OBJECT" => Some(Deletes::ByRequest),
            b"S3.EXPIRE.OBJECT" => Some(Deletes::ByLifecycle {
                delete_marker: false,
            }),
            b"S3.CREATE.DELETEMARKER" => Some(Deletes::ByLifecycle {
                delete_marker: true,
            }),
            _ => None,
        }
    }

    /// Reads the rest of the line of a deletion. Of one that nothing ends, the
    /// last field may be cut.
    fn deletion(
        &self,
        deletes: &Deletes,
        mut fields: Fields<'b>,
        is_ended: bool,
    ) -> Result<S3Deletion<'b>, Broken> {
        let next = |fields: &mut Fields<'b>| fields.next().ok_or(Broken::Ends);
        let key = next(&mut fields)?;
        // S3 leaves quotes in what a caller sent as they are. A request line has
        // no spaces of the caller's, so the first quote before a status ends it.
        let request = fields.quoted(|rest| {
            let status = rest.strip_prefix(b" ").and_then(|rest| rest.get(..4));
            status.is_some_and(|status| {
                status.starts_with(b"- ") || status[..3].iter().all(u8::is_ascii_digit)
            })
        });
        request.ok_or(Broken::Ends)?;
        let http_status = match next(&mut fields)? {
            b"-" => None,
            status => Some(number(status).ok_or(Broken::Has("a status that is no number"))?),
        };
        let error_code = next(&mut fields)?;
        let _bytes_sent = next(&mut fields)?;
        let object_size = next(&mut fields)?;
        let _total_time = next(&mut fields)?;
        let _turn_around_time = next(&mut fields)?;
        // Behind the caller's own words no field has quotes: the last one on the
        // line is S3's, whatever the caller wrote before it.
        let is_last = |rest: &[u8]| memchr::memchr(b'"', rest).is_none();
        let referer = fields.quoted(|rest| rest.starts_with(b" \"") || is_last(rest));
        referer.ok_or(Broken::Ends)?;
        let user_agent = fields.quoted(is_last);
        let user_agent = user_agent.ok_or(Broken::Ends)?;
        let version_id = text(next(&mut fields)?);
        if !is_ended && fields.0.is_empty() {
            return Err(Broken::Ends);
        }
        let (by_lifecycle, delete_marker) = match deletes {
            Deletes::ByLifecycle { delete_marker } => (true, Some(*delete_marker)),
            // Only a request for a version says what became of the object.
            Deletes::ByRequest => (false, version_id.get().map(|_| false)),
        };
        Ok(S3Deletion {
            report: S3Report::AccessLog,
            time: self.time,
            operation: text(self.operation),
            by_lifecycle,
            delete_marker,
            bucket: text(self.bucket),
            key: key_text(key),
            version_id,
            object_size: Count(number(object_size)),
            requester: text(self.requester),
            request_id: text(self.request_id),
            source_ip: text(self.source_ip),
            user_agent: text(user_agent),
            http_status,
            error_code: text(error_code),
            account_id: Text::default(),
            region: Text::default(),
        })
    }
}

/// Tells whether bytes are a server access log: a line of one stands before any
/// record in JSON, whatever is wrong with the lines before it.
pub(crate) fn is_access_log(bytes: &[u8]) -> bool {
    if matches!(bytes.trim_ascii_start().first(), None | Some(b'{' | b'[')) {
        return false;
    }
    let is_line = |line: &&[u8]| Head::of(&mut Fields(line.trim_ascii())).is_some();
    for line in bytes.split(|&byte| byte == b'\n') {
        if is_line(&line) {
            return true;
        }
        if object_start(line).is_some() {
            return false;
        }
    }
    false
}

impl Walk<'_> {
    /// Reads a server access log line by line.
    pub(crate) fn access_log(&mut self, doc: &Document<'_>) {
        let bytes = doc.bytes();
        let mut at = 0;
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map(|end| at + end);
            let line = bytes[at..end.unwrap_or(bytes.len())].trim_ascii();
            if !line.is_empty() {
                self.access_log_line(doc, at, line, end.is_some());
            }
            at = end.map_or(bytes.len(), |end| end + 1);
        }
    }

    fn access_log_line(&mut self, doc: &Document<'_>, at: usize, line: &[u8], is_ended: bool) {
        let mut fields = Fields(line);
        let read = match Head::of(&mut fields) {
            None => Err(Broken::Has("no time and operation where they should be")),
            Some(head) => match head.deletes() {
                Some(deletes) if self.interest.wants_s3_deletions() => {
                    head.deletion(&deletes, fields, is_ended).map(Some)
                }
                _ => Ok(None),
            },
        };
        match read {
            Ok(Some(deletion)) => {
                let position = self.next_position(doc, at);
                (self.sink)(Item::S3Deletion {
                    deletion,
                    position,
                    content: ContentHash::of_text(line),
                });
            }
            Ok(None) => self.pass(doc, at, Passed::OtherAccessLogLine),
            Err(_) if !is_ended => self.reject(doc, at, RejectReason::CutShort),
            Err(Broken::Ends) => self.unreadable(doc, at, "an access log line that ends too early"),
            Err(Broken::Has(what)) => {
                self.unreadable(doc, at, format_args!("an access log line with {what}"));
            }
        }
    }
}

/// Reads `06/Feb/2019:00:00:38 +0000`.
fn moment(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let time = DateTime::parse_from_str(text, "%d/%b/%Y:%H:%M:%S %z").ok()?;
    Some(Timestamp(time.timestamp_micros())).filter(|time| time.0 >= 0)
}

fn number<N: std::str::FromStr>(field: &[u8]) -> Option<N> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// Reads a field: `-` is none, and no odd byte costs the line.
fn text(field: &[u8]) -> Text<'_> {
    match String::from_utf8_lossy(field) {
        Cow::Borrowed("-") => Text::default(),
        Cow::Borrowed(text) => Text::borrowed(text),
        Cow::Owned(text) => Text::owned(text),
    }
}

/// Reads a key, which is percent-encoded.
fn key_text(field: &[u8]) -> Text<'_> {
    let key = text(field);
    match key.get().map(percent_decoded) {
        Some(Cow::Owned(decoded)) => Text::owned(decoded),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::interest::Interest;
    use crate::reader::Reader;

    const HEAD: &str = "EXAMPLEOWNER amazon-connect-example-recordings [02/Mar/2026:09:05:17 +0000] \
                        192.0.2.10 arn:aws:iam::111122223333:user/mary EXAMPLE1";

    #[derive(Debug, Default, PartialEq)]
    struct Seen {
        deletions: Vec<String>,
        passed: usize,
        rejects: Vec<String>,
    }

    fn read(log: &[u8]) -> Seen {
        let mut seen = Seen::default();
        Reader::new(Interest::everything(), 1 << 20).read(log, &mut |item| match item {
            Item::S3Deletion { deletion, .. } => seen.deletions.push(format!(
                "{} {} {} {:?} {}",
                deletion.operation.as_str(),
                deletion.key.as_str(),
                deletion.version_id.as_str(),
                deletion.http_status,
                deletion.user_agent.as_str()
            )),
            Item::Reject(reject) => {
                seen.rejects
                    .push(format!("{} {}", reject.position.offset, reject.reason));
            }
            _ => seen.passed += 1,
        });
        seen
    }

    fn line(rest: &str) -> String {
        format!("{HEAD} {rest}\n")
    }

    #[test]
    fn each_deletion_is_read_and_every_other_line_passed() {
        let rest = "- - 1048576 - - \"-\" \"-\"";
        let log = [
            line(&format!(
                "S3.EXPIRE.OBJECT a%3A1 \"-\" - {rest} v1 EXAMPLE= - - - - -"
            )),
            line("S3.CREATE.DELETEMARKER k \"-\" - - - - - - \"-\" \"-\" - EXAMPLE="),
            line(
                "REST.DELETE.OBJECT k%2520x \"DELETE /k?versionId=v HTTP/1.1\" 204 - - 7 12 - \"-\" \"aws cli/2\" v EXAMPLE= SigV4 new fields",
            ),
            line("BATCH.DELETE.OBJECT k - 403 AccessDenied - 1 - - - - - EXAMPLE="),
            line("REST.GET.OBJECT k \"GET /k HTTP/1.1\" 200"),
            line("REST.POST.MULTI_OBJECT_DELETE - \"POST /?delete HTTP/1.1\" 200 -"),
            line("S3.TRANSITION_SIA.OBJECT k"),
        ];
        let seen = read(log.concat().as_bytes());
        assert_eq!(
            seen.deletions,
            [
                "S3.EXPIRE.OBJECT a:1 v1 None ",
                "S3.CREATE.DELETEMARKER k  None ",
                "REST.DELETE.OBJECT k%20x v Some(204) aws cli/2",
                "BATCH.DELETE.OBJECT k  Some(403) ",
            ]
        );
        assert_eq!((seen.passed, seen.rejects.len()), (3, 0));
    }

    #[test]
    fn a_callers_quotes_move_no_field() {
        let agent = r#"x" forged EXAMPLE "y" 200 - -"#;
        let forged = line(&format!(
            r#"REST.DELETE.OBJECT k "DELETE /k?"x" HTTP/1.1" 204 - - - 9 - "a" b" "{agent}" v EXAMPLE= SigV4"#
        ));
        let seen = read(forged.as_bytes());
        assert_eq!(seen.deletions.len(), 1, "{seen:?}");
        assert!(seen.deletions[0].starts_with("REST.DELETE.OBJECT k v Some(204) "));
        assert!(seen.deletions[0].ends_with(agent));
    }

    #[test]
    fn a_damaged_line_costs_itself_and_says_where() {
        let good = line("S3.EXPIRE.OBJECT k \"-\" - - - - - - \"-\" \"-\" v EXAMPLE=");
        let log = format!(
            "cut from the front\n{good}\r\n{HEAD} REST.DELETE.OBJECT k \"DELETE\n{HEAD} REST.DELETE.OBJECT k - x2x - - - - - - - - -\n{good}{}",
            &good[..good.len() - 12]
        );
        let seen = read(log.as_bytes());
        assert_eq!(seen.deletions.len(), 2);
        assert_eq!(
            seen.rejects
                .iter()
                .map(|reject| reject.split_once(' ').unwrap().1)
                .collect::<Vec<_>>(),
            [
                "unreadable record: an access log line with no time and operation where they should be",
                "unreadable record: an access log line that ends too early",
                "unreadable record: an access log line with a status that is no number",
                "cut short: the input ends inside this record",
            ]
        );
        assert!(
            seen.rejects[1].starts_with(&format!("{} ", 19 + good.len() + 2)),
            "{seen:?}"
        );
    }

    #[test]
    fn other_lines_of_the_web_are_no_s3_log() {
        for other in [
            "192.0.2.1 - [06/Feb/2019:00:00:38 +0000] \"GET / HTTP/1.1\" 200 5 - -",
            "a b [06/Feb/2019:00:00:38] 192.0.2.1 r i REST.GET.OBJECT k",
            "2026-01-01T00:00:00Z {\"eventName\":\"x\"}\na b [06/Feb/2019:00:00:38 +0000] i r q REST.GET.OBJECT k",
            "",
        ] {
            assert!(!is_access_log(other.as_bytes()), "{other}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_after_a_line_leave_it_alone(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let good = line("S3.EXPIRE.OBJECT k \"-\" - - - - - - \"-\" \"-\" v EXAMPLE=");
            let seen = read(&[good.as_bytes(), &bytes].concat());
            prop_assert!(!seen.deletions.is_empty());
            let lines = bytes.split(|&b| b == b'\n').filter(|l| !l.trim_ascii().is_empty()).count();
            prop_assert_eq!(seen.deletions.len() + seen.passed + seen.rejects.len(), 1 + lines);
        }

        #[test]
        fn any_cut_of_a_line_is_named(cut in any::<proptest::sample::Index>(), byte in any::<u8>()) {
            let good = line("REST.DELETE.OBJECT k \"DELETE /k HTTP/1.1\" 204 - - - 9 - \"-\" \"a\" v1 EXAMPLE= SigV4");
            let whole = [good.as_bytes(), good.as_bytes()].concat();
            let at = good.len() + cut.index(good.len() - 1);
            let seen = read(&whole[..at]);
            prop_assert!(seen.deletions.iter().all(|said| said.contains(" v1 ")), "{seen:?}");
            let mut changed = whole.clone();
            changed[at] = byte;
            read(&changed);
        }
    }
}
