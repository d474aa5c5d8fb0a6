//! The shapes in which people take records out of CloudWatch Logs.

use super::{stream, taken_at};
use crate::clock;
use crate::json::{Json, map};
use crate::{Emit, Result};

pub(super) fn write(records: &[Json], texts: &[String], emit: &mut Emit<'_>) -> Result<()> {
    let download = csv(&["@timestamp", "@message"], texts, "\n");
    emit("insights-download.csv", download.as_bytes())?;
    let crlf = csv(&["@timestamp", "@message"], texts, "\r\n");
    emit("insights-download-crlf.csv", crlf.as_bytes())?;
    emit(
        "insights-download-bom.csv",
        format!("\u{feff}{crlf}").as_bytes(),
    )?;
    let other = csv(&["@message", "@logStream", "@timestamp"], texts, "\n");
    emit("insights-download-other-order.csv", other.as_bytes())?;
    emit("insights-results.json", results(texts).pretty().as_bytes())?;
    emit(
        "filter-log-events.json",
        filtered(texts).pretty().as_bytes(),
    )?;
    let export = lines(texts, |i, text| format!("{}Z {text}\n", time(i, "T", 3)));
    emit("cloudwatch-export.txt", export.as_bytes())?;
    let detailed = lines(texts, |i, text| {
        format!("{}+00:00 {} {text}\n", time(i, "T", 6), stream())
    });
    emit("logs-tail-detailed.txt", detailed.as_bytes())?;
    let short = lines(texts, |i, text| format!("{} {text}\n", time(i, "T", 0)));
    emit("logs-tail-short.txt", short.as_bytes())?;
    let pretty = records.iter().map(Json::pretty).collect::<Vec<_>>();
    let json = lines(&pretty, |i, text| {
        format!("{}+00:00 {} \n{text}\n", time(i, "T", 6), stream())
    });
    emit("logs-tail-json.txt", json.as_bytes())
}

fn lines(texts: &[String], line: impl Fn(usize, &str) -> String) -> String {
    texts
        .iter()
        .enumerate()
        .map(|(i, text)| line(i, text))
        .collect()
}

/// When the log group took the record, with `digits` of a second.
fn time(index: usize, between: &str, digits: usize) -> String {
    let taken_at = taken_at(index);
    let seconds = clock::spaced(taken_at / 1_000).replacen(' ', between, 1);
    match digits {
        0 => seconds,
        3 => format!("{seconds}.{:03}", taken_at % 1_000),
        _ => format!("{seconds}.{:03}000", taken_at % 1_000),
    }
}

/// A download of Logs Insights: quotes within a cell are doubled.
pub(crate) fn csv(columns: &[&str], messages: &[String], line_end: &str) -> String {
    let mut text = format!("{}{line_end}", columns.join(","));
    for (i, message) in messages.iter().enumerate() {
        let cells = columns.iter().map(|column| match *column {
            "@timestamp" => time(i, " ", 3),
            "@logStream" => stream(),
            _ => format!("\"{}\"", message.replace('"', "\"\"")),
        });
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push_str(line_end);
    }
    text
}

fn results(texts: &[String]) -> Json {
    let field = |name: &str, value: String| map! { "field" => name, "value" => value };
    let rows = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            Json::List(vec![
                field("@timestamp", time(i, " ", 3)),
                field("@message", text.clone()),
                field("@ptr", format!("CmEXAMPLE{i}")),
            ])
        })
        .collect::<Vec<_>>();
    map! {
        "results" => rows,
        "statistics" => map! {
            "recordsMatched" => 3.0,
            "recordsScanned" => 1_204.0,
            "bytesScanned" => 2_209_312.0,
        },
        "status" => "Complete",
    }
}

fn filtered(texts: &[String]) -> Json {
    let events = texts
        .iter()
        .enumerate()
        .map(|(i, text)| {
            map! {
                "logStreamName" => stream(),
                "timestamp" => taken_at(i),
                "message" => text,
                "ingestionTime" => taken_at(i) + 812,
                "eventId" => format!("3826000000000000000000000000000000000000000000000000000{i}"),
            }
        })
        .collect::<Vec<_>>();
    map! { "events" => events, "searchedLogStreams" => Vec::<Json>::new() }
}
