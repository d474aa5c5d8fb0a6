//! Runs the program and takes apart what it says.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// No run of the suite takes nearly as long, not even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const BUCKET: &str = "amazon-connect-example-recordings";
pub(crate) const CONTACT: &str = "0a1b2c3d-1111-4222-8333-444455556666";

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// The numbers of the line `records read N = kept + filtered + duplicates + rejected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) read: u64,
    pub(crate) kept: u64,
    pub(crate) filtered: u64,
    pub(crate) duplicates: u64,
    pub(crate) rejected: u64,
}

/// The program, to be run in the root of the repository without the caller's settings.
pub(crate) fn earwitness() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_earwitness"));
    command.current_dir(root()).stdin(Stdio::null());
    for name in ["TZ", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS", "COLUMNS"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1");
    command
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs `earwitness ARGUMENTS…`.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: &[S]) -> Run {
    finish(earwitness().args(arguments))
}

/// Runs `earwitness report NAME INPUT ARGUMENTS…`.
pub(crate) fn report(name: &str, input: impl AsRef<Path>, arguments: &[&str]) -> Run {
    let mut command = earwitness();
    command.args(["report", name]).arg(input.as_ref());
    finish(command.args(arguments))
}

/// Runs `earwitness report NAME -` with `bytes` on standard input.
pub(crate) fn report_on_bytes(name: &str, bytes: &[u8], arguments: &[&str]) -> Run {
    let mut command = earwitness();
    command.args(["report", name, "-"]).args(arguments);
    let mut child = start(command.stdin(Stdio::piped()));
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let feeding = thread::spawn(move || {
        // A program that has seen enough may close its end.
        let _ = stdin.write_all(&bytes);
    });
    let run = wait(child);
    feeding.join().unwrap();
    run
}

pub(crate) fn finish(command: &mut Command) -> Run {
    wait(start(command))
}

pub(crate) fn start(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program starts")
}

/// Waits for the end, and stops what does not end.
pub(crate) fn wait(mut child: Child) -> Run {
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the program did not end within {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = |pipe: Option<thread::JoinHandle<Vec<u8>>>| {
        pipe.map(|pipe| pipe.join().unwrap()).unwrap_or_default()
    };
    Run {
        code: status.code(),
        stdout: text(stdout),
        stderr: String::from_utf8(text(stderr)).expect("standard error is UTF-8"),
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

impl Run {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "standard error:\n{}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Run {
        let stderr = &self.stderr;
        assert!(
            stderr.contains(text),
            "'{text}' is not in standard error:\n{stderr}"
        );
        self
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).expect("standard output is UTF-8")
    }

    /// The rows of `--output jsonl`.
    pub(crate) fn rows(&self) -> Vec<Map<String, Value>> {
        json_lines(self.text())
    }

    /// The rows without what says where they were read.
    pub(crate) fn rows_without_inputs(&self) -> Vec<Map<String, Value>> {
        let mut rows = self.rows();
        for row in &mut rows {
            row.retain(|name, _| !name.contains("input"));
        }
        rows
    }

    /// The counts, which add up.
    #[track_caller]
    pub(crate) fn counts(&self) -> Counts {
        let line = self
            .stderr
            .lines()
            .find(|line| line.starts_with("records read "));
        let line = line.unwrap_or_else(|| panic!("no counts in:\n{}", self.stderr));
        let numbers: Vec<u64> = line
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        let [read, kept, filtered, duplicates, rejected] = numbers[..] else {
            panic!("five numbers are expected in: {line}");
        };
        assert_eq!(read, kept + filtered + duplicates + rejected, "{line}");
        Counts {
            read,
            kept,
            filtered,
            duplicates,
            rejected,
        }
    }
}

pub(crate) fn json_lines(text: &str) -> Vec<Map<String, Value>> {
    let row = |line| serde_json::from_str(line).expect("a JSON object a line");
    text.lines().map(row).collect()
}

/// One column of rows, as text.
pub(crate) fn column<'a>(rows: &'a [Map<String, Value>], name: &str) -> Vec<&'a str> {
    let cell = |row: &'a Map<String, Value>| row[name].as_str().unwrap_or_default();
    rows.iter().map(cell).collect()
}

/// A record of an S3 call by an IAM user on the call recording of [`CONTACT`].
pub(crate) fn s3_call(event_name: &str, event_id: &str, time: &str) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDAEXAMPLE",
            "arn": "arn:aws:iam::111122223333:user/ana",
            "accountId": "111122223333",
            "userName": "ana"
        },
        "eventTime": time,
        "eventSource": "s3.amazonaws.com",
        "eventName": event_name,
        "awsRegion": "us-west-2",
        "sourceIPAddress": "192.0.2.7",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": {
            "bucketName": BUCKET,
            "key": format!("connect/example-centre/CallRecordings/2026/03/02/{CONTACT}_20260302T07:05_UTC.wav")
        },
        "responseElements": null,
        "additionalEventData": {"bytesTransferredOut": 1000, "bytesTransferredIn": 0},
        "requestID": format!("REQUEST{event_id}"),
        "eventID": event_id,
        "readOnly": event_name == "GetObject",
        "eventType": "AwsApiCall",
        "managementEvent": false,
        "recipientAccountId": "111122223333",
        "eventCategory": "Data"
    })
}

/// A delivery file's text.
pub(crate) fn delivery(records: &[Value]) -> String {
    json!({ "Records": records }).to_string()
}

/// One good delete in a delivery file.
pub(crate) fn one_delete(event_id: &str) -> String {
    delivery(&[s3_call("DeleteObject", event_id, "2026-03-02T10:00:00Z")])
}

/// Runs a shell command that must succeed.
pub(crate) fn shell(script: &str, folder: &Path) {
    let mut command = Command::new("sh");
    let done = command.args(["-c", script]).current_dir(folder).status();
    assert!(done.unwrap().success(), "{script}");
}

/// Writes a line to the test's output that is there even if the test succeeds.
pub(crate) fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// A folder with logs of three months, a deletion in each.
pub(crate) fn three_months() -> tempfile::TempDir {
    let folder = scratch();
    shell("mkdir logs", folder.path());
    let calls = [1, 2, 3].map(|month| {
        s3_call(
            "DeleteObject",
            &format!("event-{month}"),
            &format!("2026-{month:02}-10T10:00:00Z"),
        )
    });
    fs::write(folder.path().join("logs/first.json"), delivery(&calls)).unwrap();
    folder
}
