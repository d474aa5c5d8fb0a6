//! Whether what a trail records arrives, is proven and stays.

use std::fmt;

use earwitness_parser::Timestamp;
use serde_json::{Value, json};

use crate::diagnosis::Case;
use crate::diagnosis::answer::{Answer, Finding, Question};
use crate::diagnosis::bucket::{Rule, rules, smallest_transition};
use crate::diagnosis::shell::{command, json};
use crate::diagnosis::trail::Trail;
use crate::json_member::{list, member, text};
use crate::settings::{Call, Reply, Settings};

/// How long a log group keeps events.
enum Kept {
    ForEver,
    Days(u64),
}

impl Kept {
    fn is_enough(&self, days: u32) -> bool {
        match self {
            Kept::ForEver => true,
            Kept::Days(kept) => *kept >= u64::from(days),
        }
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kept::ForEver => f.write_str("for ever"),
            Kept::Days(days) => write!(f, "for {days} days"),
        }
    }
}

const DAY_MICROS: i64 = 24 * 3_600_000_000;

/// How many days CloudWatch Logs can be told to keep.
///
/// Source: Amazon CloudWatch Logs API Reference, `PutRetentionPolicy`.
const RETENTIONS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

pub(crate) fn findings(
    settings: &Settings,
    case: &Case<'_>,
    trail: Option<&Trail<'_>>,
) -> Vec<Finding> {
    let Some(trail) = trail else {
        let questions = [Question::Validation, Question::Delivery, Question::LogsKept];
        let unknown =
            |question| Finding::new(question, Answer::Unknown, "there is no trail to ask about");
        return questions.map(unknown).to_vec();
    };
    let findings = [
        validation(trail),
        delivery(trail, case.now),
        logs_kept(settings, trail, case),
    ];
    let named = findings.map(|finding| Finding {
        trail: Some(trail.arn.to_owned()),
        ..finding
    });
    named.to_vec()
}

fn validation(trail: &Trail<'_>) -> Finding {
    let question = Question::Validation;
    let name = trail.name;
    if !trail.validates {
        let update = ["aws", "cloudtrail", "update-trail", "--name", name];
        let how = [
            "--enable-log-file-validation",
            "--region",
            trail.home_region,
        ];
        return Finding::new(
            question,
            Answer::No,
            format!("trail {name} writes no digests, so nothing proves its log files"),
        )
        .fixed_by(
            vec![command([&update[..], &how].concat())],
            format!("CloudTrail > Trails > {name} > General details > Edit > Log file validation"),
        );
    }
    match trail.status_text("LatestDigestDeliveryError") {
        Some(error) => Finding::new(
            question,
            Answer::No,
            format!(
                "trail {name}: digests do not arrive in bucket {}: {error}",
                trail.bucket
            ),
        )
        .fixed_by(Vec::new(), bucket_policy(trail)),
        None => Finding::new(
            question,
            Answer::Yes,
            format!("trail {name} writes digests"),
        ),
    }
}

/// Log files arrive about every five minutes, where there is anything to say.
fn delivery(trail: &Trail<'_>, now: i64) -> Finding {
    let question = Question::Delivery;
    let name = trail.name;
    if trail.is_logging().is_none() {
        return Finding::unknown(question, Call::GetTrailStatus, trail.status);
    }
    if let Some(error) = trail.status_text("LatestDeliveryError") {
        return Finding::new(
            question,
            Answer::No,
            format!(
                "trail {name}: log files do not arrive in bucket {}: {error}",
                trail.bucket
            ),
        )
        .fixed_by(Vec::new(), bucket_policy(trail));
    }
    if let Some(error) = trail.status_text("LatestCloudWatchLogsDeliveryError") {
        let group = trail.log_group.unwrap_or("of CloudWatch Logs");
        return Finding::new(
            question,
            Answer::Partly,
            format!(
                "trail {name}: log files arrive, but events do not in log group {group}: {error}"
            ),
        )
        .fixed_by(
            Vec::new(),
            format!("CloudTrail > Trails > {name} > CloudWatch Logs > Edit > IAM role"),
        );
    }
    match trail.time("LatestDeliveryTime") {
        Some(latest) if now - latest > DAY_MICROS => Finding::new(
            question,
            Answer::Unknown,
            format!(
                "trail {name}: no log file has arrived since {}",
                Timestamp(latest)
            ),
        ),
        Some(latest) => Finding::new(
            question,
            Answer::Yes,
            format!(
                "trail {name}: the last log file came at {}",
                Timestamp(latest)
            ),
        ),
        None => Finding::new(
            question,
            Answer::Unknown,
            format!("trail {name}: no log file has arrived yet; ask again in a quarter of an hour"),
        ),
    }
}

fn bucket_policy(trail: &Trail<'_>) -> String {
    format!(
        "S3 > Buckets > {} > Permissions > Bucket policy: allow cloudtrail.amazonaws.com what the \
         CloudTrail User Guide names",
        trail.bucket
    )
}

