//! What docs/schedule.md tells people to copy is taken by what it is for.

use std::fs;
use std::path::Path;
use std::process::Command;

use earwitness_testkit::Python;

use crate::support::{finish, root, run, scratch, shell, skipped};

/// The blocks of a language in the guide.
fn blocks(language: &str) -> Vec<String> {
    let guide = fs::read_to_string(root().join("docs/schedule.md")).unwrap();
    let opening = format!("```{language}\n");
    let blocks: Vec<String> = guide
        .split(&opening)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect();
    assert!(!blocks.is_empty(), "the guide has no {language}");
    blocks
}

#[test]
fn the_jobs_are_jobs() {
    let folder = scratch();
    shell("mkdir logs reports", folder.path());
    let jobs = folder.path().join("jobs.toml");
    let logs = root().join("fixtures/contact-centre");
    let ingest = ["ingest", logs.to_str().unwrap(), "--lake"];
    let lake = folder.path().join("lake");
    let ingest = [&ingest[..], &[lake.to_str().unwrap()]].concat();
    run(&ingest).exits(0);
    for (place, text) in blocks("toml").iter().enumerate() {
        fs::write(&jobs, text).unwrap();
        let jobs = jobs.to_str().unwrap();
        let forecast = run(&[
            "run",
            jobs,
            "--now",
            "2026-02-02",
            "--dry-run",
            "--output",
            "jsonl",
        ]);
        let forecast = forecast.exits(0);
        let due = forecast.rows();
        let due = due.iter().filter(|row| row["state"] == "due");
        assert!(due.count() >= text.matches("[[job]]").count(), "{place}");
    }
    let example = run(&["run", "--example"]).exits(0);
    fs::write(&jobs, example.text()).unwrap();
    let jobs = jobs.to_str().unwrap();
    run(&["run", jobs, "--now", "2026-02-02", "--dry-run"]).exits(0);
}

#[test]
fn systemd_takes_the_units() {
    let folder = scratch();
    let units = blocks("ini");
    assert_eq!(units.len(), 2);
    let program = env!("CARGO_BIN_EXE_earwitness");
    for (unit, name) in units.iter().zip(["earwitness.service", "earwitness.timer"]) {
        // It wants the program to be there.
        let unit = unit.replace("/usr/local/bin/earwitness", program);
        fs::write(folder.path().join(name), unit).unwrap();
    }
    let mut verify = Command::new("systemd-analyze");
    verify
        .args(["verify", "--man=no"])
        .current_dir(folder.path());
    verify.args(["./earwitness.service", "./earwitness.timer"]);
    match verify.output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let ours = said.lines().filter(|line| line.contains("earwitness"));
            let ours: Vec<&str> = ours.collect();
            assert!(output.status.success() && ours.is_empty(), "{said}");
        }
        Err(error) => {
            let why = format!("the units are not verified: systemd-analyze: {error}");
            assert!(std::env::var_os("CI").is_none(), "{why}");
            skipped(&why);
        }
    }
    // And it is no empty check.
    let broken = fs::read_to_string(folder.path().join("earwitness.timer")).unwrap();
    assert!(broken.contains("OnCalendar=hourly"));
}

#[test]
fn cron_knows_when() {
    let mut lines = 0;
    for line in blocks("cron").iter().flat_map(|block| block.lines()) {
        if line.starts_with('#') {
            continue;
        }
        let fields: Vec<&str> = line.splitn(6, ' ').collect();
        let [minute, rest @ .., command] = &fields[..] else {
            panic!("{line}");
        };
        assert!(minute.parse::<u8>().unwrap() < 60, "{line}");
        assert_eq!(*rest, ["*"; 4], "{line}");
        let arguments = command
            .strip_prefix("/usr/local/bin/earwitness run ")
            .unwrap();
        assert!(!arguments.contains('%'), "cron ends a command there");
        lines += 1;
    }
    assert_eq!(lines, 1);
}

#[test]
fn aws_and_kubernetes_take_the_rest() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let check = "what the guide to schedules has for AWS and Kubernetes";
    let Some(python) = Python::with_moto(home, check) else {
        return;
    };
    let folder = scratch();
    let json = blocks("json");
    let [policy, schedule] = &json[..] else {
        panic!("a policy and a schedule are expected");
    };
    let policy: serde_json::Value = serde_json::from_str(policy).unwrap();
    assert_eq!(policy["Statement"].as_array().unwrap().len(), 3);
    fs::write(folder.path().join("schedule.json"), schedule).unwrap();
    fs::write(folder.path().join("cron.yaml"), &blocks("yaml")[0]).unwrap();
    const CHECK: &str = "
import json, re, botocore.session, yaml
from botocore.validate import ParamValidator
service = botocore.session.get_session().get_service_model('scheduler')
shape = service.operation_model('CreateSchedule').input_shape
given = json.load(open('schedule.json'))
print(ParamValidator().validate(given, shape).generate_report())
assert re.fullmatch(r'cron\\(\\d+ \\S+ \\S+ \\S+ \\S+ \\S+\\)', given['ScheduleExpression'])
job = yaml.safe_load(open('cron.yaml'))
assert (job['apiVersion'], job['kind']) == ('batch/v1', 'CronJob')
spec = job['spec']
assert len(spec['schedule'].split()) == 5 and spec['concurrencyPolicy'] == 'Forbid'
pod = spec['jobTemplate']['spec']['template']['spec']
mounts = {mount['name'] for mount in pod['containers'][0]['volumeMounts']}
assert mounts == {volume['name'] for volume in pod['volumes']}, mounts
assert pod['containers'][0]['args'][0] == 'run'
";
    let script = folder.path().join("check.py");
    fs::write(&script, CHECK).unwrap();
    let mut command = python.command(&script);
    let checked = finish(command.current_dir(folder.path())).exits(0);
    assert_eq!(checked.text().trim(), "");
}
