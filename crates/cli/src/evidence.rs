//! Writes a report as evidence: the rows, and a manifest of what they rest on.

mod check;
mod signature;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, SecondsFormat, Utc};
use earwitness_export::{ExportError, Format, visible, write_file};
use earwitness_proof::{
    Asked, Coverage, CoverageSum, Examined, InputFile, LackingFile, Manifest, OutputFile,
    Parameters, PublicKeys, RecordCounts, ReportText, RunTimes, SCHEMA, Verification,
};
use earwitness_query::{DataFrame, Evidence, Report, Scope, answer};
use earwitness_sources::{Input, relative_to_arguments};

pub(crate) use check::check;

use crate::about;
use crate::args::ReportArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gather::{Reading, gather};
use crate::interrupt::Interrupt;
use crate::logged::Search;
use crate::progress::Progress;
use crate::report::{Target, ask, find_report, micros, remarks};
use crate::survey::{public_keys, start_threads, survey};
use crate::unread::Unread;
use crate::window::Window;

const MANIFEST: &str = "manifest.json";

/// Runs a report and writes its evidence to a folder.
pub(crate) fn write(args: &ReportArgs, folder: &Path) -> Result<Exit, Failure> {
    let started_at = Utc::now();
    let report = find_report(&args.report, args.queries.as_deref())?;
    let window = args.window(started_at).map_err(Failure::usage)?;
    let keys = public_keys(args.public_keys.as_deref())?;
    let found = earwitness_sources::find(&args.inputs)?;
    let inputs = named(&found.inputs, args)?;
    for input in &args.inputs {
        let canonical = |path: &Path| path.canonicalize().ok();
        let outside = folder.parent().filter(|path| !path.as_os_str().is_empty());
        let place = canonical(folder).or_else(|| canonical(outside.unwrap_or(Path::new("."))));
        if let (Some(place), Some(input)) = (place, canonical(Path::new(input)))
            && place.starts_with(&input)
        {
            return Err(Failure::usage(anyhow!(
                "{} lies in a folder that is read; write evidence elsewhere",
                visible(&folder.to_string_lossy())
            )));
        }
    }
    let manifest_path = folder.join(MANIFEST);
    prepare(folder, &manifest_path, args.force)?;
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    start_threads(args.threads)?;
    let mut unread = Unread::of(&found.problems);
    let run = Run {
        args,
        report: &report,
        window,
        keys: &keys,
        inputs: &inputs,
        interrupt: &interrupt,
    };
    let answered = run.answer(folder, &mut unread)?;
    let manifest = Manifest {
        run: RunTimes {
            started_at: moment(started_at),
            ended_at: moment(Utc::now()),
            threads: rayon::current_num_threads() as u64,
        },
        ..answered.manifest
    };
    let text = manifest.write()?;
    write_file(&manifest_path, args.force, |out| {
        out.write_all(text.as_bytes()).map_err(ExportError::Write)
    })?;
    if let Some(key) = &args.sign_with {
        signature::sign(&manifest_path, key)?;
    }
    unread.say();
    if let Some(path) = &args.rejects_file {
        unread.write(path, args.force)?;
    }
    if !args.quiet {
        let target = run.target(folder);
        crate::report::summarise(
            &report,
            &window,
            &answered.evidence,
            &answered.rows,
            &target,
            args,
            &remarks(&report, &answered.evidence),
        );
        console::say(&answered.coverage.to_string());
        console::say(&format!(
            "evidence: {}",
            visible(&manifest_path.to_string_lossy())
        ));
    }
    let lacks_coverage = args.require_coverage && !answered.coverage.is_full();
    Ok(if answered.fails {
        console::say("not every file is as it was delivered; the manifest has their verdicts");
        Exit::Integrity
    } else if unread.is_empty() && !lacks_coverage {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

/// Names the inputs as a manifest does.
fn named(inputs: &[Input], args: &ReportArgs) -> Result<Vec<Input>, Failure> {
    if inputs.contains(&Input::Stdin) {
        return Err(Failure::usage(anyhow!(
            "standard input cannot be read again to check evidence; name files"
        )));
    }
    let inputs = relative_to_arguments(inputs, &args.inputs);
    let twice = inputs
        .iter()
        .zip(inputs.iter().skip(1))
        .find(|(one, other)| one.origin() == other.origin());
    match twice {
        None => Ok(inputs),
        Some((input, _)) => Err(Failure::usage(anyhow!(
            "two inputs would both be named {} in the manifest; put them below one folder",
            input.origin()
        ))),
    }
}

/// Makes the folder, and refuses one that holds evidence already.
fn prepare(folder: &Path, manifest: &Path, force: bool) -> Result<(), Failure> {
    let failed = |error| {
        let folder = visible(&folder.to_string_lossy());
        Failure::failed(anyhow!("failed to make the folder {folder}: {error}"))
    };
    fs::create_dir_all(folder).map_err(failed)?;
    earwitness_export::check_target(manifest, force)?;
    let signature = signature::path_of(manifest);
    if force && signature.exists() {
        fs::remove_file(signature).map_err(failed)?;
    }
    Ok(())
}

fn moment(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A report to be answered as evidence.
struct Run<'a> {
    args: &'a ReportArgs,
    report: &'a Report,
    window: Window,
    keys: &'a PublicKeys,
    inputs: &'a [Input],
    interrupt: &'a Interrupt,
}

/// What answering came to.
struct Answered {
    /// Without the run's times.
    manifest: Manifest,
    evidence: Arc<Evidence>,
    rows: DataFrame,
    coverage: Coverage,
    /// Whether keys were given, and somebody changed, removed or made an input.
    fails: bool,
}

impl Run<'_> {
    fn format(&self) -> Format {
        self.args.output.unwrap_or(Format::Csv)
    }

    /// The file that rows are written to. A report of the user's own can have any
    /// name.
    fn target(&self, folder: &Path) -> Target {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let name = self.report.name.replace(|c: char| !plain(c), "_");
        let suffix = match self.format() {
            Format::Table => "txt",
            other => other.name(),
        };
        Target {
            file: Some(folder.join(format!("{name}.{suffix}"))),
            rejects_file: None,
            format: self.format(),
        }
    }

    /// Answers the report and writes the rows into a folder.
    fn answer(&self, folder: &Path, unread: &mut Unread) -> Result<Answered, Failure> {
        let args = self.args;
        let scope = Scope {
            window: micros(self.window),
            all_objects: args.all_objects,
            timezone: args.timezone.unwrap_or_default(),
        };
        let bytes = self.inputs.iter().map(Input::size_hint).sum::<u64>() * 2;
        let progress = Progress::new(args.quiet, self.inputs.len() as u64 * 2, bytes);
        progress.phase("verifying");
        let max_bytes = args.max_inflated_bytes.0;
        let examined = survey(self.inputs, max_bytes, &progress, self.interrupt)?;
        let verification = Verification::of(&examined, self.keys);
        let asked = Asked {
            since: scope.window.since,
            until: scope.window.until,
            trail: None,
        };
        // Digests that claim ages cost no report.
        let coverage = Coverage::of(&examined, &verification, asked).unwrap_or_default();
        progress.phase("reading");
        let reading = Reading {
            interest: &self.report.interest(),
            window: scope.window,
            max_inflated_bytes: max_bytes,
            hash: true,
            progress: &progress,
            interrupt: self.interrupt,
        };
        let gathering = gather(self.inputs, &reading, unread)?;
        progress.phase("answering");
        let ask = ask(&args.wanted(), self.report)?;
        let (evidence, rows) = self.interrupt.let_end(|| {
            let evidence = Arc::new(gathering.into_evidence(&scope));
            let rows = answer(self.report, &evidence, &ask);
            (evidence, rows)
        });
        let rows = rows?;
        progress.phase("writing");
        let target = self.target(folder);
        let run = about::Run {
            report: self.report,
            ask: &ask,
            all_objects: args.all_objects,
            timezone: args.timezone,
            window: &self.window,
            evidence: &evidence,
            unread,
            remarks: &remarks(self.report, &evidence),
            coverage: &coverage,
        };
        let search = Search {
            inputs: self.inputs,
            interest: &self.report.interest(),
            max_inflated_bytes: max_bytes,
            interrupt: self.interrupt,
        };
        let about = target.about(&run, &rows, &search);
        target.write(&rows, about, args, &progress, self.interrupt)?;
        progress.finish();
        if self.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        let output = output(&target, rows.height() as u64)?;
        Ok(Answered {
            manifest: self.manifest(&examined, &verification, &coverage, &evidence, output)?,
            fails: verification.fails() && !self.keys.is_empty(),
            evidence,
            rows,
            coverage,
        })
    }

    fn manifest(
        &self,
        examined: &[Examined],
        verification: &Verification,
        coverage: &Coverage,
        evidence: &Evidence,
        output: OutputFile,
    ) -> Result<Manifest, Failure> {
        let (here, lacking) = verification.files.split_at(examined.len());
        let mut inputs = Vec::with_capacity(examined.len());
        for ((input, file), read) in examined.iter().zip(here).zip(evidence.input_counts()) {
            if input.size > self.args.max_inflated_bytes.0 {
                return Err(Failure::usage(anyhow!(
                    "{} is larger than --max-inflated-bytes, and evidence hashes all of a file; raise it",
                    input.origin
                )));
            }
            if input.sha256 != read.sha256 {
                return Err(Failure::failed(anyhow!(
                    "{} changed while it was read; run again when nothing writes to it",
                    input.origin
                )));
            }
            inputs.push(InputFile::of(input, file, read.records, read.rejects));
        }
        let counts = evidence.counts();
        Ok(Manifest {
            schema: SCHEMA.to_owned(),
            earwitness: env!("CARGO_PKG_VERSION").to_owned(),
            report: ReportText::of(&self.report.name, &self.report.sql),
            parameters: self.parameters(),
            public_keys: self.keys.fingerprints().map(str::to_owned).collect(),
            inputs,
            lacking: lacking.iter().map(LackingFile::of).collect(),
            counts: RecordCounts {
                read: counts.read,
                kept: counts.kept,
                filtered: counts.filtered,
                duplicates: counts.duplicates,
                rejected: counts.rejected,
            },
            coverage: CoverageSum::of(coverage),
            outputs: vec![output],
            run: RunTimes {
                started_at: String::new(),
                ended_at: String::new(),
                threads: 0,
            },
        })
    }

    fn parameters(&self) -> Parameters {
        let args = self.args;
        let bound = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Parameters {
            since: self.window.since.map(bound),
            until: self.window.until.map(bound),
            user: args.user.clone(),
            contact_id: args.contact_id.as_ref().map(ToString::to_string),
            bucket: args.bucket.clone(),
            gap_minutes: args.gap_minutes,
            set: args
                .parameters
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            all_objects: args.all_objects,
            timezone: args.timezone.map(|zone| zone.name().to_owned()),
            output: self.format().name().to_owned(),
            wide: args.wide,
            csv_raw: args.csv_raw,
            max_inflated_bytes: args.max_inflated_bytes.0,
        }
    }
}

/// Hashes the file that was written.
fn output(target: &Target, rows: u64) -> Result<OutputFile, Failure> {
    let path: &PathBuf = target
        .file
        .as_ref()
        .ok_or_else(|| Failure::failed(anyhow!("evidence needs a file to hold its rows")))?;
    let bytes = fs::read(path).map_err(|error| {
        let path = visible(&path.to_string_lossy());
        Failure::failed(anyhow!("failed to read {path} again: {error}"))
    })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(OutputFile::of(&name, rows, &bytes))
}
