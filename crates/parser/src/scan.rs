//! Finds where JSON values begin and end, without reading what they hold.
//!
//! Skipping is iterative, so nesting depth costs memory in proportion to the
//! input and never the stack. The grammar between tokens is checked; what
//! numbers and escapes mean is left to whoever reads the value.

use crate::blocks::{container_end, object_end};

/// Says why the bytes are not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ScanError {
    /// Byte position in the scanned slice.
    pub(crate) at: usize,
    pub(crate) kind: ScanErrorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanErrorKind {
    /// The bytes stop inside a value.
    End,
    /// A byte that cannot stand here.
    Byte(u8),
    /// A raw control character (often a line break) inside a string.
    ControlInString(u8),
}

pub(crate) type Scan<T> = Result<T, ScanError>;

/// Walks JSON text. Keeps its stack between values, so that one scanner per
/// input allocates only for nesting deeper than any before.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    open: Vec<Container>,
    /// Short cuts are not tried: one failed, and looks far ahead before it does,
    /// or led where it was not sure.
    is_exact: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Object,
    Array,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Scanner {
            bytes,
            open: Vec::new(),
            is_exact: false,
        }
    }

    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub(crate) fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// Gives up short cuts.
    pub(crate) fn be_exact(&mut self) {
        self.is_exact = true;
    }

    /// Returns the byte at `at`, or an end error.
    #[inline]
    pub(crate) fn byte(&self, at: usize) -> Scan<u8> {
        self.bytes.get(at).copied().ok_or(ScanError {
            at: self.bytes.len(),
            kind: ScanErrorKind::End,
        })
    }

    /// Returns the position of the first byte at or after `at` that is not
    /// white space; the length when there is none.
    #[inline]
    pub(crate) fn skip_space(&self, mut at: usize) -> usize {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(at) {
            at += 1;
        }
        at
    }

    /// Requires `wanted` at `at` and returns the position behind it.
    #[inline]
    pub(crate) fn expect(&self, at: usize, wanted: u8) -> Scan<usize> {
        match self.byte(at)? {
            b if b == wanted => Ok(at + 1),
            b => Err(unexpected(at, b)),
        }
    }

    /// Returns the position behind the string whose opening quote is at `at`.
    #[inline]
    pub(crate) fn string_end(&self, at: usize) -> Scan<usize> {
        let mut at = self.expect(at, b'"')?;
        loop {
            at += plain_run(&self.bytes[at..]);
            match self.byte(at)? {
                b'"' => return Ok(at + 1),
                b'\\' => {
                    self.byte(at + 1)?;
                    at += 2;
                }
                control => {
                    return Err(ScanError {
                        at,
                        kind: ScanErrorKind::ControlInString(control),
                    });
                }
            }
        }
    }

    /// Returns the position behind the value that starts at `at`. Inside of
    /// objects and arrays no more of the grammar is checked than it takes to be
    /// sure of their end.
    pub(crate) fn skip(&mut self, at: usize) -> Scan<usize> {
        match self.byte(at)? {
            b'"' => self.string_end(at),
            b'{' | b'[' if !self.is_exact => match container_end(self.bytes, at) {
                Some(end) => Ok(end),
                None => {
                    self.is_exact = true;
                    self.value_end(at)
                }
            },
            b'{' | b'[' => self.value_end(at),
            _ => self.scalar_end(at),
        }
    }

    /// Returns the position behind the object that `at` is inside of, behind one
    /// of its members, where there is a short cut to it.
    pub(crate) fn object_end(&mut self, at: usize) -> Option<usize> {
        if self.is_exact {
            return None;
        }
        let end = object_end(self.bytes, at);
        self.is_exact = end.is_none();
        end
    }

    /// Returns the position behind the value that starts at `at`, and checks the
    /// grammar on the way there.
    pub(crate) fn value_end(&mut self, at: usize) -> Scan<usize> {
        self.open.clear();
        let mut at = at;
        loop {
            // A value is due at `at`.
            at = match self.byte(at)? {
                b'{' => {
                    let inside = self.skip_space(at + 1);
                    if self.byte(inside)? == b'}' {
                        inside + 1
                    } else {
                        self.open.push(Container::Object);
                        at = self.member(inside)?;
                        continue;
                    }
                }
                b'[' => {
                    let inside = self.skip_space(at + 1);
                    if self.byte(inside)? == b']' {
                        inside + 1
                    } else {
                        self.open.push(Container::Array);
                        at = inside;
                        continue;
                    }
                }
                b'"' => self.string_end(at)?,
                _ => self.scalar_end(at)?,
            };
            // A value has ended: close what ends with it, or go to the next.
            loop {
                let Some(container) = self.open.last().copied() else {
                    return Ok(at);
                };
                at = self.skip_space(at);
                match (self.byte(at)?, container) {
                    (b',', Container::Object) => {
                        at = self.member(self.skip_space(at + 1))?;
                        break;
                    }
                    (b',', Container::Array) => {
                        at = self.skip_space(at + 1);
                        break;
                    }
                    (b'}', Container::Object) | (b']', Container::Array) => {
                        self.open.pop();
                        at += 1;
                    }
                    (b, _) => return Err(unexpected(at, b)),
                }
            }
        }
    }

    /// Passes `"key" :` and returns where the member's value starts.
    #[inline]
    pub(crate) fn member(&self, at: usize) -> Scan<usize> {
        let at = self.string_end(at)?;
        let at = self.expect(self.skip_space(at), b':')?;
        Ok(self.skip_space(at))
    }

    pub(crate) fn scalar_end(&self, at: usize) -> Scan<usize> {
        let rest = &self.bytes[at..];
        let word = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            .count();
        let known = match &rest[..word] {
            b"true" | b"false" | b"null" => true,
            number => matches!(number.first(), Some(b'-' | b'0'..=b'9')),
        };
        if known {
            return Ok(at + word);
        }
        if at + word == self.bytes.len() {
            return Err(ScanError {
                at: at + word,
                kind: ScanErrorKind::End,
            });
        }
        Err(unexpected(at, rest[0]))
    }

    /// Returns where a damaged value that starts at `at` plausibly ends, no
    /// further than `limit`: where its brackets balance, grammar aside.
    pub(crate) fn damaged_end(&self, at: usize, limit: usize) -> Option<usize> {
        let bytes = &self.bytes[..limit];
        let mut depth = 0usize;
        let mut at = at;
        while let Some(b) = bytes.get(at) {
            match b {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                b'"' => at = damaged_string_end(bytes, at)? - 1,
                _ => {}
            }
            at += 1;
        }
        None
    }
}

