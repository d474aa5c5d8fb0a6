//! The text of a Logs Insights query.
//!
//! Source: CloudWatch Logs User Guide, "CloudWatch Logs Insights language query
//! syntax", `filter`; "Supported logs and discovered fields".

/// The longest text that StartQuery takes, in characters.
const MAX_CHARACTERS: usize = 10_000;

/// Writes the query for the records with one of these event names; for all
/// records where `event_names` is `None`.
///
/// It asks for records whose text has a name in it, and not for those whose
/// field `eventName` is the name: Insights finds fields only in log groups of the
/// Standard class, only in the first 200 of a record, and not where something
/// stands in front of the JSON. So more comes than is meant, which whoever reads
/// it tells by event name; nothing is missed. AWS charges for what is scanned,
/// which is the same for both.
pub(crate) fn query_text(event_names: Option<&[String]>) -> String {
    const FIELDS: &str = "fields @timestamp, @message, @logStream";
    let Some(names) = event_names else {
        return FIELDS.to_owned();
    };
    // A name that could end its quotes would be a query of its own. No event has
    // such a name, so the filter goes and not the name.
    let is_plain =
        |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !names.iter().all(is_plain) {
        return FIELDS.to_owned();
    }
    // What has `DeleteObjects` in it has `DeleteObject`.
    let covered = |name: &&String| {
        let other = |other: &String| other != *name && name.contains(other.as_str());
        !names.iter().any(other)
    };
    let mut named: Vec<String> = names
        .iter()
        .filter(covered)
        .map(|name| format!("@message like \"{name}\""))
        .collect();
    named.sort_unstable();
    named.dedup();
    let text = format!("{FIELDS} | filter {}", named.join(" or "));
    if text.len() > MAX_CHARACTERS {
        return FIELDS.to_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> String {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        query_text(Some(&names))
    }

    #[test]
    fn a_name_that_another_begins_with_stands_for_both() {
        assert_eq!(
            of(&["DeleteObjects", "DeleteObject", "GetBucketLocation"]),
            "fields @timestamp, @message, @logStream | filter \
             @message like \"DeleteObject\" or @message like \"GetBucketLocation\""
        );
        assert_eq!(of(&["GetObject", "GetObject"]), of(&["GetObject"]));
    }

    #[test]
    fn no_name_gets_out_of_its_quotes() {
        let all = query_text(None);
        assert_eq!(all, "fields @timestamp, @message, @logStream");
        for name in ["x\" | limit 1", "a\\", "*", "", "Löschen", "a b"] {
            assert_eq!(of(&["GetObject", name]), all, "{name}");
        }
    }

    #[test]
    fn more_names_than_a_query_takes_are_asked_for_without_a_filter() {
        let names: Vec<String> = (100..700).map(|n| format!("Event{n}")).collect();
        assert_eq!(query_text(Some(&names)), query_text(None));
    }
}
