//! The same input gives the same bytes, however many threads work, wherever it runs.

use crate::support::{earwitness, finish, scratch};

const REPORTS: [&str; 2] = ["who-deleted", "who-listened"];
const FORMATS: [&str; 5] = ["table", "csv", "json", "jsonl", "parquet"];

/// One run's bytes, with settings from the environment and arguments.
fn bytes(report: &str, format: &str, settings: &[(&str, &str)], arguments: &[&str]) -> Vec<u8> {
    let folder = scratch();
    let file = folder.path().join("rows");
    let mut command = earwitness();
    command
        .args([
            "report",
            report,
            "fixtures/contact-centre",
            "--output",
            format,
            "--out-file",
        ])
        .arg(&file)
        .args(arguments)
        .envs(settings.iter().copied());
    finish(&mut command).exits(0);
    let bytes = std::fs::read(file).unwrap();
    assert!(!bytes.is_empty());
    bytes
}

#[test]
fn threads_do_not_matter() {
    for report in REPORTS {
        for format in FORMATS {
            let one = [("POLARS_MAX_THREADS", "1")];
            let four = [("POLARS_MAX_THREADS", "4")];
            let alone = bytes(report, format, &one, &["--threads", "1"]);
            let together = bytes(report, format, &four, &["--threads", "4"]);
            assert!(alone == together, "{report} {format}");
            assert!(
                alone == bytes(report, format, &four, &["--threads", "4"]),
                "{report} {format}"
            );
        }
    }
}

#[test]
fn time_zone_and_language_do_not_matter() {
    for report in REPORTS {
        for format in FORMATS {
            let west = [("TZ", "America/Los_Angeles"), ("LC_ALL", "C")];
            let east = [("TZ", "Asia/Tokyo"), ("LC_ALL", "de_DE.UTF-8")];
            assert!(
                bytes(report, format, &west, &["--since", "2026-03-02"])
                    == bytes(report, format, &east, &["--since", "2026-03-02"]),
                "{report} {format}"
            );
        }
    }
}
