//! Says whether the settings let the questions be answered, and what to change.

mod advice;
mod saved;

use std::sync::Arc;

use anyhow::anyhow;
use chrono::Utc;
use earwitness_parser::Timestamp;
use earwitness_proof::{
    Call, Case, Diagnosis, Finding, RecordingPlace, Refusal, Reply, Settings, TRAIL_CHANGES,
};
use earwitness_sources::{AwsOptions, Setting, SettingsOf, Told, Wanted, settings};

use crate::args::DoctorArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::survey::write_rows;

const COLUMNS: [&str; 9] = [
    "question", "bucket", "answer", "since", "why", "trail", "commands", "console", "policy",
];

pub(crate) fn run(args: &DoctorArgs) -> Result<Exit, Failure> {
    let now = Utc::now();
    let now = args.at.map_or(now, |time| time.at(now));
    let (settings, is_whole) = match &args.settings {
        Some(folder) => saved::read(folder)?,
        None if args.buckets.is_empty() && args.instance.is_none() => return Err(nowhere()),
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
    Ok(if diagnosis.knows_nothing() {
        Exit::Failed
    } else if diagnosis.has_findings() {
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
        return Err(nowhere());
    }
    Ok(places)
}

fn nowhere() -> Failure {
    Failure::usage(anyhow!(
        "nothing says where recordings lie: add --bucket with the name of the bucket; Connect shows it \
         under Data storage of the instance"
    ))
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

/// Asks AWS; what it refused is among the answers.
fn ask(args: &DoctorArgs) -> Result<Settings, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let stop = interrupt.clone();
    let progress = Progress::new(args.quiet, 0, 0);
    let answers = settings(
        &SettingsOf {
            buckets: &args.buckets,
            instance: args.instance.as_deref(),
            changes: &TRAIL_CHANGES,
        },
        &Wanted {
            aws: AwsOptions::from(&args.aws),
            stop: Arc::new(move || stop.is_set()),
            tell: &|told| {
                if let Told::Progress(text) = told {
                    progress.phase(text);
                }
            },
            ..Wanted::everything()
        },
    );
    progress.finish();
    let mut settings = Settings::default();
    for Setting {
        command,
        subject,
        answer,
    } in answers?
    {
        let Some(call) = Call::of_command(command) else {
            continue;
        };
        let reply = match answer {
            Ok(said) => Reply::Said(said),
            Err(refused) => Reply::Refused(Refusal {
                code: refused.code,
                why: refused.why,
            }),
        };
        settings.add(call, &subject, reply);
    }
    Ok(settings)
}
