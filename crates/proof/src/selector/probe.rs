//! An event that selectors are asked about.

use crate::selector::Recorded;

/// A kind of event by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Of the control plane.
    Management,
    /// Of what a resource holds.
    Data,
}

/// What is known of a field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// It is this.
    Exactly(String),
    /// It begins so, and may go on in any way.
    Begins(String),
    /// It may be anything, or not be there.
    Any,
}

/// An event of S3 with all that selectors may ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub(crate) category: Category,
    read_only: bool,
    event_name: &'static str,
    event_type: &'static str,
    /// The object's or bucket's ARN.
    arn: Value,
    caller: Value,
    /// Whether it is known not to come from a session of the console.
    is_service_event: bool,
}

impl Probe {
    /// Makes a read or write of an object, by anyone.
    pub fn of_object(event_name: &'static str, read_only: bool, arn: Value) -> Probe {
        Probe {
            category: Category::Data,
            read_only,
            event_name,
            event_type: "AwsApiCall",
            arn,
            caller: Value::Any,
            is_service_event: false,
        }
    }

    /// Makes the record that S3 raises for one key of a batch delete.
    ///
    /// Source: AWS CloudTrail User Guide, "Filtering data events by using advanced
    /// event selectors", example 3: its event type is `AwsServiceEvent`.
    pub fn of_a_key_of_a_batch_delete(arn: Value) -> Probe {
        Probe {
            event_type: "AwsServiceEvent",
            is_service_event: true,
            ..Probe::of_object("DeleteObject", false, arn)
        }
    }

    /// Makes a batch delete itself, which names its bucket and no keys.
    ///
    /// Source: Amazon S3 User Guide, "Amazon S3 CloudTrail events" of 2023: it is
    /// logged where a bucket and an empty prefix is.
    pub fn of_a_batch_delete(bucket_arn: &str) -> Probe {
        let arn = Value::Exactly(format!("{bucket_arn}/"));
        Probe::of_object("DeleteObjects", false, arn)
    }

    /// Makes a read of a bucket's location, a management event.
    pub fn of_a_bucket_mark(bucket_arn: &str) -> Probe {
        Probe {
            category: Category::Management,
            ..Probe::of_object(
                "GetBucketLocation",
                true,
                Value::Exactly(bucket_arn.to_owned()),
            )
        }
    }

    /// Names the caller.
    #[must_use]
    pub fn by(self, caller: Value) -> Probe {
        Probe { caller, ..self }
    }

    /// Returns what is known of a field that selectors ask.
    pub(crate) fn field(&self, name: &str) -> Value {
        let exactly = |text: &str| Value::Exactly(text.to_owned());
        match name.to_ascii_lowercase().as_str() {
            "eventcategory" => exactly(self.category.name()),
            "readonly" => exactly(if self.read_only { "true" } else { "false" }),
            "eventname" => exactly(self.event_name),
            "eventsource" => exactly("s3.amazonaws.com"),
            "eventtype" => exactly(self.event_type),
            "resources.type" => exactly(match self.category {
                Category::Data => "AWS::S3::Object",
                Category::Management => "AWS::S3::Bucket",
            }),
            "resources.arn" => self.arn.clone(),
            "useridentity.arn" => self.caller.clone(),
            "sessioncredentialfromconsole" if self.is_service_event => exactly("false"),
            _ => Value::Any,
        }
    }
}

impl Category {
    /// Returns CloudTrail's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Category::Management => "Management",
            Category::Data => "Data",
        }
    }
}

impl Value {
    pub(crate) fn is(&self, wanted: &str) -> Recorded {
        match self {
            Value::Exactly(text) => Recorded::of(text == wanted),
            Value::Begins(text) if !wanted.starts_with(text.as_str()) => Recorded::No,
            Value::Begins(_) | Value::Any => Recorded::Depends,
        }
    }

    pub(crate) fn starts_with(&self, wanted: &str) -> Recorded {
        match self {
            Value::Exactly(text) => Recorded::of(text.starts_with(wanted)),
            Value::Begins(text) if text.starts_with(wanted) => Recorded::Yes,
            Value::Begins(text) if !wanted.starts_with(text.as_str()) => Recorded::No,
            Value::Begins(_) | Value::Any => Recorded::Depends,
        }
    }

    pub(crate) fn ends_with(&self, wanted: &str) -> Recorded {
        match self {
            Value::Exactly(text) => Recorded::of(text.ends_with(wanted)),
            Value::Begins(_) | Value::Any => Recorded::Depends,
        }
    }
}
