//! The same three records in every wrapper that they arrive in.

mod cloudwatch;

pub(crate) use cloudwatch::csv;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::clock;
use crate::gzip::gzip;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, REGION};
use crate::sample::{AT, Samples, delivery};
use crate::{Emit, Result};

/// Seconds after [`AT`] at which the three records happened.
const SECONDS: [i64; 3] = [0, 43, 51];

/// Writes one file a wrapper, each named for it. `single-record.json` holds the
/// first of the three records, the others hold all.
///
/// # Errors
/// When a file cannot be compressed or `emit` fails.
pub fn write_wrappers(emit: &mut Emit<'_>) -> Result<()> {
    let records = Samples::new(24).three();
    let texts = records.iter().map(Json::to_string).collect::<Vec<_>>();
    let document = delivery(&records);
    emit("delivery.json", document.as_bytes())?;
    emit("delivery.json.gz", &gzip(document.as_bytes())?)?;
    let (head, tail) = document.split_at(document.len() / 2);
    emit(
        "one-document-in-two-members.json.gz",
        &members(&[head, tail])?,
    )?;
    let (one, two) = (delivery(&records[..1]), delivery(&records[1..]));
    emit(
        "two-documents-in-two-members.json.gz",
        &members(&[&one, &two])?,
    )?;
    emit("utf-8-bom.json", format!("\u{feff}{document}").as_bytes())?;
    emit(
        "bare-array.json",
        format!("[{}]", texts.join(",")).as_bytes(),
    )?;
    emit("single-record.json", records[0].pretty().as_bytes())?;
    emit(
        "records.ndjson",
        format!("{}\n\n", texts.join("\n")).as_bytes(),
    )?;
    emit(
        "records-crlf.ndjson",
        format!("{}\r\n\r\n", texts.join("\r\n")).as_bytes(),
    )?;
    emit("concatenated.json", texts.concat().as_bytes())?;
    emit("eventbridge.ndjson", eventbridge(&records).as_bytes())?;
    emit(
        "lookup-events.json",
        lookup_events(&records).pretty().as_bytes(),
    )?;
    let raw = records
        .iter()
        .map(|record| map! { "_raw" => record.pretty() })
        .collect();
    emit("splunk-raw.json", Json::List(raw).to_string().as_bytes())?;
    subscription(&texts, emit)?;
    cloudwatch::write(&records, &texts, emit)
}

fn members(documents: &[&str]) -> Result<Vec<u8>> {
    let members = documents
        .iter()
        .map(|text| gzip(text.as_bytes()))
        .collect::<Result<Vec<_>>>()?;
    Ok(members.concat())
}

/// Milliseconds since 1970 at which a log group took the event of a record:
/// some minutes after it happened.
fn taken_at(index: usize) -> i64 {
    (AT + SECONDS[index] + 240) * 1_000 + 95
}

fn eventbridge(records: &[Json]) -> String {
    let mut text = String::new();
    for (record, seconds) in records.iter().zip(SECONDS) {
        let envelope = map! {
            "version" => "0",
            "id" => format!("00000000-0000-4000-8000-0000000000{seconds:02}"),
            "detail-type" => "AWS API Call via CloudTrail",
            "source" => "aws.s3",
            "account" => ACCOUNT,
            "time" => clock::iso(AT + seconds),
            "region" => REGION,
            "resources" => Vec::<Json>::new(),
            "detail" => record.clone(),
        };
        envelope.write(&mut text);
        text.push('\n');
    }
    text
}

fn lookup_events(records: &[Json]) -> Json {
    let event = |(record, seconds): (&Json, i64)| {
        map! {
            "EventId" => record.get("eventID"),
            "EventName" => record.get("eventName"),
            "ReadOnly" => record.get("readOnly").to_string(),
            "EventTime" => (AT + seconds) as f64,
            "EventSource" => "s3.amazonaws.com",
            "Username" => "example",
            "Resources" => Vec::<Json>::new(),
            "CloudTrailEvent" => record.to_string(),
        }
    };
    let events = records.iter().zip(SECONDS).map(event).collect::<Vec<_>>();
    map! { "Events" => events }
}

fn payload(message_type: &str, log_events: Vec<Json>) -> Json {
    let control = message_type == "CONTROL_MESSAGE";
    map! {
        "messageType" => message_type,
        "owner" => if control { "CloudwatchLogs" } else { ACCOUNT },
        "logGroup" => if control { "" } else { "CloudTrail/DefaultLogGroup" },
        "logStream" => if control { String::new() } else { stream() },
        "subscriptionFilters" => vec![Json::from("example-filter")],
        "logEvents" => log_events,
    }
}

fn stream() -> String {
    format!("{ACCOUNT}_CloudTrail_{REGION}")
}

fn log_event(index: usize, text: &str) -> Json {
    map! {
        "id" => format!("3826000000000000000000000000000000000000000000000000000{index}"),
        "timestamp" => taken_at(index),
        "message" => text,
    }
}

/// What a subscription filter hands on: to Lambda in base64, through Firehose
/// as one gzip member a payload.
fn subscription(texts: &[String], emit: &mut Emit<'_>) -> Result<()> {
    let events = texts
        .iter()
        .enumerate()
        .map(|(i, text)| log_event(i, text))
        .collect::<Vec<_>>();
    let whole = payload("DATA_MESSAGE", events.clone());
    emit("subscription-payload.json", whole.to_string().as_bytes())?;
    let data = STANDARD.encode(gzip(whole.to_string().as_bytes())?);
    emit(
        "lambda-event.json",
        map! { "awslogs" => map! { "data" => data } }
            .to_string()
            .as_bytes(),
    )?;
    let control = map! {
        "id" => "",
        "timestamp" => taken_at(0),
        "message" => "CWL CONTROL MESSAGE: Checking health of destination Firehose.",
    };
    let mut members = gzip(
        payload("CONTROL_MESSAGE", vec![control])
            .to_string()
            .as_bytes(),
    )?;
    for event in events {
        members.extend(gzip(
            payload("DATA_MESSAGE", vec![event]).to_string().as_bytes(),
        )?);
    }
    emit("subscription-payloads.gz", &members)
}
