//! Reads one input: takes off its wrappers, and hands over each record.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::{memchr, memmem};

use crate::contact_record::ContactRecord;
use crate::content::ContentHash;
use crate::damage::{Damage, Resume};
use crate::directory_user::DirectoryUser;
use crate::event::Event;
use crate::inflate::Inflater;
use crate::interest::Interest;
use crate::reject::{Excerpt, Position, Reject, RejectReason};
use crate::scan::{ScanError, Scanner};
use crate::shape::{Element, Passed, Role, Whole};
use crate::timestamp::Timestamp;
use crate::tolerant::{List, Text, tolerant_record};

/// One thing that an input held.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "an item lives on the stack for one call; a box would cost an allocation per record"
)]
pub enum Item<'a> {
    /// A CloudTrail record that the question is about.
    Event {
        /// What it says.
        event: Event<'a>,
        /// When it happened.
        time: Timestamp,
        /// Where it lies.
        position: Position,
        /// What tells it from another record with its event id.
        content: ContentHash,
    },
    /// A contact record.
    Contact {
        /// What it says.
        record: ContactRecord<'a>,
        /// What tells it from another version.
        content: ContentHash,
    },
    /// A Connect user.
    User(DirectoryUser<'a>),
    /// Something understood that is not read as a record.
    Passed(Passed),
    /// Something that could not be read.
    Reject(Reject),
}

/// Wrappers inside one another that are taken off before giving up.
const MAX_WRAPPERS: usize = 8;

/// Reads inputs one after the other, reusing its buffers.
///
/// What an input is, is decided by its content. See the crate's documentation
/// for what is understood.
#[derive(Debug)]
pub struct Reader {
    interest: Interest,
    inflater: Inflater,
    max_inflated_bytes: usize,
}

impl Reader {
    /// Makes a reader that hands over the events of `interest`, and reads no
    /// more than `max_inflated_bytes` of any one input.
    pub fn new(interest: Interest, max_inflated_bytes: usize) -> Self {
        Reader {
            interest,
            inflater: Inflater::new(max_inflated_bytes),
            max_inflated_bytes,
        }
    }

    /// Reads one input and hands every item to `sink`, in the input's order.
    ///
    /// Each record in the input makes exactly one item. Damage makes a
    /// [`Item::Reject`] and costs no other record that can still be told apart.
    pub fn read(&mut self, input: &[u8], sink: &mut dyn FnMut(Item<'_>)) {
        let inflated = self.inflater.inflate(input);
        let mut walk = Walk {
            interest: &self.interest,
            max_inflated_bytes: self.max_inflated_bytes,
            sink,
            index: 0,
            cut_short: None,
        };
        if inflated.bytes.is_empty() && inflated.defect.is_some() {
            // The defect says more than that nothing was left to read.
        } else {
            walk.document(inflated.bytes, None, 0);
        }
        let end = inflated.bytes.len() as u64;
        walk.finish(inflated.defect, end);
    }
}

/// The walk through one input.
struct Walk<'r> {
    interest: &'r Interest,
    max_inflated_bytes: usize,
    sink: &'r mut dyn FnMut(Item<'_>),
    index: u64,
    /// A record cut short at the end of the input, held back until it is known
    /// whether its compression explains the cut.
    cut_short: Option<Position>,
}

/// Text that is being walked through.
struct Document<'b> {
    scanner: Scanner<'b>,
    /// The offset to report for everything inside, when this is a payload.
    carried_at: Option<u64>,
    wrappers: usize,
    /// Bytes of S3 notifications occur, so each record is checked for them.
    notifications: bool,
    aggregated: bool,
    damage: Damage,
}

/// Where reading goes on.
enum Next {
    At(usize),
    /// Nowhere: the rest cannot be told apart, and a reject says so.
    Lost,
}

type Walked = Result<Next, ScanError>;

impl<'b> Document<'b> {
    fn new(bytes: &'b [u8], carried_at: Option<u64>, wrappers: usize) -> Self {
        Document {
            scanner: Scanner::new(bytes),
            carried_at,
            wrappers,
            notifications: memmem::find(bytes, b"\"aws:s3\"").is_some(),
            aggregated: memmem::find(bytes, b"AwsAggregatedEvent").is_some(),
            damage: Damage::default(),
        }
    }

