//! Verifies a trail: a verdict for each file.

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_parser::Timestamp;
use earwitness_proof::{FileKind, FileVerdict, Verdict, Verification};

use crate::args::VerifyArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::{public_keys, survey_all, write_rows};

const COLUMNS: [&str; 6] = [
    "verdict",
    "kind",
    "file",
    "why",
    "digest",
    "inflated_sha256",
];

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    let keys = public_keys(args.trail.public_keys.as_deref())?;
    if keys.is_empty() {
        return Err(Failure::usage(anyhow!(
            "nothing is proven without keys: add --public-keys with what `aws cloudtrail \
             list-public-keys --start-time TIME` prints, for each region that has digests"
        )));
    }
    let verification = Verification::of(&survey_all(&args.trail.session()?)?, &keys);
    let shown = |file: &&FileVerdict| {
        let fine = matches!(file.verdict, Verdict::Valid | Verdict::NoLog);
        args.all || !fine
    };
    let rows = verification.files.iter().filter(shown).map(row).collect();
    write_rows(COLUMNS, 4, rows, args.output)?;
    if !args.trail.how.quiet {
        summarise(&verification);
    }
    Ok(if verification.fails() {
        Exit::Integrity
    } else if verification.is_complete() {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

fn row(file: &FileVerdict) -> [Option<String>; COLUMNS.len()] {
    [
        Some(file.verdict.name().to_owned()),
        Some(file.kind.name().to_owned()),
        Some(file.file.clone()),
        file.why.clone(),
        file.digest.clone(),
        file.inflated_sha256.clone(),
    ]
}

fn summarise(verification: &Verification) {
    for (kinds, name) in [
        (&[FileKind::Digest, FileKind::BackfillDigest][..], "digests"),
        (&[FileKind::Log], "log files"),
        (&[FileKind::Other], "other files"),
    ] {
        let files = verification.files.iter();
        let of_kind: Vec<Verdict> = files
            .filter(|file| kinds.contains(&file.kind))
            .map(|file| file.verdict)
            .collect();
        let counts = Verdict::ALL.into_iter().filter_map(|verdict| {
            let count = of_kind.iter().filter(|other| **other == verdict).count();
            (count > 0).then(|| format!("{verdict} {count}"))
        });
        let counts: Vec<String> = counts.collect();
        if !counts.is_empty() {
            console::say(&format!("{name} {}: {}", of_kind.len(), counts.join(", ")));
        }
    }
    if verification
        .files
        .iter()
        .all(|file| file.kind == FileKind::Log || file.kind == FileKind::Other)
    {
        console::say(
            "no digest is among the inputs: they lie beside the log files, in CloudTrail-Digest/, \
             where the trail has log file validation",
        );
    }
    for gap in &verification.gaps {
        console::say(&format!(
            "gap: trail {} of {} in {} has no digests from {} to {}: validation or logging was off",
            visible(&gap.trail),
            visible(&gap.account_id),
            visible(&gap.region),
            Timestamp(gap.from),
            Timestamp(gap.until)
        ));
    }
    for digest in &verification.goes_on_before {
        console::say(&format!(
            "the chain goes on before {digest}: what lies there is not among the inputs"
        ));
    }
}
