//! Reads all events of a log group, page by page, with nothing left out.
//!
//! Source: Amazon CloudWatch Logs API Reference, `FilterLogEvents`.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::FilteredLogEvent;
use serde_json::{Value, json};

use super::super::pace::Pace;
use super::group::Group;
use super::span::Span;
use crate::SourceError;

/// All events of a group.
pub(crate) struct Events<'a> {
    pub(crate) client: &'a Client,
    pub(crate) group: &'a Group,
    pub(crate) pace: &'a Pace,
}

impl Events<'_> {
    /// Hands over the events of a span, page by page; pages without events, of
    /// which there can be many, only where there are no others.
    ///
    /// # Errors
    /// When AWS refuses, or `keep` fails. What was handed over stays good.
    pub(crate) async fn ask(
        &self,
        span: Span,
        keep: &mut dyn FnMut(Value) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let call = self.group.call("read", "logs:FilterLogEvents");
        let mut token = None;
        let mut kept = false;
        loop {
            self.pace.turn().await;
            // The end belongs to what AWS searches, and to the next span here.
            let page = self
                .client
                .filter_log_events()
                .start_time(span.start() * 1000)
                .end_time(span.end() * 1000)
                .set_next_token(token.take());
            let page = if self.group.is_arn {
                page.log_group_identifier(&self.group.id)
            } else {
                page.log_group_name(&self.group.id)
            };
            let answer = page.send().await.map_err(|error| call.failed(&error))?;
            token = answer.next_token;
            let mut events = answer.events.unwrap_or_default();
            events.retain(|event| event.timestamp.is_none_or(|millis| span.holds(millis)));
            if !events.is_empty() || (token.is_none() && !kept) {
                let events: Vec<Value> = events.into_iter().map(event_json).collect();
                keep(json!({ "events": events, "searchedLogStreams": [] }))?;
                kept = true;
            }
            if token.is_none() {
                return Ok(());
            }
        }
    }
}

/// Writes an event as AWS prints it.
fn event_json(event: FilteredLogEvent) -> Value {
    json!({
        "logStreamName": event.log_stream_name,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.ingestion_time,
        "eventId": event.event_id,
    })
}
