//! Walks through an input and takes off its wrappers, down to single records.

use crate::access_log::is_access_log;
use crate::damage::{Damage, Resume};
use crate::event_by_member::{Callers, MemberSpan};
use crate::inflate::Inflater;
use crate::insights_table::Header;
use crate::interest::Interest;
use crate::item::Item;
use crate::listing::Listing;
use crate::record_span::RecordSpan;
use crate::reject::{Excerpt, Position, Reject, RejectReason};
use crate::s3_deletion::is_object_deleted;
use crate::scan::{Scan, ScanError, Scanner};
use crate::shape::{Element, Kind, Passed, Role, Whole};
use crate::timestamp::Timestamp;

/// Objects, arrays and texts inside one another that are taken off before giving
/// up: twice as many as any known wrapper of a wrapper has.
pub(crate) const MAX_WRAPPERS: usize = 16;

/// The walk through one input.
pub(crate) struct Walk<'r> {
    pub(crate) interest: &'r Interest,
    /// Bytes that payloads may still inflate to, all of the input's together.
    pub(crate) payload_bytes: usize,
    /// Kept between payloads for its buffers.
    pub(crate) inflater: Option<Inflater>,
    pub(crate) sink: &'r mut dyn FnMut(Item<'_>),
    pub(crate) index: u64,
    /// A record cut short at the end of the input, held back until it is known
    /// whether its compression explains the cut.
    pub(crate) cut_short: Option<Position>,
    /// What the document says of the listing that is being read.
    pub(crate) listing: Listing,
    /// Kept between records for its room.
    pub(crate) members: Vec<MemberSpan>,
}

/// Text that is being walked through.
pub(crate) struct Document<'b> {
    pub(crate) scanner: Scanner<'b>,
    /// The offset to report for everything inside, when this is a payload.
    carried_at: Option<u64>,
    pub(crate) wrappers: usize,
    pub(crate) damage: Damage,
    pub(crate) callers: Callers<'b>,
}

/// Where reading goes on.
pub(crate) enum Next {
    At(usize),
    /// Nowhere: the rest cannot be told apart, and a reject says so.
    Lost,
}

pub(crate) type Walked = Result<Next, ScanError>;

impl<'b> Document<'b> {
    fn new(bytes: &'b [u8], carried_at: Option<u64>, wrappers: usize) -> Self {
        Document {
            scanner: Scanner::new(bytes),
            carried_at,
            wrappers,
            damage: Damage::default(),
            callers: Callers::default(),
        }
    }

    pub(crate) fn bytes(&self) -> &'b [u8] {
        self.scanner.bytes()
    }

    pub(crate) fn offset(&self, at: usize) -> u64 {
        self.carried_at.unwrap_or(at as u64)
    }

    /// Finds the end of the record at `at`, by short cuts where that is sure: a
    /// record that seems to hold the start of another may have swallowed it, for
    /// want of a bracket. Then, as after an error, the way is gone again exactly.
    pub(crate) fn surely<T>(
        &mut self,
        at: usize,
        mut find_end: impl FnMut(&mut Scanner<'b>) -> Scan<(T, usize)>,
    ) -> Scan<T> {
        if !self.scanner.is_exact() {
            let bytes = self.scanner.bytes();
            if let Ok((found, end)) = find_end(&mut self.scanner)
                && !self.damage.starts_between(bytes, at + 1, end)
            {
                return Ok(found);
            }
            self.scanner.be_exact();
        }
        find_end(&mut self.scanner).map(|(found, _)| found)
    }
}

