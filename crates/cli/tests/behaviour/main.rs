//! Runs the program as its users do, one idea a file.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

mod answers;
mod aws;
mod custom_reports;
mod damaged_inputs;
mod doctor;
mod evidence;
mod formats;
mod hostile_text;
mod lakes;
mod large_inputs;
#[cfg(feature = "connect")]
mod live_connect;
mod live_logs;
mod live_s3;
mod outputs;
mod real_data;
mod reconciliation;
mod rejects_file;
mod repeated_inputs;
mod same_bytes;
mod schedule_guide;
mod schedules;
mod schedules_in_s3;
mod selection;
mod signals;
mod special_files;
mod support;
mod verified_trails;
mod watches;
mod wrappers;
