//! Requests that switch a trail off and on, or change what it records.
//!
//! Source: AWS CloudTrail API Reference, `StopLogging`, `StartLogging`,
//! `DeleteTrail`, `PutEventSelectors`.

use earwitness_parser::Event;
use serde_json::Value;

/// The names of the events.
pub(crate) const CHANGES: [&str; 4] = [
    "StopLogging",
    "StartLogging",
    "DeleteTrail",
    "PutEventSelectors",
];

/// A change to a trail that was made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LoggingChange {
    /// Microseconds since 1970.
    pub(crate) time: i64,
    pub(crate) account_id: String,
    /// The trail's name.
    pub(crate) trail: String,
    pub(crate) change: Change,
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    Off,
    On,
    /// What the trail records of S3 objects from then on.
    Selectors {
        reads: bool,
        writes: bool,
    },
}

impl LoggingChange {
    /// Reads a change off an event whose record is `raw`; a request that failed
    /// changed nothing.
    pub(crate) fn of(event: &Event<'_>, time: i64, raw: &[u8]) -> Option<LoggingChange> {
        let done = event.error_code.get().is_none_or(|code| code == "200");
        let of_cloudtrail = event.event_source.get() == Some("cloudtrail.amazonaws.com");
        if !done || !of_cloudtrail {
            return None;
        }
        // These are few, and their requests are like no others.
        let record: Value = serde_json::from_slice(raw).ok()?;
        let request = record.get("requestParameters")?;
        let change = match event.event_name.get()? {
            "StopLogging" | "DeleteTrail" => Change::Off,
            "StartLogging" => Change::On,
            "PutEventSelectors" => selectors(request),
            _ => return None,
        };
        let trail = member(request, "name").or_else(|| member(request, "trailName"))?;
        let trail = trail.as_str()?;
        let name = trail.rsplit_once(":trail/").map_or(trail, |(_, name)| name);
        Some(LoggingChange {
            time,
            account_id: event.account_id()?.to_owned(),
            trail: name.to_owned(),
            change,
        })
    }
}

/// Says what the selectors of a request record of S3 objects, in any bucket.
fn selectors(request: &Value) -> Change {
    let (mut reads, mut writes) = (false, false);
    for selector in list(request, "eventSelectors") {
        let of_objects = list(selector, "dataResources").iter().any(|resource| {
            is(member(resource, "type"), OBJECT) && !list(resource, "values").is_empty()
        });
        if of_objects {
            let kind = member(selector, "readWriteType");
            reads |= !is(kind, "WriteOnly");
            writes |= !is(kind, "ReadOnly");
        }
    }
    for selector in list(request, "advancedEventSelectors") {
        let fields = list(selector, "fieldSelectors");
        let asks = |name: &str, value: &str| {
            let mut of_field = fields
                .iter()
                .filter(|field| is(member(field, "field"), name));
            of_field.any(|field| {
                list(field, "equals")
                    .iter()
                    .any(|equal| is(Some(equal), value))
            })
        };
        if asks("resources.type", OBJECT) {
            reads |= !asks("readOnly", "false");
            writes |= !asks("readOnly", "true");
        }
    }
    Change::Selectors { reads, writes }
}

const OBJECT: &str = "AWS::S3::Object";

/// Returns a member by its name; CloudTrail writes some with a capital.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let members = value.as_object()?;
    let of_name = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
    members.iter().find(of_name).map(|(_, value)| value)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    let list = member(value, name).and_then(Value::as_array);
    list.map(Vec::as_slice).unwrap_or_default()
}

fn is(value: Option<&Value>, text: &str) -> bool {
    value.and_then(Value::as_str) == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(name: &str, request: &str, error: &str) -> Option<LoggingChange> {
        let raw = format!(
            r#"{{"eventSource":"cloudtrail.amazonaws.com","eventName":"{name}",
            "recipientAccountId":"111122223333","requestParameters":{request}{error}}}"#
        );
        let event: Event<'_> = serde_json::from_str(&raw).unwrap();
        LoggingChange::of(&event, 7, raw.as_bytes())
    }

    #[test]
    fn a_trail_is_named_by_name_or_arn() {
        let arn = r#"{"name":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main"}"#;
        let off = change("StopLogging", arn, "").unwrap();
        assert_eq!((off.trail.as_str(), off.change), ("main", Change::Off));
        let on = change("StartLogging", r#"{"name":"main"}"#, "").unwrap();
        assert_eq!((on.trail, on.change), ("main".to_owned(), Change::On));
        assert_eq!(
            change("StopLogging", arn, r#","errorCode":"AccessDenied""#),
            None
        );
        assert_eq!(change("StopLogging", "null", ""), None);
    }

    #[test]
    fn selectors_say_what_is_recorded() {
        let of = |selectors: &str| {
            let request = format!(r#"{{"trailName":"main",{selectors}}}"#);
            match change("PutEventSelectors", &request, "").unwrap().change {
                Change::Selectors { reads, writes } => (reads, writes),
                other => panic!("{other:?}"),
            }
        };
        let basic = |kind: &str, resources: &str| {
            of(&format!(
                r#""eventSelectors":[{{"readWriteType":"{kind}","dataResources":{resources}}}]"#
            ))
        };
        let objects = r#"[{"type":"AWS::S3::Object","values":["arn:aws:s3"]}]"#;
        assert_eq!(basic("All", objects), (true, true));
        assert_eq!(basic("WriteOnly", objects), (false, true));
        assert_eq!(basic("All", "[]"), (false, false));
        assert_eq!(
            basic("All", r#"[{"type":"AWS::S3::Object","values":[]}]"#),
            (false, false)
        );
        let advanced = |read_only: &str| {
            of(&format!(
                r#""advancedEventSelectors":[{{"fieldSelectors":[
                {{"field":"eventCategory","equals":["Data"]}},{read_only}
                {{"field":"resources.type","equals":["AWS::S3::Object"]}}]}}]"#
            ))
        };
        assert_eq!(advanced(""), (true, true));
        assert_eq!(
            advanced(r#"{"field":"readOnly","equals":["true"]},"#),
            (true, false)
        );
    }
}
