//! Goes on behind damage: finds the next record after one that is not JSON.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::reject::{RejectReason, ShownByte};
use crate::scan::{ScanError, ScanErrorKind, Scanner};

/// Where reading goes on behind a damaged value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resume {
    /// Behind the value.
    After(usize),
    /// At the start of another value.
    At(usize),
    /// Nowhere that can be told.
    Lost,
}

/// What has been learnt about a document that helps to go on behind damage.
///
/// Every search moves forward only, so damage costs time in proportion to the
/// input; the one search that looks back is bounded in number.
#[derive(Debug, Default)]
pub(crate) struct Damage {
    /// How the first record begins, up to its first key: `{"eventVersion"`.
    start: Option<Finder<'static>>,
    starts: usize,
    line_by_line: bool,
    read_until: usize,
    looked_back: usize,
    /// The last search: where from, and what it found.
    searched: Option<(usize, Option<usize>)>,
}

/// A value that runs to the end of the input may have swallowed its followers.
/// So many times they are looked for inside it.
const LOOK_BACKS: usize = 16;
/// A longer beginning of a record is no help in finding others.
const LONGEST_START: usize = 256;
/// So many times another beginning is learnt, which costs the last search.
const STARTS: usize = 64;
/// So far a search looks at first, for each beginning in turn.
const FIRST_LOOK: usize = 4096;

/// How the records of CloudTrail begin, where nothing else is learnt.
static USUAL_START: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"{\"eventVersion\""));
static LINE_START: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\n{"));

impl Damage {
    /// Learns how records of an array begin from its first element.
    pub(crate) fn learn_start(&mut self, bytes: &[u8], at: usize) {
        let scanner = Scanner::new(bytes);
        if bytes.get(at) != Some(&b'{') {
            return;
        }
        let key_end = scanner.string_end(scanner.skip_space(at + 1));
        // A key that nothing is said of lost its quote.
        let is_key = |end: &usize| scanner.expect(scanner.skip_space(*end), b':').is_ok();
        let is_short = |end: &usize| end - at <= LONGEST_START;
        let key_end = key_end.ok().filter(is_short).filter(is_key);
        let start = key_end.map(|end| &bytes[at..end]);
        if self.starts < STARTS && self.start.as_ref().map(Finder::needle) != start {
            self.start = start.map(|start| Finder::new(start).into_owned());
            self.starts += 1;
            self.searched = None;
        }
    }

    fn start(&self) -> &Finder<'static> {
        self.start.as_ref().unwrap_or(&USUAL_START)
    }

    /// Learns that each line holds one record.
    pub(crate) fn line_by_line(&mut self) {
        if !self.line_by_line {
            self.line_by_line = true;
            self.searched = None;
        }
    }

    /// Learns that everything before `end` has been handed over.
    pub(crate) fn read_until(&mut self, end: usize) {
        self.read_until = end;
    }

    /// Returns the end of what has been handed over.
    pub(crate) fn handed_over(&self) -> usize {
        self.read_until
    }

    /// Finds the next place at or after `from` where a record seems to start.
    pub(crate) fn next_start(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if let Some((before, found)) = self.searched
            && before <= from
            && found.is_none_or(|found| from <= found)
        {
            return found;
        }
        let found = self.search(bytes, from);
        self.searched = Some((from, found));
        found
    }

    /// Tells whether a record seems to start between two places, be it in the
    /// middle of a line.
    pub(crate) fn starts_between(&self, bytes: &[u8], from: usize, end: usize) -> bool {
        let bytes = &bytes[..end];
        self.search(bytes, from).is_some()
            || self.line_by_line && self.begins_inside(bytes, from).is_some()
    }

    /// Finds where a record seems to begin as those before it did.
    fn begins_inside(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let at = self.start().find(bytes.get(from..)?)?;
        Some(from + at)
    }

    /// Looks further and further ahead, so that a beginning that stands nowhere
    /// costs no more time than the way to the other.
    fn search(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let rest = bytes.get(from..)?;
        if self.line_by_line {
            return memchr::memchr(b'\n', rest).map(|at| from + at + 1);
        }
        let start = self.start();
        let mut ahead = FIRST_LOOK;
        loop {
            let near = &rest[..ahead.min(rest.len())];
            let learnt = start.find(near);
            let line = LINE_START.find(&near[..learnt.unwrap_or(near.len())]);
            let found = line.map(|at| at + 1).or(learnt);
            if found.is_some() || near.len() == rest.len() {
                return found.map(|at| from + at);
            }
            ahead *= 2;
        }
    }

    /// Finds where reading goes on behind the damaged value at `at`.
    pub(crate) fn resume(&mut self, scanner: &Scanner<'_>, at: usize, error: ScanError) -> Resume {
        let bytes = scanner.bytes();
        if error.kind == ScanErrorKind::End {
            self.looked_back += 1;
            if self.looked_back > LOOK_BACKS {
                return Resume::Lost;
            }
            let from = self.read_until.max(at + 1);
            return self
                .next_start(bytes, from)
                .map_or(Resume::Lost, Resume::At);
        }
        let unread = self.read_until.max(at + 1);
        // A record that was cut behind a colon or a comma took the next for a
        // value of its own.
        if self.looked_back < LOOK_BACKS
            && let Some(start) = self.begins_inside(&bytes[..error.at], unread)
        {
            self.looked_back += 1;
            return Resume::At(start);
        }
        // The error may be the very byte at which the next record starts.
        let begins_line = bytes[..error.at].ends_with(b"\n")
            && (self.line_by_line || bytes[error.at..].starts_with(b"{"));
        if error.at > at && begins_line {
            return Resume::At(error.at);
        }
        // A text that nothing ends runs on into the beginning of the next record.
        let length = self.start().needle().len();
        let around = error.at.saturating_sub(length).max(unread);
        let ends = bytes.len().min(error.at + length);
        if let Some(near) = bytes.get(around..ends)
            && let Some(start) = self.start().find(near)
        {
            return Resume::At(around + start);
        }
        let next = self.next_start(bytes, error.at.max(unread).min(bytes.len()));
        if self.line_by_line {
            // What follows on the line is a piece of the damaged record.
            return next.map_or(Resume::Lost, Resume::At);
        }
        let limit = next.unwrap_or(bytes.len());
        match scanner.damaged_end(at, limit) {
            Some(end) if end > error.at => Resume::After(end),
            _ => next.map_or(Resume::Lost, Resume::At),
        }
    }
}

impl ScanError {
    /// Makes the error of a byte that cannot stand at `at`.
    pub(crate) fn unexpected(at: usize, byte: u8) -> Self {
        ScanError {
            at,
            kind: ScanErrorKind::Byte(byte),
        }
    }

    /// Says the error to people; `offset` is the error's place in the input.
    pub(crate) fn reason(self, offset: u64) -> RejectReason {
        match self.kind {
            ScanErrorKind::End => RejectReason::CutShort,
            ScanErrorKind::Byte(byte) | ScanErrorKind::ControlInString(byte) => {
                RejectReason::NotJson {
                    byte: ShownByte(byte),
                    offset,
                }
            }
        }
    }
}
