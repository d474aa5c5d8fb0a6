//! Asks for spans of time, several at once, in ever smaller pieces until each came
//! whole.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::fs;

use serde_json::Value;
use tokio::sync::Notify;

use super::super::time::moment;
use super::events::Events;
use super::insights::{Ended, Insights};
use super::span::Span;
use crate::input::LogFile;
use crate::spool::Spool;
use crate::{AwsCause, Gap, SourceError, Told};

/// How a log group is searched, and where what comes is put.
pub(crate) struct Search<'a> {
    /// Where only some events are wanted.
    pub(crate) insights: Option<Insights<'a>>,
    pub(crate) events: Events<'a>,
    /// The group as users know it.
    pub(crate) address: &'a str,
    /// The name that pages lie under.
    pub(crate) folder: String,
    pub(crate) pages: &'a Spool,
    pub(crate) tell: &'a dyn Fn(Told<'_>),
}

/// What came of a search.
#[derive(Debug)]
pub(crate) struct Came {
    /// Pages in the order of time.
    pub(crate) files: Vec<LogFile>,
    pub(crate) gaps: Vec<Gap>,
}

/// Why a span did not come, or not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lack {
    Refused(AwsCause),
    QueryEnded(String),
    BeforeGroup,
}

/// What asking for a span came to.
enum Asked {
    /// It came, or will not.
    Done,
    /// It is to be asked for in halves.
    Split([Span; 2]),
}

/// How far a search is. All its workers run on one thread.
struct Progress {
    waiting: RefCell<VecDeque<Span>>,
    at_work: RefCell<BTreeSet<Span>>,
    /// A span was added or done.
    changed: Notify,
    /// The first error, which ends the search.
    failed: RefCell<Option<SourceError>>,
    broken: Notify,
    /// Whether Logs Insights may not be used.
    no_insights: Cell<bool>,
    files: RefCell<Vec<(Span, usize, LogFile)>>,
    lacks: RefCell<Vec<(Span, Lack)>>,
    seconds: i64,
    seconds_done: Cell<i64>,
}

impl Search<'_> {
    /// Asks for all spans.
    ///
    /// # Errors
    /// When nothing came, or what came could not be written. An error behind the
    /// first page ends the search, and what is lacking then is a gap.
    pub(crate) async fn run(&self, spans: impl Iterator<Item = Span>) -> Result<Came, SourceError> {
        let waiting: VecDeque<Span> = spans.collect();
        let progress = Progress {
            seconds: waiting.iter().map(|span| span.end() - span.start()).sum(),
            waiting: RefCell::new(waiting),
            at_work: RefCell::default(),
            changed: Notify::new(),
            failed: RefCell::default(),
            broken: Notify::new(),
            no_insights: Cell::new(self.insights.is_none()),
            files: RefCell::default(),
            lacks: RefCell::default(),
            seconds_done: Cell::new(0),
        };
        let worker = || self.work(&progress);
        tokio::select! {
            _ = async { tokio::join!(worker(), worker(), worker(), worker()) } => {}
            // What others wait for may take an hour and would fail as well.
            () = progress.broken.notified() => {}
        }
        progress.into_came()
    }

    async fn work(&self, progress: &Progress) {
        while let Some(span) = progress.next().await {
            match self.ask(span, progress).await {
                Ok(asked) => progress.asked(span, asked),
                Err(error) => return progress.fail(error),
            }
            let percent = progress.seconds_done.get() * 100 / progress.seconds.max(1);
            let text = format!("{}: {percent} % of the time searched", self.address);
            (self.tell)(Told::Progress(&text));
        }
    }

    async fn ask(&self, span: Span, progress: &Progress) -> Result<Asked, SourceError> {
        let page = Cell::new(0);
        let mut keep = |json: Value| {
            page.set(page.get() + 1);
            let file = self.write(span, page.get(), &json)?;
            progress.files.borrow_mut().push((span, page.get(), file));
            Ok(())
        };
        let insights = self
            .insights
            .as_ref()
            .filter(|_| !progress.no_insights.get());
        let Some(insights) = insights else {
            self.events.ask(span, &mut keep).await?;
            return Ok(Asked::Done);
        };
        let ended = match insights.ask(span, &mut keep).await {
            Ok(ended) => ended,
            Err(SourceError::Aws(error)) if page.get() == 0 && is_about_insights(&error.cause) => {
                if !progress.no_insights.replace(true) {
                    (self.tell)(Told::Note(&format!(
                        "{}: reading the whole group, which takes longer: {}",
                        self.address, error.cause
                    )));
                }
                self.events.ask(span, &mut keep).await?;
                return Ok(Asked::Done);
            }
            Err(error) => return Err(error),
        };
        if ended == Ended::TooMuch {
            // What came of it comes once more.
            progress.forget(span);
        }
        let lack = match (ended, span.halves()) {
            (Ended::Whole, _) => return Ok(Asked::Done),
            (Ended::TooMuch, Some(halves)) => return Ok(Asked::Split(halves)),
            // A second that has more than a query gives.
            (Ended::TooMuch, None) => {
                self.events.ask(span, &mut keep).await?;
                return Ok(Asked::Done);
            }
            (Ended::BeforeGroup, _) => Lack::BeforeGroup,
            (Ended::Otherwise(status), _) => Lack::QueryEnded(status),
        };
        progress.lacks.borrow_mut().push((span, lack));
        Ok(Asked::Done)
    }

    fn write(&self, span: Span, page: usize, json: &Value) -> Result<LogFile, SourceError> {
        let plain = |seconds| moment(seconds).replace(['-', ':'], "");
        let (start, end) = (plain(span.start()), plain(span.end()));
        let name = format!("{}/{start}-{end}/{page}.json", self.folder);
        let origin = format!("{} {span} page {page}", self.address);
        self.pages
            .write(&name, &origin, json.to_string().as_bytes())
    }
}

