//! Finds where an object or array ends by looking at 64 bytes at a time.
//!
//! Quotes tell what is text and what is structure; brackets outside of text are
//! counted, not read one by one. A text cannot begin behind a letter: a missing
//! quote, which turns text into structure and structure into text, is noticed at
//! the end of the next key. The rest of the grammar is left to whoever reads the
//! value. The way of telling text from structure is that of Langdale and Lemire,
//! "Parsing gigabytes of JSON per second" (2019).

use wide::u8x16;

/// Finds the end of the object or array whose bracket is at `open`. `None`
/// where the bytes end first or are no JSON: the scanner says where and why.
pub(crate) fn container_end(bytes: &[u8], open: usize) -> Option<usize> {
    end(bytes, open, 0)
}

/// Finds the end of an object of which `at` is inside, behind a member. `None`
/// as for [`container_end`], and where a bracket of another kind ends it.
pub(crate) fn object_end(bytes: &[u8], at: usize) -> Option<usize> {
    end(bytes, at, 1).filter(|end| bytes[end - 1] == b'}')
}

/// Finds where the last of `depth` brackets, and of those that follow, closes.
fn end(bytes: &[u8], mut at: usize, mut depth: u32) -> Option<usize> {
    let mut text = Text::default();
    loop {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let block = match rest.first_chunk::<BLOCK>() {
            Some(block) => Kinds::of(block),
            None => {
                let mut padded = [b' '; BLOCK];
                padded[..rest.len()].copy_from_slice(rest);
                Kinds::of(&padded)
            }
        };
        let structure = text.outside(&block)?;
        let opens = block.open & structure;
        let mut closes = block.close & structure;
        if closes.count_ones() < depth {
            depth = depth + opens.count_ones() - closes.count_ones();
        } else {
            // The last bracket may be here: close them one at a time.
            let mut closed = 0;
            while closes != 0 {
                let place = closes.trailing_zeros();
                let opened = (opens & ((1 << place) - 1)).count_ones();
                closed += 1;
                if depth + opened == closed {
                    return Some(at + place as usize + 1);
                }
                closes &= closes - 1;
            }
            depth = depth + opens.count_ones() - closed;
        }
        at += BLOCK;
    }
}

const BLOCK: usize = 64;

/// Which bytes of a block are of which kind, a bit a byte.
#[derive(Debug, PartialEq, Eq)]
struct Kinds {
    quote: u64,
    backslash: u64,
    open: u64,
    close: u64,
    /// Up to `:`, which has white space, `,` and `:` among them, and no letters.
    low: u64,
    /// What no text may hold.
    control: u64,
}

/// Where the text stands at the end of the blocks so far.
#[derive(Debug, Default)]
struct Text {
    /// All ones inside a text.
    inside: u64,
    /// The next byte is escaped.
    escaped: u64,
    /// The last byte may stand before a text.
    may_begin: u64,
}

impl Text {
    /// Tells the bytes outside of texts; `None` where one begins behind what none
    /// can begin behind, or holds what none may hold.
    fn outside(&mut self, block: &Kinds) -> Option<u64> {
        let quote = block.quote & !self.escaped_in(block.backslash);
        let inside = prefix_xor(quote) ^ self.inside;
        // A text goes from its first quote up to its last, which lies outside.
        let outside = !inside;
        self.inside = if inside >> 63 == 1 { u64::MAX } else { 0 };

        let begins = quote & inside;
        let before = (block.open | block.low) & outside;
        let odd = (begins & !((before << 1) | self.may_begin)) | (block.control & inside);
        self.may_begin = before >> 63;
        (odd == 0).then_some(outside)
    }

    /// Tells the bytes that an odd number of backslashes stands before.
    fn escaped_in(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escaped);
        }
        let mut escaped = self.escaped;
        let mut escaping = backslash & !escaped;
        self.escaped = 0;
        while escaping != 0 {
            let place = escaping.trailing_zeros();
            if place == 63 {
                self.escaped = 1;
                break;
            }
            escaped |= 2 << place;
            // A backslash that is escaped escapes nothing.
            escaping &= !(3 << place);
        }
        escaped
    }
}

/// Sets each bit to whether an odd number of bits up to it is set.
fn prefix_xor(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .iter()
        .fold(bits, |bits, shift| bits ^ (bits << shift))
}

impl Kinds {
    #[inline]
    fn of(block: &[u8; BLOCK]) -> Kinds {
        let (lanes, _) = block.as_chunks::<16>();
        let lanes = [0, 1, 2, 3].map(|place| u8x16::new(lanes[place]));
        let bits = |lanes: [u8x16; 4]| {
            let [a, b, c, d] = lanes.map(|lane| u64::from(lane.to_bitmask()));
            a | b << 16 | c << 32 | d << 48
        };
        let is = |byte: u8| bits(lanes.map(|lane| lane.simd_eq(u8x16::splat(byte))));
        // '[' and '{', ']' and '}' differ in one bit.
        let folded = lanes.map(|lane| lane | u8x16::splat(0x20));
        let is_either = |byte: u8| bits(folded.map(|lane| lane.simd_eq(u8x16::splat(byte))));
        let at_most = |byte: u8| bits(lanes.map(|lane| lane.min(u8x16::splat(byte)).simd_eq(lane)));
        Kinds {
            quote: is(b'"'),
            backslash: is(b'\\'),
            open: is_either(b'{'),
            close: is_either(b'}'),
            low: at_most(b':'),
            control: at_most(0x1f),
        }
    }

