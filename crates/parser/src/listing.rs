//! When a listing of the Connect directory was made, and how much of it is there.
//!
//! Source: Amazon Connect API Reference, `ListUsers`, `SearchUsers`,
//! `DescribeUser` and the operations like them. What AWS prints says neither
//! when it was asked nor, of permissions, whose they are: `valid_from` and
//! `SecurityProfileId` may stand beside the list to say so.

use crate::reject::{Excerpt, RejectReason};
use crate::scan::Scanner;
use crate::timestamp::Timestamp;
use crate::tolerant::Text;

/// What a document says of the listing that it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// From when on the listing holds, as its `valid_from` says.
    pub valid_from: Option<Timestamp>,
    /// How much of the directory it shows.
    pub extent: Extent,
}

/// How much of the directory a listing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// One entry, which says nothing of others.
    Single,
    /// Entries with more to follow: `NextToken` says so, or damage hides it.
    Page,
    /// Entries up to the last one.
    Last,
}

impl Listing {
    pub(crate) const UNTOLD: Listing = Listing {
        valid_from: None,
        extent: Extent::Single,
    };

    /// Reads what stands in the object at `open`, before the list or behind it,
    /// as far as the object can be read.
    ///
    /// # Errors
    /// With the listing as if it had no `valid_from`, where that is no time.
    pub(crate) fn of(
        scanner: &mut Scanner<'_>,
        open: usize,
    ) -> (Listing, Result<(), RejectReason>) {
        let mut listing = Listing {
            valid_from: None,
            extent: Extent::Last,
        };
        let mut told = Ok(());
        let is_whole = each_member(scanner, open, |key, value| match key {
            b"\"valid_from\"" if value != b"null" => {
                listing.valid_from = moment(value);
                told = match listing.valid_from {
                    Some(_) => Ok(()),
                    None => Err(RejectReason::NoValidFrom(Excerpt::of(value))),
                };
            }
            b"\"NextToken\"" if value != b"null" && value != b"\"\"" => {
                listing.extent = Extent::Page;
            }
            _ => {}
        });
        if !is_whole {
            listing.extent = Extent::Page;
        }
        (listing, told)
    }

    /// Returns the same of a document that holds one entry by itself.
    pub(crate) fn single(self) -> Listing {
        Listing {
            extent: Extent::Single,
            ..self
        }
    }
}

/// Passes each key, with its quotes, and value of the object at `open`, up to
/// the first that cannot be read: that is for the walk to name. Tells whether
/// the object was read to its end.
fn each_member<'b>(
    scanner: &mut Scanner<'b>,
    open: usize,
    mut each: impl FnMut(&'b [u8], &'b [u8]),
) -> bool {
    let bytes = scanner.bytes();
    let mut at = scanner.skip_space(open + 1);
    while bytes.get(at) == Some(&b'"') {
        let (Ok(key_end), Ok(value)) = (scanner.string_end(at), scanner.member(at)) else {
            return false;
        };
        let Ok(end) = scanner.value_end(value) else {
            return false;
        };
        each(&bytes[at..key_end], &bytes[value..end]);
        at = scanner.skip_space(end);
        if bytes.get(at) == Some(&b',') {
            at = scanner.skip_space(at + 1);
        }
    }
    bytes.get(at) == Some(&b'}')
}

/// Reads a time, or a day as its first moment, UTC.
fn moment(value: &[u8]) -> Option<Timestamp> {
    let text: Text<'_> = serde_json::from_slice(value).ok()?;
    let text = text.get()?;
    Timestamp::parse(text).or_else(|| Timestamp::of_day(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(json: &str) -> (Listing, Result<(), RejectReason>) {
        Listing::of(&mut Scanner::new(json.as_bytes()), 0)
    }

    #[test]
    fn the_time_may_stand_before_the_list_or_behind_it() {
        let march = Some(Timestamp(1_772_323_200_000_000));
        for json in [
            r#"{"valid_from":"2026-03-01T00:00:00Z","Users":[]}"#,
            r#"{ "Users" : [ { "valid_from" : "1999" } ] , "valid_from" : "2026-03-01T00:00:00Z" }"#,
            r#"{"Users":[],"NextToken":null,"valid_from":"2026-03-01"}"#,
            r#"{"valid_from":"2026-03-01T01:00:00+01:00","Users":[]}"#,
        ] {
            let (listing, told) = listing(json);
            assert_eq!(listing.valid_from, march, "{json}");
            assert_eq!(listing.extent, Extent::Last, "{json}");
            assert_eq!(told, Ok(()), "{json}");
        }
    }

    #[test]
    fn what_is_no_time_is_named_and_what_goes_on_is_a_page() {
        let (untold, told) = listing(r#"{"Users":[],"valid_from":"last week"}"#);
        assert_eq!(untold.valid_from, None);
        assert!(told.unwrap_err().to_string().contains("last week"));
        let (page, told) = listing(r#"{"NextToken":"AAA","Users":[],"valid_from":null}"#);
        assert_eq!((page.extent, told), (Extent::Page, Ok(())));
        let (cut, _) = listing(r#"{"valid_from":"2026-03-01","Users":[{"Id":"1"},"#);
        assert_eq!(cut.extent, Extent::Page);
        assert!(cut.valid_from.is_some());
        for json in ["{", "{}", "", "{\"valid_from\"", "{\"valid_from\":}"] {
            assert_eq!(listing(json).0.valid_from, None, "{json}");
        }
    }
}
