//! Questions to the settings and their answers.

use crate::settings::{Call, Refusal, Reply};

/// Something that has to be so for the reports to have an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Is a trail on that covers the bucket's region?
    TrailOn,
    /// Are deletes of single objects recorded?
    WhoDeleted,
    /// Are batch deletes recorded?
    BatchDeletes,
    /// Are the keys of batch deletes recorded?
    BatchDeleteKeys,
    /// Are reads of objects recorded?
    WhoListened,
    /// Are reads of the bucket's location recorded?
    BucketMark,
    /// Has it been so without a break?
    Unbroken,
    /// Are digests written that prove the log files?
    Validation,
    /// Do log files arrive?
    Delivery,
    /// Are log files kept long enough?
    LogsKept,
    /// Is what S3 Lifecycle deletes told somewhere?
    LifecycleTold,
    /// Are versions kept of what is deleted?
    Versioning,
}

/// What the settings say to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is not so.
    No,
    /// Nothing tells.
    Unknown,
    /// It is so for some and not for others.
    Partly,
    /// It is so.
    Yes,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The question.
    pub question: Question,
    /// The bucket that it is about.
    pub bucket: Option<String>,
    /// The answer.
    pub answer: Answer,
    /// The trail that the answer rests on.
    pub trail: Option<String>,
    /// From when on it has been so, as far as is known, in microseconds since 1970.
    pub since: Option<i64>,
    /// Why.
    pub why: String,
    /// Commands that change it, to be pasted into a shell in this order.
    pub commands: Vec<String>,
    /// Where to change it in the AWS console.
    pub console: Option<String>,
    /// The statement that a policy lacks, as JSON, where access was denied.
    pub policy: Option<String>,
}

impl Question {
    /// Returns the name of it.
    pub fn name(self) -> &'static str {
        match self {
            Question::TrailOn => "trail-on",
            Question::WhoDeleted => "who-deleted",
            Question::BatchDeletes => "batch-deletes",
            Question::BatchDeleteKeys => "batch-delete-keys",
            Question::WhoListened => "who-listened",
            Question::BucketMark => "bucket-mark",
            Question::Unbroken => "unbroken",
            Question::Validation => "validation",
            Question::Delivery => "delivery",
            Question::LogsKept => "logs-kept",
            Question::LifecycleTold => "lifecycle-told",
            Question::Versioning => "versioning",
        }
    }
}

impl Answer {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Answer::No => "no",
            Answer::Unknown => "unknown",
            Answer::Partly => "partly",
            Answer::Yes => "yes",
        }
    }
}

impl Finding {
    pub(crate) fn new(question: Question, answer: Answer, why: impl Into<String>) -> Finding {
        Finding {
            question,
            bucket: None,
            answer,
            trail: None,
            since: None,
            why: why.into(),
            commands: Vec::new(),
            console: None,
            policy: None,
        }
    }

    /// Makes the finding of a question whose answer a call did not bring.
    pub(crate) fn unknown(question: Question, call: Call, reply: Option<&Reply>) -> Finding {
        let (why, policy) = unknown(call, reply);
        Finding {
            policy,
            ..Finding::new(question, Answer::Unknown, why)
        }
    }

    #[must_use]
    pub(crate) fn about(self, bucket: &str) -> Finding {
        Finding {
            bucket: Some(bucket.to_owned()),
            ..self
        }
    }

    #[must_use]
    pub(crate) fn fixed_by(self, commands: Vec<String>, console: impl Into<String>) -> Finding {
        Finding {
            commands,
            console: Some(console.into()),
            ..self
        }
    }
}

/// Says why a call brought no answer, and what a policy has to allow.
pub(crate) fn unknown(call: Call, reply: Option<&Reply>) -> (String, Option<String>) {
    let refusal = match reply {
        Some(Reply::Refused(refusal)) => refusal,
        _ => return (format!("{} was not asked", call.command()), None),
    };
    if refusal.is_denied() {
        let why = format!("{} was denied: allow {}", call.command(), call.action());
        return (why, Some(statement(call)));
    }
    (says(call, refusal), None)
}

fn says(call: Call, refusal: &Refusal) -> String {
    format!("{} failed: {refusal}", call.command())
}

fn statement(call: Call) -> String {
    let statement = serde_json::json!({
        "Effect": "Allow",
        "Action": call.action(),
        "Resource": "*",
    });
    statement.to_string()
}
