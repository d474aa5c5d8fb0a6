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
use crate::logged::add_records;
use crate::proof::proof;
use crate::question::{Question, micros};
use crate::report::remarks;
use crate::reports::library;
use crate::session::{Session, Source, Wants};
use crate::suggestion::did_you_mean;
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
    let interest = Report::interest_of(&asked.reports);
    let hash = |report: &&Report| report.uses(Table::Inputs);
    let wants = Wants {
        interest,
        window: micros(window),
        hash: asked.reports.iter().any(hash),
        digests: false,
    };
    let session = Session::begin(Source::Inputs(asked.inputs), wants, &args.how)?;
    if let Some(input) = session.found.file_at(&args.out_file) {
        return Err(Failure::usage(anyhow!(
            "{} is one of the inputs; write elsewhere, outside the folders that are read",
            input.origin()
        )));
    }
    let questions = asked.reports.iter().map(|report| Question {
        report: (*report).clone(),
        ask: Ask {
            bucket: args.bucket.clone(),
            ..Ask::default()
        },
        window,
        all_objects: args.all_objects,
        timezone: args.timezone,
        proves: false,
    });
    let questions: Vec<Question> = questions.collect();
    let scope = Scope {
        window: micros(window),
        all_objects: args.all_objects,
        timezone: args.timezone.unwrap_or_default(),
    };

    let mut unread = session.unread();
    let progress = session.progress("reading");
    let gathering = session.gather(&progress, &mut unread)?;
    progress.phase("answering");
    let (evidence, rows) = session.ask(gathering, &scope, |evidence| answers(&questions, evidence));
    let mut rows = rows?;
    let proof = progress.pause(|| proof(&session, None, &evidence))?;
    progress.phase("writing");
    let mut abouts = Vec::new();
    for (question, rows) in questions.iter().zip(&mut rows) {
        let mut about = about(&Run {
            question,
            evidence: &evidence,
            unread: &unread,
            remarks: &remarks(&question.report, &evidence),
            coverage: &proof.coverage,
        });
        add_records(&mut about, rows, &session);
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
            &mut session.interrupt.writer(out),
        )
    });
    progress.finish();
    if session.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    written?;
    unread.say();
    if !args.how.quiet {
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

fn answers(questions: &[Question], evidence: &Arc<Evidence>) -> Result<Vec<DataFrame>, Failure> {
    let answer = |question: &Question| answer(&question.report, evidence, &question.ask);
    let answers = questions.iter().map(answer);
    answers.map(|rows| rows.map_err(Failure::from)).collect()
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
