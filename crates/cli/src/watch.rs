//! Prints rows as logs arrive.
//!
//! A look answers the report twice: without what is new, and with it. The rows
//! that only the second answer has are printed. So a row that rests on several
//! files is told once they are there, whatever order they come in, and a file
//! that was delivered twice tells nothing.

mod arrivals;
mod ledger;
mod news;

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use chrono::Utc;
use earwitness_export::{Format, Options, visible, with_local_times, writer};
use earwitness_proof::sha256;
use earwitness_query::{Batch, DataFrame, Gathering, Scope, Window, answer};
use earwitness_sources::{Address, Found, Input};

use crate::args::{ReportArgs, WatchArgs};
use crate::console;
use crate::exit::Exit;
use crate::failure::{Failure, failed_at, shown_path};
use crate::gather::read_each;
use crate::interrupt::Interrupt;
use crate::lock::Lock;
use crate::question::Question;
use crate::session::{Session, Source, Wants, start_threads};
use crate::unread::Unread;

use arrivals::{Arrival, arrived, list, pause};
use ledger::{Ledger, Seen};
use news::{Answer, CHANGE, News};

pub(crate) fn run(args: &WatchArgs) -> Result<Exit, Failure> {
    let report_args = args.report_args();
    let question = Question::of(&report_args, Utc::now())?;
    check(args, &question)?;
    let question_sha256 = question_sha256(args, &question);
    let state = state_path(args, &question_sha256)?;
    let _lock = lock(&state)?;
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    start_threads(args.how.threads)?;
    let mut watch = Watch {
        args,
        report_args: &report_args,
        question: &question,
        interrupt: &interrupt,
        batches: HashMap::new(),
        told: Vec::new(),
        has_heading: false,
    };
    match watch.all(&state, &question_sha256) {
        Err(Failure::Interrupted) => {
            console::say(&format!(
                "stopped; the next watch goes on from {}",
                shown_path(&state)
            ));
            Ok(Exit::Interrupted)
        }
        done => done,
    }
}

/// A watch under way.
struct Watch<'a> {
    args: &'a WatchArgs,
    report_args: &'a ReportArgs,
    question: &'a Question,
    interrupt: &'a Interrupt,
    /// What was read, as long as rows to come may rest on it.
    batches: HashMap<String, Batch>,
    /// What was said of what could not be read, so that it is said once.
    told: Vec<Arrival>,
    has_heading: bool,
}

/// Inputs that were read, with what is to be noted of them.
#[derive(Default)]
struct ReadNow {
    seen: Vec<Seen>,
    batches: HashMap<String, Batch>,
    unread: Unread,
}

