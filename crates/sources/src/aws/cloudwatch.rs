//! Reads a log group of CloudWatch Logs: by queries of Logs Insights where a
//! question needs some of its events, else all of it.

mod events;
mod group;
mod insights;
mod open_queries;
mod query_text;
mod search;
mod span;

use std::cell::Cell;

use aws_sdk_cloudwatchlogs::Client;

use super::Aws;
use super::pace::Pace;
use super::time::{DAY, moment, now_seconds};
use crate::find::Found;
use crate::problem::ProblemReason;
use crate::spool::Spool;
use crate::{Gap, Input, Problem, SourceError, Told, Wanted};
use events::Events;
use group::{Group, Reach};
use insights::{Cost, Insights};
use open_queries::OpenQueries;
use query_text::query_text;
use search::Search;
use span::Span;

/// CloudTrail puts a record into the group some minutes after the event, and the
/// group counts from then. What came later than this after the window is missed.
const LATEST: i64 = DAY;

/// Requests to read events that AWS answers, in a second, in its slowest regions.
///
/// Source: Amazon CloudWatch Logs quotas, "FilterLogEvents".
const REQUESTS_A_SECOND: u32 = 5;

/// So many spans are asked for at first, a day each where that is enough.
const MOST_SPANS: i64 = 60;

/// What a gigabyte scanned costs in most regions, in US dollars.
///
/// Source: Amazon CloudWatch pricing, "Logs Insights".
const DOLLARS_A_GIGABYTE: f64 = 0.005;

/// What of a group is asked for, and what it cannot have.
#[derive(Debug, PartialEq, Eq)]
struct Reached {
    span: Option<Span>,
    gap: Option<Gap>,
}

/// Adds what a log group has of what is wanted to what was found.
///
/// # Errors
/// When nothing can be had. Where some of it is lacking, that becomes a
/// [`Problem`].
pub(crate) fn find(
    aws: &Aws,
    group: &str,
    wanted: &Wanted<'_>,
    pages: &Spool,
    found: &mut Found,
) -> Result<(), SourceError> {
    let group = Group::of(group);
    let address = format!("cloudwatch:{}", group.id);
    if wanted.event_names.as_ref().is_some_and(Vec::is_empty) {
        return Err(SourceError::Nothing {
            address,
            why:
                "the report needs no CloudTrail events; name what it does need, such as user lists"
                    .to_owned(),
        });
    }
    let config = match group.region() {
        Some(region) => aws.config_in(region),
        None => aws.config().clone(),
    };
    let client = Client::new(&config);
    let now = now_seconds();
    let reach = aws.wait(group.reach(&client, now))??;
    let Reached { span, gap } = reached(reach, wanted, now, &address)?;
    found.problems.extend(gap.map(|gap| problem(&address, gap)));
    let Some(span) = span else {
        return Ok(());
    };

    let text = query_text(wanted.event_names.as_deref());
    let (open, cost, pace) = (
        OpenQueries::default(),
        Cell::default(),
        Pace::per_second(REQUESTS_A_SECOND),
    );
    let region = config.region().map_or("", |region| region.as_ref());
    let search = Search {
        insights: wanted.event_names.is_some().then_some(Insights {
            client: &client,
            group: &group,
            text: &text,
            open: &open,
            cost: &cost,
        }),
        events: Events {
            client: &client,
            group: &group,
            pace: &pace,
        },
        address: &address,
        folder: format!("cloudwatch/{region}/{}", group.name()),
        pages,
        tell: wanted.tell,
    };
    let days = (span.end() - span.start() + DAY - 1) / DAY;
    let seconds = ((days + MOST_SPANS - 1) / MOST_SPANS).max(1) * DAY;
    let came = aws.wait(search.run(span.pieces(seconds)));
    // Also when the user ends the run: a query goes on, and is paid for.
    let left = aws.finish(open.stop(&client));
    if left > 0 {
        let many = if left == 1 { "query" } else { "queries" };
        (wanted.tell)(Told::Note(&format!(
            "{address}: {left} {many} could not be stopped and may go on; `aws logs describe-queries --status Running` lists them"
        )));
    }
    tell_cost(&address, cost.get(), wanted);
    let came = came??;
    found
        .problems
        .extend(came.gaps.into_iter().map(|gap| problem(&address, gap)));
    found.inputs.extend(came.files.into_iter().map(Input::File));
    (wanted.tell)(Told::Note(&format!(
        "{address}: CloudTrail puts no record of more than 256 KB into a log group, so none is among these"
    )));
    Ok(())
}

/// Works out which seconds are asked for, and what of the window the group cannot
/// have.
fn reached(
    reach: Reach,
    wanted: &Wanted<'_>,
    now: i64,
    address: &str,
) -> Result<Reached, SourceError> {
    let since = wanted.since.map(|micros| micros.div_euclid(1_000_000));
    let until = wanted
        .until
        .map(|micros| (micros + 999_999).div_euclid(1_000_000));
    let end = until.map_or(now, |until| until.saturating_add(LATEST).min(now)) + 1;
    let start = match (reach, since) {
        (Reach::From(first), Some(since)) => first.max(since),
        (Reach::From(first), None) => first,
        (Reach::Unknown, Some(since)) => since,
        (Reach::Unknown, None) => {
            return Err(SourceError::Nothing {
                address: address.to_owned(),
                why: "no policy allows logs:DescribeLogGroups, so nothing tells how far it goes back; add --since, such as --since 30d"
                    .to_owned(),
            });
        }
    };
    if since.is_some_and(|since| since > now) {
        return Err(SourceError::Nothing {
            address: address.to_owned(),
            why: "the time that is asked about has not come yet; check --since".to_owned(),
        });
    }
    let gap = since
        .filter(|&since| since < start)
        .map(|since| Gap::BeforeGroup {
            from: moment(since),
            to: moment(until.map_or(start, |until| until.min(start))),
        });
    // Also where the group is younger than the window: the last records of the
    // window may have reached it.
    let span = Span::new(start, end);
    Ok(Reached { span, gap })
}

fn tell_cost(address: &str, cost: Cost, wanted: &Wanted<'_>) {
    if cost.queries == 0 {
        return;
    }
    let gigabytes = cost.bytes_scanned / 1e9;
    let many = if cost.queries == 1 {
        "query"
    } else {
        "queries"
    };
    (wanted.tell)(Told::Note(&format!(
        "{address}: {} {many} scanned {gigabytes:.3} GB, about {:.4} USD where a GB costs {DOLLARS_A_GIGABYTE} USD",
        cost.queries,
        gigabytes * DOLLARS_A_GIGABYTE,
    )));
}

fn problem(address: &str, gap: Gap) -> Problem {
    Problem {
        origin: address.to_owned(),
        why: ProblemReason::Gap(gap),
    }
}
