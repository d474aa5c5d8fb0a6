//! Tells whether two records say the same, however they are written.

use std::fmt;
use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// A hash of everything a JSON record says: white space, the order of keys,
/// escapes and `1.0` for `1` make no difference; every value does.
///
/// It has 64 bits and is meant to be compared between records of one event id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub u64);

impl ContentHash {
    /// Hashes one JSON value. What serde_json will not read (nesting past 128)
    /// is hashed byte by byte.
    pub(crate) fn of(json: &[u8]) -> Self {
        let mut input = serde_json::Deserializer::from_slice(json);
        ContentHash(
            Hashed
                .deserialize(&mut input)
                .unwrap_or_else(|_| hash(json)),
        )
    }

    /// Hashes text that is no JSON, byte by byte.
    pub(crate) fn of_text(text: &[u8]) -> Self {
        ContentHash(hash(text))
    }
}

const STATE: FixedState = FixedState::with_seed(0);

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

struct Hashed;

impl<'de> DeserializeSeed<'de> for Hashed {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<u64, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Hashed {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_unit<E>(self) -> Result<u64, E> {
        Ok(1)
    }
    fn visit_bool<E>(self, flag: bool) -> Result<u64, E> {
        Ok(2 + u64::from(flag))
    }
    fn visit_u64<E>(self, number: u64) -> Result<u64, E> {
        Ok(hash((4u8, number)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<u64, E> {
        Ok(hash((5u8, number)))
    }
    fn visit_f64<E>(self, number: f64) -> Result<u64, E> {
        match crate::tolerant::whole(number) {
            Some(number) => Ok(hash((4u8, number))),
            None => Ok(hash((6u8, number.to_bits()))),
        }
    }
    fn visit_str<E>(self, text: &str) -> Result<u64, E> {
        Ok(hash(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<u64, A::Error> {
        let mut all = 7;
        while let Some(element) = seq.next_element_seed(Hashed)? {
            all = mix(all, element);
        }
        Ok(all)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<u64, A::Error> {
        let mut all = 8u64;
        while let Some(key) = map.next_key_seed(Hashed)? {
            all = all.wrapping_add(mix(key, map.next_value_seed(Hashed)?));
        }
        Ok(all)
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
        let deep = "[".repeat(500) + &"]".repeat(500);
        assert_eq!(
            ContentHash::of(deep.as_bytes()),
            ContentHash::of(deep.as_bytes())
        );
    }
}
