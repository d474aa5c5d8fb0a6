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
use earwitness_query::{DataFrame, Evidence, answer};
use earwitness_sources::{Input, relative_to_arguments};

pub(crate) use check::check;

use crate::about;
use crate::args::{FailOn, ReportArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::question::Question;
use crate::report::remarks;
use crate::session::{Session, Source, Wants};
use crate::survey::{public_keys, survey};
use crate::target::Target;
use crate::unread::Unread;

const MANIFEST: &str = "manifest.json";

/// Runs a report and writes its evidence to a folder.
pub(crate) fn write(args: &ReportArgs, folder: &Path) -> Result<Exit, Failure> {
    let started_at = Utc::now();
    let question = Question::of(args, started_at)?;
    let keys = public_keys(args.public_keys.as_deref())?;
    let mut session = Session::begin(Source::Inputs(&args.inputs), wants(&question), &args.how)?;
    session.found.inputs = named(&session.found.inputs, args)?;
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
    let mut unread = session.unread();
    let run = Run {
        args,
        question: &question,
        keys: &keys,
        session: &session,
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
    if !args.how.quiet {
        let target = run.target(folder);
        crate::report::summarise(
            &question,
            &answered.evidence,
            &answered.rows,
            &target,
            args,
            &remarks(&question.report, &answered.evidence),
        );
        console::say(&answered.coverage.to_string());
        console::say(&format!(
            "evidence: {}",
            visible(&manifest_path.to_string_lossy())
        ));
    }
    let lacks_coverage = args.require_coverage && !answered.coverage.is_full();
    let found = FailOn::exit(args.fail_on, answered.rows.height());
    Ok(if answered.fails {
        console::say("not every file is as it was delivered; the manifest has their verdicts");
        Exit::Integrity
    } else if unread.is_empty() && !lacks_coverage {
        found
    } else {
        found.max(Exit::Incomplete)
    })
}

/// Wants what the question wants, and every input's hash.
fn wants(question: &Question) -> Wants {
    Wants {
        hash: true,
        ..question.wants()
    }
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
    question: &'a Question,
    keys: &'a PublicKeys,
    session: &'a Session<'a>,
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
        let name = self.question.report.name.replace(|c: char| !plain(c), "_");
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
        let (question, session) = (self.question, self.session);
        let inputs = &session.found.inputs;
        let progress = session.progress("verifying");
        let examined = survey(inputs, session, &progress)?;
        progress.finish();
        let verification = Verification::of(&examined, self.keys);
        let asked = Asked {
            since: session.wants.window.since,
            until: session.wants.window.until,
            trail: None,
        };
        // Digests that claim ages cost no report.
        let coverage = Coverage::of(&examined, &verification, asked).unwrap_or_default();
        let progress = session.progress("reading");
        let gathering = session.gather(&progress, unread)?;
        progress.phase("answering");
        let (evidence, rows) = session.ask(gathering, &question.scope(), |evidence| {
            answer(&question.report, evidence, &question.ask)
        });
        let rows = rows?;
        progress.phase("writing");
        let target = self.target(folder);
        let run = about::Run {
            question,
            evidence: &evidence,
            unread,
            remarks: &remarks(&question.report, &evidence),
            coverage: &coverage,
        };
        let about = target.about(&run, &rows, session);
        target.write(&rows, about, args, session, &progress)?;
        progress.finish();
        if session.interrupt.is_set() {
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
            if input.size > self.args.how.max_inflated_bytes.0 {
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
            report: ReportText::of(&self.question.report.name, &self.question.report.sql),
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
        let wanted = &args.wanted;
        let bound = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        Parameters {
            since: self.question.window.since.map(bound),
            until: self.question.window.until.map(bound),
            user: wanted.user.clone(),
            contact_id: wanted.contact_id.as_ref().map(ToString::to_string),
            bucket: wanted.bucket.clone(),
            gap_minutes: wanted.gap_minutes,
            set: wanted
                .parameters
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            all_objects: args.all_objects,
            timezone: args.timezone.map(|zone| zone.name().to_owned()),
            output: self.format().name().to_owned(),
            wide: args.wide,
            csv_raw: args.csv_raw,
            max_inflated_bytes: args.how.max_inflated_bytes.0,
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
