//! Runs a report: find the inputs, read them, ask, write the rows.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use earwitness_export::{
    About, Format, Options, check_target, visible, with_local_times, write_file, writer,
};
use earwitness_parser::{Passed, Timestamp};
use earwitness_query::{Ask, DataFrame, Evidence, ParameterValue, Report, Scope, Table, answer};
use earwitness_sources::Found;

use crate::about::{Run, about};
use crate::args::{ReportArgs, Wanted};
use crate::console;
use crate::evidence;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gather::{Reading, gather, gather_lake};
use crate::interrupt::Interrupt;
use crate::logged::{Search, add_records};
use crate::progress::Progress;
use crate::proof::{Proving, proof};
use crate::reports::library;
use crate::suggestion::{did_you_mean, nearest};
use crate::survey::start_threads;
use crate::unread::Unread;
use crate::window::Window;

/// Rows that a terminal shows of a table.
const TERMINAL_ROWS: usize = 200;

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    if let Some(folder) = &args.evidence {
        return evidence::write(args, folder);
    }
    let report = find_report(&args.report, args.queries.as_deref())?;
    let window = args.window(Utc::now()).map_err(Failure::usage)?;
    let ask = ask(&args.wanted(), &report)?;
    let target = Target::of(args)?;
    let found = match args.lake {
        Some(_) => Found::default(),
        None => earwitness_sources::find(&args.inputs)?,
    };
    target.spare(&found)?;
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    start_threads(args.threads)?;

    let mut unread = Unread::of(&found.problems);
    let scope = Scope {
        window: micros(window),
        all_objects: args.all_objects,
        timezone: args.timezone.unwrap_or_default(),
    };
    let bytes = found.inputs.iter().map(|input| input.size_hint()).sum();
    let progress = Progress::new(args.quiet, found.inputs.len() as u64, bytes);
    progress.phase("reading");
    let reading = Reading {
        interest: &report.interest(),
        window: scope.window,
        max_inflated_bytes: args.max_inflated_bytes.0,
        hash: report.uses(Table::Inputs),
        progress: &progress,
        interrupt: &interrupt,
    };
    let gathering = match &args.lake {
        Some(lake) => gather_lake(lake, &reading, &mut unread)?,
        None => gather(&found.inputs, &reading, &mut unread)?,
    };
    progress.phase("answering");
    let (evidence, rows) = interrupt.let_end(|| {
        let evidence = Arc::new(gathering.into_evidence(&scope));
        let rows = answer(&report, &evidence, &ask);
        (evidence, rows)
    });
    let rows = rows?;
    let proving = Proving {
        inputs: &found.inputs,
        public_keys: args.public_keys.as_deref(),
        max_inflated_bytes: args.max_inflated_bytes.0,
        quiet: args.quiet,
        interrupt: &interrupt,
    };
    let proof = progress.pause(|| proof(&proving, &scope.window, &evidence))?;
    progress.phase("writing");
    let remarks = remarks(&report, &evidence);
    let run = Run {
        report: &report,
        ask: &ask,
        all_objects: args.all_objects,
        timezone: args.timezone,
        window: &window,
        evidence: &evidence,
        unread: &unread,
        remarks: &remarks,
        coverage: &proof.coverage,
    };
    let search = Search {
        inputs: &found.inputs,
        interest: &report.interest(),
        max_inflated_bytes: args.max_inflated_bytes.0,
        interrupt: &interrupt,
    };
    let about = target.about(&run, &rows, &search);
    let written = target.write(&rows, about, args, &progress, &interrupt);
    progress.finish();
    if interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    written?;

    unread.say();
    if let Some(path) = &target.rejects_file {
        unread.write(path, args.force)?;
    }
    if !args.quiet {
        summarise(&report, &window, &evidence, &rows, &target, args, &remarks);
        console::say(&proof.coverage.to_string());
    }
    let lacks_coverage = args.require_coverage && !proof.coverage.is_full();
    Ok(if proof.fails {
        Exit::Integrity
    } else if unread.is_empty() && !lacks_coverage {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

/// Finds a report by its name, or reads it from a file.
pub(crate) fn find_report(report: &OsStr, queries: Option<&Path>) -> Result<Report, Failure> {
    let library = library(queries)?;
    let name = report.to_string_lossy();
    let path = Path::new(report);
    if let Some(report) = library.find(&name) {
        return Ok(report.clone());
    }
    if path.extension().is_some_and(|suffix| suffix == "sql") {
        return Ok(Report::from_file(path)?);
    }
    let names = library.reports().map(|report| report.name.as_str());
    Err(Failure::usage(anyhow!(
        "there is no report '{}'.{} `earwitness reports` lists them; a file of your own ends in .sql",
        visible(&name),
        did_you_mean(&name, names)
    )))
}

/// Puts together what is asked of a report, which must be able to answer it.
pub(crate) fn ask(args: &Wanted<'_>, report: &Report) -> Result<Ask, Failure> {
    let mut ask = Ask {
        parameters: parameters(args, report)?,
        user: args.user.map(str::to_owned),
        contact_id: args.contact_id.map(ToString::to_string),
        bucket: args.bucket.map(str::to_owned),
    };
    if let Some(minutes) = args.gap_minutes {
        let minutes = ParameterValue::Integer(i64::from(minutes));
        ask.parameters.push(("gap".to_owned(), minutes));
        if report.parameter("gap").is_none() {
            return Err(Failure::usage(anyhow!(
                "--gap means nothing to report '{}': it has no sittings; leave it out",
                report.name
            )));
        }
    }
    let given = [
        ("user", ask.user.is_some()),
        ("contact-id", ask.contact_id.is_some()),
        ("bucket", ask.bucket.is_some()),
    ];
    for (option, is_given) in given {
        if !is_given && report.requires.iter().any(|required| required == option) {
            return Err(Failure::usage(anyhow!(
                "report '{}' is about one of them: add --{option}",
                report.name
            )));
        }
    }
    Ok(ask)
}

/// Reads the values that the report's parameters are given.
fn parameters(
    args: &Wanted<'_>,
    report: &Report,
) -> Result<Vec<(String, ParameterValue)>, Failure> {
    let value = |(name, text): &(String, String)| {
        let Some(parameter) = report.parameter(name) else {
            let known = report.parameters.iter().map(|known| known.name.as_str());
            let known: Vec<&str> = known.collect();
            return Err(Failure::usage(anyhow!(
                "report '{}' has no parameter '{}'; it has {}",
                report.name,
                visible(name),
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            )));
        };
        let value = parameter.value(text).map_err(|wanted| {
            Failure::usage(anyhow!(
                "parameter '{name}' of report '{}' cannot be '{}'; it takes {wanted}",
                report.name,
                visible(text)
            ))
        })?;
        Ok((name.clone(), value))
    };
    args.parameters.iter().map(value).collect()
}

/// Where rows go, and how they are written.
pub(crate) struct Target {
    pub(crate) file: Option<PathBuf>,
    pub(crate) rejects_file: Option<PathBuf>,
    pub(crate) format: Format,
}

impl Target {
    /// Decides before any work is done, so that nothing is done in vain.
    fn of(args: &ReportArgs) -> Result<Target, Failure> {
        let file = args.out_file.clone().filter(|path| path.as_os_str() != "-");
        let by_suffix = file.as_deref().and_then(Format::from_suffix);
        let format = match (args.output, &file) {
            (Some(format), _) => format,
            (None, None) => Format::Table,
            (None, Some(path)) => by_suffix.ok_or_else(|| {
                Failure::usage(anyhow!(
                    "the suffix of {} names no format; add --output {}",
                    visible(&path.to_string_lossy()),
                    Format::ALL.map(Format::name).join("|")
                ))
            })?,
        };
        match &file {
            Some(path) => check_target(path, args.force)?,
            None if !format.is_text() => {
                return Err(Failure::usage(anyhow!(
                    "{format} makes a file to open, no text; add --out-file NAME.{format}"
                )));
            }
            None => {}
        }
        if let Some(path) = &args.rejects_file {
            check_target(path, args.force)?;
            if file.as_deref().is_some_and(|file| is_same_file(file, path)) {
                return Err(Failure::usage(anyhow!(
                    "--out-file and --rejects-file name one file; give each its own"
                )));
            }
        }
        Ok(Target {
            file,
            rejects_file: args.rejects_file.clone(),
            format,
        })
    }

    /// Refuses to write over what is read.
    fn spare(&self, found: &Found) -> Result<(), Failure> {
        for target in [&self.file, &self.rejects_file].into_iter().flatten() {
            if let Some(input) = found.file_at(target) {
                return Err(Failure::usage(anyhow!(
                    "{} is one of the inputs; write elsewhere, outside the folders that are read",
                    input.origin()
                )));
            }
        }
        Ok(())
    }

    /// Puts together what is said of the rows; a page shows the records behind
    /// them too.
    pub(crate) fn about(&self, run: &Run<'_>, rows: &DataFrame, search: &Search<'_>) -> About {
        let mut about = about(run);
        if self.format == Format::Html {
            add_records(&mut about, rows, search);
        }
        about
    }

    pub(crate) fn write(
        &self,
        rows: &DataFrame,
        about: About,
        args: &ReportArgs,
        progress: &Progress,
        interrupt: &Interrupt,
    ) -> Result<(), Failure> {
        let main = self.main_columns(&about.main, args);
        let main = main.and_then(|columns| rows.select(columns).ok());
        let mut rows = main.unwrap_or_else(|| rows.clone());
        if let (Some(zone), true) = (args.timezone, self.format != Format::Parquet) {
            rows = with_local_times(&rows, zone)?;
        }
        let rows = &rows;
        let width = console::width().filter(|_| self.file.is_none());
        let options = Options {
            csv_raw: args.csv_raw,
            width,
            max_table_rows: width.map(|_| TERMINAL_ROWS),
            about,
        };
        let writer = writer(self.format, &options);
        match &self.file {
            Some(path) => write_file(path, args.force, |out| {
                writer.write(rows, &mut interrupt.writer(out))
            })?,
            None => progress.pause(|| {
                let mut out = io::stdout().lock();
                writer.write(rows, &mut interrupt.writer(&mut out))
            })?,
        }
        Ok(())
    }

    /// A table is for eyes: it has the columns that the report shows. `None`
    /// where all are written.
    fn main_columns<'m>(&self, main: &'m [String], args: &ReportArgs) -> Option<&'m [String]> {
        let shown = self.format == Format::Table && !args.wide && !main.is_empty();
        shown.then_some(main)
    }
}

