//! Says what an answer is about, for the formats that people open without the
//! program beside them.

use earwitness_export::{About, Roles};
use earwitness_parser::Timestamp;
use earwitness_proof::Coverage;
use earwitness_query::{Evidence, Report};

use crate::question::Question;
use crate::unread::Unread;

/// What a run knows beside its rows.
pub(crate) struct Run<'a> {
    pub(crate) question: &'a Question,
    pub(crate) evidence: &'a Evidence,
    pub(crate) unread: &'a Unread,
    /// What is said of the evidence on standard error too.
    pub(crate) remarks: &'a [String],
    /// Which hours of the window the inputs cover.
    pub(crate) coverage: &'a Coverage,
}

/// Puts together what the writers of pages and workbooks tell.
pub(crate) fn about(run: &Run<'_>) -> About {
    let report = &run.question.report;
    let columns = report.columns.iter();
    About {
        name: report.name.clone(),
        title: report.title.clone(),
        question: report.question.clone(),
        window: run.question.window.to_string(),
        nothing: nothing(run),
        settings: settings(run),
        coverage: Some(run.coverage.to_string()),
        basis: basis(run),
        cannot_see: report.cannot_see.clone(),
        columns: columns
            .map(|column| (column.name.clone(), column.meaning.clone()))
            .collect(),
        main: report.show.clone(),
        roles: roles(report),
        timezone: run.question.timezone.unwrap_or_default(),
        records: Vec::new(),
    }
}

/// Says that nothing was found, and no more than that.
fn nothing(run: &Run<'_>) -> String {
    let counts = run.evidence.counts();
    let asked = if run.question.ask.user.is_some()
        || run.question.ask.contact_id.is_some()
        || run.question.ask.bucket.is_some()
    {
        "the question, asked of the user, contact or bucket named below,"
    } else {
        "the question"
    };
    format!(
        "Nothing was found: of {} records read, none answers {asked} in this window. That no record \
         tells of it does not mean that it did not happen: see what the answer rests on and what it \
         cannot see.",
        counts.read
    )
}

/// Lists what was chosen for this run.
fn settings(run: &Run<'_>) -> Vec<(String, String)> {
    let ask = &run.question.ask;
    let option = |name: &str, value: &Option<String>| Some((name.to_owned(), value.clone()?));
    let mut settings: Vec<(String, String)> = [
        option("--user", &ask.user),
        option("--contact-id", &ask.contact_id),
        option("--bucket", &ask.bucket),
        option(
            "--timezone",
            &run.question.timezone.map(|zone| zone.to_string()),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if run.question.all_objects {
        settings.push(("--all-objects".to_owned(), "yes".to_owned()));
    }
    for parameter in &run.question.report.parameters {
        let mut given = ask.parameters.iter().rev();
        let given = given.find(|(name, _)| *name == parameter.name);
        let value = given.map_or(&parameter.default, |(_, value)| value);
        settings.push((parameter.name.clone(), value.to_string()));
    }
    settings
}

/// Says what the answer rests on: as much as the run knows.
fn basis(run: &Run<'_>) -> Vec<String> {
    let mut lines = vec![run.evidence.counts().to_string()];
    match run.evidence.seen() {
        _ if run.question.report.events.is_empty() => {}
        Some((first, last)) => lines.push(format!(
            "events that the report is about lie from {} to {}",
            Timestamp(first),
            Timestamp(last)
        )),
        None => {
            lines.push("no CloudTrail record is of an event that the report is about".to_owned())
        }
    }
    lines.extend(run.remarks.iter().cloned());
    match run.unread.len() {
        0 => {}
        1 => lines.push("1 piece of the inputs could not be read".to_owned()),
        count => lines.push(format!("{count} pieces of the inputs could not be read")),
    }
    lines
}

/// Columns that say when, the best first.
const TIMES: [&str; 5] = ["event_time", "started_at", "first_at", "deleted_at", "date"];

/// Columns that say what was done, where another says what came of it.
const KINDS: [&str; 3] = ["what", "action", "mode"];

/// Columns that say what a row is, where none says what came of it.
const SORTS: [&str; 3] = ["verdict", "evidence", "event_name"];

/// Columns of counts, of rows that are counts themselves. Different recordings
/// are not among them: those of two days may be the same.
const MEASURES: [&str; 3] = ["deletes", "reads", "attempts"];

/// Columns that say how often a row happened, of rows that stand for several.
const WEIGHTS: [&str; 2] = ["attempts", "accesses"];

/// Columns that say where the record behind a row lies.
const CUSTODY: [&str; 9] = [
    "event_id",
    "first_event_id",
    "last_event_id",
    "request_id",
    "input",
    "record_input",
    "event_input",
    "record_index",
    "principal_arn",
];

/// Columns of CloudTrail's ids of records.
const IDS: [&str; 3] = ["event_id", "first_event_id", "last_event_id"];

/// Tells from a report's columns what charts of it are about.
fn roles(report: &Report) -> Roles {
    let has = |name: &str| report.columns.iter().any(|column| column.name == name);
    let first = |names: &[&'static str]| names.iter().copied().find(|name| has(name));
    let all = |names: &[&str]| -> Vec<String> {
        let names = names.iter().filter(|name| has(name));
        names.map(|name| (*name).to_owned()).collect()
    };
    let time = first(&TIMES);
    let outcome = first(&["outcome"]);
    let kind = match outcome {
        Some(outcome) => first(&KINDS).or(Some(outcome)),
        None => first(&SORTS),
    };
    let is_count = time == Some("date") && kind.is_none();
    Roles {
        time: time.map(str::to_owned),
        person: first(&["actor"]).map(str::to_owned),
        contact: first(&["contact_id"]).map(str::to_owned),
        kind: kind.map(str::to_owned),
        outcome: outcome.or(kind).map(str::to_owned),
        in_vain: ["denied", "failed", "attempts"].map(str::to_owned).to_vec(),
        weight: first(&WEIGHTS)
            .filter(|_| time == Some("first_at"))
            .map(str::to_owned),
        measures: if is_count { all(&MEASURES) } else { Vec::new() },
        nobody: Some("unknown".to_owned()),
        custody: all(&CUSTODY),
        ids: all(&IDS),
    }
}

#[cfg(test)]
mod tests {
    use earwitness_query::Library;

    use super::*;

    #[test]
    fn every_shipped_report_has_something_to_count() {
        let library = Library::shipped().unwrap();
        let mut told = 0;
        for report in library.reports() {
            let roles = roles(report);
            assert!(roles.person.is_some(), "{}", report.name);
            let is_about_time = roles.time.is_some() || report.events.is_empty();
            assert!(is_about_time, "{}", report.name);
            let has_kind = roles.kind.is_some() || !roles.measures.is_empty();
            told += usize::from(has_kind);
        }
        // Reads of unredacted recordings are all of one kind.
        assert_eq!(told, library.reports().count() - 1);
    }

    #[test]
    fn a_listen_in_vain_is_known_by_its_evidence() {
        let library = Library::shipped().unwrap();
        let roles = roles(library.find("who-listened").unwrap());
        assert_eq!(roles.outcome.as_deref(), Some("evidence"));
        assert_eq!(roles.time.as_deref(), Some("started_at"));
        assert_eq!(roles.measures, [] as [&str; 0]);
    }
}
