//! What makes a trail record what it has to.
//!
//! `PutEventSelectors` replaces all selectors of a trail, so the command names
//! those that are there too, and one command has to do for all that is lacking.
//! A trail has basic selectors or advanced ones; the new ones are of its kind.

use serde_json::{Value, json};

use crate::diagnosis::Place;
use crate::diagnosis::answer::{Finding, Question};
use crate::diagnosis::recording::{KINDS, Recording, partition};
use crate::diagnosis::shell::{command, json};
use crate::diagnosis::trail::Trail;
use crate::json_member::{list, member, text, texts};
use crate::settings::Reply;

/// Commands that let one trail record everything.
pub(crate) struct Repair {
    commands: Vec<String>,
    console: String,
}

/// What has to be added to selectors.
struct Lacking {
    reads: bool,
    writes: bool,
    bucket_marks: bool,
    /// `arn:aws:s3:::bucket/`, of each bucket.
    arns: Vec<String>,
}

impl Repair {
    pub(crate) fn of(recording: &Recording<'_>, places: &[Place]) -> Repair {
        match recording.chosen() {
            Some(trail) => Repair::of_trail(recording, trail, places),
            None if recording.is_without_trails() => {
                Repair::of_nothing(recording.first_region().unwrap_or("us-east-1"), places)
            }
            None => Repair {
                commands: Vec::new(),
                console: String::new(),
            },
        }
    }

    /// Adds what to do to a finding.
    pub(crate) fn mend(&self, finding: Finding) -> Finding {
        if self.commands.is_empty() {
            return finding;
        }
        finding.fixed_by(self.commands.clone(), self.console.clone())
    }

    fn of_trail(recording: &Recording<'_>, trail: &Trail<'_>, places: &[Place]) -> Repair {
        let name = ["--region", trail.home_region];
        let mut commands = Vec::new();
        let mut console = Vec::new();
        if recording.is_elsewhere(trail) {
            let update = ["aws", "cloudtrail", "update-trail", "--name", trail.name];
            commands.push(command(
                [&update[..], &["--is-multi-region-trail"], &name].concat(),
            ));
            console.push("General details > Edit > Multi-region trail");
        }
        if let Some(selectors) = trail.known_selectors()
            && let Some(Reply::Said(said)) = trail.selectors
        {
            let lacking = recording.not_recorded_by(trail, &selectors);
            if !lacking.is_empty() {
                let lacking = Lacking::of(&lacking, trail.home_region, places);
                let (option, selectors) = lacking.added_to(said);
                let put = ["aws", "cloudtrail", "put-event-selectors", "--trail-name"];
                let words = [trail.name, option, &json(&selectors)];
                commands.push(command([&put[..], &words, &name].concat()));
                console.push(match lacking.reads || lacking.writes {
                    true => "Data events > Edit",
                    false => "Management events > Edit",
                });
            }
        }
        if trail.is_logging() == Some(false) {
            let start = ["aws", "cloudtrail", "start-logging", "--name", trail.name];
            commands.push(command([&start[..], &name].concat()));
            console.push("Start logging");
        }
        Repair {
            commands,
            console: format!(
                "CloudTrail > Trails > {} > {}",
                trail.name,
                console.join(", then ")
            ),
        }
    }

    /// Makes a trail where there is none, with a bucket of its own.
    ///
    /// Source: AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
    fn of_nothing(region: &str, places: &[Place]) -> Repair {
        let name = "contact-recordings";
        let partition = partition(region);
        let lacking = Lacking {
            // A new trail records all management events.
            bucket_marks: false,
            ..Lacking::of(&KINDS, region, places)
        };
        let (_, selectors) = lacking.added_to(&json!({}));
        let location = match region {
            "us-east-1" => String::new(),
            _ => format!(" --create-bucket-configuration LocationConstraint={region}"),
        };
        // The account's number is known to the shell only.
        let arn = format!("arn:{partition}:cloudtrail:{region}:'$ACCOUNT':trail/{name}");
        let allow = |sid: &str, action: &str, resource: &str, more: &str| {
            format!(
                r#"{{"Sid":"{sid}","Effect":"Allow","Principal":{{"Service":"cloudtrail.amazonaws.com"}},"Action":"{action}","Resource":"arn:{partition}:s3:::'$LOGS'{resource}","Condition":{{"StringEquals":{{"aws:SourceArn":"{arn}"{more}}}}}}}"#
            )
        };
        let check = allow("AclCheck", "s3:GetBucketAcl", "", "");
        let write = allow(
            "Write",
            "s3:PutObject",
            "/AWSLogs/'$ACCOUNT'/*",
            r#","s3:x-amz-acl":"bucket-owner-full-control""#,
        );
        let commands = vec![
            "ACCOUNT=$(aws sts get-caller-identity --query Account --output text)".to_owned(),
            "LOGS=contact-recordings-trail-$ACCOUNT".to_owned(),
            format!(r#"aws s3api create-bucket --bucket "$LOGS" --region {region}{location}"#),
            format!(
                r#"aws s3api put-bucket-policy --bucket "$LOGS" --policy '{{"Version":"2012-10-17","Statement":[{check},{write}]}}'"#
            ),
            format!(
                r#"aws cloudtrail create-trail --name {name} --s3-bucket-name "$LOGS" --is-multi-region-trail --enable-log-file-validation --region {region}"#
            ),
            command([
                "aws",
                "cloudtrail",
                "put-event-selectors",
                "--trail-name",
                name,
                "--event-selectors",
                &json(&selectors),
                "--region",
                region,
            ]),
            format!("aws cloudtrail start-logging --name {name} --region {region}"),
        ];
        Repair {
            commands,
            console: "CloudTrail > Trails > Create trail, with management and data events"
                .to_owned(),
        }
    }
}

impl Lacking {
    fn of(questions: &[Question], region: &str, places: &[Place]) -> Lacking {
        let has = |question| questions.contains(&question);
        let partition = partition(region);
        let arns = places.iter();
        Lacking {
            reads: has(Question::WhoListened),
            writes: has(Question::WhoDeleted)
                || has(Question::BatchDeletes)
                || has(Question::BatchDeleteKeys),
            bucket_marks: has(Question::BucketMark),
            arns: arns
                .map(|place| format!("arn:{partition}:s3:::{}/", place.bucket))
                .collect(),
        }
    }

