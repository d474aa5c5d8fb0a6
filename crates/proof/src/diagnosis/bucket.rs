//! What a bucket itself does with recordings.

use earwitness_parser::Timestamp;
use serde_json::{Value, json};

use crate::diagnosis::Place;
use crate::diagnosis::answer::{Answer, Finding, Question};
use crate::diagnosis::recording::{partition, region};
use crate::diagnosis::shell::{command, json};
use crate::diagnosis::trail::time;
use crate::json_member::{list, member, text};
use crate::settings::{Call, Reply, Settings};

/// A rule of S3 Lifecycle.
pub(crate) struct Rule<'a> {
    pub(crate) said: &'a Value,
    pub(crate) is_enabled: bool,
    prefix: &'a str,
    expiration: Option<Expiration>,
    /// Days after which versions go that are not the latest.
    noncurrent_days: Option<u64>,
}

enum Expiration {
    Days(u64),
    Date(i64),
}

/// Reads the rules of a bucket; none are an answer too.
pub(crate) fn rules(reply: Option<&Reply>) -> Option<Vec<Rule<'_>>> {
    match reply? {
        Reply::Said(said) => Some(list(said, "Rules").iter().map(Rule::of).collect()),
        Reply::Refused(refusal) if refusal.code == "NoSuchLifecycleConfiguration" => {
            Some(Vec::new())
        }
        Reply::Refused(_) => None,
    }
}

/// Returns which objects are too small for the bucket's transitions, as S3 names it.
pub(crate) fn smallest_transition(reply: Option<&Reply>) -> Option<&str> {
    match reply? {
        Reply::Said(said) => text(said, "TransitionDefaultMinimumObjectSize"),
        Reply::Refused(_) => None,
    }
}

impl<'a> Rule<'a> {
    fn of(said: &'a Value) -> Rule<'a> {
        let filter = member(said, "Filter");
        let and = filter.and_then(|filter| member(filter, "And"));
        let prefixes = [and, filter, Some(said)];
        let mut prefixes = prefixes.into_iter().flatten();
        let expiration = member(said, "Expiration");
        let days = |rule: &Value, name| member(rule, name).and_then(Value::as_u64);
        let noncurrent = member(said, "NoncurrentVersionExpiration");
        Rule {
            said,
            is_enabled: text(said, "Status") == Some("Enabled"),
            prefix: prefixes
                .find_map(|said| text(said, "Prefix"))
                .unwrap_or_default(),
            expiration: expiration.and_then(|expiration| {
                let date = member(expiration, "Date").and_then(time);
                let days = days(expiration, "Days").map(Expiration::Days);
                days.or(date.map(Expiration::Date))
            }),
            noncurrent_days: noncurrent.and_then(|rule| days(rule, "NoncurrentDays")),
        }
    }

    /// Tells whether it may be about an object whose key begins so.
    pub(crate) fn meets(&self, prefix: &str) -> bool {
        self.prefix.starts_with(prefix) || prefix.starts_with(self.prefix)
    }

    pub(crate) fn deletes_within(&self, days: u32) -> bool {
        match self.expiration {
            Some(Expiration::Days(after)) => after < u64::from(days),
            // From that day on it deletes whatever is there.
            Some(Expiration::Date(_)) => true,
            None => false,
        }
    }

    fn deletes(&self) -> bool {
        self.expiration.is_some() || self.noncurrent_days.is_some()
    }

    pub(crate) fn shown(&self) -> String {
        let id = text(self.said, "ID").unwrap_or("without a name");
        let when = match (&self.expiration, self.noncurrent_days) {
            (Some(Expiration::Days(days)), _) => format!("after {days} days"),
            (Some(Expiration::Date(date)), _) => format!("from {} on", Timestamp(*date)),
            (None, Some(days)) => {
                format!("{days} days after they are no longer the latest version")
            }
            (None, None) => "never".to_owned(),
        };
        format!("rule {id} {when}")
    }
}

pub(crate) fn findings(
    settings: &Settings,
    place: &Place,
    account_id: Option<&str>,
) -> Vec<Finding> {
    let findings = [
        lifecycle_told(settings, place, account_id),
        versioning(settings, &place.bucket),
    ];
    findings
        .map(|finding| finding.about(&place.bucket))
        .to_vec()
}

/// CloudTrail does not record what S3 Lifecycle deletes; S3 itself may tell it.
fn lifecycle_told(settings: &Settings, place: &Place, account_id: Option<&str>) -> Finding {
    let question = Question::LifecycleTold;
    let bucket = place.bucket.as_str();
    let reply = settings.get(Call::GetBucketLifecycleConfiguration, bucket);
    let Some(rules) = rules(reply) else {
        return Finding::unknown(question, Call::GetBucketLifecycleConfiguration, reply);
    };
    let is_meant = |rule: &&Rule<'_>| {
        let mut prefixes = place.prefixes.iter();
        let meets = place.prefixes.is_empty() || prefixes.any(|prefix| rule.meets(prefix));
        rule.is_enabled && rule.deletes() && meets
    };
    let deleting: Vec<String> = rules.iter().filter(is_meant).map(Rule::shown).collect();
    if deleting.is_empty() {
        return Finding::new(
            question,
            Answer::Yes,
            "no lifecycle rule deletes recordings",
        );
    }
    let deleting = format!("lifecycle deletes recordings by {}", deleting.join(", "));
    let reply = settings.get(Call::GetBucketLogging, bucket);
    let logging = match reply {
        Some(Reply::Said(said)) => member(said, "LoggingEnabled"),
        _ => return Finding::unknown(question, Call::GetBucketLogging, reply),
    };
    if let Some(target) = logging.and_then(|logging| text(logging, "TargetBucket")) {
        return Finding::new(
            question,
            Answer::Yes,
            format!("{deleting}; server access logs in bucket {target} tell of it"),
        );
    }
    let notifications = settings.get(Call::GetBucketNotificationConfiguration, bucket);
    let event_bridge = match notifications {
        Some(Reply::Said(said)) => member(said, "EventBridgeConfiguration").is_some(),
        _ => false,
    };
    let (answer, why) = match event_bridge {
        true => (
            Answer::Partly,
            "S3 tells EventBridge of it, where a rule has to keep it",
        ),
        false => (Answer::No, "nothing tells of it"),
    };
    let region = region(settings, bucket);
    Finding::new(question, answer, format!("{deleting}; {why}")).fixed_by(
        access_logs(bucket, region.as_deref(), account_id),
        format!("S3 > Buckets > {bucket} > Properties > Server access logging > Edit"),
    )
}

