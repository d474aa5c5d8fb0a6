//! Runs a report: find the inputs, read them, ask, write the rows.

use chrono::Utc;
use earwitness_export::visible;
use earwitness_parser::{Passed, Timestamp};
use earwitness_query::{DataFrame, Evidence, Report};

use crate::answered::Answered;
use crate::args::ReportArgs;
use crate::console;
use crate::evidence;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::question::Question;
use crate::session::{Session, Source};
use crate::suggestion::nearest;
use crate::target::Target;

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    if let Some(folder) = &args.evidence {
        return evidence::write(args, folder);
    }
    let question = Question::of(args, Utc::now())?;
    let target = Target::of(args)?;
    let source = Source::of(args.lake.as_deref(), &args.inputs);
    let session = Session::begin(source, question.wants(), &args.how)?;
    target.spare(&session.found)?;

    let progress = session.progress("reading");
    let answered = Answered::of(&question, &session, args.public_keys.as_deref(), &progress)?;
    let rows = &answered.rows;
    progress.phase("writing");
    let about = target.about(&answered.run(&question), rows, &session);
    let written = target.write(rows, about, args, &session, &progress);
    progress.finish();
    if session.interrupt.is_set() {
        return Err(Failure::Interrupted);
    }
    written?;

    answered.unread.say();
    if let Some(path) = &target.rejects_file {
        answered.unread.write(path, args.force)?;
    }
    if !args.how.quiet {
        let Answered {
            evidence, remarks, ..
        } = &answered;
        summarise(&question, evidence, rows, &target, args, remarks);
        console::say(&answered.proof.coverage.to_string());
    }
    Ok(answered.exit(args.demands()))
}

/// Says on standard error what the answer rests on.
pub(crate) fn summarise(
    question: &Question,
    evidence: &Evidence,
    rows: &DataFrame,
    target: &Target,
    args: &ReportArgs,
    remarks: &[String],
) {
    let report = &question.report;
    let counts = evidence.counts();
    let many = if rows.height() == 1 { "row" } else { "rows" };
    console::say(&format!("{}: {} {many}", report.name, rows.height()));
    if let Some(main) = target.main_columns(&report.show, args) {
        let (shown, all) = (main.len(), rows.width());
        console::say(&format!(
            "columns: {shown} of {all}; --wide or another --output has them all"
        ));
    }
    console::say(&format!("window: {}", question.window));
    console::say(&counts.to_string());
    for remark in remarks {
        console::say(remark);
    }
    if rows.height() > 0 {
        return;
    }
    if let Some(user) = &args.wanted.user
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

/// So many changes of the logging are named.
const MOST_CHANGES: usize = 3;

/// Says when somebody may have made a trail record less.
fn logging_changed(evidence: &Evidence) -> Option<String> {
    let calls = evidence.logging_calls();
    let named: Vec<String> = calls
        .iter()
        .take(MOST_CHANGES)
        .map(|call| format!("{} at {}", call.event_name, Timestamp(call.time)))
        .collect();
    let more = match calls.len().saturating_sub(MOST_CHANGES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| {
        format!(
            "the logging was changed in the window, or somebody tried to: {}{more}; what no trail recorded \
             is missing here; `earwitness report logging-changes` says who did it and what",
            named.join(", ")
        )
    })
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
    remarks.extend(logging_changed(evidence));
    let lacks = evidence.lacks(report).into_iter();
    remarks.extend(lacks.map(|lack| lack.advice().to_owned()));
    remarks
}
