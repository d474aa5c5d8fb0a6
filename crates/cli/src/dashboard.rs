//! Answers several reports on one page, from one reading of the inputs.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use chrono::Utc;
use earwitness_export::{
    About, Format, check_target, visible, with_local_times, write_file, write_page,
};
use earwitness_query::{Ask, DataFrame, Evidence, Library, Report, Scope, Table, answer};

use crate::about::{Run, about};
use crate::args::DashboardArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gather::{Reading, gather};
use crate::interrupt::Interrupt;
use crate::logged::{Search, add_records};
use crate::progress::Progress;
use crate::proof::{Proving, proof};
use crate::report::{micros, remarks};
use crate::reports::library;
use crate::suggestion::did_you_mean;
use crate::survey::start_threads;
use crate::unread::Unread;
use crate::window::Window;

/// What a security team looks at together.
const TOGETHER: [&str; 5] = [
    "who-deleted",
    "who-listened",
    "denied-attempts",
    "outside-connect",
    "unusual-access",
];

/// What the page is about: its reports, and where their inputs are.
struct Asked<'a> {
    reports: Vec<&'a Report>,
    inputs: &'a [OsString],
}

pub(crate) fn run(args: &DashboardArgs) -> Result<Exit, Failure> {
    let library = library(args.queries.as_deref())?;
    let asked = Asked::of(&args.words, &library)?;
    let window = args.window(Utc::now()).map_err(Failure::usage)?;
    if Format::from_suffix(&args.out_file) != Some(Format::Html) {
        return Err(Failure::usage(anyhow!(
            "a dashboard is a page; name the file --out-file NAME.html"
        )));
    }
    check_target(&args.out_file, args.force)?;
    let found = earwitness_sources::find(asked.inputs)?;
    if let Some(input) = found.file_at(&args.out_file) {
        return Err(Failure::usage(anyhow!(
            "{} is one of the inputs; write elsewhere, outside the folders that are read",
            input.origin()
        )));
    }
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
    let interest = Report::interest_of(&asked.reports);
    let reading = Reading {
        interest: &interest,
        window: scope.window,
        max_inflated_bytes: args.max_inflated_bytes.0,
        hash: asked
            .reports
            .iter()
            .any(|report| report.uses(Table::Inputs)),
        progress: &progress,
        interrupt: &interrupt,
    };
    let gathering = gather(&found.inputs, &reading, &mut unread)?;
    progress.phase("answering");
    let ask = Ask {
        bucket: args.bucket.clone(),
        ..Ask::default()
    };
    let (evidence, rows) = interrupt.let_end(|| {
        let evidence = Arc::new(gathering.into_evidence(&scope));
        let rows = answers(&asked.reports, &evidence, &ask);
        (evidence, rows)
    });
    let mut rows = rows?;
    let proving = Proving {
        inputs: &found.inputs,
        public_keys: None,
        max_inflated_bytes: args.max_inflated_bytes.0,
        quiet: args.quiet,
        interrupt: &interrupt,
    };
    let proof = progress.pause(|| proof(&proving, &scope.window, &evidence))?;
    progress.phase("writing");
    let search = Search {
        inputs: &found.inputs,
        interest: &interest,
        max_inflated_bytes: args.max_inflated_bytes.0,
        interrupt: &interrupt,
    };
    let mut abouts = Vec::new();
    for (report, rows) in asked.reports.iter().zip(&mut rows) {
        let mut about = about(&Run {
            report,
            ask: &ask,
            all_objects: args.all_objects,
            timezone: args.timezone,
            window: &window,
            evidence: &evidence,
            unread: &unread,
            remarks: &remarks(report, &evidence),
            coverage: &proof.coverage,
        });
        add_records(&mut about, rows, &search);
        if let Some(zone) = args.timezone {
            *rows = with_local_times(rows, zone)?;
        }
        abouts.push(about);
    }
    let pages: Vec<(&DataFrame, &About)> = rows.iter().zip(&abouts).collect();
    let written = write_file(&args.out_file, args.force, |out| {
        write_page(
            "What happened to recordings",
            &pages,
            &mut interrupt.writer(out),
        )
    });
    progress.finish();
    if interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    written?;
    unread.say();
    if !args.quiet {
        summarise(&asked, &rows, &window, &evidence);
        console::say(&proof.coverage.to_string());
    }
    Ok(if unread.is_empty() {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

impl<'a> Asked<'a> {
    /// Takes the words apart: those in front that name reports, and the inputs.
    fn of(words: &'a [OsString], library: &'a Library) -> Result<Asked<'a>, Failure> {
        let named = |word: &OsString| library.find(&word.to_string_lossy());
        let mut reports: Vec<&Report> = words.iter().map_while(named).collect();
        let inputs = &words[reports.len()..];
        if inputs.is_empty() {
            return Err(Failure::usage(anyhow!(
                "no input is named; add files, folders or patterns behind the reports"
            )));
        }
        let word = inputs[0].to_string_lossy();
        let names = library.reports().map(|report| report.name.as_str());
        let meant = did_you_mean(&word, names);
        if !meant.is_empty() && !Path::new(&inputs[0]).exists() {
            return Err(Failure::usage(anyhow!(
                "'{}' is no report and no input.{meant} `earwitness reports` lists them",
                visible(&word)
            )));
        }
        if reports.is_empty() {
            reports = TOGETHER
                .iter()
                .filter_map(|name| library.find(name))
                .collect();
        }
        if let Some(report) = reports.iter().find(|report| !report.requires.is_empty()) {
            return Err(Failure::usage(anyhow!(
                "report '{}' is about one {}; ask it by itself with `earwitness report`",
                report.name,
                report.requires.join(" and one ")
            )));
        }
        Ok(Asked { reports, inputs })
    }
}

fn answers(
    reports: &[&Report],
    evidence: &Arc<Evidence>,
    ask: &Ask,
) -> Result<Vec<DataFrame>, Failure> {
    let answer = |report: &&Report| answer(report, evidence, ask).map_err(Failure::from);
    reports.iter().map(answer).collect()
}

/// Says on standard error what the page rests on.
fn summarise(asked: &Asked<'_>, rows: &[DataFrame], window: &Window, evidence: &Evidence) {
    for (report, rows) in asked.reports.iter().zip(rows) {
        let many = if rows.height() == 1 { "row" } else { "rows" };
        console::say(&format!(
            "{}: {} {many}",
            visible(&report.name),
            rows.height()
        ));
    }
    console::say(&format!("window: {window}"));
    console::say(&evidence.counts().to_string());
    let mut said: Vec<String> = Vec::new();
    for remark in asked
        .reports
        .iter()
        .flat_map(|report| remarks(report, evidence))
    {
        if !said.contains(&remark) {
            console::say(&remark);
            said.push(remark);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> Result<(Vec<String>, usize), Failure> {
        let library = Library::shipped().unwrap();
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let asked = Asked::of(&words, &library)?;
        let names = asked.reports.iter().map(|report| report.name.clone());
        Ok((names.collect(), asked.inputs.len()))
    }

    #[test]
    fn words_in_front_that_name_reports_are_reports() {
        let (reports, inputs) = names(&["who-listened", "summary", "logs", "who-deleted"]).unwrap();
        assert_eq!(reports, ["who-listened", "summary"]);
        assert_eq!(inputs, 2);
        let (reports, inputs) = names(&["logs"]).unwrap();
        assert_eq!(reports, TOGETHER);
        assert_eq!(inputs, 1);
    }

    #[test]
    fn what_makes_no_page_is_wrong_usage() {
        for words in [&["who-deleted"][..], &["contact-timeline", "logs"]] {
            let failure = names(words).unwrap_err();
            assert!(matches!(failure, Failure::Error(Exit::Usage, _)));
        }
    }
}
