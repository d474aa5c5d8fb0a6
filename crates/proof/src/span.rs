//! The times that digests speak of.

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

/// Tells whether signed digests speak of the whole time in which a log file must
/// have been delivered.
pub(crate) fn delivered_in(delivery: &Delivery, spans: &[Span]) -> bool {
    let speaks_of = |time: i64| {
        spans.iter().any(|span| {
            span.is_signed
                && !span.chain.backfill
                && span.chain.account_id == delivery.account_id
                && span.chain.region == delivery.region
                && (span.start..span.end).contains(&time)
        })
    };
    speaks_of(delivery.time) && speaks_of(delivery.time.saturating_add(DELIVERY_MICROS))
}