fn unexpected(at: usize, byte: u8) -> ScanError {
    ScanError {
        at,
        kind: ScanErrorKind::Byte(byte),
    }
}

fn damaged_string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Counts the leading bytes that are neither a quote, a backslash nor a
/// control character, eight at a time.
#[inline]
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Marks the high bit of each zero byte; bytes above the first zero may be
    // marked wrongly, so only the lowest mark counts.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut run = 0;
    while let Some(chunk) = bytes[run..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let escape = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let stop = quote | escape | control;
        if stop != 0 {
            return run + (stop.trailing_zeros() / 8) as usize;
        }
        run += 8;
    }
    run + bytes[run..]
        .iter()
        .take_while(|b| !matches!(b, b'"' | b'\\' | 0..0x20))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn end(text: &str) -> Result<usize, ScanErrorKind> {
        Scanner::new(text.as_bytes())
            .value_end(0)
            .map_err(|error| error.kind)
    }

    #[test]
    fn finds_the_end_of_each_kind_of_value() {
        for value in [
            "{}",
            "[]",
            "{ }",
            "\"\"",
            "12",
            "-1.5e+3",
            "null",
            r#"{"a":[1,{"b":"}]\"\\"}],"c":{}}"#,
            "[ [ ] , { } ]",
        ] {
            assert_eq!(end(&format!("{value} ,")), Ok(value.len()), "{value}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(end(r#"{"a":1"#), Err(ScanErrorKind::End));
        assert_eq!(end(r#"{"a":1,}"#), Err(ScanErrorKind::Byte(b'}')));
        assert_eq!(end("[1,]"), Err(ScanErrorKind::Byte(b']')));
        assert_eq!(end("[1}"), Err(ScanErrorKind::Byte(b'}')));
        assert_eq!(end("{a:1}"), Err(ScanErrorKind::Byte(b'a')));
        assert_eq!(end("\"a\nb\""), Err(ScanErrorKind::ControlInString(b'\n')));
    }

    #[test]
    fn deep_nesting_does_not_touch_the_stack() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert_eq!(end(&deep), Ok(400_000));
        assert_eq!(end(&deep[..300_000]), Err(ScanErrorKind::End));
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_inside(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(end) = Scanner::new(&bytes).value_end(0) {
                prop_assert!(end <= bytes.len());
            }
            if let Some(end) = Scanner::new(&bytes).damaged_end(0, bytes.len()) {
                prop_assert!(end <= bytes.len());
            }
        }

        #[test]
        fn agrees_with_serde_json_on_json_like_text(
            text in r#"[\[\]{}",:\\ 0-9a-c]{0,24}"#,
        ) {
            let mut values = serde_json::Deserializer::from_slice(text.as_bytes())
                .into_iter::<serde::de::IgnoredAny>();
            if let Some(Ok(_)) = values.next() {
                prop_assert_eq!(end(text.trim_start()).ok().map(|n| n + text.len() - text.trim_start().len()), Some(values.byte_offset()));
            }
        }
    }
}
