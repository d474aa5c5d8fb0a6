//! Says whether the settings let the questions be answered, and what to change.

mod advice;
mod saved;

use anyhow::anyhow;
use chrono::Utc;
use earwitness_parser::Timestamp;
use earwitness_proof::{Case, Diagnosis, Finding, RecordingPlace, Settings};

use crate::args::DoctorArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::write_rows;

const COLUMNS: [&str; 9] = [
    "question", "bucket", "answer", "since", "why", "trail", "commands", "console", "policy",
];

pub(crate) fn run(args: &DoctorArgs) -> Result<Exit, Failure> {
    let now = Utc::now();
    let now = args.at.map_or(now, |time| time.at(now));
    let (settings, is_whole) = match &args.settings {
        Some(folder) => saved::read(folder)?,
        None => (ask(args)?, true),
    };
    let places = places(args, &settings)?;
    let diagnosis = Diagnosis::of(
        &settings,
        &Case {
            places: &places,
            keep_days: args.keep.0,
            now: now.timestamp_micros(),
        },
    )?;
    let rows = diagnosis.findings.iter().map(row).collect();
    write_rows(COLUMNS, 5, rows, args.output)?;
    if !args.quiet {
        advice::say(&diagnosis, args.keep);
    }
    Ok(if diagnosis.has_findings() {
        Exit::Findings
    } else if diagnosis.has_unknowns() || !is_whole {
        Exit::Incomplete
    } else {
        Exit::Ok
    })
}

/// Says where recordings lie: where the user says, else where the instance does.
fn places(args: &DoctorArgs, settings: &Settings) -> Result<Vec<RecordingPlace>, Failure> {
    let named = args.buckets.iter().map(|bucket| RecordingPlace {
        bucket: bucket.clone(),
        prefixes: args.prefixes.clone(),
    });
    let mut places: Vec<RecordingPlace> = named.collect();
    for place in RecordingPlace::of_instance(settings) {
        if places.iter().all(|known| known.bucket != place.bucket) {
            places.push(place);
        }
    }
    if places.is_empty() {
        return Err(Failure::usage(anyhow!(
            "nothing says where recordings lie: add --bucket with the name of the bucket; Connect shows it \
             under Data storage of the instance"
        )));
    }
    Ok(places)
}

fn row(finding: &Finding) -> [Option<String>; COLUMNS.len()] {
    let commands = (!finding.commands.is_empty()).then(|| finding.commands.join("\n"));
    [
        Some(finding.question.name().to_owned()),
        finding.bucket.clone(),
        Some(finding.answer.name().to_owned()),
        finding.since.map(|since| Timestamp(since).to_string()),
        Some(finding.why.clone()),
        finding.trail.clone(),
        commands,
        finding.console.clone(),
        finding.policy.clone(),
    ]
}

fn ask(_args: &DoctorArgs) -> Result<Settings, Failure> {
    Err(Failure::usage(anyhow!("no network yet")))
}
