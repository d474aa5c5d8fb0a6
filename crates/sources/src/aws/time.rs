//! Moments as seconds since 1970.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

pub(crate) const DAY: i64 = 86_400;

/// Returns the second that it is now.
pub(crate) fn now_seconds() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// Writes a moment as AWS prints it; `None` where no calendar reaches it.
pub(crate) fn printed(moment: Option<DateTime>) -> Option<String> {
    moment.and_then(|moment| moment.fmt(Format::DateTime).ok())
}

/// Writes a second as `2026-03-01T00:00:00Z`.
pub(crate) fn moment(seconds: i64) -> String {
    let moment = DateTime::from_secs(seconds).fmt(Format::DateTime);
    // A second that no calendar reaches is still told.
    moment.unwrap_or_else(|_| format!("second {seconds}"))
}
