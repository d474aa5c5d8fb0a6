//! Does what is due of a job.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use earwitness_export::visible;

use super::due::{Item, Known, Step, plan};
use super::files::Files;
use super::hook::{self, News};
use super::inputs::{listing, spare};
use super::job::Job;
use super::period::Period;
use super::shelf::Shelf;
use super::state::{Record, State};
use super::summary::Outcome;
use crate::answered::Answered;
use crate::args::ReadingArgs;
use crate::changes::{changes, row_hashes};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::lock::Lock;
use crate::moment::written;
use crate::question::Question;
use crate::session::Session;

/// Does what is due of one job after the other.
pub(crate) struct Runner {
    pub(crate) how: ReadingArgs,
    pub(crate) now: DateTime<Utc>,
    pub(crate) interrupt: Interrupt,
}

/// A job under way, which no other run has.
struct Run<'r> {
    runner: &'r Runner,
    job: &'r Job,
    state: State,
    shelf: Shelf,
    _lock: Lock,
}

impl Runner {
    /// Does what is due of a job, tells what went wrong, and returns how it ended.
    ///
    /// # Errors
    /// When the run is to end: interrupted, or with nobody to read its output.
    pub(crate) fn run(&self, job: &Job) -> Result<Exit, Failure> {
        let done = self.begin(job).and_then(|run| match run {
            Some(run) => run.all(),
            None => Ok(Exit::Ok),
        });
        done.or_else(|failure| self.fails(job, None, failure))
    }

    /// Takes the job's lock; says who has it where that is another run.
    fn begin<'r>(&'r self, job: &'r Job) -> Result<Option<Run<'r>>, Failure> {
        let place = job.to.open(job, &self.how, &self.interrupt)?;
        let state = State::of(job, Arc::clone(&place));
        state.prepare()?;
        match Lock::take(&state.lock_path(), self.now)? {
            Ok(lock) => Ok(Some(Run {
                runner: self,
                job,
                shelf: Shelf::of(place, &state),
                state,
                _lock: lock,
            })),
            Err(holder) => {
                self.say(&format!(
                    "{}: another run is at it ({holder}); nothing to do here",
                    job.name
                ));
                Ok(None)
            }
        }
    }

    /// Says why a job came to nothing, and lets its program know.
    fn fails(&self, job: &Job, period: Option<&Period>, failure: Failure) -> Result<Exit, Failure> {
        let (exit, error) = match failure {
            // What a signal ends has not failed.
            _ if self.interrupt.is_set() => return Err(Failure::Interrupted),
            Failure::Error(exit, error) => (exit, format!("{error:#}")),
            other => return Err(other),
        };
        let window = period.map_or(String::new(), |period| format!(" {}", period.name));
        console::say(&format!(
            "error: {}{window}: {}; the next run tries again",
            job.name,
            visible(&error)
        ));
        if let Some(words) = &job.on_failure {
            let news = News {
                job,
                period,
                revision: 0,
                exit: exit.code(),
                files: Vec::new(),
                rows: None,
                error,
            };
            if let Err(error) = hook::run(words, &news, &self.interrupt) {
                console::say(&format!("error: {}: on_failure: {error}", job.name));
            }
        }
        match self.interrupt.is_set() {
            true => Err(Failure::Interrupted),
            false => Ok(Exit::Failed),
        }
    }

    fn say(&self, line: &str) {
        if !self.how.quiet {
            console::say(line);
        }
    }
}

impl Job {
    /// Decides what is to be done.
    pub(crate) fn plan(
        &self,
        state: &State,
        records: &[Record],
        now: DateTime<Utc>,
        how: &ReadingArgs,
        interrupt: &Interrupt,
    ) -> Result<Vec<Item>, Failure> {
        // What cannot be asked of any window is said before the first.
        let any = Period::between(now, now + chrono::TimeDelta::minutes(1));
        let question = Question::of(&self.report_args(&any, how), now)?;
        plan(
            self,
            &Known {
                now,
                records,
                question_sha256: &self.question_sha256(&question.report.sql),
                inputs: &|period| {
                    let args = self.report_args(period, how);
                    let wants = Question::of(&args, now)?.wants();
                    listing(self, &self.source().find(&wants, how, interrupt)?)
                },
                last_look: &|window| state.last_look(window),
            },
        )
    }
}

