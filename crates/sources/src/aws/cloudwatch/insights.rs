//! Runs queries of CloudWatch Logs Insights, a span of time each.
//!
//! Source: Amazon CloudWatch Logs API Reference, `StartQuery`, `GetQueryResults`,
//! `StopQuery`.

use std::cell::Cell;
use std::time::{Duration, Instant};

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::{QueryStatistics, QueryStatus, ResultField};
use serde_json::{Value, json};

use super::group::Group;
use super::open_queries::OpenQueries;
use super::span::{Span, timestamp_millis};
use crate::origin::shown_text;
use crate::{AwsCause, AwsError, SourceError};

/// The most rows that a query gives.
const MOST_ROWS: i32 = 100_000;
/// The most rows on a page.
const PAGE_ROWS: i32 = 10_000;
/// What queries gave at most in other years, where nothing says how many match.
const OLD_LIMITS: [usize; 3] = [1_000, 10_000, 100_000];

/// How long a query is left alone before it is asked for: four at a time stay
/// below the ten requests a second that AWS answers.
const FIRST_LOOK: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// AWS ends a query after an hour; one that says nothing else by then is given up.
const LONGEST: Duration = Duration::from_secs(65 * 60);

/// A query, to be run on spans of time.
pub(crate) struct Insights<'a> {
    pub(crate) client: &'a Client,
    pub(crate) group: &'a Group,
    pub(crate) text: &'a str,
    /// What is to be stopped when the run ends early.
    pub(crate) open: &'a OpenQueries,
    /// What the queries came to so far.
    pub(crate) cost: &'a Cell<Cost>,
}

/// What queries cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    pub(crate) queries: u32,
    pub(crate) bytes_scanned: f64,
}

/// How a query of one span ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every row of the span was handed over.
    Whole,
    /// More rows match than a query gives, or it took too long.
    TooMuch,
    /// The group has nothing of that time.
    BeforeGroup,
    /// It was not completed: AWS's word for how it ended.
    Otherwise(String),
}

impl Insights<'_> {
    /// Runs the query on a span and hands over its pages one by one.
    ///
    /// Both ends of what AWS searches belong to it, and what it does with parts
    /// of a second is not documented. So the second behind the span is asked for
    /// too, and each row belongs to the one span that its time lies in.
    ///
    /// # Errors
    /// When AWS refuses, or `keep` fails. What was handed over stays good.
    pub(crate) async fn ask(
        &self,
        span: Span,
        keep: &mut dyn FnMut(Value) -> Result<(), SourceError>,
    ) -> Result<Ended, SourceError> {
        let id = match self.start(span).await {
            Ok(id) => id,
            Err(error) if is_before_group(&error) => return Ok(Ended::BeforeGroup),
            Err(error) => return Err(error.into()),
        };
        let mut answer = self.completed(&id).await?;
        let statistics = answer.statistics.take();
        let cost = self.cost.get();
        self.cost.set(Cost {
            queries: cost.queries + 1,
            bytes_scanned: cost.bytes_scanned
                + statistics.as_ref().map_or(0.0, |told| told.bytes_scanned),
        });
        match &answer.status {
            Some(QueryStatus::Complete) => {}
            Some(QueryStatus::Timeout) => return Ok(Ended::TooMuch),
            status => {
                let status = status.as_ref().map_or("Unknown", QueryStatus::as_str);
                return Ok(Ended::Otherwise(shown_text(status)));
            }
        }
        let matched = statistics.as_ref().map(|told| told.records_matched);
        if matched.is_some_and(|matched| matched > f64::from(MOST_ROWS)) {
            return Ok(Ended::TooMuch);
        }
        let mut rows = 0;
        loop {
            let page = answer.results.take().unwrap_or_default();
            rows += page.len();
            keep(page_json(rows_of(page, span), statistics.as_ref()))?;
            let Some(token) = answer.next_token.take() else {
                break;
            };
            answer = self.results(&id, Some(token)).await?;
        }
        let is_whole = match matched {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a query has 100,000 rows at most"
            )]
            Some(matched) => rows as f64 >= matched,
            None => !OLD_LIMITS.contains(&rows),
        };
        Ok(if is_whole {
            Ended::Whole
        } else {
            Ended::TooMuch
        })
    }

    /// Starts the query, so that it is known even where nobody waits for the
    /// answer any more.
    async fn start(&self, span: Span) -> Result<String, AwsError> {
        let query = self
            .client
            .start_query()
            .start_time(span.start())
            .end_time(span.end())
            .query_string(self.text)
            .limit(MOST_ROWS);
        let query = if self.group.is_arn {
            query.log_group_identifiers(&self.group.id)
        } else {
            query.log_group_name(&self.group.id)
        };
        let call = self.group.call("query", "logs:StartQuery");
        self.open.start(query, call).await
    }

    /// Waits until the query has come to an end.
    async fn completed(&self, id: &str) -> Result<GetQueryResultsOutput, AwsError> {
        let mut pause = FIRST_LOOK;
        let started = Instant::now();
        loop {
            tokio::time::sleep(pause).await;
            let answer = self.results(id, None).await?;
            let goes_on = match &answer.status {
                Some(QueryStatus::Running | QueryStatus::Scheduled | QueryStatus::UnknownValue) => {
                    true
                }
                Some(_) => false,
                None => true,
            };
            if !goes_on {
                self.open.ended(id);
                return Ok(answer);
            }
            if started.elapsed() > LONGEST {
                return Ok(answer);
            }
            pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        }
    }

    async fn results(
        &self,
        id: &str,
        token: Option<String>,
    ) -> Result<GetQueryResultsOutput, AwsError> {
        let page = self.client.get_query_results().query_id(id);
        let page = page.max_items(PAGE_ROWS).set_next_token(token);
        let call = self.group.call("query", "logs:GetQueryResults");
        page.send().await.map_err(|error| call.failed(&error))
    }
}

/// AWS has no word of its own for a time that the group has nothing of.
fn is_before_group(error: &AwsError) -> bool {
    let AwsCause::Refused { code, said } = &error.cause else {
        return false;
    };
    code == "MalformedQueryException"
        && (said.contains("creation time") || said.contains("retention"))
}

/// Takes the rows that lie in the span. A row without a readable time stays:
/// the reader knows what it has twice.
fn rows_of(page: Vec<Vec<ResultField>>, span: Span) -> Vec<Value> {
    let of_span = |row: &Vec<ResultField>| {
        let timestamp = row.iter().find(|field| field.field() == Some("@timestamp"));
        let millis = timestamp.and_then(|field| timestamp_millis(field.value()?));
        millis.is_none_or(|millis| span.holds(millis))
    };
    let shown = |row: Vec<ResultField>| {
        let fields = row
            .into_iter()
            .map(|field| json!({ "field": field.field, "value": field.value }));
        Value::Array(fields.collect())
    };
    page.into_iter().filter(of_span).map(shown).collect()
}

/// Writes a page as AWS prints it.
fn page_json(rows: Vec<Value>, statistics: Option<&QueryStatistics>) -> Value {
    let mut page = json!({ "results": rows, "status": "Complete" });
    if let Some(told) = statistics {
        page["statistics"] = json!({
            "recordsMatched": told.records_matched,
            "recordsScanned": told.records_scanned,
            "bytesScanned": told.bytes_scanned,
        });
    }
    page
}
