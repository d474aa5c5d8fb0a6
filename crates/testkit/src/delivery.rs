//! How records reach the bucket: minutes or hours late, unsorted, some of them
//! twice, in gzip files named for the minute of their delivery.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::gzip::Gzip;
use crate::names::{ACCOUNT, REGION};
use crate::rng::Rng;
use crate::{Emit, Result, clock};

/// Something written that waits for its delivery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Waiting {
    pub(crate) deliver_at: i64,
    /// The order of writing settles ties.
    pub(crate) order: u64,
    pub(crate) body: String,
    /// Delivered again, in another file.
    pub(crate) twice: bool,
}

/// Records in the order of their delivery.
#[derive(Debug, Default)]
pub(crate) struct Queue(BinaryHeap<Reverse<Waiting>>);

impl Queue {
    pub(crate) fn push(&mut self, waiting: Waiting) {
        self.0.push(Reverse(waiting));
    }

    /// The next record to be delivered before `now`.
    pub(crate) fn pop_before(&mut self, now: i64) -> Option<Waiting> {
        if self.0.peek()?.0.deliver_at >= now {
            return None;
        }
        self.0.pop().map(|Reverse(waiting)| waiting)
    }
}

/// Writes CloudTrail delivery files.
pub(crate) struct Trail {
    records_per_file: usize,
    records: Vec<String>,
    second_copies: Vec<String>,
    delivered_at: i64,
    rng: Rng,
    gzip: Gzip,
    text: String,
    pub(crate) files: usize,
}

impl Trail {
    pub(crate) fn new(records_per_file: usize, rng: Rng) -> Self {
        Self {
            records_per_file,
            records: Vec::new(),
            second_copies: Vec::new(),
            delivered_at: clock::START,
            rng,
            gzip: Gzip::new(),
            text: String::new(),
            files: 0,
        }
    }

    pub(crate) fn accept(&mut self, waiting: Waiting, emit: &mut Emit<'_>) -> Result<()> {
        if waiting.twice {
            self.second_copies.push(waiting.body.clone());
        }
        self.delivered_at = waiting.deliver_at;
        self.records.push(waiting.body);
        if self.records.len() >= self.records_per_file {
            self.close_file(emit)?;
        }
        Ok(())
    }

    /// Writes what is left, second copies in a file of their own.
    pub(crate) fn finish(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        while !self.records.is_empty() || !self.second_copies.is_empty() {
            self.close_file(emit)?;
        }
        Ok(())
    }

    fn close_file(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        if !self.records.is_empty() {
            self.rng.shuffle(&mut self.records);
            self.text.clear();
            self.text.push_str("{\"Records\":[");
            for (i, record) in self.records.iter().enumerate() {
                if i > 0 {
                    self.text.push(',');
                }
                self.text.push_str(record);
            }
            self.text.push_str("]}");
            let name = file_name(self.delivered_at, &mut self.rng);
            emit(&name, &self.gzip.member(self.text.as_bytes())?)?;
            self.files += 1;
        }
        self.records.clear();
        self.records.append(&mut self.second_copies);
        Ok(())
    }
}

/// The key of a delivery file: CloudTrail delivers about every five minutes.
fn file_name(delivered_at: i64, rng: &mut Rng) -> String {
    let at = delivered_at - delivered_at.rem_euclid(300);
    format!(
        "AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{}/{ACCOUNT}_CloudTrail_{REGION}_{}_{}.json.gz",
        clock::folder(at),
        clock::delivery_minute(at),
        rng.mixed(16)
    )
}

/// Writes contact records as Firehose does: objects one after another, with
/// nothing between them.
pub(crate) struct Firehose {
    records_per_file: usize,
    text: String,
    records: usize,
    opened_at: i64,
    rng: Rng,
}

impl Firehose {
    pub(crate) fn new(records_per_file: usize, rng: Rng) -> Self {
        Self {
            records_per_file,
            text: String::new(),
            records: 0,
            opened_at: clock::START,
            rng,
        }
    }

    pub(crate) fn accept(&mut self, waiting: Waiting, emit: &mut Emit<'_>) -> Result<()> {
        let new_day = waiting.deliver_at / clock::DAY != self.opened_at / clock::DAY;
        if self.records >= self.records_per_file || new_day {
            self.finish(emit)?;
        }
        if self.records == 0 {
            self.opened_at = waiting.deliver_at;
        }
        let copies = if waiting.twice { 2 } else { 1 };
        for _ in 0..copies {
            self.text.push_str(&waiting.body);
            self.records += 1;
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self, emit: &mut Emit<'_>) -> Result<()> {
        if self.records > 0 {
            let name = format!(
                "contact-records/{}/example-contact-records-1-{}-{}",
                clock::folder(self.opened_at),
                clock::dashed(self.opened_at),
                self.rng.uuid()
            );
            emit(&name, self.text.as_bytes())?;
        }
        self.text.clear();
        self.records = 0;
        Ok(())
    }
}
