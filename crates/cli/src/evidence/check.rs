//! Checks evidence: hashes everything again, runs the report again, compares.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::anyhow;
use chrono::Utc;
use clap::Parser;
use earwitness_export::visible;
use earwitness_proof::{Manifest, Parameters, ReportText, sha256};
use earwitness_query::Report;
use earwitness_sources::Input;

use super::{MANIFEST, Run, named, signature, wants};
use crate::args::{Args, CheckArgs, Command, ReadingArgs, ReportArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::question::Question;
use crate::session::{Session, Source};
use crate::survey::{public_keys, survey};
use crate::unread::Unread;

/// What is not as the evidence says, a line each.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, what: impl Into<String>) {
        let what = what.into();
        console::say(&format!("not the same: {}", visible(&what)));
        self.0.push(what);
    }
}

pub(crate) fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let manifest_path = args.folder.join(MANIFEST);
    let bytes = fs::read(&manifest_path).map_err(|error| {
        let path = visible(&manifest_path.to_string_lossy());
        Failure::usage(anyhow!("failed to read {path}: {error}"))
    })?;
    let manifest = Manifest::read(&bytes)?;
    let report_args = report_args(&manifest, args)?;
    let report = Report::parse(&manifest.report.name, &manifest.report.sql)?;
    let keys = public_keys(args.public_keys.as_deref())?;
    if keys.is_empty() && !manifest.public_keys.is_empty() {
        return Err(Failure::usage(anyhow!(
            "the evidence was made with public keys of CloudTrail; add --public-keys"
        )));
    }
    let question = Question::about(report, &report_args, Utc::now())?;
    let how = ReadingArgs {
        threads: args.threads,
        ..report_args.how.clone()
    };
    let mut session = Session::begin(Source::Inputs(&args.against), wants(&question), &how)?;

    let mut findings = Findings::default();
    if let Some(allowed) = &args.allowed_signers {
        match signature::signer(&manifest_path, allowed)? {
            Ok(signer) => say(args, &format!("signed by {}", visible(&signer))),
            Err(why) => findings.add(format!("the manifest: {why}")),
        }
    } else if signature::path_of(&manifest_path).exists() {
        say(args, "signed; add --allowed-signers to check by whom");
    }
    if ReportText::of(&question.report.name, &question.report.sql) != manifest.report {
        findings.add("the report: its SQL does not have the SHA-256 that is named");
    }
    outputs(&args.folder, &manifest, &mut findings);

    let inputs = named(&session.found.inputs, &report_args)?;
    let listed: BTreeMap<&str, &str> = manifest
        .inputs
        .iter()
        .map(|input| (input.name.as_str(), input.sha256.as_str()))
        .collect();
    let (inputs, others): (Vec<Input>, Vec<Input>) = inputs
        .into_iter()
        .partition(|input| listed.contains_key(input.origin()));
    session.found.inputs = inputs;
    if same_inputs(&session, &listed, &mut findings)? {
        let again = tempfile::tempdir().map_err(|error| {
            Failure::failed(anyhow!("failed to make a folder for the rows: {error}"))
        })?;
        let run = Run {
            args: &report_args,
            question: &question,
            keys: &keys,
            session: &session,
        };
        let answered = run.answer(again.path(), &mut Unread::default())?;
        let same_version = answered.manifest.earwitness == manifest.earwitness;
        for member in manifest.differences(&answered.manifest) {
            if member == "earwitness" {
                say(
                    args,
                    &format!(
                        "made by version {}, checked by {}",
                        visible(&manifest.earwitness),
                        answered.manifest.earwitness
                    ),
                );
            } else {
                findings.add(format!("'{member}' of the manifest, when run again"));
            }
        }
        if same_version && !is_written_alike(&manifest, &bytes)? {
            findings.add("the manifest: its bytes are not as this version writes them");
        }
    }
    for input in &others {
        console::say(&format!(
            "not in the evidence, and left out: {}",
            input.origin()
        ));
    }
    let problems = &session.found.problems;
    for problem in problems {
        console::say(&format!("not read: {}: {}", problem.origin, problem.why));
    }
    Ok(if !findings.0.is_empty() {
        Exit::Integrity
    } else {
        say(
            args,
            &format!(
                "the same: {} inputs, {} outputs, and the report when run again",
                manifest.inputs.len(),
                manifest.outputs.len()
            ),
        );
        match others.is_empty() && problems.is_empty() {
            true => Exit::Ok,
            false => Exit::Incomplete,
        }
    })
}

