//! Reads JSON fields as real logs carry them: a string where an array should
//! be, a count as a float, a flag as text. A field of the wrong kind is absent;
//! it never costs the record.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::event_by_member::FromValue;
use crate::tolerant_record::{Absent, absent_unless};

/// Text borrowed from the input where it holds no escapes.
///
/// Reads strings, numbers and booleans as their text, the first readable
/// element of an array, and anything else (and the empty string) as absent.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    /// Wraps a borrowed string; the empty string is absent.
    pub fn borrowed(text: &'a str) -> Self {
        Text((!text.is_empty()).then_some(Cow::Borrowed(text)))
    }

    /// Wraps an owned string; the empty string is absent.
    pub fn owned(text: String) -> Self {
        Text((!text.is_empty()).then_some(Cow::Owned(text)))
    }

    /// Returns the text, `None` where the field was absent or empty.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Returns the text, the empty string where it is absent.
    pub fn as_str(&self) -> &str {
        self.get().unwrap_or_default()
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.get(), f)
    }
}

impl Absent for Text<'_> {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

/// A count that may arrive as an integer, a float (`2356.0`) or text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Count(pub Option<u64>);

impl Absent for Count {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

/// A flag that may arrive as a boolean or as text (`"True"`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flag(pub Option<bool>);

impl Absent for Flag {
    fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

/// A list that may arrive as `null`, as `""` or as its only element.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        List(Vec::new())
    }
}

impl<T> Absent for List<T> {
    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text::borrowed(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text::owned(text.to_owned()))
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Text::borrowed(if flag { "true" } else { "false" }))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Text::owned(number.to_string()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Text::owned(number.to_string()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Text::owned(number.to_string()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut first = Text::default();
        while let Some(text) = seq.next_element::<Text<'de>>()? {
            if first.is_absent() {
                first = text;
            }
        }
        Ok(first)
    }
    absent_unless!(map);
    absent_unless!(null);
}

impl<'a> FromValue<'a> for Text<'a> {
    fn from_value(value: &'a str) -> serde_json::Result<Self> {
        let inner = value
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        match inner {
            Some(text) if is_plain(text) => Ok(Text::borrowed(text)),
            _ => serde_json::from_str(value),
        }
    }
}

/// Tells whether a text stands in JSON as it is.
fn is_plain(text: &str) -> bool {
    let odd = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    // All bytes are looked at, many at a time: few texts have an odd one.
    !text.bytes().fold(false, |found, byte| found | odd(&byte))
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(TextVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count")
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Count(Some(number)))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Count(u64::try_from(number).ok()))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Count(whole(number)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let text = text.trim();
        let count = text.parse::<u64>().ok();
        Ok(Count(count.or_else(|| text.parse().ok().and_then(whole))))
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Count(None))
    }
    absent_unless!(seq);
    absent_unless!(map);
    absent_unless!(null);
}

/// Converts a float that is a count exactly: not negative, no fraction, and
/// small enough that a double still tells neighbours apart (2^53).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked first"
)]
pub(crate) fn whole(number: f64) -> Option<u64> {
    ((0.0..=9_007_199_254_740_992.0).contains(&number) && number.fract() == 0.0)
        .then_some(number as u64)
}

impl FromValue<'_> for Count {}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(CountVisitor)
    }
}

struct FlagVisitor;

impl<'de> Visitor<'de> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a flag")
    }
    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Flag(Some(flag)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        let is = |word| text.eq_ignore_ascii_case(word);
        Ok(Flag(if is("true") {
            Some(true)
        } else if is("false") {
            Some(false)
        } else {
            None
        }))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Flag(None))
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Flag(None))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Flag(None))
    }
    absent_unless!(seq);
    absent_unless!(map);
    absent_unless!(null);
}

impl FromValue<'_> for Flag {}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(FlagVisitor)
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = seq.next_element()? {
            list.push(element);
        }
        Ok(List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let only = T::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(List(vec![only]))
    }
    absent_unless!(null);
    absent_unless!(scalar);
}

impl<'a, T: Deserialize<'a>> FromValue<'a> for List<T> {}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(ListVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tolerant_record::tolerant_record;

    tolerant_record! {
        /// A record for the tests.
        struct Sample<'a> {
            "name" | "Name" => name: Text<'a>,
            "count" => count: Count,
            "flag" => flag: Flag,
            "inner" => inner: List<Inner<'a>>,
        }
    }
    tolerant_record! {
        /// A nested record for the tests.
        struct Inner<'a> {
            "x" => x: Text<'a>,
        }
    }

    fn read(json: &str) -> Sample<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_field_takes_what_real_logs_hold() {
        assert_eq!(read(r#"{"name":["a"]}"#).name.get(), Some("a"));
        assert_eq!(read(r#"{"name":12345}"#).name.get(), Some("12345"));
        assert_eq!(read(r#"{"name":""}"#).name.get(), None);
        assert_eq!(read(r#"{"name":{"a":[1]}}"#).name.get(), None);
        assert_eq!(read(r#"{"Name":"b","name":"a"}"#).name.get(), Some("a"));
        assert_eq!(read(r#"{"name":"a","Name":"b"}"#).name.get(), Some("a"));
        assert_eq!(read(r#"{"name":null,"Name":"b"}"#).name.get(), Some("b"));
        assert_eq!(read(r#"{"na\u006de":"\u0061"}"#).name.get(), Some("a"));
        for count in ["7", "7.0", "\"7\"", "\"7.0\"", "7e0", "\" 7 \""] {
            let text = format!(r#"{{"count":{count}}}"#);
            assert_eq!(read(&text).count, Count(Some(7)), "{count}");
        }
        for count in ["-7", "7.5", "\"seven\"", "true", "null", "[7]", "1e300"] {
            let text = format!(r#"{{"count":{count}}}"#);
            assert_eq!(read(&text).count, Count(None), "{count}");
        }
        assert_eq!(read(r#"{"flag":"True"}"#).flag, Flag(Some(true)));
        assert_eq!(read(r#"{"flag":false}"#).flag, Flag(Some(false)));
        assert_eq!(read(r#"{"flag":1}"#).flag, Flag(None));
        assert_eq!(read(r#"{"inner":{"x":"y"}}"#).inner.0.len(), 1);
        assert_eq!(read(r#"{"inner":""}"#).inner.0.len(), 0);
        assert_eq!(read(r#"{"inner":["z",{"x":"y"}]}"#).inner.0.len(), 2);
        assert_eq!(read(r#""a string""#), Sample::default());
        assert_eq!(read("[1,2]"), Sample::default());
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let sample = read(r#"{"name":"plain"}"#);
        assert!(matches!(sample.name.0, Some(Cow::Borrowed(_))));
    }
}
