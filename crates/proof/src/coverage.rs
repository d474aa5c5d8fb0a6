//! Which hours the logs on hand speak for.
//!
//! A digest lists the log files that were delivered in its time. CloudTrail
//! delivers an event typically within some minutes, so an hour is covered where
//! digests cover it and the quarter of an hour behind it. What no digest says is
//! unknown: that log files lie there does not tell whether they are all.
//!
//! Source: AWS CloudTrail User Guide, "How CloudTrail works" (delivery times) and
//! "CloudTrail digest file structure" (hours without log files).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use earwitness_parser::Timestamp;

use crate::ProofError;
use crate::blinding::blindings;
use crate::delivery::Delivery;
use crate::examined::Examined;
use crate::span::Span;
use crate::verification::Verification;

const HOUR_MICROS: i64 = 3_600_000_000;
/// How long after an event its log file may be delivered.
const DELIVERY_MICROS: i64 = HOUR_MICROS / 4;
/// Thirty years: no trail is as old.
const MOST_HOURS: i64 = 30 * 366 * 24;

/// What is known of the log files of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// All are here, as signed digests list them.
    Validated,
    /// All are here, as digests list them whose signatures nobody checked, for want
    /// of keys.
    Covered,
    /// There were none, as the digests say.
    Empty,
    /// Nothing says what there was.
    Unknown,
    /// A trail was switched off, or did not record reads and writes of objects.
    Blinded,
}

impl State {
    /// Every state, in the order in which they are summed.
    pub const ALL: [State; 5] = [
        State::Validated,
        State::Covered,
        State::Empty,
        State::Blinded,
        State::Unknown,
    ];

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            State::Validated => "validated",
            State::Covered => "covered",
            State::Empty => "empty",
            State::Unknown => "unknown",
            State::Blinded => "blinded",
        }
    }

    fn in_a_sentence(self) -> &'static str {
        match self {
            State::Validated => "covered and validated",
            State::Covered => "covered",
            State::Empty => "empty by digest",
            State::Unknown => "unknown",
            State::Blinded => "blinded",
        }
    }

    /// Tells whether nothing of the hour is lacking.
    pub fn is_covered(self) -> bool {
        matches!(self, State::Validated | State::Covered | State::Empty)
    }
}

/// Hours in a row of which the same is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The account.
    pub account_id: String,
    /// The region whose log files these are.
    pub region: String,
    /// Where it begins, in microseconds since 1970.
    pub from: i64,
    /// Where it ends.
    pub until: i64,
    /// Clock hours in it, parts of hours included.
    pub hours: u64,
    /// What is known.
    pub state: State,
    /// Why, where that is not plain.
    pub why: Option<String>,
}

/// What is known of each hour of a time, by account and region.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The time, in microseconds since 1970; `None` where nothing tells it.
    pub window: Option<(i64, i64)>,
    /// Hour by hour: in the order of account, region and time.
    pub hours: Vec<Stretch>,
    has_digests: bool,
}

/// What the coverage is asked of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The first moment, in microseconds since 1970; else where the digests begin.
    pub since: Option<i64>,
    /// The first moment behind; else where the digests end.
    pub until: Option<i64>,
    /// The trail; else all.
    pub trail: Option<&'a str>,
}

impl Coverage {
    /// Says what is known of each hour.
    ///
    /// # Errors
    /// When the time is longer than thirty years.
    pub fn of(
        inputs: &[Examined],
        verification: &Verification,
        asked: Asked<'_>,
    ) -> Result<Coverage, ProofError> {
        let spans = verification.spans.iter();
        let is_meant = |trail: &str| asked.trail.is_none_or(|meant| meant == trail);
        // Where keys are given, anyone could have made what they do not prove.
        let counts = |span: &&Span| span.is_signed || !verification.keys_given;
        let spans: Vec<&Span> = spans
            .filter(|span| is_meant(&span.chain.trail))
            .filter(counts)
            .collect();
        let begins = spans.iter().map(|span| span.start).min();
        let ends = spans.iter().map(|span| span.end).max();
        let deliveries: Vec<Delivery> = inputs
            .iter()
            .filter(|input| input.events > 0)
            .filter_map(|input| Delivery::of(&input.origin))
            .collect();
        let has_digests = !spans.is_empty();
        let window = asked.since.or(begins).zip(asked.until.or(ends));
        let Some((since, until)) = window.filter(|(since, until)| since < until) else {
            return Ok(Coverage {
                has_digests,
                ..Coverage::default()
            });
        };
        if until.saturating_sub(since) / HOUR_MICROS > MOST_HOURS {
            return Err(ProofError::LongWindow);
        }
        let mut places: BTreeMap<(&str, &str), Region<'_>> = BTreeMap::new();
        for span in spans {
            let chain = &span.chain;
            let region = places
                .entry((&chain.account_id, &chain.region))
                .or_default();
            let of_trail = region.trails.entry(chain.trail.as_str()).or_default();
            if chain.backfill {
                of_trail.late.push(span);
            } else {
                of_trail.spans.push(span);
            }
        }
        for delivery in &deliveries {
            let place = (delivery.account_id.as_str(), delivery.region.as_str());
            let hour = delivery.time.div_euclid(HOUR_MICROS);
            places.entry(place).or_default().delivered.insert(hour);
        }
        let changes = inputs.iter().flat_map(|input| &input.changes);
        let blindings = blindings(changes.filter(|change| is_meant(&change.trail)));
        let mut hours = Vec::new();
        for ((account_id, region_name), region) in &mut places {
            region.sort();
            let first = since.div_euclid(HOUR_MICROS);
            for hour in first.. {
                let from = (hour * HOUR_MICROS).max(since);
                let until = ((hour + 1) * HOUR_MICROS).min(until);
                if from >= until {
                    break;
                }
                let blinded = blindings.iter().find(|blinding| {
                    blinding.account_id == *account_id && blinding.meets(from, until)
                });
                let (state, why) = match blinded {
                    Some(blinding) => (State::Blinded, Some(blinding.why())),
                    None => region.state(hour, from, until),
                };
                hours.push(Stretch {
                    account_id: (*account_id).to_owned(),
                    region: (*region_name).to_owned(),
                    from,
                    until,
                    hours: 1,
                    state,
                    why,
                });
            }
        }
        Ok(Coverage {
            window: Some((since, until)),
            hours,
            has_digests,
        })
    }

