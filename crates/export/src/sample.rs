//! Rows that try what a log could try, and looks at what was written.

use polars::prelude::*;

use crate::{Format, Options, writer};

/// Rows with nulls, times, numbers and texts that attack a spreadsheet, a
/// terminal, a quoted cell and a reading eye.
pub(crate) fn hostile_rows() -> DataFrame {
    let mut rows = df!(
        "event_time" => [
            Some(1_772_442_317_000_000i64),
            Some(1_772_442_317_250_000),
            None,
            Some(1_772_442_320_000_001),
            Some(0),
            Some(1_772_442_321_000_000),
        ],
        "actor" => [
            Some("ana"),
            Some("=cmd|' /C calc'!A0"),
            None,
            Some("\x1b[31mroot\x1b[0m"),
            Some("録音担当"),
            Some("－1＋1"),
        ],
        "key" => [
            Some("connect/call \"one\", two.wav"),
            Some("line one\r\nline two"),
            Some(""),
            Some("\u{202e}gpj.exe\u{2066}\u{200b}"),
            None,
            Some("@SUM(A1)\u{9b}2J\u{2028}"),
        ],
        "requests" => [Some(3i64), Some(-5), None, Some(1_234_567), Some(0), Some(1)],
        "bytes" => [Some(u64::MAX), Some(0), None, Some(44), Some(1), Some(2)],
        "share" => [Some(1.0), Some(0.1), None, Some(f64::NAN), Some(-2.5e-9), Some(f64::INFINITY)],
        "redacted" => [Some(true), Some(false), None, Some(true), Some(false), None],
    )
    .unwrap();
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let times = rows.column("event_time").unwrap().cast(&utc).unwrap();
    rows.with_column(times).unwrap();
    rows
}

/// Returns the same rows in three chunks, as a parallel query may leave them.
pub(crate) fn in_chunks(rows: &DataFrame) -> DataFrame {
    let first = rows.slice(0, 1);
    let second = rows.slice(1, 2);
    let third = rows.slice(3, rows.height());
    first.vstack(&second).unwrap().vstack(&third).unwrap()
}

/// Returns the bytes that a writer makes of rows.
pub(crate) fn written(format: Format, options: &Options, rows: &DataFrame) -> Vec<u8> {
    let mut out = Vec::new();
    writer(format, options).write(rows, &mut out).unwrap();
    out
}

/// Shows written text in a snapshot: every byte but line feeds and plain text
/// is escaped, so that no editor or tool changes it.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    text.chars()
        .map(|character| match character {
            '\n' => "\n".to_owned(),
            other if crate::visible::obeyed_or_hidden(other) => other.escape_default().to_string(),
            other => other.to_string(),
        })
        .collect()
}
