//! The time that a question is about.

/// A half-open span of time in microseconds since 1970; open where `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// The first moment inside.
    pub since: Option<i64>,
    /// The first moment behind.
    pub until: Option<i64>,
}

/// How far apart in time a batch delete and its per-key records may lie to be
/// put together without a request id: eventTime has whole seconds, and S3 takes
/// up to a minute for a thousand keys.
pub(crate) const BATCH_MICROS: i64 = 60_000_000;

impl Window {
    /// Tells whether a moment lies inside.
    pub fn contains(&self, micros: i64) -> bool {
        self.since.is_none_or(|since| micros >= since)
            && self.until.is_none_or(|until| micros < until)
    }

    /// Widens the window so that a batch delete just outside is still seen.
    pub fn padded(&self) -> Window {
        Window {
            since: self.since.map(|since| since.saturating_sub(BATCH_MICROS)),
            until: self.until.map(|until| until.saturating_add(BATCH_MICROS)),
        }
    }
}
