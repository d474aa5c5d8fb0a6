//! Compares with aws-cli, which shares no code: what one finds valid, the other does.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use earwitness_proof::{Examiner, PublicKeys, Verdict, Verification};
use earwitness_testkit::{files, folder};

/// Returns what aws-cli says of the folder; `None` where there is no aws-cli.
fn aws_cli(trail: &Path, keys: &Path) -> Option<Result<BTreeSet<String>, String>> {
    let python = |arguments: &[&str]| Command::new("python3").args(arguments).output().ok();
    let there = python(&["-c", "import awscli.customizations.cloudtrail.validation"])?;
    if !there.status.success() {
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws_cli.py");
    let paths = [&*script, trail, keys].map(|path| path.to_str().unwrap());
    let said = python(&paths)?;
    let text = String::from_utf8_lossy(&said.stdout);
    Some(if said.status.success() {
        Ok(text.lines().map(str::to_owned).collect())
    } else {
        Err(String::from_utf8_lossy(&said.stderr).into_owned())
    })
}

#[test]
fn aws_cli_finds_the_same_files_valid() {
    let (trail, keys) = (
        folder("signed-trail/trail"),
        folder("signed-trail/keys.json"),
    );
    let mut examiner = Examiner::new(1 << 20);
    let examined = files(&trail).unwrap().into_iter().map(|path| {
        let origin = path
            .strip_prefix(&trail)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        examiner.examine(&origin, &std::fs::read(path).unwrap())
    });
    let examined: Vec<_> = examined.collect();
    let list = PublicKeys::read(&std::fs::read(&keys).unwrap()).unwrap();
    let verification = Verification::of(&examined, &list);
    let valid = verification.files.iter();
    let valid = valid.filter(|file| file.verdict == Verdict::Valid);
    let mut ours: BTreeSet<String> = valid.map(|file| file.file.clone()).collect();
    assert_eq!(ours.len(), 13);
    assert_eq!(verification.gaps.len(), 1);
    ours.insert("gap".to_owned());
    match aws_cli(&trail, &keys) {
        Some(theirs) => assert_eq!(theirs, Ok(ours)),
        None => {
            // The real standard error: a test's own is shown only when it fails.
            let _ = writeln!(
                std::io::stderr(),
                "skipped: there is no aws-cli to compare with"
            );
        }
    }
}
