//! What the name of an input says where its content does not.
//!
//! What an input is, its content decides; the listings of Connect's directory
//! alone say neither when they were made nor, of permissions, whose they are.

use earwitness_parser::Timestamp;

use crate::recording_key::is_uuid;

/// Reads the last day, `2026-01-31`, in a name, as its first moment in
/// microseconds since 1970, UTC.
pub(crate) fn day(name: &str) -> Option<i64> {
    const DAY: usize = "2026-01-31".len();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| name.as_bytes().get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    (0..=name.len().checked_sub(DAY)?).rev().find_map(|at| {
        let alone = !is_digit(at.checked_sub(1)) && !is_digit(Some(at + DAY));
        let day = name.get(at..at + DAY).filter(|_| alone)?;
        Some(Timestamp::of_day(day)?.0)
    })
}

/// Reads the UUID in the last part of a name, if there is one and no other.
pub(crate) fn uuid(name: &str) -> Option<&str> {
    const UUID: usize = "12345678-90ab-cdef-1234-567890abcdef".len();
    let file = name.rsplit(['/', '\\']).next()?;
    let mut found = (0..=file.len().checked_sub(UUID)?).filter_map(|at| {
        let id = file.get(at..at + UUID)?;
        is_uuid(id).then_some(id)
    });
    let first = found.next()?;
    found
        .all(|other| other.eq_ignore_ascii_case(first))
        .then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_in_a_name_dates_it() {
        let march = Some(1_772_323_200_000_000);
        for name in [
            "directory/2026-03-01/list-users.json",
            "2025-12-31/list-users-2026-03-01.json",
            "2026-03-01",
            "s3://b/2026-03-01T09:00/2026-13-01.json",
            "é2026-03-01é",
        ] {
            assert_eq!(day(name), march, "{name}");
        }
        for name in ["", "-", "list-users.json", "12026-03-01", "2026-03-011"] {
            assert_eq!(day(name), None, "{name}");
        }
    }

    #[test]
    fn the_only_uuid_of_a_file_name_is_whose_it_is() {
        let id = "12345678-90ab-cdef-1234-567890abcdef";
        let other = "22345678-90ab-cdef-1234-567890abcdef";
        assert_eq!(uuid(&format!("a/permissions-{id}.json.gz")), Some(id));
        assert_eq!(uuid(&format!("{other}/{id}")), Some(id));
        assert_eq!(uuid(&format!("{id}-of-{id}")), Some(id));
        for name in [
            format!("{id}/permissions.json"),
            format!("{other}-{id}.json"),
            "é".repeat(40),
            "-".to_owned(),
        ] {
            assert_eq!(uuid(&name), None, "{name}");
        }
    }
}
