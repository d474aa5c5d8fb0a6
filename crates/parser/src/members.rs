//! What stands at the first level of a record, as it is written.

use crate::scan::{Scan, Scanner};

/// A member of a record's object, byte by byte as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member<'a> {
    /// The key between its quotes; an escape in it is not resolved.
    pub key: &'a [u8],
    /// The value, with the quotes of a text.
    pub value: &'a [u8],
}

/// Returns the members of a record, a JSON object, in their order, up to the
/// first that cannot be read.
pub fn members(record: &str) -> Vec<Member<'_>> {
    let mut members = Vec::with_capacity(24);
    // What cannot be read ends them, and says nothing else.
    let _ = each_member(record.as_bytes(), |member| members.push(member));
    members
}

fn each_member<'a>(record: &'a [u8], mut each: impl FnMut(Member<'a>)) -> Scan<()> {
    let mut scanner = Scanner::new(record);
    let open = scanner.expect(scanner.skip_space(0), b'{')?;
    let mut at = scanner.skip_space(open);
    while scanner.byte(at)? != b'}' {
        let key_end = scanner.string_end(at)?;
        let value = scanner.member(at)?;
        let end = scanner.skip(value)?;
        each(Member {
            key: &record[at + 1..key_end - 1],
            value: &record[value..end],
        });
        at = scanner.skip_space(end);
        if scanner.byte(at)? == b',' {
            at = scanner.skip_space(at + 1);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &str) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let members = members(record).into_iter();
        members
            .map(|member| (text(member.key), text(member.value)))
            .collect()
    }

    #[test]
    fn members_are_as_they_are_written() {
        let record = r#"{"a" : "x\"y", "a":{"b":[1, 2]},"\u0061":null}"#;
        let wanted = [
            ("a", r#""x\"y""#),
            ("a", r#"{"b":[1, 2]}"#),
            (r"\u0061", "null"),
        ];
        let wanted = wanted.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(read(record), wanted);
        assert_eq!(read("{}"), []);
    }

    #[test]
    fn what_cannot_be_read_ends_them() {
        assert_eq!(read(r#"{"a":1,"b"#).len(), 1);
        assert_eq!(read("[]"), []);
        assert_eq!(read(""), []);
    }
}
