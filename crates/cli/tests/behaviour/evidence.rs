//! A report is written as evidence, and checked later and elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, earwitness, finish, one_delete, scratch, skipped};
use crate::verified_trails::{KEYS, logs_of, trail_in};

fn make(inputs: &Path, folder: &Path, arguments: &[&str]) -> Run {
    let mut command = earwitness();
    command.args(["report", "who-deleted"]).arg(inputs);
    command.arg("--evidence").arg(folder).args(arguments);
    finish(&mut command)
}

fn check(folder: &Path, inputs: &Path, arguments: &[&str]) -> Run {
    let mut command = earwitness();
    command.args(["evidence", "check"]).arg(folder);
    command.arg("--against").arg(inputs).args(arguments);
    finish(&mut command)
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

const WITH_KEYS: [&str; 2] = ["--public-keys", KEYS];

#[test]
fn evidence_of_a_trail_elsewhere_is_the_same() {
    let (here, there) = (scratch(), scratch());
    let trail = trail_in(here.path());
    let out = here.path().join("out");
    let options = [
        &WITH_KEYS[..],
        &["--since", "2026-03-01", "--until", "2026-03-01T03:00"],
    ];
    let run = make(&trail, &out, &options.concat()).exits(0);
    assert_eq!(run.text(), "");
    let moved = trail_in(&there.path().join("deeper"));
    let run = check(&out, &moved, &WITH_KEYS).exits(0);
    run.says("the same: 14 inputs, 1 outputs, and the report when run again");

    let manifest = manifest(&out);
    let inputs = manifest["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 14);
    assert!(inputs[0]["name"].as_str().unwrap().starts_with("AWSLogs/"));
    let verdicts = inputs
        .iter()
        .filter(|input| input["verdict"] == "valid")
        .count();
    assert_eq!(verdicts, 13);
    assert_eq!(manifest["coverage"]["validated"], 3);
    assert_eq!(manifest["coverage"]["full"], true);
    let counts = &manifest["counts"];
    let count = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(
        count("read"),
        count("kept") + count("filtered") + count("duplicates") + count("rejected")
    );
    let records = inputs
        .iter()
        .map(|input| input["records"].as_u64().unwrap());
    assert_eq!(records.sum::<u64>(), count("read"));
    let rows = fs::read_to_string(out.join("who-deleted.csv")).unwrap();
    assert_eq!(rows.lines().count(), 2);
}

#[test]
fn only_the_run_differs_between_threads_places_and_times() {
    let (one, other) = (scratch(), scratch());
    let mut made = Vec::new();
    for (folder, threads, zone) in [(&one, "1", "Asia/Tokyo"), (&other, "4", "America/Lima")] {
        let trail = trail_in(folder.path());
        let out = folder.path().join("out");
        let mut command = earwitness();
        command
            .args(["report", "who-deleted", "--threads", threads])
            .arg(&trail);
        command.arg("--evidence").arg(&out).env("TZ", zone);
        finish(&mut command).exits(0);
        let text = fs::read_to_string(out.join("manifest.json")).unwrap();
        let (same, run) = text.split_once("\"run\"").unwrap();
        assert!(run.contains("started_at"));
        made.push((
            same.to_owned(),
            fs::read(out.join("who-deleted.csv")).unwrap(),
        ));
    }
    assert!(made[0] == made[1]);
}

#[test]
fn what_was_changed_is_named_and_ends_with_5() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    let out = folder.path().join("out");
    let rows = out.join("who-deleted.csv");
    make(&trail, &out, &["--user", "nobody"]).exits(0);
    check(&out, &trail, &[]).exits(0);

    let written = fs::read(&rows).unwrap();
    fs::write(&rows, "actor\r\nsomebody else\r\n").unwrap();
    check(&out, &trail, &[])
        .exits(5)
        .says("who-deleted.csv: it was changed");
    fs::remove_file(&rows).unwrap();
    check(&out, &trail, &[])
        .exits(5)
        .says("who-deleted.csv: it is missing");
    fs::write(&rows, written).unwrap();

    let path = out.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    for (from, to, named) in [
        ("\"nobody\"", "\"somebody\"", "'outputs'"),
        ("\"kept\": ", "\"kept\": 1", "'counts'"),
        ("\"unsigned\"", "\"valid\"", "'inputs'"),
        ("SELECT", "select", "SHA-256"),
        ("  \"schema\"", " \"schema\"", "its bytes"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        fs::write(&path, changed).unwrap();
        let run = check(&out, &trail, &[]);
        // A user that no row has makes the same empty answer.
        let named = if from == "\"nobody\"" {
            "the same"
        } else {
            named
        };
        run.says(named);
    }
    fs::write(&path, text.replace("evidence/1", "evidence/9")).unwrap();
    check(&out, &trail, &[]).exits(2).says("its schema is");
    fs::write(&path, &text).unwrap();

    let log = logs_of(&trail)[0].clone();
    let bytes = fs::read(&log).unwrap();
    fs::write(&log, one_delete("EXAMPLE-9")).unwrap();
    check(&out, &trail, &[]).exits(5).says("it was changed");
    fs::remove_file(&log).unwrap();
    check(&out, &trail, &[]).exits(5).says("it is missing");
    fs::write(&log, bytes).unwrap();
    fs::write(trail.join("more.json"), one_delete("EXAMPLE-9")).unwrap();
    check(&out, &trail, &[])
        .exits(3)
        .says("left out: more.json");
}

#[test]
fn a_manifest_opens_nothing_outside_its_folder() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    let out = folder.path().join("out");
    make(&trail, &out, &[]).exits(0);
    let path = out.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::copy(
        out.join("who-deleted.csv"),
        folder.path().join("who-deleted.csv"),
    )
    .unwrap();
    fs::write(
        &path,
        text.replace("\"who-deleted.csv\"", "\"../who-deleted.csv\""),
    )
    .unwrap();
    check(&out, &trail, &[])
        .exits(5)
        .says("../who-deleted.csv: it is missing");
}

#[test]
fn evidence_of_changed_logs_says_so_and_ends_with_5() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    fs::write(&logs_of(&trail)[0], one_delete("EXAMPLE-9")).unwrap();
    fs::remove_file(&logs_of(&trail)[1]).unwrap();
    let out = folder.path().join("out");
    make(&trail, &out, &WITH_KEYS)
        .exits(5)
        .says("not every file is as it was delivered");
    let manifest = manifest(&out);
    let inputs = manifest["inputs"].as_array().unwrap();
    assert!(inputs.iter().any(|input| input["verdict"] == "modified"));
    assert_eq!(manifest["lacking"][0]["verdict"], "missing");
    check(&out, &trail, &WITH_KEYS).exits(0);
    check(&out, &trail, &[]).exits(2).says("add --public-keys");
}

