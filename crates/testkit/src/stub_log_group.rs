//! A log group that answers Logs Insights and FilterLogEvents as CloudWatch Logs
//! documents them: filters, limits, pages, queries that run and time out.
//!
//! Source: Amazon CloudWatch Logs API Reference, `StartQuery`, `GetQueryResults`,
//! `StopQuery`, `FilterLogEvents`, `DescribeLogGroups`.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::clock;
use crate::stub_aws::{AwsReply, AwsRequest};

/// A log group with its events and limits.
#[derive(Debug)]
pub struct StubLogGroup {
    /// The name.
    pub name: String,
    /// When it was made, in milliseconds since 1970.
    pub created_millis: i64,
    /// Its events: milliseconds since 1970 and the message.
    pub events: Vec<(i64, String)>,
    /// The most rows that a query gives, however many match.
    pub max_rows: usize,
    /// The most rows or events on a page.
    pub page_rows: usize,
    /// A query of more seconds than these times out.
    pub timeout_seconds: i64,
    /// How often a query says that it runs before it is done.
    pub polls: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    queries: BTreeMap<String, Query>,
}

#[derive(Debug)]
struct Query {
    rows: Vec<Value>,
    matched: usize,
    status: &'static str,
    polls_left: usize,
}

impl StubLogGroup {
    /// Makes a group as AWS would with these events.
    pub fn new(name: &str, events: Vec<(i64, String)>) -> StubLogGroup {
        StubLogGroup {
            name: name.to_owned(),
            created_millis: 0,
            events,
            max_rows: 100_000,
            page_rows: 10_000,
            timeout_seconds: i64::MAX,
            polls: 1,
            state: Mutex::default(),
        }
    }

    /// Answers a request about the group.
    pub fn answer(&self, request: &AwsRequest) -> AwsReply {
        let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
        let group = ["logGroupName", "logGroupIdentifier", "logGroupNamePrefix"];
        let group = group.iter().find_map(|key| body[key].as_str());
        match (request.operation.as_str(), group) {
            ("DescribeLogGroups", Some(prefix)) => self.describe(prefix),
            ("StartQuery" | "FilterLogEvents", Some(group)) if group != self.name => {
                let message = "The specified log group does not exist.";
                AwsReply::error(400, "ResourceNotFoundException", message)
            }
            ("StartQuery", _) => self.start_query(&body),
            ("GetQueryResults", _) => self.query_results(&body),
            ("StopQuery", _) => AwsReply::ok(json!({ "success": self.stop(&body) }).to_string()),
            ("FilterLogEvents", _) => self.filter(&body),
            (other, _) => AwsReply::error(400, "UnknownOperationException", other),
        }
    }

