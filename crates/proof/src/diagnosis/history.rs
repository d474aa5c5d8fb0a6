//! What was changed lately, and since when it has been as it is.
//!
//! Source: AWS CloudTrail User Guide, "Viewing recent management events": events of
//! the last 90 days.

use std::collections::BTreeSet;

use earwitness_parser::Timestamp;
use serde_json::Value;

use crate::diagnosis::Case;
use crate::diagnosis::answer::{Answer, Finding, Question, unknown};
use crate::diagnosis::recording::Recording;
use crate::diagnosis::trail::{Trail, time};
use crate::json_member::{flag, list, member, text};
use crate::logging_change::trail_name;
use crate::selector::Selectors;
use crate::settings::{Call, Reply, Settings};

/// How far back events can be looked up.
const MICROS: i64 = 90 * 24 * 3_600_000_000;

/// The events that change what a trail records.
pub const CHANGES: [&str; 6] = [
    "CreateTrail",
    "DeleteTrail",
    "PutEventSelectors",
    "StartLogging",
    "StopLogging",
    "UpdateTrail",
];

/// The changes of the last 90 days, in the order of time.
pub(crate) struct History {
    changes: Vec<Change>,
    /// Why it is not known, with what a policy has to allow.
    gap: Option<(String, Option<String>)>,
}

struct Change {
    time: i64,
    name: String,
    trail: String,
    region: String,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    On,
    Off,
    Selectors(Selectors),
    /// The trail is another from then on.
    Other,
}

impl History {
    pub(crate) fn of(settings: &Settings) -> History {
        let mut history = History {
            changes: Vec::new(),
            gap: None,
        };
        let (mut asked, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for (subject, reply) in settings.of_call(Call::LookupEvents) {
            let said = match reply {
                Reply::Said(said) => said,
                Reply::Refused(_) => {
                    let why = unknown(Call::LookupEvents, Some(reply));
                    history.gap.get_or_insert(why);
                    continue;
                }
            };
            if text(said, "NextToken").is_some() {
                let why = "lookup-events has more pages than were read".to_owned();
                history.gap.get_or_insert((why, None));
            }
            let about = CHANGES.into_iter().find(|name| subject.ends_with(name));
            // What is about no one name is about all.
            match about {
                Some(name) => asked.extend([name]),
                None => asked.extend(CHANGES),
            }
            for event in list(said, "Events") {
                let Some(change) = Change::of(event) else {
                    continue;
                };
                let id = text(event, "EventId").map(str::to_owned);
                if id.is_none_or(|id| seen.insert(id)) {
                    history.changes.push(change);
                }
            }
        }
        if asked.len() < CHANGES.len() {
            let why = unknown(Call::LookupEvents, None);
            history.gap.get_or_insert(why);
        }
        history.changes.sort_by_key(|change| change.time);
        history
    }

    /// Returns since when a trail has recorded something, by what it was set to
    /// since; `None` where that is not known. Nothing older than 90 days is.
    pub(crate) fn since(
        &self,
        trail: &Trail<'_>,
        now: i64,
        is_recorded: &dyn Fn(&Selectors) -> bool,
    ) -> Option<i64> {
        if self.gap.is_some() {
            return None;
        }
        let oldest = now - MICROS;
        let mut since = Some(trail.time("StartLoggingTime").unwrap_or(oldest).max(oldest));
        let mut is_first = true;
        for change in self.of_trail(trail) {
            since = match &change.kind {
                Kind::On | Kind::Off | Kind::Other => since.max(Some(change.time)),
                // What was set before the first is not known.
                Kind::Selectors(selectors) if is_recorded(selectors) => {
                    let known = since.filter(|_| !std::mem::take(&mut is_first));
                    known.or(Some(change.time))
                }
                Kind::Selectors(_) => {
                    is_first = false;
                    None
                }
            };
        }
        since
    }

    fn of_trail(&self, trail: &Trail<'_>) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| {
            let is_there = change.region.is_empty() || change.region == trail.home_region;
            change.trail == trail.name && is_there
        })
    }
}

impl Change {
    /// Reads an entry of `LookupEvents`; a request that failed changed nothing.
    fn of(entry: &Value) -> Option<Change> {
        let record: Value = serde_json::from_str(text(entry, "CloudTrailEvent")?).ok()?;
        if text(&record, "errorCode").is_some_and(|code| code != "200") {
            return None;
        }
        let request = member(&record, "requestParameters")?;
        let kind = match text(&record, "eventName")? {
            "StartLogging" => Kind::On,
            "StopLogging" | "DeleteTrail" => Kind::Off,
            "PutEventSelectors" => Kind::Selectors(Selectors::read(request)),
            "CreateTrail" => Kind::Other,
            // Which regions it covers is all that matters here.
            "UpdateTrail" if flag(request, "isMultiRegionTrail").is_some() => Kind::Other,
            _ => return None,
        };
        Some(Change {
            time: time(member(&record, "eventTime")?)?,
            trail: trail_name(request)?.to_owned(),
            region: text(&record, "awsRegion").unwrap_or_default().to_owned(),
            name: text(&record, "eventName")?.to_owned(),
            kind,
        })
    }
}

/// Says whether anything was switched off lately: what was not recorded then
/// stays so, whatever is set now.
pub(crate) fn finding(case: &Case<'_>, recording: &Recording<'_>) -> Finding {
    let question = Question::Unbroken;
    let history = recording.history();
    let Some(trail) = recording.chosen() else {
        return Finding::new(question, Answer::Unknown, "there is no trail to ask about");
    };
    let named = |finding: Finding| Finding {
        trail: Some(trail.arn.to_owned()),
        ..finding
    };
    if let Some((why, policy)) = &history.gap {
        return named(Finding {
            policy: policy.clone(),
            ..Finding::new(question, Answer::Unknown, why.clone())
        });
    }
    let mut breaks = Vec::new();
    let changes: Vec<&Change> = history.of_trail(trail).collect();
    for (place, change) in changes.iter().enumerate() {
        let lacking = match &change.kind {
            Kind::Off => String::new(),
            Kind::Selectors(selectors) => {
                let lacking = recording.not_recorded_by(trail, selectors);
                if lacking.is_empty() {
                    continue;
                }
                let names: Vec<&str> = lacking.into_iter().map(Question::name).collect();
                format!(" (not {})", names.join(", "))
            }
            Kind::On | Kind::Other => continue,
        };
        let ends = changes[place + 1..].iter().find(|later| match change.kind {
            Kind::Off => later.kind == Kind::On,
            _ => matches!(later.kind, Kind::Selectors(_)),
        });
        let until = ends.map(|end| format!(" until {}", Timestamp(end.time)));
        breaks.push(format!(
            "{} from {}{}{lacking}",
            change.name,
            Timestamp(change.time),
            until.unwrap_or_default()
        ));
    }
    let oldest = case.now - MICROS;
    named(if breaks.is_empty() {
        Finding {
            since: Some(oldest),
            ..Finding::new(
                question,
                Answer::Yes,
                format!(
                    "trail {}: nothing was switched off in the last 90 days",
                    trail.name
                ),
            )
        }
    } else {
        Finding::new(
            question,
            Answer::Partly,
            format!(
                "trail {}: {}; what was not recorded then stays unknown, `earwitness report \
                 logging-changes` says who did it",
                trail.name,
                breaks.join("; ")
            ),
        )
    })
}