#[test]
fn evidence_is_not_written_over_or_among_the_inputs() {
    let folder = scratch();
    let trail = trail_in(folder.path());
    let out = folder.path().join("out");
    make(&trail, &out, &[]).exits(0);
    make(&trail, &out, &[]).exits(2).says("--force");
    make(&trail, &out, &["--force"]).exits(0);
    make(&trail, &trail.join("out"), &[])
        .exits(2)
        .says("write evidence elsewhere");
    make(Path::new("-"), &out, &[])
        .exits(2)
        .says("standard input");
    make(&trail, &out, &["--out-file", "x.csv"]).exits(2);
}

/// Makes a key and the file that allows it.
fn ssh_key(folder: &Path, name: &str) -> Option<PathBuf> {
    let key = folder.join(name);
    let mut command = Command::new("ssh-keygen");
    command
        .args(["-q", "-t", "ed25519", "-N", "", "-C", name, "-f"])
        .arg(&key);
    command.status().ok().filter(|status| status.success())?;
    let public = fs::read_to_string(folder.join(format!("{name}.pub"))).unwrap();
    fs::write(
        folder.join(format!("{name}.signers")),
        format!("{name} {public}"),
    )
    .unwrap();
    Some(key)
}

#[test]
fn a_signed_manifest_names_its_signer() {
    let folder = scratch();
    let (Some(ana), Some(_)) = (ssh_key(folder.path(), "ana"), ssh_key(folder.path(), "ben"))
    else {
        return skipped("there is no ssh-keygen to sign with");
    };
    let trail = trail_in(folder.path());
    let out = folder.path().join("out");
    make(&trail, &out, &["--sign-with", ana.to_str().unwrap()]).exits(0);
    let signers = |name: &str| folder.path().join(format!("{name}.signers"));
    let signed_by = |name: &str| {
        check(
            &out,
            &trail,
            &["--allowed-signers", signers(name).to_str().unwrap()],
        )
    };
    signed_by("ana").exits(0).says("signed by ana");
    signed_by("ben").exits(5).says("no allowed signer");
    check(&out, &trail, &[])
        .exits(0)
        .says("signed; add --allowed-signers");
    let path = out.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"threads\": ", "\"threads\": 1")).unwrap();
    signed_by("ana").exits(5).says("its signature does not fit");
    fs::remove_file(out.join("manifest.json.sig")).unwrap();
    signed_by("ana").exits(5).says("it is not signed");
}