impl Watch<'_> {
    fn all(&mut self, state: &Path, question_sha256: &str) -> Result<Exit, Failure> {
        let mut ledger = match Ledger::open(state, question_sha256)? {
            Some(ledger) => ledger,
            None => self.begin(state, question_sha256)?,
        };
        self.say(&format!(
            "{}: what was read and printed is noted in {}",
            self.question.report.name,
            shown_path(state)
        ));
        let mut is_first = true;
        loop {
            let looked = self.look(&mut ledger);
            let exit = match looked {
                Ok(exit) => exit,
                // A network or a disk may come back.
                Err(Failure::Error(Exit::Failed, error))
                    if !is_first && !self.args.once && !self.interrupt.is_set() =>
                {
                    console::say(&format!(
                        "error: {}; it is tried again",
                        visible(&format!("{error:#}"))
                    ));
                    Exit::Failed
                }
                Err(failure) => return Err(failure),
            };
            if self.args.once {
                return Ok(exit);
            }
            is_first = false;
            pause(self.args.every, self.interrupt)?;
        }
    }

    /// Begins the state of a first start: what is there already is known, and its
    /// rows are not printed unless they are wanted.
    fn begin(&self, state: &Path, question_sha256: &str) -> Result<Ledger, Failure> {
        let mut seen = Vec::new();
        if !self.args.from_start {
            let there = self.list(None)?;
            let read = self.read(&there, true)?;
            read.unread.say_as("not read", "");
            seen = read.seen;
            if !seen.is_empty() {
                self.say(&format!(
                    "{} inputs are there already and their rows are not printed; --from-start prints them, with another --state",
                    seen.len()
                ));
            }
        }
        Ledger::begin(state, question_sha256, seen)
    }

    /// Prints what is new since the last look.
    fn look(&mut self, ledger: &mut Ledger) -> Result<Exit, Failure> {
        let list = || self.list(Some(ledger));
        let (new, all) = arrived(ledger, &list, self.interrupt)?;
        if new.is_empty() {
            return Ok(Exit::Ok);
        }
        let read = self.read(&new, true)?;
        let exit = match read.unread.is_empty() {
            true => Exit::Ok,
            false => Exit::Incomplete,
        };
        if new.iter().any(|arrival| !self.told.contains(arrival)) {
            read.unread.say_as("not read", "");
        }
        self.told.clone_from(&new);

        let logs = read.seen.iter().filter(|seen| seen.first_event.is_some());
        let first = logs.clone().filter_map(|seen| seen.first_event).min();
        let last = logs.filter_map(|seen| seen.last_event).max();
        let mut printed = Vec::new();
        if let (Some(first), Some(last)) = (first, last) {
            let context = self.args.context.0.num_microseconds().unwrap_or(i64::MAX);
            let window = Window {
                since: Some(first.saturating_sub(context)),
                until: Some(last.saturating_add(context).saturating_add(1)),
            };
            self.recall(&all, ledger, window)?;
            let News { rows, printed: out } = self.news(&all, &read, ledger, window)?;
            self.print(&rows)?;
            printed = out;
            self.keep(read.batches, last.saturating_sub(context));
        } else {
            self.batches.extend(
                read.batches
                    .into_iter()
                    .filter(|(_, batch)| batch.tells_contacts_or_people()),
            );
        }
        ledger.note(read.seen, printed)?;
        Ok(exit)
    }

    /// Returns the rows that the new inputs bring.
    fn news(
        &self,
        all: &[Arrival],
        read: &ReadNow,
        ledger: &Ledger,
        window: Window,
    ) -> Result<News, Failure> {
        let session = self.session(Vec::new());
        let answered = |with_new: bool| -> Result<(Answer, u64), Failure> {
            let mut gathering = Gathering::default();
            for arrival in all {
                let origin = arrival.input.origin();
                let old = self.batches.get(origin);
                let new = read.batches.get(origin);
                // Names that come with new logs hold for both, and are no news.
                let is_wanted = |batch: &&Batch| with_new || batch.seen().is_none();
                if let Some(batch) = new.filter(is_wanted).or(old) {
                    gathering.absorb(batch.clone());
                }
            }
            let scope = Scope {
                window,
                ..self.question.scope()
            };
            let (evidence, rows) = session.ask(gathering, &scope, |evidence| {
                answer(&self.question.report, evidence, &self.question.ask)
            });
            Ok((Answer::of(rows?)?, evidence.keyless_left_out()))
        };
        let (before, left_out_before) = answered(false)?;
        let (now, left_out) = answered(true)?;
        if left_out > left_out_before {
            self.say(&format!(
                "left out: batch deletes without keys, of buckets not known to hold recordings: {}; --all-objects has them",
                left_out - left_out_before
            ));
        }
        now.news(&before, ledger)
    }

    /// Reads again what a watch before this one read, and what is needed of what
    /// was let go.
    fn recall(&mut self, all: &[Arrival], ledger: &Ledger, window: Window) -> Result<(), Failure> {
        let is_needed = |arrival: &&Arrival| {
            let origin = arrival.input.origin();
            let Some(seen) = ledger.seen(origin) else {
                return false;
            };
            let touches = match (seen.first_event, seen.last_event) {
                (Some(first), Some(last)) => {
                    window.since.is_none_or(|since| last >= since)
                        && window.until.is_none_or(|until| first < until)
                }
                _ => false,
            };
            (touches || seen.tells_names)
                && seen.version == arrival.version
                && !self.batches.contains_key(origin)
        };
        let needed: Vec<Arrival> = all.iter().filter(is_needed).cloned().collect();
        if needed.is_empty() {
            return Ok(());
        }
        let read = self.read(&needed, false)?;
        self.batches.extend(read.batches);
        Ok(())
    }

    /// Keeps what rows to come may rest on.
    fn keep(&mut self, new: HashMap<String, Batch>, since: i64) {
        self.batches.extend(new);
        self.batches.retain(|_, batch| {
            batch.tells_contacts_or_people() || batch.seen().is_some_and(|(_, last)| last >= since)
        });
    }

    /// Reads inputs. One that cannot be read to its end is not noted, so that the
    /// next look tries again.
    fn read(&self, arrivals: &[Arrival], shows: bool) -> Result<ReadNow, Failure> {
        let inputs = arrivals.iter().map(|arrival| arrival.input.clone());
        let session = self.session(inputs.collect());
        let progress = session.progress(if shows { "reading" } else { "reading again" });
        let versions: HashMap<&str, &str> = arrivals
            .iter()
            .map(|arrival| (arrival.input.origin(), arrival.version.as_str()))
            .collect();
        let mut read = ReadNow::default();
        let (seen, batches) = (&mut read.seen, &mut read.batches);
        let mut take = |input: &Input, batch: Batch, is_whole: bool| {
            if !is_whole {
                return;
            }
            let origin = input.origin().to_owned();
            let (first_event, last_event) = batch.seen().unzip();
            seen.push(Seen {
                version: versions
                    .get(origin.as_str())
                    .map_or(String::new(), |version| (*version).to_owned()),
                input: origin.clone(),
                bytes: input.size_hint(),
                first_event,
                last_event,
                tells_names: batch.tells_contacts_or_people(),
            });
            if first_event.is_some() || batch.tells_contacts_or_people() {
                batches.insert(origin, batch);
            }
        };
        read_each(&session, &progress, &mut read.unread, &mut take)?;
        progress.finish();
        Ok(read)
    }

    fn session(&self, inputs: Vec<Input>) -> Session<'_> {
        let mut found = Found::default();
        found.inputs = inputs;
        // Which events matter is decided when all are there.
        let wants = Wants {
            window: Window::default(),
            ..self.question.wants()
        };
        let source = Source::Inputs(&self.args.inputs);
        Session::of_found(source, found, wants, &self.args.how, self.interrupt)
    }

    fn list(&self, ledger: Option<&Ledger>) -> Result<Vec<Arrival>, Failure> {
        // Of a bucket, only the days that are still filled are listed.
        let now = Utc::now().timestamp_micros();
        let context = self.args.context.0.num_microseconds().unwrap_or(i64::MAX);
        let last = ledger.and_then(Ledger::last_event);
        let since = last.unwrap_or(now).min(now).saturating_sub(context);
        let wants = Wants {
            window: Window {
                since: (!self.args.from_start || last.is_some()).then_some(since),
                until: None,
            },
            ..self.question.wants()
        };
        let mut how = self.args.how.clone();
        how.quiet = true;
        list(&self.args.inputs, &wants, &how, self.interrupt)
    }

    fn print(&mut self, rows: &DataFrame) -> Result<(), Failure> {
        if rows.height() == 0 {
            return Ok(());
        }
        let args = self.report_args;
        let mut shown = rows.clone();
        let main = &self.question.report.show;
        if self.args.output == Format::Table && !self.args.wide && !main.is_empty() {
            let names = std::iter::once(CHANGE).chain(main.iter().map(String::as_str));
            shown = rows.select(names).unwrap_or(shown);
        }
        if let Some(zone) = args.timezone {
            shown = with_local_times(&shown, zone)?;
        }
        let options = Options {
            csv_raw: args.csv_raw,
            width: console::width(),
            ..Options::default()
        };
        let mut text = Vec::new();
        writer(self.args.output, &options).write(&shown, &mut text)?;
        let mut text = text.as_slice();
        if self.args.output == Format::Csv && self.has_heading {
            let end = text.iter().position(|byte| *byte == b'\n');
            text = &text[end.map_or(0, |end| end + 1)..];
        }
        self.has_heading = true;
        Ok(console::write_out(|out| out.write_all(text))?)
    }

    fn say(&self, line: &str) {
        if !self.args.how.quiet {
            console::say(line);
        }
    }
}