    /// Counts the queries that were neither stopped nor come to an end.
    pub fn running(&self) -> usize {
        let state = self.state();
        let runs = |query: &&Query| query.status == "Running";
        state.queries.values().filter(runs).count()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn describe(&self, prefix: &str) -> AwsReply {
        let groups = if self.name.starts_with(prefix) {
            vec![json!({
                "logGroupName": self.name,
                "creationTime": self.created_millis,
                "storedBytes": 0,
                "logGroupClass": "STANDARD",
            })]
        } else {
            Vec::new()
        };
        AwsReply::ok(json!({ "logGroups": groups }).to_string())
    }

    fn start_query(&self, body: &Value) -> AwsReply {
        let (start, end) = (body["startTime"].as_i64(), body["endTime"].as_i64());
        let (Some(start), Some(end)) = (start, end) else {
            return AwsReply::error(400, "InvalidParameterException", "no time range");
        };
        if end * 1000 < self.created_millis {
            let message = "MalformedQueryException: end date and time is either before the log groups \
                           creation time or exceeds the log groups log retention settings";
            return AwsReply::error(400, "MalformedQueryException", message);
        }
        let text = body["queryString"].as_str().unwrap_or_default();
        let needles: Vec<&str> = text
            .split("like \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let limit = body["limit"].as_u64().unwrap_or(10_000);
        let limit = self
            .max_rows
            .min(usize::try_from(limit).unwrap_or(usize::MAX));
        let within = |at: &i64| (start * 1000..=end * 1000).contains(at);
        let wanted = |message: &str| {
            needles.is_empty() || needles.iter().any(|needle| message.contains(needle))
        };
        let matching = self
            .events
            .iter()
            .filter(|(at, text)| within(at) && wanted(text));
        let rows: Vec<Value> = matching.map(|(at, message)| row(*at, message)).collect();
        let timed_out = end - start > self.timeout_seconds;
        let mut state = self.state();
        let id = format!("query-{}", state.queries.len());
        state.queries.insert(
            id.clone(),
            Query {
                matched: rows.len(),
                rows: rows.into_iter().take(limit).collect(),
                status: if timed_out { "Timeout" } else { "Running" },
                polls_left: self.polls,
            },
        );
        AwsReply::ok(json!({ "queryId": id }).to_string())
    }

    fn query_results(&self, body: &Value) -> AwsReply {
        let mut state = self.state();
        let id = body["queryId"].as_str().unwrap_or_default();
        let Some(query) = state.queries.get_mut(id) else {
            return AwsReply::error(400, "ResourceNotFoundException", "no such query");
        };
        if query.status == "Running" {
            match query.polls_left.checked_sub(1) {
                Some(left) => query.polls_left = left,
                None => query.status = "Complete",
            }
        }
        let statistics = json!({
            "recordsMatched": query.matched as f64,
            "recordsScanned": self.events.len() as f64,
            "bytesScanned": self.events.len() as f64 * 1000.0,
        });
        let from = body["nextToken"]
            .as_str()
            .and_then(|token| token.parse().ok());
        let from: usize = from.unwrap_or(0);
        let rows = query.rows.iter().skip(from).take(self.page_rows);
        let rows: Vec<&Value> = match query.status {
            "Complete" => rows.collect(),
            // What is there while a query runs is not all.
            _ => rows.take(1).collect(),
        };
        let next = from + rows.len();
        let more = query.status == "Complete" && next < query.rows.len();
        let mut reply = json!({
            "results": rows, "statistics": statistics, "status": query.status,
        });
        if more {
            reply["nextToken"] = json!(next.to_string());
        }
        AwsReply::ok(reply.to_string())
    }

    fn stop(&self, body: &Value) -> bool {
        let mut state = self.state();
        let id = body["queryId"].as_str().unwrap_or_default();
        let Some(query) = state.queries.get_mut(id) else {
            return false;
        };
        let runs = query.status == "Running";
        if runs {
            query.status = "Cancelled";
        }
        runs
    }

    fn filter(&self, body: &Value) -> AwsReply {
        let start = body["startTime"].as_i64().unwrap_or(i64::MIN);
        let end = body["endTime"].as_i64().unwrap_or(i64::MAX);
        let events = self.events.iter().enumerate();
        let mut events: Vec<_> = events
            .filter(|(_, (at, _))| (start..=end).contains(at))
            .collect();
        events.sort_by_key(|(_, (at, _))| *at);
        // Every other page is empty, which says nothing of those behind it.
        let token = body["nextToken"]
            .as_str()
            .and_then(|token| token.parse().ok());
        let page: usize = token.unwrap_or(0);
        let from = page / 2 * self.page_rows;
        let rows = if page.is_multiple_of(2) {
            0
        } else {
            self.page_rows
        };
        let shown = events
            .iter()
            .skip(from)
            .take(rows)
            .map(|(place, (at, message))| {
                json!({
                    "logStreamName": "111122223333_CloudTrail_us-west-2",
                    "timestamp": at,
                    "message": message,
                    "ingestionTime": at + 812,
                    "eventId": format!("{place:056}"),
                })
            });
        let shown: Vec<Value> = shown.collect();
        let mut reply = json!({ "events": shown, "searchedLogStreams": [] });
        if from + rows < events.len() {
            reply["nextToken"] = json!((page + 1).to_string());
        }
        AwsReply::ok(reply.to_string())
    }
}

fn row(at: i64, message: &str) -> Value {
    let seconds = clock::spaced(at.div_euclid(1000));
    json!([
        { "field": "@timestamp", "value": format!("{seconds}.{:03}", at.rem_euclid(1000)) },
        { "field": "@message", "value": message },
        { "field": "@logStream", "value": "111122223333_CloudTrail_us-west-2" },
        { "field": "@ptr", "value": "CmEXAMPLE" },
    ])
}