/// Writes the commands that let S3 log accesses into a bucket of its own.
///
/// Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging".
fn access_logs(bucket: &str, region: Option<&str>, account_id: Option<&str>) -> Vec<String> {
    let region = region.unwrap_or("us-east-1");
    let partition = partition(region);
    // Names of buckets have 63 characters at most.
    let short: String = bucket.chars().take(51).collect();
    let logs = format!("{short}-access-logs");
    let location = format!("LocationConstraint={region}");
    let mut create = vec!["aws", "s3api", "create-bucket", "--bucket", &logs];
    create.extend(["--region", region]);
    if region != "us-east-1" {
        create.extend(["--create-bucket-configuration", &location]);
    }
    let mut condition = json!({
        "ArnLike": {"aws:SourceArn": format!("arn:{partition}:s3:::{bucket}")},
    });
    if let (Some(account), Some(members)) = (account_id, condition.as_object_mut()) {
        let account = json!({ "aws:SourceAccount": account });
        members.insert("StringEquals".to_owned(), account);
    }
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": format!("arn:{partition}:s3:::{logs}/*"),
        "Condition": condition,
    }]});
    let status = json!({"LoggingEnabled": {"TargetBucket": logs, "TargetPrefix": ""}});
    let put = |name, bucket, option, value: &Value| {
        let value = json(value);
        command(["aws", "s3api", name, "--bucket", bucket, option, &value])
    };
    vec![
        command(create),
        put("put-bucket-policy", &logs, "--policy", &policy),
        put(
            "put-bucket-logging",
            bucket,
            "--bucket-logging-status",
            &status,
        ),
    ]
}

fn versioning(settings: &Settings, bucket: &str) -> Finding {
    let question = Question::Versioning;
    let reply = settings.get(Call::GetBucketVersioning, bucket);
    let Some(Reply::Said(said)) = reply else {
        return Finding::unknown(question, Call::GetBucketVersioning, reply);
    };
    if text(said, "Status") == Some("Enabled") {
        let why = "what is deleted leaves its version behind, and a mark of when";
        return Finding::new(question, Answer::Yes, why);
    }
    let why = match text(said, "Status") {
        Some("Suspended") => "versioning is suspended: what is deleted is gone",
        _ => "versioning is off: what is deleted is gone",
    };
    let put = ["aws", "s3api", "put-bucket-versioning", "--bucket", bucket];
    let how = ["--versioning-configuration", "Status=Enabled"];
    Finding::new(question, Answer::No, why).fixed_by(
        vec![command([&put[..], &how].concat())],
        format!("S3 > Buckets > {bucket} > Properties > Bucket Versioning > Edit"),
    )
}