    fn bytes(&self) -> &'b [u8] {
        self.scanner.bytes()
    }

    fn offset(&self, at: usize) -> u64 {
        self.carried_at.unwrap_or(at as u64)
    }
}

impl Walk<'_> {
    fn finish(&mut self, defect: Option<RejectReason>, end: u64) {
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

    fn next_position(&mut self, doc: &Document<'_>, at: usize) -> Position {
        let position = Position {
            index: self.index,
            offset: doc.offset(at),
        };
        self.index += 1;
        position
    }

    fn reject(&mut self, doc: &Document<'_>, at: usize, reason: RejectReason) {
        let position = self.next_position(doc, at);
        if reason == RejectReason::CutShort && doc.carried_at.is_none() {
            self.cut_short = Some(position);
        } else {
            (self.sink)(Item::Reject(Reject { position, reason }));
        }
    }

    fn pass(&mut self, doc: &Document<'_>, at: usize, passed: Passed) {
        self.next_position(doc, at);
        (self.sink)(Item::Passed(passed));
    }

    /// Reads a whole input, or the text or bytes that a wrapper carried.
    fn document(&mut self, bytes: &[u8], carried_at: Option<u64>, wrappers: usize) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut doc = Document::new(bytes, carried_at, wrappers);
        let start = doc.scanner.skip_space(0);
        let whole_input = match bytes {
            _ if start == bytes.len() => Some(RejectReason::Empty),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, _, ..] => {
                Some(RejectReason::Utf16).filter(|_| looks_utf16(bytes))
            }
            _ if bytes.starts_with(b"version https://git-lfs") => Some(RejectReason::GitLfsPointer),
            _ if wrappers > MAX_WRAPPERS => Some(RejectReason::TooManyWrappers(MAX_WRAPPERS)),
            _ => None,
        };
        if let Some(reason) = whole_input {
            return self.reject(&doc, start, reason);
        }
        match crate::insights_table::Header::of(bytes) {
            Some(header) => self.table(&doc, header),
            None => self.values(&mut doc, start),
        }
    }

    /// Reads JSON values one after the other, each perhaps behind the time and
    /// stream that a log line begins with.
    fn values(&mut self, doc: &mut Document<'_>, start: usize) {
        let mut at = start;
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
            match next {
                Next::At(next) => at = doc.scanner.skip_space(next),
                Next::Lost => return,
            }
        }
    }

    /// Passes what stands before a value: the beginning of a log line, or text
    /// that is named as a reject.
    fn prose(&mut self, doc: &mut Document<'_>, at: usize, first: bool) -> Next {
        let rest = &doc.bytes()[at..];
        let line = memchr(b'\n', rest).map_or(rest, |end| &rest[..end]);
        let brace = memchr(b'{', line);
        let head = &line[..brace.unwrap_or(line.len())];
        if is_log_line_head(head) {
            doc.damage.line_by_line();
            if let Some(brace) = brace {
                return Next::At(at + brace);
            }
            // `aws logs tail --format json` breaks the line before the record.
            let below = doc.scanner.skip_space(at + line.len());
            if doc.bytes().get(below) == Some(&b'{')
                && head.trim_ascii().split(u8::is_ascii_whitespace).count() <= 2
            {
                return Next::At(below);
            }
            self.reject(doc, at, RejectReason::NoRecord(Excerpt::of(line)));
            return Next::At(at + line.len());
        }
        if first {
            self.reject(doc, at, RejectReason::NotALog(Excerpt::of(rest)));
            return Next::Lost;
        }
        self.reject(doc, at, RejectReason::NoRecord(Excerpt::of(rest)));
        match doc.damage.next_start(doc.bytes(), at + 1) {
            Some(next) => Next::At(next),
            None => Next::Lost,
        }
    }

    fn value(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
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
            (b'{', Element::User) => self.whole(doc, at, Whole::User),
            (b'[', _) => self.result_row(doc, at),
            _ => self.value(doc, at),
        }
    }

    /// Reads an object by the first of its keys that says what it is.
    fn object(&mut self, doc: &mut Document<'_>, open: usize) -> Walked {
        let mut understood = false;
        let mut at = doc.scanner.skip_space(open + 1);
        while doc.scanner.byte(at)? != b'}' {
            let key_end = doc.scanner.string_end(at)?;
            let value = doc.scanner.member(at)?;
            let role = Role::of(&doc.bytes()[at + 1..key_end - 1], &doc.bytes()[value..]);
            let next = match role {
                Role::Whole(whole) if !understood => return self.whole(doc, open, whole),
                Role::Elements(kind) => self.elements(doc, value, kind)?,
                Role::Payload => self.payload(doc, value)?,
                Role::User => self.whole(doc, value, Whole::User)?,
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
        if !understood {
            let shown = Excerpt::of(&doc.bytes()[open..=at]);
            self.reject(doc, open, RejectReason::UnknownShape(shown));
        }
        Ok(Next::At(at + 1))
    }

    /// Reads what a wrapper carries: an object, or text that holds a document.
    fn payload(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
        match doc.scanner.byte(at)? {
            b'"' => {}
            b'{' | b'[' if doc.wrappers < MAX_WRAPPERS => {
                doc.wrappers += 1;
                let walked = self.value(doc, at);
                doc.wrappers -= 1;
                return walked;
            }
            b'{' | b'[' => {
                let end = doc.scanner.value_end(at)?;
                self.reject(doc, at, RejectReason::TooManyWrappers(MAX_WRAPPERS));
                return Ok(Next::At(end));
            }
            _ => return self.value(doc, at),
        }
        let end = doc.scanner.string_end(at)?;
        match serde_json::from_slice::<Text<'_>>(&doc.bytes()[at..end]) {
            Ok(text) => self.text_payload(doc, at, text.as_str()),
            Err(error) => self.reject(doc, at, RejectReason::Unreadable(error.to_string())),
        }
        Ok(Next::At(end))
    }

    fn text_payload(&mut self, doc: &Document<'_>, at: usize, text: &str) {
        let carried_at = Some(doc.offset(at));
        let wrappers = doc.wrappers + 1;
        if text.trim_start().starts_with(['{', '[']) {
            return self.document(text.as_bytes(), carried_at, wrappers);
        }
        // Lambda and Kinesis carry subscription payloads as base64 of gzip.
        match STANDARD.decode(text) {
            Ok(bytes) if !bytes.is_empty() => {
                let mut inflater = Inflater::new(self.max_inflated_bytes);
                let inflated = inflater.inflate(&bytes);
                self.document(inflated.bytes, carried_at, wrappers);
                if let Some(defect) = inflated.defect {
                    self.reject(doc, at, defect);
                }
            }
            _ => self.reject(
                doc,
                at,
                RejectReason::NoRecord(Excerpt::of(text.as_bytes())),
            ),
        }
    }

    /// Reads a row of Insights results: a list of fields with their values.
    fn result_row(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
        let end = doc.scanner.value_end(at)?;
        let row: Result<List<ResultField<'_>>, _> = serde_json::from_slice(&doc.bytes()[at..end]);
        match row {
            Ok(List(fields)) => match fields.iter().find(|f| f.field.get() == Some("@message")) {
                Some(message) => self.text_payload(doc, at, message.value.as_str()),
                None if fields.iter().any(|f| f.field.get().is_some()) => {
                    self.reject(doc, at, RejectReason::NoMessageColumn);
                }
                None => self.reject(doc, at, RejectReason::NotARecord("an array")),
            },
            Err(error) => self.reject(doc, at, RejectReason::Unreadable(error.to_string())),
        }
        Ok(Next::At(end))
    }

    fn table(&mut self, doc: &Document<'_>, header: crate::insights_table::Header) {
        let Some(message) = header.message_column() else {
            return self.reject(doc, 0, RejectReason::NoMessageColumn);
        };
        for row in crate::insights_table::messages(doc.bytes(), message) {
            let at = row.offset;
            match row.message {
                Ok(text) => {
                    let cut = text.chars().count() == crate::insights_table::EXCEL_CELL_LIMIT
                        && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err();
                    if cut {
                        self.reject(doc, at, RejectReason::CellCut);
                    } else {
                        self.text_payload(doc, at, &text);
                    }
                }
                Err(error) => self.reject(doc, at, RejectReason::Csv(error)),
            }
        }
    }

    /// Reads an object in one piece.
    fn whole(&mut self, doc: &mut Document<'_>, at: usize, whole: Whole) -> Walked {
        let end = doc.scanner.value_end(at)?;
        let raw = &doc.bytes()[at..end];
        match whole {
            Whole::Event => self.event(doc, at, raw),
            Whole::Contact => match serde_json::from_slice::<ContactRecord<'_>>(raw) {
                Ok(record) if record.contact_id.get().is_some() => {
                    self.next_position(doc, at);
                    (self.sink)(Item::Contact {
                        record,
                        content: ContentHash::of(raw),
                    });
                }
                Ok(_) => self.unreadable(doc, at, "a contact record without ContactId"),
                Err(error) => self.unreadable(doc, at, error),
            },
            Whole::User => match serde_json::from_slice::<DirectoryUser<'_>>(raw) {
                Ok(user) if user.is_connect_user() => {
                    self.next_position(doc, at);
                    (self.sink)(Item::User(user));
                }
                Ok(_) => self.reject(doc, at, RejectReason::NotAConnectUser),
                Err(error) => self.unreadable(doc, at, error),
            },
            Whole::Passed(passed) => self.pass(doc, at, passed),
        }
        doc.damage.read_until(end);
        Ok(Next::At(end))
    }

    fn event(&mut self, doc: &Document<'_>, at: usize, raw: &[u8]) {
        if doc.aggregated && memmem::find(raw, b"\"AwsAggregatedEvent\"").is_some() {
            return self.pass(doc, at, Passed::Aggregated);
        }
        if doc.notifications && memmem::find(raw, b"\"aws:s3\"").is_some() {
            return self.pass(doc, at, Passed::S3Notification);
        }
        if !self.interest.may_want(raw) {
            return self.pass(doc, at, Passed::OtherEvent);
        }
        let event = match serde_json::from_slice::<Event<'_>>(raw) {
            Ok(event) => event,
            Err(error) => return self.unreadable(doc, at, error),
        };
        match (event.event_name.get(), event.event_time.0) {
            (None, _) => self.unreadable(doc, at, "a CloudTrail record without eventName"),
            (Some(name), _) if !self.interest.wants(name) => {
                self.pass(doc, at, Passed::OtherEvent);
            }
            (Some(_), None) => {
                let id = Excerpt::of(event.event_id.as_str().as_bytes());
                self.reject(doc, at, RejectReason::NoTime(id));
            }
            (Some(_), Some(time)) => {
                let position = self.next_position(doc, at);
                (self.sink)(Item::Event {
                    event,
                    time,
                    position,
                    content: ContentHash::of(raw),
                });
            }
        }
    }

    fn unreadable(&mut self, doc: &Document<'_>, at: usize, why: impl ToString) {
        self.reject(doc, at, RejectReason::Unreadable(why.to_string()));
    }

    /// Names a damaged value and finds where reading can go on.
    fn damaged(&mut self, doc: &mut Document<'_>, at: usize, error: ScanError) -> Resume {
        let reason = error.reason(doc.offset(error.at));
        // What a wrapper held before its damage has been handed over.
        self.reject(doc, at.max(doc.damage.handed_over()), reason);
        doc.damage.resume(&doc.scanner, at, error)
    }
}

tolerant_record! {
    /// A field of an Insights result row.
    struct ResultField<'a> {
        "field" => field: Text<'a>,
        "value" => value: Text<'a>,
    }
}

/// Tells whether text begins as a log line does: with a time.
fn is_log_line_head(head: &[u8]) -> bool {
    let Ok(head) = std::str::from_utf8(head) else {
        return false;
    };
    let token = head.split_whitespace().next().unwrap_or_default();
    token.len() >= 19 && Timestamp::parse(token).is_some()
}

fn looks_utf16(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    let marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let zeros = |from| head.iter().skip(from).step_by(2).all(|&byte| byte == 0);
    marked || (head.len() >= 8 && (zeros(0) != zeros(1)))
}
