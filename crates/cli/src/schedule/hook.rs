//! Runs a program of the user's when a report was written, or was not.

use std::io;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use earwitness_export::visible;

use super::job::Job;
use super::period::Period;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::moment::written;

const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What a program is told of a run, in its environment.
#[derive(Debug)]
pub(crate) struct News<'a> {
    pub(crate) job: &'a Job,
    /// `None` where it was not known yet.
    pub(crate) period: Option<&'a Period>,
    /// 0 where nothing was written.
    pub(crate) revision: u32,
    pub(crate) exit: u8,
    /// Names of the files that were written.
    pub(crate) files: Vec<String>,
    pub(crate) rows: Option<u64>,
    /// Why nothing was written; empty where something was.
    pub(crate) error: String,
}

/// How a program did not do what it was to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    #[error("failed to start {program}: {source}; write the path of a program that may be run")]
    Start { program: String, source: io::Error },
    #[error("{program} ended with {status}")]
    Failed { program: String, status: ExitStatus },
    #[error(
        "{program} was stopped after {seconds} seconds; make it faster or raise `hook_timeout`"
    )]
    TooSlow { program: String, seconds: u64 },
    #[error("{program} was stopped")]
    Interrupted { program: String },
}

impl News<'_> {
    fn status(&self) -> &'static str {
        let mut exits = Exit::ALL.into_iter();
        match exits.find(|exit| exit.code() == self.exit) {
            Some(Exit::Ok) => "ok",
            Some(Exit::Incomplete) => "incomplete",
            Some(Exit::Findings) => "findings",
            Some(Exit::Integrity) => "integrity",
            _ => "failed",
        }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let to = &self.job.to;
        let files = self.files.iter().map(|name| to.path_from_anywhere(name));
        let period = |tell: &dyn Fn(&Period) -> String| self.period.map(tell).unwrap_or_default();
        vec![
            ("EARWITNESS_JOB", self.job.name.clone()),
            ("EARWITNESS_REPORT", self.job.report.clone()),
            ("EARWITNESS_WINDOW", period(&|period| period.name.clone())),
            ("EARWITNESS_SINCE", period(&|period| written(period.since))),
            ("EARWITNESS_UNTIL", period(&|period| written(period.until))),
            ("EARWITNESS_REVISION", self.revision.to_string()),
            ("EARWITNESS_STATUS", self.status().to_owned()),
            ("EARWITNESS_EXIT", self.exit.to_string()),
            (
                "EARWITNESS_ROWS",
                self.rows.map(|rows| rows.to_string()).unwrap_or_default(),
            ),
            ("EARWITNESS_FILES", files.collect::<Vec<_>>().join("\n")),
            ("EARWITNESS_ERROR", visible(&self.error)),
        ]
    }
}

/// Runs a program and waits for its end, or ends it.
pub(crate) fn run(
    words: &[String],
    news: &News<'_>,
    interrupt: &Interrupt,
) -> Result<(), HookError> {
    let [program, arguments @ ..] = words else {
        return Ok(());
    };
    let named = || visible(program);
    let mut command = Command::new(program);
    command.args(arguments).envs(news.environment());
    // Standard output is for the names of files alone.
    command.stdin(Stdio::null()).stdout(io::stderr());
    let start = |source| HookError::Start {
        program: named(),
        source,
    };
    let mut child = command.spawn().map_err(start)?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(start)? {
            return match status.success() {
                true => Ok(()),
                false => Err(HookError::Failed {
                    program: named(),
                    status,
                }),
            };
        }
        let is_late = started.elapsed() > news.job.hook_timeout;
        if is_late || interrupt.is_set() {
            // It may have ended by now.
            let _ = child.kill();
            let _ = child.wait();
            let seconds = news.job.hook_timeout.as_secs();
            return Err(match is_late {
                true => HookError::TooSlow {
                    program: named(),
                    seconds,
                },
                false => HookError::Interrupted { program: named() },
            });
        }
        thread::sleep(LOOK_AGAIN);
    }
}
