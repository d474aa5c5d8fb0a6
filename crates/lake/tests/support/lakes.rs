//! Lakes, and the same inputs read without one.

use std::path::Path;

use earwitness_lake::{Ingest, Ingested, Lake, LakeError, Needs, Shard, ingest};
use earwitness_parser::{Interest, Reader};
use earwitness_query::{
    Ask, Batch, DataFrame, Evidence, Gathering, Library, Report, Scope, Table, answer,
};

/// An input: its name and its content.
pub(crate) type Input = (String, Vec<u8>);

/// No test has an input as large.
pub(crate) const MAX_BYTES: u64 = 1 << 30;

pub(crate) fn take_in(lake: &Path, inputs: &[Input]) -> Result<Ingested, LakeError> {
    take_in_shard(lake, inputs, Shard::WHOLE)
}

pub(crate) fn take_in_shard(
    lake: &Path,
    inputs: &[Input],
    shard: Shard,
) -> Result<Ingested, LakeError> {
    ingest(
        lake,
        &Ingest {
            inputs,
            name: &|(name, _)| name,
            size_hint: &|(_, content)| content.len() as u64,
            etag: &|_| None,
            plan: &|_| {},
            read: &|(_, content), buffer| {
                buffer.clone_from(content);
                Ok(())
            },
            problems: &[],
            shard,
            max_inflated_bytes: MAX_BYTES,
            stop: &|| false,
        },
    )
}

/// Gathers from a lake.
pub(crate) fn gather(
    lake: &Path,
    interest: &Interest,
    scope: &Scope,
) -> Result<Evidence, LakeError> {
    let needs = Needs {
        interest,
        window: scope.window,
        max_inflated_bytes: MAX_BYTES,
        stop: &|| false,
    };
    let gathering = Lake::open(lake)?.gather(&needs, &mut |_, _| {})?;
    Ok(gathering.into_evidence(scope))
}

/// Gathers from the inputs themselves, in the order of their names.
pub(crate) fn gather_raw(inputs: &[Input], interest: &Interest, scope: &Scope) -> Evidence {
    let mut inputs: Vec<&Input> = inputs.iter().collect();
    inputs.sort();
    let mut reader = Reader::new(interest.clone(), 1 << 30);
    let mut gathering = Gathering::default();
    for (name, content) in inputs {
        let batch = Batch::read(name, content, &mut reader, &scope.window);
        gathering.absorb(batch.with_sha256(sha256(content)));
    }
    gathering.into_evidence(scope)
}

pub(crate) fn sha256(content: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(content);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A report that asks a table for everything.
pub(crate) fn everything_of(table: Table, events: &[String]) -> Report {
    let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    let names = if events.is_empty() {
        "none".to_owned()
    } else {
        events.join(", ")
    };
    let text = format!(
        "-- title: T\n-- events: {names}\nSELECT {} FROM {}\n",
        columns.join(", "),
        table.name(),
    );
    Report::parse("everything", &text).unwrap()
}

pub(crate) fn rows_of(report: &Report, evidence: Evidence) -> DataFrame {
    answer(report, &evidence.into(), &Ask::default()).unwrap()
}

/// Asserts that a lake answers every shipped report as its inputs do, and accounts
/// for every record alike. Returns how many rows the answers have.
pub(crate) fn assert_answers_alike(
    name: &str,
    lake: &Path,
    inputs: &[Input],
    scope: &Scope,
) -> usize {
    let library = Library::shipped().unwrap();
    let mut rows = 0;
    for report in library.reports() {
        let case = format!("{} of {name}", report.name);
        let interest = report.interest();
        let raw = gather_raw(inputs, &interest, scope);
        let kept = gather(lake, &interest, scope).unwrap();
        assert!(kept.counts().reconcile(), "{case}: {}", kept.counts());
        assert_eq!(kept.counts(), raw.counts(), "{case}");
        assert_eq!(kept.seen(), raw.seen(), "{case}");
        assert_eq!(kept.keyless_left_out(), raw.keyless_left_out());
        let (raw, kept) = (rows_of(report, raw), rows_of(report, kept));
        assert_same(&case, &kept, &raw);
        rows += raw.height();
    }
    rows
}

/// Asserts that two answers have the same rows in the same order. Numbers that
/// stand for texts are of one run: they need only be alike where the texts are.
pub(crate) fn assert_same(name: &str, mine: &DataFrame, other: &DataFrame) {
    assert_eq!(mine.height(), other.height(), "{name}");
    for (column, other) in mine.columns().iter().zip(other.columns()) {
        if column.name().ends_with("_ref") {
            let pairs = (0..mine.height()).map(|row| {
                let pair = (column.get(row).unwrap(), other.get(row).unwrap());
                format!("{pair:?}")
            });
            let pairs = pairs.collect::<std::collections::HashSet<_>>().len();
            assert_eq!(
                pairs,
                column.n_unique().unwrap(),
                "{name}, {}",
                column.name()
            );
            assert_eq!(
                pairs,
                other.n_unique().unwrap(),
                "{name}, {}",
                column.name()
            );
            continue;
        }
        for row in 0..mine.height() {
            let (value, other) = (column.get(row).unwrap(), other.get(row).unwrap());
            let same = value == other || (value.is_null() && other.is_null());
            assert!(
                same,
                "{name}, row {row}, {}: {value}, {other}",
                column.name()
            );
        }
    }
}