/// Refuses what nothing can arrive in, and questions that no log answers.
fn check(args: &WatchArgs, question: &Question) -> Result<(), Failure> {
    let report = &question.report;
    if report.events.is_empty() {
        return Err(Failure::usage(anyhow!(
            "report '{}' asks no logs, so no row of it arrives; `earwitness report {0}` answers it",
            report.name
        )));
    }
    for input in &args.inputs {
        let address = input.to_str().and_then(Address::parse);
        let is_place = match address {
            Some(Ok(Address::S3(_)) | Err(_)) => true,
            Some(Ok(_)) => false,
            None => input != "-",
        };
        if !is_place {
            return Err(Failure::usage(anyhow!(
                "no files arrive in {}; name a folder or s3://BUCKET/PREFIX",
                visible(&input.to_string_lossy())
            )));
        }
    }
    Ok(())
}

/// Returns what tells one question with its inputs from another.
fn question_sha256(args: &WatchArgs, question: &Question) -> String {
    let here = env::current_dir().unwrap_or_default();
    let inputs: Vec<String> = args
        .inputs
        .iter()
        .map(|input| match input.to_str().and_then(Address::parse) {
            Some(_) => input.to_string_lossy().into_owned(),
            None => here.join(input).to_string_lossy().into_owned(),
        })
        .collect();
    let text = serde_json::json!([
        question.report.name,
        question.report.sql,
        inputs,
        args.wanted.said(),
        args.all_objects,
        args.timezone.map(|zone| zone.name()),
    ]);
    sha256(text.to_string().as_bytes())
}

/// Returns where the state lies, in a folder that is there.
fn state_path(args: &WatchArgs, question_sha256: &str) -> Result<PathBuf, Failure> {
    if let Some(path) = &args.state {
        return Ok(path.clone());
    }
    let folder = |name: &str| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = folder("XDG_STATE_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| Some(folder("HOME")?.join(".local/state")));
    let state = state.ok_or_else(|| {
        Failure::usage(anyhow!(
            "there is no folder for state, since HOME is not set; name a file with --state PATH"
        ))
    })?;
    let folder = state.join("earwitness").join("watch");
    fs::create_dir_all(&folder).map_err(failed_at("make the folder", &folder))?;
    let name: String = question_sha256.chars().take(16).collect();
    Ok(folder.join(format!("{name}.jsonl")))
}

/// Takes the state for this run alone.
fn lock(state: &Path) -> Result<Lock, Failure> {
    let mut path = state.as_os_str().to_owned();
    path.push(".lock");
    Lock::take(Path::new(&path), Utc::now())?.map_err(|holder| {
        Failure::failed(anyhow!(
            "another watch of the same is on ({holder}); stop it, or name another file with --state"
        ))
    })
}
