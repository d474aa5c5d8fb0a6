//! Tells which rows one answer has and another has not.

use earwitness_export::{Format, Options, writer};
use earwitness_proof::sha256;
use earwitness_query::DataFrame;

use crate::failure::Failure;

/// Columns that say from which copy of a record a row was read. A second copy
/// under another name makes no other row.
pub(crate) const COPIES: [&str; 4] = ["input", "record_input", "event_input", "record_index"];

/// Returns a hash of each row, in rising order.
pub(crate) fn row_hashes(rows: &DataFrame) -> Result<Vec<String>, Failure> {
    let mut hashes = hashes_of(rows, |name| !COPIES.contains(&name))?;
    hashes.sort_unstable();
    Ok(hashes)
}

/// Returns a hash of what each row has in some columns.
pub(crate) fn hashes_of(
    rows: &DataFrame,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<String>, Failure> {
    let names = rows.get_column_names().into_iter();
    let names = names.filter(|name| wanted(name.as_str()));
    let rows = rows.select(names.cloned()).unwrap_or_else(|_| rows.clone());
    let mut text = Vec::new();
    writer(Format::Jsonl, &Options::default()).write(&rows, &mut text)?;
    let lines = text.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    Ok(lines.map(sha256).collect())
}

/// Counts what only `now` has and what only `before` had, each as often as it
/// stands there. Both are in rising order.
pub(crate) fn changes(before: &[String], now: &[String]) -> (u64, u64) {
    let (mut added, mut removed) = (0, 0);
    let (mut before, mut now) = (before.iter().peekable(), now.iter().peekable());
    loop {
        match (before.peek(), now.peek()) {
            (None, None) => return (added, removed),
            (Some(old), Some(new)) if old == new => {
                before.next();
                now.next();
            }
            (Some(old), new) if new.is_none_or(|new| old < new) => {
                removed += 1;
                before.next();
            }
            _ => {
                added += 1;
                now.next();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(before: &str, now: &str) -> (u64, u64) {
        let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        changes(&words(before), &words(now))
    }

    #[test]
    fn rows_are_counted_as_often_as_they_stand_there() {
        assert_eq!(counted("a b c", "a b c"), (0, 0));
        assert_eq!(counted("a c", "a b c d"), (2, 0));
        assert_eq!(counted("a b c", "b"), (0, 2));
        assert_eq!(counted("a a b", "a b b"), (1, 1));
        assert_eq!(changes(&[], &["a".to_owned()]), (1, 0));
        assert_eq!(changes(&["a".to_owned()], &[]), (0, 1));
        assert_eq!(changes(&[], &[]), (0, 0));
    }
}
