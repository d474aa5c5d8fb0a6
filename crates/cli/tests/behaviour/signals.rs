//! A run that is interrupted says so and leaves nothing behind.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::support::{earwitness, one_delete, scratch, shell, start, wait};

/// The program with every signal as a terminal would leave it: who starts the
/// tests may have it ignore some, as a shell does in the background.
pub(crate) fn heeding_signals() -> Command {
    const START: &str = "import os, signal, sys
for name in ('SIGINT', 'SIGTERM', 'SIGHUP'):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])";
    let program = earwitness();
    let mut command = Command::new("python3");
    command.args(["-c", START]).arg(program.get_program());
    command
}

#[test]
fn an_interrupted_run_writes_nothing() {
    for signal in ["INT", "TERM"] {
        let folder = scratch();
        shell("mkfifo pipe && mkdir out", folder.path());
        let pipe = folder.path().join("pipe");
        let mut command = heeding_signals();
        command.args(["report", "who-deleted", "--out-file"]);
        command.arg(folder.path().join("out/rows.csv")).arg(&pipe);
        let child = start(&mut command);
        let id = child.id();

        // Opens once the program reads, so it listens for signals by then.
        let mut feed = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        feed.write_all(one_delete("1").as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(100));
        let mut kill = Command::new("kill");
        assert!(
            kill.args([&format!("-{signal}"), &id.to_string()])
                .status()
                .unwrap()
                .success()
        );
        thread::sleep(Duration::from_millis(100));
        drop(feed);

        wait(child).exits(130).says("interrupted");
        assert_eq!(
            fs::read_dir(folder.path().join("out")).unwrap().count(),
            0,
            "{signal}"
        );
    }
}

#[test]
fn an_interrupt_ends_a_wait_for_input() {
    let folder = scratch();
    shell("mkfifo pipe", folder.path());
    let pipe = folder.path().join("pipe");
    let mut command = heeding_signals();
    let child = start(command.args(["report", "who-deleted"]).arg(&pipe));
    let id = child.id().to_string();
    // Held open and never written to, as by a producer that hangs.
    let _feed = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    for _ in 0..2 {
        thread::sleep(Duration::from_millis(100));
        shell(&format!("kill -INT {id}"), folder.path());
    }
    wait(child).exits(130);
}
