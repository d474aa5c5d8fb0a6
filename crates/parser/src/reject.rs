//! What could not be read, where it lay, and why.

use std::fmt;

/// Where a record lies in its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The record's place in the input, counted from 0.
    pub index: u64,
    /// Bytes before the record in the inflated input. A record inside a string
    /// or a compressed payload has the position of what carries it.
    pub offset: u64,
}

/// A piece of input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Where it lies.
    pub position: Position,
    /// Why it could not be read.
    pub reason: RejectReason,
}

/// Why a piece of input could not be read.
///
/// Text from the input is shown with its control characters escaped and cut
/// short: it may be hostile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RejectReason {
    /// Nothing in it.
    #[error("the input is empty")]
    Empty,
    /// Not a format that is known.
    #[error("not a log that is known here; it begins with {0}")]
    NotALog(Excerpt),
    /// A Git LFS pointer in place of the file.
    #[error("a Git LFS pointer, not the file itself; run `git lfs pull`")]
    GitLfsPointer,
    /// An archive or a table file.
    #[error("a {0} file; unpack it or export it as JSON first")]
    Archive(&'static str),
    /// Text in UTF-16.
    #[error("text in UTF-16; save it as UTF-8")]
    Utf16,
    /// A JSON object of no known shape.
    #[error("a JSON object that is no log record, contact record or user list: {0}")]
    UnknownShape(Excerpt),
    /// A JSON value where a record should be.
    #[error("{0} stands where a record should be")]
    NotARecord(&'static str),
    /// The bytes stop inside a record.
    #[error("cut short: the input ends inside this record")]
    CutShort,
    /// The bytes are not JSON.
    #[error("not JSON: unexpected {byte} at byte {offset}")]
    NotJson {
        /// The byte that cannot stand there.
        byte: ShownByte,
        /// Where it stands, in the inflated input.
        offset: u64,
    },
    /// The bytes are JSON, but a value in the record is not readable.
    #[error("unreadable record: {0}")]
    Unreadable(String),
    /// A record that matters has no time that can be read.
    #[error("eventTime is missing or no time, so event {0} cannot be placed in any window")]
    NoTime(Excerpt),
    /// The gzip stream ends early.
    #[error("the gzip stream is cut short after {readable} readable bytes; fetch the file again")]
    GzipCutShort {
        /// Inflated bytes before the cut.
        readable: u64,
    },
    /// The gzip stream is damaged.
    #[error(
        "the gzip stream is damaged after {readable} readable bytes ({why}); fetch the file again"
    )]
    GzipDamaged {
        /// Inflated bytes before the damage.
        readable: u64,
        /// What the decoder said.
        why: String,
    },
    /// Bytes follow the gzip stream.
    #[error("{bytes} bytes that are no gzip member follow the gzip stream")]
    GzipTrailing {
        /// How many.
        bytes: u64,
    },
    /// The input is larger than allowed.
    #[error(
        "inflates past the limit of {limit} bytes; what lies beyond was not read (raise --max-inflated-bytes to read it)"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// An Insights download without the raw message.
    #[error(
        "a table without an @message column; add `fields @timestamp, @message` to the query and download again"
    )]
    NoMessageColumn,
    /// A CSV row that cannot be read.
    #[error("unreadable CSV row: {0}")]
    Csv(String),
    /// A cell at the length where Excel cuts.
    #[error(
        "the @message cell is cut at 32,767 characters, Excel's limit; use the file as it was downloaded"
    )]
    CellCut,
    /// Text that carries no record.
    #[error("text without a record: {0}")]
    NoRecord(Excerpt),
    /// A user list of another service.
    #[error("a user that is no Connect user (Id, Username and a Connect Arn are expected)")]
    NotAConnectUser,
    /// A listing that dates itself in a way that cannot be read.
    #[error(
        "valid_from is {0}, no time: write it as 2026-03-01T00:00:00Z; the listing counts as if it had none"
    )]
    NoValidFrom(Excerpt),
    /// Permissions of nobody knows which security profile.
    #[error(
        "permissions that do not say of which security profile: add its id with `jq '. + {{SecurityProfileId: \"ID\"}}'`, or put it into the file's name"
    )]
    NoSecurityProfile,
    /// Wrappers inside wrappers, too many.
    #[error("more than {0} wrappers inside one another")]
    TooManyWrappers(usize),
}

/// The beginning of a piece of input, made safe to show.
#[derive(Clone, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    const CHARACTERS: usize = 60;

    /// Takes the first characters of a piece of input.
    pub fn of(bytes: &[u8]) -> Self {
        let head = &bytes[..bytes.len().min(Self::CHARACTERS * 8)];
        let text = String::from_utf8_lossy(head);
        let mut characters = text.split_whitespace().flat_map(|word| {
            let word = word.chars().flat_map(visible);
            std::iter::once(' ').chain(word)
        });
        let mut shown: String = characters.by_ref().skip(1).take(Self::CHARACTERS).collect();
        if characters.next().is_some() || head.len() < bytes.len() {
            shown.push('…');
        }
        Excerpt(shown)
    }
}

/// Escapes characters that would move a terminal's cursor or turn its text.
fn visible(character: char) -> impl Iterator<Item = char> {
    let plain = matches!(character, '"' | '\'' | '\\');
    let escaped = (!plain).then(|| character.escape_debug());
    escaped
        .into_iter()
        .flatten()
        .chain(plain.then_some(character))
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0)
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A byte, shown as its character where it has a plain one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownByte(pub u8);

impl fmt::Display for ShownByte {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\n' => f.write_str("line break"),
            byte @ 0x20..0x7f => write!(f, "'{}'", char::from(byte)),
            byte => write!(f, "byte 0x{byte:02x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_short_and_harmless() {
        let shown = Excerpt::of(b"{ \"a\":\n \"\x1b[31m").to_string();
        assert_eq!(shown, r#"'{ "a": "\u{1b}[31m'"#);
        let bidi = Excerpt::of("a\u{202e}b".as_bytes()).to_string();
        assert_eq!(bidi, r"'a\u{202e}b'");
        let long = Excerpt::of(&[b'x'; 500]).to_string();
        assert!(long.chars().count() < 70);
    }
}