/// Tells whether two paths lead to one file, where they are there.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        path.canonicalize()
            .ok()
            .or_else(|| Some(folder.join(path.file_name()?)))
    };
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// Says on standard error what the answer rests on.
pub(crate) fn summarise(
    report: &Report,
    window: &Window,
    evidence: &Evidence,
    rows: &DataFrame,
    target: &Target,
    args: &ReportArgs,
    remarks: &[String],
) {
    let counts = evidence.counts();
    let many = if rows.height() == 1 { "row" } else { "rows" };
    console::say(&format!("{}: {} {many}", report.name, rows.height()));
    if let Some(main) = target.main_columns(&report.show, args) {
        let (shown, all) = (main.len(), rows.width());
        console::say(&format!(
            "columns: {shown} of {all}; --wide or another --output has them all"
        ));
    }
    console::say(&format!("window: {window}"));
    console::say(&counts.to_string());
    for remark in remarks {
        console::say(remark);
    }
    if rows.height() > 0 {
        return;
    }
    if let Some(user) = &args.user
        && let Some(meant) = nearest(user, evidence.actors())
        && meant != user
    {
        console::say(&format!(
            "no row is of '{}'; did you mean '{}'?",
            visible(user),
            visible(meant)
        ));
    }
    match evidence.seen() {
        _ if report.events.is_empty() => {}
        _ if counts.events == 0 => console::say("no CloudTrail record was among the inputs"),
        Some((first, last)) => console::say(&format!(
            "events that the report is about lie from {} to {}",
            Timestamp(first),
            Timestamp(last)
        )),
        None => console::say("no CloudTrail record is of an event that the report is about"),
    }
    if !report.cannot_see.is_empty() {
        console::say(&format!("this report cannot see: {}", report.cannot_see));
    }
}

/// Says what the answer lacks and what it leaves out.
pub(crate) fn remarks(report: &Report, evidence: &Evidence) -> Vec<String> {
    let mut remarks = Vec::new();
    for (passed, count) in &evidence.counts().passed {
        match passed {
            Passed::OtherEvent => {}
            Passed::Aggregated => remarks.push(format!(
                "aggregated events: {count}; they count accesses without saying whose or of what"
            )),
            other => remarks.push(format!("{}: {count}; not read as events", other.name())),
        }
    }
    let keyless = evidence.keyless_left_out();
    if keyless > 0 {
        remarks.push(format!(
            "left out: batch deletes without keys, of buckets not known to hold recordings: {keyless}; \
             --all-objects has them"
        ));
    }
    let lacks = evidence.lacks(report).into_iter();
    remarks.extend(lacks.map(|lack| lack.advice().to_owned()));
    remarks
}

/// Returns the window in microseconds since 1970.
pub(crate) fn micros(window: Window) -> earwitness_query::Window {
    let micros = |time: DateTime<Utc>| time.timestamp_micros();
    earwitness_query::Window {
        since: window.since.map(micros),
        until: window.until.map(micros),
    }
}