impl Run<'_> {
    fn all(&self) -> Result<Exit, Failure> {
        let (job, runner) = (self.job, self.runner);
        let records = self.state.records()?;
        self.shelf.settle(&records)?;
        let mut ends = Vec::new();
        for record in &records {
            if self.state.awaits_hook(record) {
                ends.push(self.tell(record)?);
            }
        }
        let items = job.plan(
            &self.state,
            &records,
            runner.now,
            &runner.how,
            &runner.interrupt,
        )?;
        let is_due = |item: &&Item| matches!(item.step, Step::Write | Step::LookAgain(_));
        if !items.iter().any(|item| is_due(&item)) {
            runner.say(&format!("{}: nothing is due", job.name));
        }
        for item in &items {
            let before = match &item.step {
                Step::Write => None,
                Step::LookAgain(record) => Some(record.as_ref()),
                Step::Keep => continue,
                Step::Wait => {
                    runner.say(&format!("{} {}: {}", job.name, item.period.name, item.why));
                    continue;
                }
            };
            let written = self.one(&item.period, before, &records);
            match written {
                Ok(Some(record)) => {
                    ends.push(exit_of(record.exit));
                    if self.state.awaits_hook(&record) {
                        ends.push(self.tell(&record)?);
                    }
                }
                Ok(None) => {}
                // Later windows would most likely fail alike.
                Err(failure) => {
                    ends.push(runner.fails(job, Some(&item.period), failure)?);
                    break;
                }
            }
        }
        Ok(Exit::worst(ends))
    }

    /// Writes the report of a window, or a revision of it where its rows changed.
    fn one(
        &self,
        period: &Period,
        before: Option<&Record>,
        records: &[Record],
    ) -> Result<Option<Record>, Failure> {
        let (job, runner) = (self.job, self.runner);
        let args = job.report_args(period, &runner.how);
        let question = Question::of(&args, runner.now)?;
        let session = Session::among_others(
            job.source(),
            question.wants(),
            &runner.how,
            &runner.interrupt,
        )?;
        spare(job, &session.found, records)?;
        let inputs = listing(job, &session.found)?;
        let progress = session.progress(&format!("{} {}: reading", job.name, period.name));
        let answered = Answered::of(&question, &session, job.public_keys.as_deref(), &progress)?;
        let hashes = row_hashes(&answered.rows)?;
        let changed = match before {
            Some(record) => changes(&self.state.rows(record)?, &hashes),
            None => (0, 0),
        };
        if before.is_some() && changed == (0, 0) {
            progress.finish();
            self.state.note_look(&period.name, &inputs)?;
            runner.say(&format!(
                "{} {}: the inputs changed and the rows did not; nothing is written",
                job.name, period.name
            ));
            return Ok(None);
        }

        let outcome = Outcome::new(answered.rows.height() as u64, before, changed);
        progress.phase("writing");
        let mut staged = self.shelf.stage();
        let name = job
            .file
            .name(&job.name, &job.report, period, outcome.revision);
        let write = Files {
            session: &session,
            args: &args,
            answered: &answered,
            question: &question,
            outcome: &outcome,
            name: &name,
            progress: &progress,
        };
        write.all(&job.formats, &mut staged)?;
        progress.finish();
        if runner.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        let record = Record {
            job: job.name.clone(),
            report: job.report.clone(),
            window: period.name.clone(),
            since: period.since,
            until: period.until,
            revision: outcome.revision,
            exit: answered.exit(args.demands()).code(),
            rows: outcome.rows,
            rows_added: outcome.rows_added,
            rows_removed: outcome.rows_removed,
            question_sha256: job.question_sha256(&question.report.sql),
            inputs,
            files: staged.written()?,
            written_at: runner.now,
            hook: job.on_success.is_some(),
        };
        if !self.state.land(&record, &hashes)? {
            runner.say(&format!(
                "{} {}: another run wrote it meanwhile; what this one made is taken away",
                job.name,
                record.name()
            ));
            return Ok(None);
        }
        staged.place(&record.files)?;
        answered.unread.say();
        self.say_written(&record, &answered)?;
        Ok(Some(record))
    }

    fn say_written(&self, record: &Record, answered: &Answered) -> Result<(), Failure> {
        let (job, runner) = (self.job, self.runner);
        let many = if record.rows == 1 { "row" } else { "rows" };
        runner.say(&format!(
            "{} {}: {} {many}, {} (inclusive) to {} (exclusive)",
            job.name,
            record.name(),
            record.rows,
            written(record.since),
            written(record.until)
        ));
        if record.revision > 1 {
            console::say(&format!(
                "{} {}: logs that came late add {} rows and take {} away; what was written before stays",
                job.name,
                record.name(),
                record.rows_added,
                record.rows_removed
            ));
        }
        runner.say(&answered.evidence.counts().to_string());
        for remark in &answered.remarks {
            runner.say(remark);
        }
        runner.say(&answered.proof.coverage.to_string());
        if record.exit == Exit::Findings.code() {
            console::say(&format!(
                "{} {}: {} {many}, and `fail_on` wants none",
                job.name,
                record.name(),
                record.rows
            ));
        }
        console::write_out(|out| {
            let mut files = record.files.iter();
            files.try_for_each(|file| writeln!(out, "{}", self.shelf.path(&file.name)))
        })?;
        Ok(())
    }

    /// Runs `on_success`, which is tried again by the next run where it fails.
    fn tell(&self, record: &Record) -> Result<Exit, Failure> {
        let (job, runner) = (self.job, self.runner);
        let Some(words) = &job.on_success else {
            return Ok(Exit::Ok);
        };
        let period = record.period();
        let news = News {
            job,
            period: Some(&period),
            revision: record.revision,
            exit: record.exit,
            files: record.files.iter().map(|file| file.name.clone()).collect(),
            rows: Some(record.rows),
            error: String::new(),
        };
        let ran = hook::run(words, &news, &runner.interrupt);
        if runner.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        match ran {
            Ok(()) => {
                self.state.note_hook(record, runner.now)?;
                Ok(Exit::Ok)
            }
            Err(error) => {
                console::say(&format!(
                    "error: {} {}: on_success: {error}; the report stands, and the next run tries again",
                    job.name,
                    record.name()
                ));
                Ok(Exit::Failed)
            }
        }
    }
}

/// Returns the end that an exit code stands for.
fn exit_of(code: u8) -> Exit {
    let mut exits = Exit::ALL.into_iter();
    exits
        .find(|exit| exit.code() == code)
        .unwrap_or(Exit::Failed)
}