impl Walk<'_> {
    pub(crate) fn finish(&mut self, defect: Option<RejectReason>, end: u64) {
        let cut = self.cut_short.take();
        let reason = match (defect, cut) {
            (Some(defect), _) => defect,
            (None, Some(_)) => RejectReason::CutShort,
            (None, None) => return,
        };
        let position = cut.unwrap_or(Position {
            index: self.index,
            offset: end,
        });
        (self.sink)(Item::Reject(Reject { position, reason }));
    }

    pub(crate) fn next_position(&mut self, doc: &Document<'_>, at: usize) -> Position {
        let position = Position {
            index: self.index,
            offset: doc.offset(at),
        };
        self.index += 1;
        position
    }

    pub(crate) fn reject(&mut self, doc: &Document<'_>, at: usize, reason: RejectReason) {
        let position = self.next_position(doc, at);
        if reason == RejectReason::CutShort && doc.carried_at.is_none() {
            // Of several, only the last can be the compression's doing.
            if let Some(position) = self.cut_short.replace(position) {
                (self.sink)(Item::Reject(Reject { position, reason }));
            }
        } else {
            (self.sink)(Item::Reject(Reject { position, reason }));
        }
    }

    pub(crate) fn pass(&mut self, doc: &Document<'_>, at: usize, passed: Passed) {
        self.next_position(doc, at);
        (self.sink)(Item::Passed(passed));
    }

    /// Reads a whole input, or the text or bytes that a wrapper carried.
    pub(crate) fn document(&mut self, bytes: &[u8], carried_at: Option<u64>, wrappers: usize) {
        if bytes.starts_with(&[0x1f, 0x8b, 0x08]) && wrappers <= MAX_WRAPPERS {
            return self.compressed(bytes, carried_at, wrappers);
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut doc = Document::new(bytes, carried_at, wrappers);
        let start = doc.scanner.skip_space(0);
        let whole_input = match bytes {
            _ if start == bytes.len() => Some(RejectReason::Empty),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, _, ..] => {
                Some(RejectReason::Utf16).filter(|_| looks_utf16(bytes))
            }
            _ if bytes.starts_with(b"version https://git-lfs") => Some(RejectReason::GitLfsPointer),
            _ if archive(bytes).is_some() => archive(bytes).map(RejectReason::Archive),
            _ if wrappers > MAX_WRAPPERS => Some(RejectReason::TooManyWrappers(MAX_WRAPPERS)),
            _ => None,
        };
        if let Some(reason) = whole_input {
            return self.reject(&doc, start, reason);
        }
        if is_access_log(bytes) {
            return self.access_log(&doc);
        }
        match Header::of(bytes) {
            Some(header) => self.table(&doc, header),
            None => self.values(&mut doc, start),
        }
    }

    /// Reads JSON values one after the other, each perhaps behind the time and
    /// stream that a log line begins with.
    fn values(&mut self, doc: &mut Document<'_>, start: usize) {
        let mut at = start;
        doc.damage.learn_start(doc.bytes(), at);
        while let Some(byte) = doc.bytes().get(at) {
            let next = match byte {
                b'{' | b'[' => match self.value(doc, at) {
                    Ok(next) => next,
                    Err(error) => match self.damaged(doc, at, error) {
                        Resume::After(at) | Resume::At(at) => Next::At(at),
                        Resume::Lost => Next::Lost,
                    },
                },
                _ => self.prose(doc, at, at == start),
            };
            let Next::At(next) = next else {
                return;
            };
            let behind = doc.scanner.skip_space(next);
            if at == start && is_line(&doc.bytes()[at..behind], next - at) {
                doc.damage.line_by_line();
            }
            at = behind;
        }
    }

    /// Passes what stands before a value: the beginning of a log line, or lines
    /// without a record, which are named as a reject.
    fn prose(&mut self, doc: &mut Document<'_>, at: usize, first: bool) -> Next {
        let rest = &doc.bytes()[at..];
        let foreign = first && (rest[0] == b'<' || rest[..rest.len().min(512)].contains(&0));
        let Some(start) = object_start(rest).filter(|_| !foreign) else {
            let excerpt = Excerpt::of(rest);
            let reason = if first {
                RejectReason::NotALog(excerpt)
            } else {
                RejectReason::NoRecord(excerpt)
            };
            self.reject(doc, at, reason);
            return Next::Lost;
        };
        let text = &rest[..start];
        let line = memchr::memrchr(b'\n', text).map_or(0, |end| end + 1);
        let (lines, head) = text.split_at(line);
        if !head.is_empty() {
            doc.damage.line_by_line();
        }
        // `aws logs tail --format json` breaks the line before the record.
        let heads_record = head.is_empty() && is_log_line_head(lines);
        if !heads_record && !lines.trim_ascii().is_empty() {
            self.reject(doc, at, RejectReason::NoRecord(Excerpt::of(lines)));
        }
        Next::At(at + start)
    }

    pub(crate) fn value(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
        match doc.scanner.byte(at)? {
            b'{' => self.object(doc, at),
            b'[' => self.elements(doc, at, Element::Record),
            other => {
                let end = doc.scanner.value_end(at)?;
                let what = match other {
                    b'"' => "a string",
                    b'n' => "null",
                    b't' | b'f' => "a boolean",
                    _ => "a number",
                };
                self.reject(doc, at, RejectReason::NotARecord(what));
                Ok(Next::At(end))
            }
        }
    }

    /// Reads an array element by element; damage to one is handled here.
    fn elements(&mut self, doc: &mut Document<'_>, open: usize, kind: Element) -> Walked {
        self.inside(doc, open, |walk, doc| walk.each_element(doc, open, kind))
    }

    /// Goes one wrapper deeper, unless there are too many.
    fn inside(
        &mut self,
        doc: &mut Document<'_>,
        open: usize,
        walk: impl FnOnce(&mut Self, &mut Document<'_>) -> Walked,
    ) -> Walked {
        if doc.wrappers >= MAX_WRAPPERS {
            let end = doc.scanner.value_end(open)?;
            self.reject(doc, open, RejectReason::TooManyWrappers(MAX_WRAPPERS));
            return Ok(Next::At(end));
        }
        doc.wrappers += 1;
        let walked = walk(self, doc);
        doc.wrappers -= 1;
        walked
    }

    fn each_element(&mut self, doc: &mut Document<'_>, open: usize, kind: Element) -> Walked {
        let mut at = doc.scanner.skip_space(open + 1);
        if doc.scanner.byte(at)? == b']' {
            return Ok(Next::At(at + 1));
        }
        doc.damage.learn_start(doc.bytes(), at);
        loop {
            let resume = match self.element(doc, at, kind) {
                Ok(Next::At(end)) => Resume::After(end),
                Ok(Next::Lost) => return Ok(Next::Lost),
                Err(error) => self.damaged(doc, at, error),
            };
            at = match resume {
                Resume::Lost => return Ok(Next::Lost),
                Resume::At(next) => next,
                Resume::After(end) => {
                    let end = doc.scanner.skip_space(end);
                    match doc.scanner.byte(end) {
                        Ok(b',') => doc.scanner.skip_space(end + 1),
                        Ok(b']') => return Ok(Next::At(end + 1)),
                        // Where only the comma is missing, the next record is whole.
                        Ok(b'{') => {
                            let error = ScanError::unexpected(end, b'{');
                            self.reject(doc, end, error.reason(doc.offset(end)));
                            end
                        }
                        between => {
                            let error = match between {
                                Ok(byte) => ScanError::unexpected(end, byte),
                                Err(error) => error,
                            };
                            match self.damaged(doc, end, error) {
                                Resume::After(next) | Resume::At(next) => next,
                                Resume::Lost => return Ok(Next::Lost),
                            }
                        }
                    }
                }
            };
        }
    }

    fn element(&mut self, doc: &mut Document<'_>, at: usize, kind: Element) -> Walked {
        match (doc.scanner.byte(at)?, kind) {
            (b'{', Element::Directory(kind)) => self.whole(doc, at, Whole::Directory(kind)),
            (b'[', _) => self.result_row(doc, at),
            _ => self.value(doc, at),
        }
    }

    /// Reads an object by the first of its keys that says what it is.
    fn object(&mut self, doc: &mut Document<'_>, open: usize) -> Walked {
        self.inside(doc, open, |walk, doc| walk.each_member(doc, open))
    }

    fn each_member(&mut self, doc: &mut Document<'_>, open: usize) -> Walked {
        let mut understood = false;
        let mut perhaps = None;
        let mut listing = None;
        let mut at = doc.scanner.skip_space(open + 1);
        while doc.scanner.byte(at)? != b'}' {
            let key_end = doc.scanner.string_end(at)?;
            let value = doc.scanner.member(at)?;
            let role = Role::of(&doc.bytes()[at + 1..key_end - 1], &doc.bytes()[value..]);
            let next = match role {
                Role::Whole(Whole::Event) if !understood && perhaps.is_none() => {
                    let interest = self.interest;
                    let mut members = std::mem::take(&mut self.members);
                    let span = doc.surely(open, |scanner| {
                        let span = RecordSpan::of(scanner, open, interest, &mut members)?;
                        Ok((span, span.end))
                    })?;
                    if !span.event_source.may_be(carries_messages) {
                        let next = self.event(doc, open, &span, &members);
                        self.members = members;
                        return Ok(next);
                    }
                    perhaps = Some(span);
                    Next::At(doc.scanner.value_end(value)?)
                }
                Role::Whole(Whole::Event) => Next::At(doc.scanner.value_end(value)?),
                Role::Whole(whole) if !understood => {
                    if let Whole::Directory(kind) = whole {
                        self.listing(doc, open, &mut listing);
                        // Permissions are a list in one piece.
                        if kind != Kind::Permissions {
                            self.listing = self.listing.single();
                        }
                    }
                    return self.whole(doc, open, whole);
                }
                Role::Elements(kind @ Element::Directory(_)) => {
                    self.listing(doc, open, &mut listing);
                    self.elements(doc, value, kind)?
                }
                // The time of an S3 event stands beside what the event carries.
                Role::Payload
                    if !understood
                        && &doc.bytes()[at..key_end] == b"\"detail\""
                        && is_object_deleted(&mut doc.scanner, open).unwrap_or(false) =>
                {
                    return self.whole(doc, open, Whole::S3Deletion);
                }
                Role::Elements(kind) => self.elements(doc, value, kind)?,
                Role::Payload => self.payload(doc, value)?,
                Role::Single(kind) => {
                    self.listing(doc, open, &mut listing);
                    self.listing = self.listing.single();
                    self.whole(doc, value, Whole::Directory(kind))?
                }
                Role::Whole(_) | Role::None => Next::At(doc.scanner.value_end(value)?),
            };
            understood |= !matches!(role, Role::Whole(_) | Role::None);
            let Next::At(end) = next else {
                return Ok(Next::Lost);
            };
            at = doc.scanner.skip_space(end);
            match doc.scanner.byte(at)? {
                b',' => at = doc.scanner.skip_space(at + 1),
                b'}' => {}
                byte => return Err(ScanError::unexpected(at, byte)),
            }
        }
        if let (false, Some(span)) = (understood, perhaps) {
            return Ok(self.event(doc, open, &span, &[]));
        }
        if !understood {
            let shown = Excerpt::of(&doc.bytes()[open..=at]);
            self.reject(doc, open, RejectReason::UnknownShape(shown));
        }
        Ok(Next::At(at + 1))
    }

    /// Takes up what the object at `open` says of its listing, read once however
    /// many lists the object holds.
    fn listing(&mut self, doc: &mut Document<'_>, open: usize, known: &mut Option<Listing>) {
        self.listing = match *known {
            Some(listing) => listing,
            None => {
                let (listing, told) = Listing::of(&mut doc.scanner, open);
                if let Err(reason) = told {
                    self.reject(doc, open, reason);
                }
                *known.insert(listing)
            }
        };
    }

    /// Names a damaged value and finds where reading can go on.
    fn damaged(&mut self, doc: &mut Document<'_>, at: usize, error: ScanError) -> Resume {
        let reason = error.reason(doc.offset(error.at));
        // What a wrapper held before its damage has been handed over.
        self.reject(doc, at.max(doc.damage.handed_over()), reason);
        doc.damage.resume(&doc.scanner, at, error)
    }
}