fn say(args: &CheckArgs, line: &str) {
    if !args.quiet {
        console::say(line);
    }
}

/// Tells whether the manifest on disk has the bytes that it has when written.
fn is_written_alike(manifest: &Manifest, bytes: &[u8]) -> Result<bool, Failure> {
    Ok(manifest.write()?.as_bytes() == bytes)
}

/// Hashes the files beside the manifest. Their names come from the manifest, so
/// they stay inside the folder or are not looked at.
fn outputs(folder: &Path, manifest: &Manifest, findings: &mut Findings) {
    for output in &manifest.outputs {
        let plain = Path::new(&output.name).file_name() == Some(output.name.as_ref());
        match plain.then(|| fs::read(folder.join(&output.name))) {
            Some(Ok(bytes)) if sha256(&bytes) == output.sha256 => {}
            Some(Ok(_)) => findings.add(format!("{}: it was changed", output.name)),
            _ => findings.add(format!("{}: it is missing", output.name)),
        }
    }
    if manifest.outputs.is_empty() {
        findings.add("the manifest: it names no output");
    }
}

/// Hashes the inputs and compares them with those that the evidence lists.
fn same_inputs(
    session: &Session<'_>,
    listed: &BTreeMap<&str, &str>,
    findings: &mut Findings,
) -> Result<bool, Failure> {
    let progress = session.progress("hashing");
    let examined = survey(&session.found.inputs, session, &progress)?;
    progress.finish();
    let here: BTreeMap<&str, &str> = examined
        .iter()
        .map(|input| (input.origin.as_str(), input.sha256.as_str()))
        .collect();
    let before = findings.0.len();
    for (name, sha256) in listed {
        match here.get(name) {
            Some(found) if found == sha256 => {}
            Some(_) => findings.add(format!("input {name}: it was changed")),
            None => findings.add(format!("input {name}: it is missing")),
        }
    }
    Ok(findings.0.len() == before)
}

/// Asks for a report as the manifest says that it was asked for.
fn report_args(manifest: &Manifest, args: &CheckArgs) -> Result<ReportArgs, Failure> {
    let Parameters {
        since,
        until,
        user,
        contact_id,
        bucket,
        gap_minutes,
        set,
        all_objects,
        timezone,
        output,
        wide,
        csv_raw,
        max_inflated_bytes,
    } = &manifest.parameters;
    let gap = gap_minutes.map(|minutes| minutes.to_string());
    let max_inflated_bytes = Some(max_inflated_bytes.to_string());
    let mut words = vec!["earwitness".to_owned(), "report".to_owned()];
    let options = [
        ("--since", since),
        ("--until", until),
        ("--user", user),
        ("--contact-id", contact_id),
        ("--bucket", bucket),
        ("--gap", &gap),
        ("--timezone", timezone),
        ("--output", &Some(output.clone())),
        ("--max-inflated-bytes", &max_inflated_bytes),
    ];
    for (option, value) in options {
        words.extend(value.as_ref().map(|value| format!("{option}={value}")));
    }
    words.extend(set.iter().map(|set| format!("--set={set}")));
    let flags = [
        ("--all-objects", *all_objects),
        ("--wide", *wide),
        ("--csv-raw", *csv_raw),
        ("--quiet", args.quiet),
    ];
    words.extend(
        flags
            .into_iter()
            .filter(|(_, set)| *set)
            .map(|(flag, _)| flag.to_owned()),
    );
    words.extend(["--".to_owned(), "report".to_owned()]);
    let words = words.into_iter().map(OsString::from);
    let parsed = Args::try_parse_from(words.chain(args.against.iter().cloned()));
    match parsed.map(|parsed| parsed.command) {
        Ok(Command::Report(report)) => Ok(*report),
        _ => Err(Failure::usage(anyhow!(
            "the manifest has parameters that no report takes"
        ))),
    }
}