/// Tells whether a policy forbids to query, which reading does not need.
fn is_about_insights(cause: &AwsCause) -> bool {
    matches!(cause, AwsCause::Denied { action, .. } if action == "logs:StartQuery")
}

impl Progress {
    /// Takes back the pages of a span that is asked for again.
    fn forget(&self, span: Span) {
        self.files.borrow_mut().retain(|(of, _, file)| {
            if *of == span {
                // A page that stays is read as what it is: the same records again.
                let _ = fs::remove_file(file.path());
            }
            *of != span
        });
    }

    /// Takes the next span; waits while there may be more, and returns none when
    /// there are no more.
    async fn next(&self) -> Option<Span> {
        loop {
            // Made before looking, so that nothing changes unheard in between.
            let changed = self.changed.notified();
            if self.failed.borrow().is_some() {
                return None;
            }
            if let Some(span) = self.waiting.borrow_mut().pop_front() {
                self.at_work.borrow_mut().insert(span);
                return Some(span);
            }
            if self.at_work.borrow().is_empty() {
                return None;
            }
            changed.await;
        }
    }

    fn asked(&self, span: Span, asked: Asked) {
        self.at_work.borrow_mut().remove(&span);
        match asked {
            Asked::Done => {
                let seconds = span.end() - span.start();
                self.seconds_done.set(self.seconds_done.get() + seconds);
            }
            Asked::Split([earlier, later]) => {
                let mut waiting = self.waiting.borrow_mut();
                waiting.push_front(later);
                waiting.push_front(earlier);
            }
        }
        self.changed.notify_waiters();
    }

    fn fail(&self, error: SourceError) {
        self.failed.borrow_mut().get_or_insert(error);
        self.broken.notify_one();
    }

    fn into_came(self) -> Result<Came, SourceError> {
        let mut files = self.files.into_inner();
        let mut lacks = self.lacks.into_inner();
        match self.failed.into_inner() {
            None => {}
            Some(SourceError::Aws(error)) if !files.is_empty() => {
                let waiting = self.waiting.into_inner().into_iter();
                let lacking = waiting.chain(self.at_work.into_inner());
                lacks.extend(lacking.map(|span| (span, Lack::Refused(error.cause.clone()))));
            }
            Some(error) => return Err(error),
        }
        files.sort_by_key(|(span, page, _)| (*span, *page));
        Ok(Came {
            files: files.into_iter().map(|(_, _, file)| file).collect(),
            gaps: joined(lacks).into_iter().map(gap).collect(),
        })
    }
}

/// Joins what is lacking for one reason and meets, so that it is told once.
fn joined(mut lacks: Vec<(Span, Lack)>) -> Vec<(Span, Lack)> {
    lacks.sort_by_key(|(span, _)| *span);
    let mut joined: Vec<(Span, Lack)> = Vec::new();
    for (span, lack) in lacks {
        match joined.last_mut() {
            Some((before, same)) if *same == lack && before.end() == span.start() => {
                *before = before.up_to(span);
            }
            _ => joined.push((span, lack)),
        }
    }
    joined
}

fn gap((span, lack): (Span, Lack)) -> Gap {
    let (from, to) = (moment(span.start()), moment(span.end()));
    match lack {
        Lack::Refused(cause) => Gap::Refused { from, to, cause },
        Lack::QueryEnded(status) => Gap::QueryEnded { from, to, status },
        Lack::BeforeGroup => Gap::BeforeGroup { from, to },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lacking_for_one_reason_is_told_once() {
        let span = |start, end| Span::new(start, end).unwrap();
        let refused = || Lack::Refused(AwsCause::Expired);
        let lacks = vec![
            (span(20, 30), refused()),
            (span(0, 10), Lack::BeforeGroup),
            (span(10, 20), Lack::BeforeGroup),
            (span(30, 40), refused()),
            (span(50, 60), refused()),
        ];
        assert_eq!(
            joined(lacks),
            [
                (span(0, 20), Lack::BeforeGroup),
                (span(20, 40), refused()),
                (span(50, 60), refused()),
            ]
        );
    }
}
