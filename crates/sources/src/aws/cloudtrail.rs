//! Reads CloudTrail's event history of a region: management events of 90 days.
//!
//! Source: AWS CloudTrail API Reference, `LookupEvents`; User Guide, "Working with
//! CloudTrail event history".

pub(crate) mod data_events;
pub(crate) mod public_keys;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use aws_smithy_types::DateTime;
use aws_smithy_types::error::operation::BuildError;
use serde_json::{Value, json};

use self::data_events::is_data_event;
use super::pace::Pace;
use super::time::{DAY, moment, now_seconds, printed};
use super::{Aws, Call};
use crate::find::Found;
use crate::input::LogFile;
use crate::problem::ProblemReason;
use crate::spool::Spool;
use crate::{AwsCause, AwsError, Gap, Input, Problem, SourceError, Told, Wanted};

/// How far back the history goes.
const HISTORY: i64 = 90 * DAY;

/// Requests that AWS answers, in a second, an account and a region.
const REQUESTS_A_SECOND: u32 = 2;

/// What of the history is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// The event names, one lookup each; all events at once where there is none.
    names: Vec<Option<String>>,
    /// The first second since 1970, and the last one.
    first: i64,
    last: i64,
    gaps: Vec<Gap>,
}

/// A lookup of one region.
struct History<'a> {
    client: Client,
    region: &'a str,
    asked: &'a Asked,
    pages: &'a Spool,
    pace: Pace,
    tell: &'a dyn Fn(Told<'_>),
}

/// Refuses a question that the history knows nothing of, before AWS is asked.
///
/// # Errors
/// When every event that is wanted is a data event.
pub(crate) fn refuse(region: &str, wanted: &Wanted<'_>) -> Result<(), SourceError> {
    let Some(names) = &wanted.event_names else {
        return Ok(());
    };
    let address = format!("cloudtrail:{region}");
    if names.is_empty() {
        return Err(SourceError::Nothing {
            address,
            why:
                "the report needs no CloudTrail events; name what it does need, such as user lists"
                    .to_owned(),
        });
    }
    if names.iter().all(|name| is_data_event(name)) {
        return Err(SourceError::DataEventsOnly {
            address,
            events: names.join(", "),
        });
    }
    Ok(())
}

/// Adds what the history has of what is wanted to what was found.
///
/// # Errors
/// When nothing can be had. Where some of it is lacking, that becomes a
/// [`Problem`].
pub(crate) fn find(
    aws: &Aws,
    region: &str,
    wanted: &Wanted<'_>,
    pages: &Spool,
    found: &mut Found,
) -> Result<(), SourceError> {
    let mut asked = asked(region, wanted, now_seconds())?;
    let history = History {
        client: Client::new(&aws.config_in(region)),
        region,
        asked: &asked,
        pages,
        pace: Pace::per_second(REQUESTS_A_SECOND),
        tell: wanted.tell,
    };
    let mut files = Vec::new();
    let ended = aws.wait(history.read(&mut files))?;
    let refused = match ended {
        Ok(()) => None,
        Err((lacking, SourceError::Aws(error))) if !files.is_empty() => Some((lacking, error)),
        Err((_, error)) => return Err(error),
    };
    let gaps = std::mem::take(&mut asked.gaps).into_iter();
    let address = format!("cloudtrail:{region}");
    found
        .problems
        .extend(gaps.map(|gap| problem(&address, gap)));
    if let Some((lacking, AwsError { cause, .. })) = refused {
        let gap = Gap::Refused {
            from: moment(asked.first),
            to: moment(asked.last + 1),
            cause,
        };
        found
            .problems
            .push(problem(&format!("{address}{lacking}"), gap));
    }
    found.inputs.extend(files.into_iter().map(Input::File));
    Ok(())
}

/// Works out what is asked for, and what of it the history cannot have.
fn asked(region: &str, wanted: &Wanted<'_>, now: i64) -> Result<Asked, SourceError> {
    let since = wanted.since.map(|micros| micros.div_euclid(1_000_000));
    let until = wanted
        .until
        .map(|micros| (micros + 999_999).div_euclid(1_000_000));
    let oldest = now - HISTORY;
    let first = since.map_or(oldest, |since| since.max(oldest));
    // Event times are whole seconds, and both ends belong to what AWS looks up.
    let last = until.map_or(now, |until| until.min(now + 1) - 1);
    if last < first {
        return Err(SourceError::Nothing {
            address: format!("cloudtrail:{region}"),
            why: format!(
                "the event history goes from {} to now, and that lies outside of what is asked about; read the trail's bucket for older events",
                moment(oldest)
            ),
        });
    }
    let mut gaps = Vec::new();
    if let Some(since) = since.filter(|&since| since < oldest) {
        gaps.push(Gap::BeforeHistory {
            from: moment(since),
            to: moment(oldest),
        });
    }
    let names = match &wanted.event_names {
        None => vec![None],
        Some(names) => {
            let (data, management): (Vec<_>, Vec<_>) =
                names.iter().cloned().partition(|name| is_data_event(name));
            if !data.is_empty() {
                gaps.push(Gap::DataEvents {
                    events: data.join(", "),
                });
            }
            management.into_iter().map(Some).collect()
        }
    };
    Ok(Asked {
        names,
        first,
        last,
        gaps,
    })
}