/// Finds where a JSON object with a key begins in text that is not JSON itself.
pub(crate) fn object_start(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'{', text).find(|&at| {
        let inside = text[at + 1..].trim_ascii_start();
        inside.first() == Some(&b'"')
    })
}

/// Tells whether a line is just the time and the stream of the record below.
fn is_log_line_head(line: &[u8]) -> bool {
    let line = std::str::from_utf8(line.trim_ascii()).unwrap_or_default();
    let mut words = line.split_whitespace();
    let time = words.next().and_then(Timestamp::parse);
    time.is_some() && words.count() <= 1
}

/// Tells whether a value that ends at `end` stands alone on its line, white space
/// behind it included.
fn is_line(value: &[u8], end: usize) -> bool {
    let (value, space) = value.split_at(end.min(value.len()));
    space.contains(&b'\n') && !value.contains(&b'\n')
}

/// Tells whether an event source is one whose records to Lambda share keys with
/// CloudTrail's and carry the records in a message.
fn carries_messages(event_source: &[u8]) -> bool {
    matches!(event_source, b"aws:sqs" | b"aws:sns" | b"aws:kinesis")
}

/// Names the kind of archive that bytes are.
fn archive(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "zip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh", "bzip2"),
        (b"PAR1", "Parquet"),
    ];
    let tar = bytes.get(257..262) == Some(b"ustar");
    let known = kinds.iter().find(|(magic, _)| bytes.starts_with(magic));
    known.map(|(_, name)| *name).or(tar.then_some("tar"))
}

fn looks_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    let marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let zeros = |from| head.iter().skip(from).step_by(2).all(|&byte| byte == 0);
    marked || (head.len() >= 8 && (zeros(0) != zeros(1)))
}