    #[cfg(test)]
    fn byte_by_byte(block: &[u8; BLOCK]) -> Kinds {
        let bits = |test: fn(u8) -> bool| {
            (0..).zip(block).fold(0, |bits, (place, byte)| {
                bits | u64::from(test(*byte)) << place
            })
        };
        Kinds {
            quote: bits(|byte| byte == b'"'),
            backslash: bits(|byte| byte == b'\\'),
            open: bits(|byte| byte | 0x20 == b'{'),
            close: bits(|byte| byte | 0x20 == b'}'),
            low: bits(|byte| byte <= b':'),
            control: bits(|byte| byte <= 0x1f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Scanner;
    use proptest::prelude::*;

    fn end(text: &str) -> Option<usize> {
        container_end(text.as_bytes(), 0)
    }

    #[test]
    fn the_rest_of_an_object_ends_with_its_own_bracket() {
        let rest = |text: &str| object_end(text.as_bytes(), 0);
        assert_eq!(rest(r#","a":{"b":["}"]}},{"#), Some(17));
        assert_eq!(rest("}"), Some(1));
        assert_eq!(rest(r#","a":1,{"b":2}]"#), None);
    }

    #[test]
    fn brackets_in_text_are_text_wherever_the_blocks_meet() {
        for pad in 0..140 {
            let pad = "x".repeat(pad);
            for value in [
                format!(r#"{{"{pad}":"}}","b":[1,{{"c":"\\\"}}"}}]}}"#),
                format!(r#"[ "{pad}\\" , "]" , {{ }} ]"#),
                format!(r#"["{pad}\"]","\\\\",[[["{pad}"]]]]"#),
            ] {
                assert_eq!(end(&format!("{value}]}}")), Some(value.len()), "{value}");
                assert_eq!(end(&value[..value.len() - 1]), None, "{value}");
            }
        }
    }

    #[test]
    fn a_missing_quote_swallows_nothing() {
        let others = r#","e":1,"f":{"g":["h"]}},{"i":"j","k":{}}"#;
        for text in [
            r#"{"a":"b,"c":"d""#,
            r#"{"a:"b","c":"d""#,
            r#"{a":"b","c":"d""#,
            r#"{"a":b","c":"d""#,
        ] {
            // The second of two missing quotes turns structure back into structure.
            let text = format!("{text}{others},{text}{others}");
            assert_eq!(end(&text), None, "{text}");
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<i64>().prop_map(serde_json::Value::from),
            r#"[a-z"\\\[\]{},: é]{0,90}"#.prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
                proptest::collection::hash_map(r#"[a-z"\\}]{0,20}"#, inner, 0..6)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn json_ends_where_it_ends(values in proptest::collection::vec(json(), 1..4), pretty: bool) {
            let text = if pretty {
                serde_json::to_string_pretty(&values).unwrap()
            } else {
                serde_json::to_string(&values).unwrap()
            };
            prop_assert_eq!(end(&format!("{text}, {text}")), Some(text.len()));
            prop_assert_eq!(end(&text[..text.len() - 1]), None);
        }

        #[test]
        fn what_the_scanner_takes_for_whole_ends_at_the_same_place(
            text in r#"[\[\]{}",:\\ 0-9a-c]{0,200}"#,
        ) {
            let text = format!("[{text}");
            // What stands behind the value may be no JSON, which costs the short cut.
            let exact = Scanner::new(text.as_bytes()).value_end(0);
            if let (Ok(exact), Some(end)) = (exact, end(&text)) {
                prop_assert_eq!(end, exact);
            }
        }

        #[test]
        fn kinds_are_the_same_sixteen_bytes_at_a_time(bytes in proptest::array::uniform32(any::<u8>())) {
            let mut block = [0; BLOCK];
            for (place, byte) in block.iter_mut().enumerate() {
                *byte = bytes[place % 32] ^ (place / 32) as u8;
            }
            prop_assert_eq!(Kinds::of(&block), Kinds::byte_by_byte(&block));
            let marks = *b" \"\\[]{},:\n\t\x00\x7f\xff\x80aZ0\x1f!;Y\\\"{}[]  ,,";
            for (place, byte) in block.iter_mut().enumerate() {
                *byte = marks[usize::from(bytes[place % 32]) % marks.len()];
            }
            prop_assert_eq!(Kinds::of(&block), Kinds::byte_by_byte(&block));
        }
    }
}