impl History<'_> {
    /// Looks everything up and puts the pages into `files`. Where that ends early
    /// it says what is lacking, as it stands behind the address.
    async fn read(&self, files: &mut Vec<LogFile>) -> Result<(), (String, SourceError)> {
        for (done, name) in self.asked.names.iter().enumerate() {
            let all = self.asked.names.len();
            let text = match name {
                Some(name) => format!("{}: {name}, {} of {all} events", self.address(), done + 1),
                None => format!("{}: all events", self.address()),
            };
            (self.tell)(Told::Progress(&text));
            self.look_up(name.as_deref(), files)
                .await
                .map_err(|error| {
                    let lacking = self.asked.names[done..].iter().flatten();
                    let lacking: Vec<&str> = lacking.map(String::as_str).collect();
                    let behind = if lacking.is_empty() { "" } else { ", events " };
                    (format!("{behind}{}", lacking.join(", ")), error)
                })?;
        }
        Ok(())
    }

    async fn look_up(
        &self,
        name: Option<&str>,
        files: &mut Vec<LogFile>,
    ) -> Result<(), SourceError> {
        let call = Call {
            doing: format!("look up events in {}", self.address()),
            action: "cloudtrail:LookupEvents",
            resource: "*".to_owned(),
            what: "event history",
        };
        let attribute = name.map(by_name).transpose().map_err(|error| AwsError {
            doing: call.doing.clone(),
            cause: AwsCause::Refused {
                code: "a name that cannot be looked up".to_owned(),
                said: error.to_string(),
            },
        })?;
        let (mut token, mut page) = (None, 0);
        loop {
            self.pace.turn().await;
            let answer = self
                .client
                .lookup_events()
                .set_lookup_attributes(attribute.clone().map(|attribute| vec![attribute]))
                .start_time(DateTime::from_secs(self.asked.first))
                .end_time(DateTime::from_secs(self.asked.last))
                .set_next_token(token.take())
                .send()
                .await
                .map_err(|error| call.failed(&error))?;
            page += 1;
            let events: Vec<Value> = answer
                .events
                .unwrap_or_default()
                .into_iter()
                .map(event_json)
                .collect();
            let named = name.unwrap_or("all");
            let file = self.pages.write(
                &format!("cloudtrail/{}/{named}/{page}.json", self.region),
                &format!("{} {named} page {page}", self.address()),
                json!({ "Events": events }).to_string().as_bytes(),
            )?;
            files.push(file);
            token = answer.next_token;
            if token.is_none() {
                return Ok(());
            }
        }
    }

    fn address(&self) -> String {
        format!("cloudtrail:{}", self.region)
    }
}

fn problem(origin: &str, gap: Gap) -> Problem {
    Problem {
        origin: origin.to_owned(),
        why: ProblemReason::Gap(gap),
    }
}

/// Of the attributes that there are, a lookup takes one.
pub(crate) fn by_name(name: &str) -> Result<LookupAttribute, BuildError> {
    LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::EventName)
        .attribute_value(name)
        .build()
}

/// Writes an event as AWS prints it.
pub(crate) fn event_json(event: Event) -> Value {
    let resources: Vec<Value> = event
        .resources
        .unwrap_or_default()
        .into_iter()
        .map(|one| json!({ "ResourceType": one.resource_type, "ResourceName": one.resource_name }))
        .collect();
    json!({
        "EventId": event.event_id,
        "EventName": event.event_name,
        "ReadOnly": event.read_only,
        "AccessKeyId": event.access_key_id,
        "EventTime": printed(event.event_time),
        "EventSource": event.event_source,
        "Username": event.username,
        "Resources": resources,
        "CloudTrailEvent": event.cloud_trail_event,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_772_323_200;

    fn wanted(names: &[&str], since: Option<i64>, until: Option<i64>) -> Wanted<'static> {
        Wanted {
            event_names: Some(names.iter().map(|&name| name.to_owned()).collect()),
            since: since.map(|days| (NOW + days * DAY) * 1_000_000),
            until: until.map(|days| (NOW + days * DAY) * 1_000_000),
            ..Wanted::everything()
        }
    }

    #[test]
    fn what_the_history_never_has_is_refused_or_told() {
        let only_data = wanted(&["DeleteObject", "DeleteObjects"], None, None);
        let refused = refuse("us-west-2", &only_data).unwrap_err().to_string();
        for text in ["DeleteObject, DeleteObjects", "s3://", "cloudwatch:"] {
            assert!(refused.contains(text), "{refused}");
        }
        let some = wanted(&["GetObject", "GetBucketLocation"], None, None);
        refuse("us-west-2", &some).unwrap();
        let asked = asked("us-west-2", &some, NOW).unwrap();
        assert_eq!(asked.names, [Some("GetBucketLocation".to_owned())]);
        let [gap] = asked.gaps.as_slice() else {
            panic!("{:?}", asked.gaps);
        };
        assert!(gap.to_string().contains("GetObject"), "{gap}");
        refuse("us-west-2", &wanted(&[], None, None)).unwrap_err();
        refuse("us-west-2", &Wanted::everything()).unwrap();
    }

    #[test]
    fn a_window_is_looked_up_as_far_as_the_history_goes() {
        let of = |since, until| asked("us-west-2", &wanted(&["StopLogging"], since, until), NOW);
        let within = of(Some(-10), Some(-5)).unwrap();
        assert_eq!(
            (within.first, within.last),
            (NOW - 10 * DAY, NOW - 5 * DAY - 1)
        );
        assert_eq!(within.gaps, []);
        let open = of(None, None).unwrap();
        assert_eq!((open.first, open.last), (NOW - 90 * DAY, NOW));
        assert_eq!(open.gaps, []);
        let old = of(Some(-100), None).unwrap();
        assert_eq!((old.first, old.last), (NOW - 90 * DAY, NOW));
        assert!(matches!(old.gaps.as_slice(), [Gap::BeforeHistory { .. }]));
        for (since, until) in [(Some(-200), Some(-100)), (Some(1), None)] {
            let text = of(since, until).unwrap_err().to_string();
            assert!(text.contains("the trail's bucket"), "{text}");
        }
    }
}