fn logs_kept(settings: &Settings, trail: &Trail<'_>, case: &Case<'_>) -> Finding {
    let question = Question::LogsKept;
    let days = case.keep_days;
    let of_group = trail
        .log_group
        .and_then(|group| group_keeps(settings, group));
    if let (Some(kept), Some(group)) = (&of_group, trail.log_group)
        && kept.is_enough(days)
    {
        return Finding::new(
            question,
            Answer::Yes,
            format!("log group {group} keeps them {kept}; {days} days are asked for"),
        );
    }
    let reply = settings.get(Call::GetBucketLifecycleConfiguration, trail.bucket);
    let Some(rules) = rules(reply) else {
        return Finding::unknown(question, Call::GetBucketLifecycleConfiguration, reply);
    };
    let prefix = trail.key_prefix.map(|prefix| format!("{prefix}/"));
    let logs = format!("{}AWSLogs/", prefix.unwrap_or_default());
    let expiring = rules
        .iter()
        .filter(|rule| rule.is_enabled && rule.meets(&logs));
    let early = expiring.filter(|rule| rule.deletes_within(days));
    let early: Vec<&Rule<'_>> = early.collect();
    let bucket = trail.bucket;
    if early.is_empty() {
        return Finding::new(
            question,
            Answer::Yes,
            format!("bucket {bucket} keeps log files for {days} days and longer"),
        );
    }
    if trail.log_group.is_some() && of_group.is_none() {
        let mut replies = settings.of_call(Call::DescribeLogGroups);
        let reply = replies.next().map(|(_, reply)| reply);
        return Finding::unknown(question, Call::DescribeLogGroups, reply);
    }
    let when: Vec<String> = early.iter().map(|rule| rule.shown()).collect();
    let smallest = smallest_transition(reply);
    let mut commands = vec![longer(bucket, &rules, &early, days, smallest)];
    let mut console = format!("S3 > Buckets > {bucket} > Management > Lifecycle rules");
    if let Some(group) = trail.log_group {
        let retention = RETENTIONS.into_iter().find(|kept| *kept >= days);
        let words = ["--log-group-name", group, "--region", trail.home_region];
        commands.push(match retention {
            Some(kept) => {
                let kept = kept.to_string();
                let put = [
                    "aws",
                    "logs",
                    "put-retention-policy",
                    "--retention-in-days",
                    &kept,
                ];
                command([&put[..], &words].concat())
            }
            None => {
                let delete = ["aws", "logs", "delete-retention-policy"];
                command([&delete[..], &words].concat())
            }
        });
        console.push_str(&format!(
            "; CloudWatch > Log groups > {group} > Actions > Edit retention setting"
        ));
    }
    Finding::new(
        question,
        Answer::No,
        format!(
            "bucket {bucket} deletes log files by {}; {days} days are asked for",
            when.join(", ")
        ),
    )
    .fixed_by(commands, console)
}

/// Writes the command that lets rules delete later; it replaces all that is
/// configured, so it names the other rules too, and the smallest objects that
/// transitions move.
fn longer(
    bucket: &str,
    rules: &[Rule<'_>],
    early: &[&Rule<'_>],
    days: u32,
    smallest: Option<&str>,
) -> String {
    let changed = rules.iter().map(|rule| {
        let mut said = rule.said.clone();
        let is_early = early
            .iter()
            .any(|early| std::ptr::eq(early.said, rule.said));
        if let (true, Some(members)) = (is_early, said.as_object_mut()) {
            members.insert("Expiration".to_owned(), json!({ "Days": days }));
        }
        said
    });
    let rules: Vec<Value> = changed.collect();
    let rules = json(&json!({ "Rules": rules }));
    let put = ["aws", "s3api", "put-bucket-lifecycle-configuration"];
    let configured = ["--bucket", bucket, "--lifecycle-configuration", &rules];
    let smallest = smallest.map(|size| ["--transition-default-minimum-object-size", size]);
    let words = put.into_iter().chain(configured);
    command(words.chain(smallest.into_iter().flatten()))
}

/// Returns how long a log group keeps events; `None` where nothing tells.
fn group_keeps(settings: &Settings, name: &str) -> Option<Kept> {
    for (_, reply) in settings.of_call(Call::DescribeLogGroups) {
        let Reply::Said(said) = reply else { continue };
        let mut groups = list(said, "logGroups").iter();
        if let Some(group) = groups.find(|group| text(group, "logGroupName") == Some(name)) {
            let days = member(group, "retentionInDays").and_then(Value::as_u64);
            return Some(days.map_or(Kept::ForEver, Kept::Days));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// S3 takes what the command leaves out for its default.
    #[test]
    fn rules_that_delete_later_move_the_objects_that_they_moved() {
        let rule = json!({ "ID": "old", "Status": "Enabled", "Expiration": { "Days": 30 } });
        for smallest in [None, Some("varies_by_storage_class")] {
            let mut said = json!({ "Rules": [rule] });
            if let Some(size) = smallest {
                said["TransitionDefaultMinimumObjectSize"] = json!(size);
            }
            let reply = Reply::Said(said);
            let rules = rules(Some(&reply)).unwrap();
            let early: Vec<&Rule<'_>> = rules.iter().collect();
            let known = smallest_transition(Some(&reply));
            assert_eq!(known, smallest);
            let command = longer("logs", &rules, &early, 90, known);
            assert!(command.contains(r#"{"Days":90}"#), "{command}");
            let named = "--transition-default-minimum-object-size varies_by_storage_class";
            assert_eq!(command.ends_with(named), smallest.is_some(), "{command}");
        }
    }
}