    /// Adds what is lacking to the selectors that are there; returns the option
    /// that takes them with them.
    fn added_to(&self, said: &Value) -> (&'static str, Value) {
        let advanced = list(said, "AdvancedEventSelectors");
        if advanced.is_empty() {
            (
                "--event-selectors",
                self.basic(list(said, "EventSelectors")),
            )
        } else {
            ("--advanced-event-selectors", self.advanced(advanced))
        }
    }

    fn advanced(&self, there: &[Value]) -> Value {
        let mut selectors = there.to_vec();
        if self.reads || self.writes {
            let mut fields = vec![
                json!({"Field": "eventCategory", "Equals": ["Data"]}),
                json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
                json!({"Field": "resources.ARN", "StartsWith": self.arns}),
            ];
            if self.reads != self.writes {
                let read_only = if self.reads { "true" } else { "false" };
                fields.push(json!({"Field": "readOnly", "Equals": [read_only]}));
            }
            selectors.push(json!({"Name": "Contact recordings", "FieldSelectors": fields}));
        }
        if self.bucket_marks {
            let fields = json!([
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "readOnly", "Equals": ["true"]},
            ]);
            let name = "Management events that read";
            selectors.push(json!({"Name": name, "FieldSelectors": fields}));
        }
        Value::Array(selectors)
    }

    fn basic(&self, there: &[Value]) -> Value {
        let mut selectors = there.to_vec();
        // Nothing is said of a trail that nobody set any for.
        if selectors.is_empty() {
            selectors.push(json!({"ReadWriteType": "All", "IncludeManagementEvents": true}));
        }
        if self.reads || self.writes {
            let kind = match (self.reads, self.writes) {
                (true, true) => "All",
                (true, false) => "ReadOnly",
                (false, _) => "WriteOnly",
            };
            // A trail takes five selectors, so one that is of the kind takes more.
            let of_kind = selectors
                .iter_mut()
                .find(|selector| text(selector, "ReadWriteType").unwrap_or("All") == kind);
            match of_kind {
                Some(selector) => add_objects(selector, &self.arns),
                None => {
                    let mut selector =
                        json!({"ReadWriteType": kind, "IncludeManagementEvents": false});
                    add_objects(&mut selector, &self.arns);
                    selectors.push(selector);
                }
            }
        }
        if self.bucket_marks {
            let mut selector =
                json!({"ReadWriteType": "ReadOnly", "IncludeManagementEvents": true});
            // What is too much among writes is too much among reads.
            let excluded = there
                .iter()
                .filter_map(|selector| member(selector, "ExcludeManagementEventSources"))
                .find(|sources| !texts(sources).is_empty());
            if let (Some(excluded), Some(members)) = (excluded, selector.as_object_mut()) {
                members.insert("ExcludeManagementEventSources".to_owned(), excluded.clone());
            }
            selectors.push(selector);
        }
        Value::Array(selectors)
    }
}

/// Adds objects to a basic selector, beside those that it is about.
fn add_objects(selector: &mut Value, arns: &[String]) {
    let mut resources = list(selector, "DataResources").to_vec();
    let of_objects = resources
        .iter_mut()
        .find(|resource| text(resource, "Type") == Some("AWS::S3::Object"));
    match of_objects {
        Some(resource) => {
            let mut values = member(resource, "Values").map(texts).unwrap_or_default();
            let more = arns.iter().filter(|arn| !values.contains(arn));
            let more: Vec<String> = more.cloned().collect();
            values.extend(more);
            *resource = json!({"Type": "AWS::S3::Object", "Values": values});
        }
        None => resources.push(json!({"Type": "AWS::S3::Object", "Values": arns})),
    }
    if let Some(members) = selector.as_object_mut() {
        members.insert("DataResources".to_owned(), Value::Array(resources));
    }
}
