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

fn verify(trail: &Path, keys: &Path) -> Verification {
    let mut examiner = Examiner::new(1 << 20);
    let examined = files(trail).unwrap().into_iter().map(|path| {
        let origin = path.strip_prefix(trail).unwrap().to_str().unwrap();
        examiner.examine(origin, &std::fs::read(&path).unwrap())
    });
    let examined: Vec<_> = examined.collect();
    let list = PublicKeys::read(&std::fs::read(keys).unwrap()).unwrap();
    Verification::of(&examined, &list)
}

fn skipped() {
    // The real standard error: a test's own is shown only when it fails.
    let _ = writeln!(
        std::io::stderr(),
        "skipped: there is no aws-cli to compare with"
    );
}

#[test]
fn aws_cli_finds_the_same_files_valid() {
    let trail = folder("signed-trail/trail");
    let keys = folder("signed-trail/keys.json");
    let verification = verify(&trail, &keys);
    let valid = verification.files.iter();
    let valid = valid.filter(|file| file.verdict == Verdict::Valid);
    let mut ours: BTreeSet<String> = valid.map(|file| file.file.clone()).collect();
    assert_eq!(ours.len(), 13);
    assert_eq!(verification.gaps.len(), 1);
    ours.insert("gap".to_owned());
    match aws_cli(&trail, &keys) {
        Some(theirs) => assert_eq!(theirs, Ok(ours)),
        None => skipped(),
    }
}

#[test]
fn aws_cli_names_the_same_file_when_one_is_changed() {
    let trail = folder("signed-trail/trail");
    let keys = folder("signed-trail/keys.json");
    let scratch = tempfile::tempdir().unwrap();
    // Python takes its time to start.
    for changed in files(&trail).unwrap().into_iter().step_by(4) {
        let name = changed.strip_prefix(&trail).unwrap().to_str().unwrap();
        if !name.ends_with(".json.gz") {
            continue;
        }
        for file in files(&trail).unwrap() {
            let copy = scratch.path().join(file.strip_prefix(&trail).unwrap());
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(file, copy).unwrap();
        }
        let bytes = std::fs::read(&changed).unwrap();
        let mut inflater = earwitness_parser::Inflater::default();
        let text = inflater.inflate_at_most(1 << 20, &bytes).bytes.to_vec();
        let text = String::from_utf8(text).unwrap();
        let text = text.replacen("111122223333", "123456789012", 1);
        let bytes = earwitness_testkit::gzip(text.as_bytes()).unwrap();
        std::fs::write(scratch.path().join(name), bytes).unwrap();

        let verification = verify(scratch.path(), &keys);
        let ours = verification.files.iter();
        let ours: Vec<&str> = ours
            .filter(|file| file.verdict == Verdict::Modified)
            .map(|file| file.file.as_str())
            .collect();
        assert_eq!(ours, [name]);
        match aws_cli(scratch.path(), &keys) {
            Some(theirs) => assert!(theirs.unwrap_err().contains(name), "{name}"),
            None => return skipped(),
        }
    }
}
