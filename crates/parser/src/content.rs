//! Tells whether two records say the same, however they are written.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;

use crate::scan::{Scan, ScanError, Scanner};

/// A hash of everything a JSON record says: white space, the order of keys,
/// escapes and `1.0` for `1` make no difference; every value does.
///
/// It has 64 bits and is meant to be compared between records of one event id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub u64);

/// A record as it lies in its input.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a>(&'a [u8]);

impl<'a> Raw<'a> {
    pub(crate) fn of(record: &'a [u8]) -> Self {
        Raw(record)
    }

    /// Returns the record as it was written, free of its wrappers.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Hashes what the record says, however it is written.
    pub fn content(self) -> ContentHash {
        ContentHash::of(self.0)
    }

    /// Hashes the bytes: the same record written in another way is another.
    /// Some ten times as fast as [`Raw::content`].
    pub fn bytes(self) -> ContentHash {
        ContentHash::of_text(self.0)
    }
}

impl ContentHash {
    /// Hashes one JSON value. What is no JSON, and nesting past 128, is hashed
    /// byte by byte.
    pub(crate) fn of(json: &[u8]) -> Self {
        let scanner = Scanner::new(json);
        let start = scanner.skip_space(0);
        ContentHash(match value(&scanner, start, 0) {
            Ok((said, _)) => said,
            Err(_) => hash(json),
        })
    }

    /// Hashes text byte by byte, as [`Raw::bytes`] does.
    pub fn of_text(text: &[u8]) -> Self {
        ContentHash(hash(text))
    }
}

/// No record is nested nearly as deep.
const DEEPEST: usize = 128;

const STATE: FixedState = FixedState::with_seed(0x6561_7277_6974_6e65);

fn hash(value: impl Hash) -> u64 {
    STATE.hash_one(value)
}

fn mix(left: u64, right: u64) -> u64 {
    let product =
        u128::from(left ^ 0x9e37_79b9_7f4a_7c15) * u128::from(right ^ 0xd1b5_4a32_d192_ed03);
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let folded = (product >> 64) as u64 ^ product as u64;
    folded
}

/// Hashes the value at `at`; returns the hash and the position behind it.
fn value(scanner: &Scanner<'_>, at: usize, depth: usize) -> Scan<(u64, usize)> {
    match scanner.byte(at)? {
        byte if depth > DEEPEST => Err(ScanError::unexpected(at, byte)),
        b'"' => {
            let end = scanner.string_end(at)?;
            Ok((text(&scanner.bytes()[at..end]), end))
        }
        b'{' => object(scanner, at, depth),
        b'[' => array(scanner, at, depth),
        _ => {
            let end = scanner.scalar_end(at)?;
            Ok((scalar(&scanner.bytes()[at..end]), end))
        }
    }
}

fn array(scanner: &Scanner<'_>, open: usize, depth: usize) -> Scan<(u64, usize)> {
    let mut all = 7;
    let mut at = scanner.skip_space(open + 1);
    if scanner.byte(at)? == b']' {
        return Ok((all, at + 1));
    }
    loop {
        let (element, end) = value(scanner, at, depth + 1)?;
        all = mix(all, element);
        at = scanner.skip_space(end);
        match scanner.byte(at)? {
            b',' => at = scanner.skip_space(at + 1),
            b']' => return Ok((all, at + 1)),
            byte => return Err(ScanError::unexpected(at, byte)),
        }
    }
}

/// The order of keys says nothing, so members are summed up.
fn object(scanner: &Scanner<'_>, open: usize, depth: usize) -> Scan<(u64, usize)> {
    let mut all = 8u64;
    let mut at = scanner.skip_space(open + 1);
    if scanner.byte(at)? == b'}' {
        return Ok((all, at + 1));
    }
    loop {
        let key_end = scanner.string_end(at)?;
        let key = text(&scanner.bytes()[at..key_end]);
        let start = scanner.expect(scanner.skip_space(key_end), b':')?;
        let (member, end) = value(scanner, scanner.skip_space(start), depth + 1)?;
        all = all.wrapping_add(mix(key, member));
        at = scanner.skip_space(end);
        match scanner.byte(at)? {
            b',' => at = scanner.skip_space(at + 1),
            b'}' => return Ok((all, at + 1)),
            byte => return Err(ScanError::unexpected(at, byte)),
        }
    }
}

/// Hashes a text with its quotes around it by what it says.
fn text(quoted: &[u8]) -> u64 {
    let inside = &quoted[1..quoted.len() - 1];
    if memchr::memchr(b'\\', inside).is_some()
        && let Ok(said) = serde_json::from_slice::<String>(quoted)
    {
        return hash(said.as_bytes());
    }
    hash(inside)
}

/// Hashes a number, a flag or null by what it says.
fn scalar(word: &[u8]) -> u64 {
    match word {
        b"null" => return 1,
        b"false" => return 2,
        b"true" => return 3,
        _ => {}
    }
    let number = std::str::from_utf8(word).unwrap_or_default();
    let float = || number.parse().ok().and_then(crate::tolerant::whole);
    match number.parse::<u64>().ok().or_else(float) {
        Some(number) => hash((4u8, number)),
        None => match number.parse::<f64>() {
            Ok(float) => hash((5u8, float.to_bits())),
            Err(_) => hash(word),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_counts() {
        let same = [
            r#"{"a":1,"b":["x",null,true]}"#,
            "{ \"b\" : [ \"\\u0078\", null, true ],\n \"a\" : 1.0 }",
        ];
        assert_eq!(
            ContentHash::of(same[0].as_bytes()),
            ContentHash::of(same[1].as_bytes())
        );
        for other in [
            r#"{"a":2,"b":["x",null,true]}"#,
            r#"{"a":1,"b":["x",true,null]}"#,
            r#"{"a":1,"b":["x",null,true],"c":null}"#,
            r#"{"b":1,"a":["x",null,true]}"#,
            r#"{"a":"1","b":["x",null,true]}"#,
            r#"{"a":-1,"b":["x",null,true]}"#,
        ] {
            assert_ne!(
                ContentHash::of(same[0].as_bytes()),
                ContentHash::of(other.as_bytes()),
                "{other}"
            );
        }
        let numbers = ["-7", "-7.0", "-7e0", "7e400", "\"x\\ud800\""];
        let hashes: Vec<_> = numbers.map(|text| ContentHash::of(text.as_bytes())).into();
        assert_eq!(hashes[0], hashes[1]);
        assert_eq!(hashes[1], hashes[2]);
        let mut distinct = hashes[2..].to_vec();
        distinct.dedup();
        assert_eq!(distinct.len(), 3);
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert_eq!(
            ContentHash::of(deep.as_bytes()),
            ContentHash::of(deep.as_bytes())
        );
    }
}
