//! The times that digests speak of.

use std::collections::HashMap;

use crate::delivery::Delivery;
use crate::digest::Chain;

/// The time in which the log files were delivered that a digest lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) chain: Chain,
    /// Microseconds since 1970.
    pub(crate) start: i64,
    /// The first moment that is no longer part of it.
    pub(crate) end: i64,
    pub(crate) is_signed: bool,
    pub(crate) log_files: usize,
    /// Whether a log file that it lists is missing or not as it was.
    pub(crate) is_lossy: bool,
}

/// A delivery's name has the time it began at, to within this.
const DELIVERY_MICROS: i64 = 5 * 60 * 1_000_000;

/// The times that signed digests speak of, by account and region.
pub(crate) struct SignedTimes<'a>(HashMap<(&'a str, &'a str), Vec<(i64, i64)>>);

impl<'a> SignedTimes<'a> {
    pub(crate) fn of(spans: &'a [Span]) -> SignedTimes<'a> {
        let mut places: HashMap<(&str, &str), Vec<(i64, i64)>> = HashMap::new();
        for span in spans
            .iter()
            .filter(|span| span.is_signed && !span.chain.backfill)
        {
            let place = (span.chain.account_id.as_str(), span.chain.region.as_str());
            places
                .entry(place)
                .or_default()
                .push((span.start, span.end));
        }
        for times in places.values_mut() {
            times.sort_unstable();
            let mut joined: Vec<(i64, i64)> = Vec::new();
            for (start, end) in times.drain(..) {
                match joined.last_mut() {
                    Some(last) if start <= last.1 => last.1 = last.1.max(end),
                    _ => joined.push((start, end)),
                }
            }
            *times = joined;
        }
        SignedTimes(places)
    }

    /// Tells whether digests speak of the whole time in which a log file must have
    /// been delivered.
    pub(crate) fn have(&self, delivery: &Delivery) -> bool {
        let place = (delivery.account_id.as_str(), delivery.region.as_str());
        let times = self.0.get(&place).map(Vec::as_slice).unwrap_or_default();
        let next = times.partition_point(|(start, _)| *start <= delivery.time);
        let before = next.checked_sub(1).and_then(|at| times.get(at));
        let latest = delivery.time.saturating_add(DELIVERY_MICROS);
        before.is_some_and(|(_, end)| latest < *end)
    }
}