    /// Puts hours in a row of which the same is known together.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        for hour in &self.hours {
            match stretches.last_mut() {
                Some(last)
                    if last.account_id == hour.account_id
                        && last.region == hour.region
                        && last.until == hour.from
                        && last.state == hour.state
                        && last.why == hour.why =>
                {
                    last.until = hour.until;
                    last.hours += 1;
                }
                _ => stretches.push(hour.clone()),
            }
        }
        stretches
    }

    /// Counts the hours of each state.
    pub fn count(&self, state: State) -> u64 {
        self.hours.iter().filter(|hour| hour.state == state).count() as u64
    }

    /// Tells whether nothing of any hour is lacking.
    pub fn is_full(&self) -> bool {
        !self.hours.is_empty() && self.hours.iter().all(|hour| hour.state.is_covered())
    }
}

/// The sentence that a report carries.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((since, until)) = self.window.filter(|_| self.has_digests) else {
            return f.write_str(
                "coverage: unknown; no digest among the inputs that can be believed lists all log files",
            );
        };
        let places: BTreeSet<(&str, &str)> = self
            .hours
            .iter()
            .map(|hour| (hour.account_id.as_str(), hour.region.as_str()))
            .collect();
        let accounts: BTreeSet<&str> = places.iter().map(|(account, _)| *account).collect();
        let many = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let regions: BTreeSet<&str> = places.iter().map(|(_, region)| *region).collect();
        let counts = State::ALL.into_iter().filter_map(|state| {
            let count = self.count(state);
            (count > 0).then(|| format!("{count} {}", state.in_a_sentence()))
        });
        let counts: Vec<String> = counts.collect();
        write!(
            f,
            "coverage: {} to {}, {}, {}: of {} {}",
            Timestamp(since),
            Timestamp(until),
            many(accounts.len(), "account"),
            many(regions.len(), "region"),
            many(self.hours.len(), "hour"),
            counts.join(", ")
        )
    }
}

/// What digests say of an account in a region.
#[derive(Default)]
struct Region<'a> {
    trails: BTreeMap<&'a str, Trail<'a>>,
    /// Hours since 1970 in which log files that are here were delivered.
    delivered: BTreeSet<i64>,
}

#[derive(Default)]
struct Trail<'a> {
    spans: Vec<&'a Span>,
    /// The latest end of all spans up to each.
    ends: Vec<i64>,
    late: Vec<&'a Span>,
}

impl Region<'_> {
    fn sort(&mut self) {
        for trail in self.trails.values_mut() {
            trail.spans.sort_by_key(|span| (span.start, span.end));
            let mut latest = i64::MIN;
            let ends = trail.spans.iter().map(|span| {
                latest = latest.max(span.end);
                latest
            });
            trail.ends = ends.collect();
            trail.late.retain(|span| span.is_lossy);
        }
    }

    /// Says what is known of an hour, by the trail that knows most.
    fn state(&self, hour: i64, from: i64, until: i64) -> (State, Option<String>) {
        let of_trails = self.trails.values().map(|trail| trail.state(from, until));
        let best = of_trails.min_by_key(|(state, _)| *state);
        match best {
            Some((state, why)) if state != State::Unknown || why.is_some() => (state, why),
            _ if self.delivered.contains(&hour) => (
                State::Unknown,
                Some("log files without a digest: nothing says whether they are all".to_owned()),
            ),
            _ => (State::Unknown, None),
        }
    }
}

impl Trail<'_> {
    fn state(&self, from: i64, until: i64) -> (State, Option<String>) {
        let needed = until.saturating_add(DELIVERY_MICROS);
        let first = self.ends.partition_point(|end| *end <= from);
        let mut covered_to = from;
        let (mut signed, mut log_files, mut lossy) = (true, 0, false);
        for span in &self.spans[first..] {
            if span.start > covered_to || covered_to >= needed {
                break;
            }
            if span.end <= from {
                continue;
            }
            covered_to = covered_to.max(span.end);
            signed &= span.is_signed;
            log_files += span.log_files;
            lossy |= span.is_lossy;
        }
        let late = |span: &&&Span| span.start < needed && from < span.end;
        lossy |= self.late.iter().any(|span| late(&span));
        if covered_to < needed {
            return (State::Unknown, None);
        }
        let unproven = || Some("no public keys were given, so no signature is checked".to_owned());
        match (lossy, log_files, signed) {
            (true, _, _) => {
                let why = "log files that a digest lists are missing or modified";
                (State::Unknown, Some(why.to_owned()))
            }
            (false, 0, true) => (State::Empty, None),
            (false, 0, false) => (State::Empty, unproven()),
            (false, _, true) => (State::Validated, None),
            (false, _, false) => (State::Covered, unproven()),
        }
    }
}
