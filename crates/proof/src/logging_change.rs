//! Requests that switch a trail off and on, or change what it records.
//!
//! Source: AWS CloudTrail API Reference, `StopLogging`, `StartLogging`,
//! `DeleteTrail`, `PutEventSelectors`.

use earwitness_parser::Event;
use serde_json::Value;

use crate::json_member::text;
use crate::selector::{FieldValue, Probe, Recorded, Selectors};

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
        Some(LoggingChange {
            time,
            account_id: event.account_id()?.to_owned(),
            trail: trail_name(request)?.to_owned(),
            change,
        })
    }
}

/// Says what the selectors of a request record of S3 objects: of some, as the
/// bucket that matters is not known.
fn selectors(request: &Value) -> Change {
    let selectors = Selectors::read(request);
    let records = |name, read_only| {
        let probe = Probe::of_object(name, read_only, FieldValue::Any);
        selectors.records(&probe) != Recorded::No
    };
    Change::Selectors {
        reads: records("GetObject", true),
        writes: records("DeleteObject", false),
    }
}

/// Returns the name of the trail that a request is about, which may name it by
/// its ARN.
pub(crate) fn trail_name(request: &Value) -> Option<&str> {
    let trail = text(request, "name").or_else(|| text(request, "trailName"))?;
    Some(trail.rsplit_once(":trail/").map_or(trail, |(_, name)| name))
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
        assert_eq!(
            advanced(r#"{"field":"eventName","notEquals":["GetObject"]},"#),
            (false, true)
        );
    }
}
