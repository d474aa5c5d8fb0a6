//! Times as seconds since 1970, and the ways AWS writes them.

use chrono::{DateTime, Utc};

/// 2026-03-01T00:00:00Z, when every world begins.
pub(crate) const START: i64 = 1_772_323_200;
pub(crate) const DAY: i64 = 86_400;

fn utc(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

fn format(seconds: i64, pattern: &str) -> String {
    utc(seconds).format(pattern).to_string()
}

/// `2026-03-02T09:05:17Z`, as in `eventTime`.
pub(crate) fn iso(seconds: i64) -> String {
    format(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

/// `2026/03/02`, as in object keys.
pub(crate) fn folder(seconds: i64) -> String {
    format(seconds, "%Y/%m/%d")
}

/// `20260302T0905Z`, as in delivery file names.
pub(crate) fn delivery_minute(seconds: i64) -> String {
    format(seconds, "%Y%m%dT%H%MZ")
}

/// `20260302T09:05_UTC`, as in recording file names.
pub(crate) fn recording_minute(seconds: i64) -> String {
    format(seconds, "%Y%m%dT%H:%M_UTC")
}

/// `2026-03-02-09-05-17`, as in Firehose object names.
pub(crate) fn dashed(seconds: i64) -> String {
    format(seconds, "%Y-%m-%d-%H-%M-%S")
}

/// `2026-03-02 09:05:17`, as Logs Insights prints (without milliseconds).
pub(crate) fn spaced(seconds: i64) -> String {
    format(seconds, "%Y-%m-%d %H:%M:%S")
}

/// `20260302T090517Z`, as in `X-Amz-Date`.
pub(crate) fn compact(seconds: i64) -> String {
    format(seconds, "%Y%m%dT%H%M%SZ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_begin_in_march_2026() {
        assert_eq!(iso(START), "2026-03-01T00:00:00Z");
        assert_eq!(recording_minute(START + 33_917), "20260301T09:25_UTC");
    }
}
