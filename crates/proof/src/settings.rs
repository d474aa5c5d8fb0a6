//! The settings that decide what can be answered, as AWS says them.
//!
//! Each is what an aws-cli command prints: asked over the network or saved to a
//! file before, it is read the same way.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ProofError;

/// A request whose answer matters, by the aws-cli command that makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Call {
    /// `aws cloudtrail describe-trails`.
    DescribeTrails,
    /// `aws cloudtrail get-trail-status`, of a trail.
    GetTrailStatus,
    /// `aws cloudtrail get-event-selectors`, of a trail.
    GetEventSelectors,
    /// `aws cloudtrail get-event-configuration`, of a trail.
    GetEventConfiguration,
    /// `aws cloudtrail lookup-events`, of an event name.
    LookupEvents,
    /// `aws s3api get-bucket-location`, of a bucket.
    GetBucketLocation,
    /// `aws s3api get-bucket-versioning`, of a bucket.
    GetBucketVersioning,
    /// `aws s3api get-bucket-lifecycle-configuration`, of a bucket.
    GetBucketLifecycleConfiguration,
    /// `aws s3api get-bucket-logging`, of a bucket.
    GetBucketLogging,
    /// `aws s3api get-bucket-notification-configuration`, of a bucket.
    GetBucketNotificationConfiguration,
    /// `aws logs describe-log-groups`.
    DescribeLogGroups,
    /// `aws connect list-instance-storage-configs`, of a type of recording.
    ListInstanceStorageConfigs,
}

/// What AWS answered to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// What it said.
    Said(Value),
    /// It did not.
    Refused(Refusal),
}

/// Why there is no answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// AWS's code, such as `AccessDenied`; empty where nothing came from AWS.
    pub code: String,
    /// The cause in words, where it is no code of AWS's.
    pub why: String,
}

/// All that was asked, with what came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<(Call, String), Reply>);

impl Call {
    /// Every call.
    pub const ALL: [Call; 12] = [
        Call::DescribeTrails,
        Call::GetTrailStatus,
        Call::GetEventSelectors,
        Call::GetEventConfiguration,
        Call::LookupEvents,
        Call::GetBucketLocation,
        Call::GetBucketVersioning,
        Call::GetBucketLifecycleConfiguration,
        Call::GetBucketLogging,
        Call::GetBucketNotificationConfiguration,
        Call::DescribeLogGroups,
        Call::ListInstanceStorageConfigs,
    ];

    /// Returns the name of the aws-cli command, without that of the service.
    pub fn command(self) -> &'static str {
        match self {
            Call::DescribeTrails => "describe-trails",
            Call::GetTrailStatus => "get-trail-status",
            Call::GetEventSelectors => "get-event-selectors",
            Call::GetEventConfiguration => "get-event-configuration",
            Call::LookupEvents => "lookup-events",
            Call::GetBucketLocation => "get-bucket-location",
            Call::GetBucketVersioning => "get-bucket-versioning",
            Call::GetBucketLifecycleConfiguration => "get-bucket-lifecycle-configuration",
            Call::GetBucketLogging => "get-bucket-logging",
            Call::GetBucketNotificationConfiguration => "get-bucket-notification-configuration",
            Call::DescribeLogGroups => "describe-log-groups",
            Call::ListInstanceStorageConfigs => "list-instance-storage-configs",
        }
    }

    /// Returns the action that a policy has to allow for it.
    ///
    /// Source: AWS Service Authorization Reference, by service; S3's names differ
    /// from those of its API.
    pub fn action(self) -> &'static str {
        match self {
            Call::DescribeTrails => "cloudtrail:DescribeTrails",
            Call::GetTrailStatus => "cloudtrail:GetTrailStatus",
            Call::GetEventSelectors => "cloudtrail:GetEventSelectors",
            Call::GetEventConfiguration => "cloudtrail:GetEventConfiguration",
            Call::LookupEvents => "cloudtrail:LookupEvents",
            Call::GetBucketLocation => "s3:GetBucketLocation",
            Call::GetBucketVersioning => "s3:GetBucketVersioning",
            Call::GetBucketLifecycleConfiguration => "s3:GetLifecycleConfiguration",
            Call::GetBucketLogging => "s3:GetBucketLogging",
            Call::GetBucketNotificationConfiguration => "s3:GetBucketNotification",
            Call::DescribeLogGroups => "logs:DescribeLogGroups",
            Call::ListInstanceStorageConfigs => "connect:ListInstanceStorageConfigs",
        }
    }

    /// Finds a call by its aws-cli command.
    pub fn of_command(command: &str) -> Option<Call> {
        let mut all = Call::ALL.into_iter();
        all.find(|call| call.command() == command)
    }
}

impl Settings {
    /// Takes in what was answered about a subject: a trail, a bucket, an event
    /// name, or nothing.
    pub fn add(&mut self, call: Call, subject: &str, reply: Reply) {
        self.0.insert((call, subject.to_owned()), reply);
    }

    /// Takes in what an aws-cli command printed, the error that it may have ended
    /// with among it. `name` is the command's, with its subject behind a point:
    /// `get-trail-status.main`.
    ///
    /// # Errors
    /// When the name is of no command that matters, or what was printed is neither
    /// JSON nor an error.
    pub fn add_printed(&mut self, name: &str, printed: &[u8]) -> Result<(), ProofError> {
        let (command, subject) = name.split_once('.').unwrap_or((name, ""));
        let call = Call::of_command(command).ok_or_else(|| ProofError::NoSetting {
            name: name.to_owned(),
        })?;
        let reply = Reply::of_printed(printed).ok_or_else(|| ProofError::Setting {
            name: name.to_owned(),
        })?;
        self.add(call, subject, reply);
        Ok(())
    }

    /// Returns what was answered about a subject.
    pub(crate) fn get(&self, call: Call, subject: &str) -> Option<&Reply> {
        self.0.get(&(call, subject.to_owned()))
    }

    /// Iterates over what was answered to a call, with what it was about.
    pub fn of_call(&self, call: Call) -> impl Iterator<Item = (&str, &Reply)> {
        let of_call = move |((other, _), _): &(&(Call, String), &Reply)| *other == call;
        let all = self.0.iter().filter(of_call);
        all.map(|((_, subject), reply)| (subject.as_str(), reply))
    }

    /// Tells whether nothing was answered at all.
    pub fn is_silent(&self) -> bool {
        let is_answer = |reply: &Reply| match reply {
            Reply::Said(_) => true,
            // That there is none is an answer.
            Reply::Refused(refusal) => refusal.code.starts_with("NoSuch"),
        };
        !self.0.values().any(is_answer)
    }
}

impl Reply {
    fn of_printed(printed: &[u8]) -> Option<Reply> {
        let text = String::from_utf8_lossy(printed);
        let text = text.trim_start_matches('\u{feff}').trim();
        // aws-cli prints nothing of a setting that was never made.
        if text.is_empty() {
            return Some(Reply::Said(Value::Object(serde_json::Map::new())));
        }
        if let Ok(said) = serde_json::from_str(text) {
            return Some(Reply::Said(said));
        }
        let said = text.split_once("An error occurred (")?.1;
        let (code, _) = said.split_once(')')?;
        Some(Reply::Refused(Refusal {
            code: code.to_owned(),
            why: String::new(),
        }))
    }
}

impl Refusal {
    /// Tells whether a policy is in the way.
    pub fn is_denied(&self) -> bool {
        self.code.contains("AccessDenied") || self.code.contains("Unauthorized")
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.why.as_str() {
            "" => f.write_str(&self.code),
            why => f.write_str(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, printed: &str) -> Result<Settings, ProofError> {
        let mut settings = Settings::default();
        settings.add_printed(name, printed.as_bytes())?;
        Ok(settings)
    }

    #[test]
    fn a_name_says_which_command_printed_what_about_what() {
        let settings = read(
            "get-bucket-location.my.bucket",
            r#"{"LocationConstraint":null}"#,
        );
        let settings = settings.unwrap();
        let about: Vec<_> = settings.of_call(Call::GetBucketLocation).collect();
        assert_eq!(about[0].0, "my.bucket");
        assert!(!settings.is_silent());
        let error = read("describe-instances", "{}").unwrap_err();
        assert!(matches!(error, ProofError::NoSetting { .. }));
        let error = read("describe-trails", "Unknown options").unwrap_err();
        assert!(matches!(error, ProofError::Setting { .. }));
        let mut known = 0;
        for call in Call::ALL {
            assert_eq!(Call::of_command(call.command()), Some(call));
            assert!(call.action().contains(':'));
            known += 1;
        }
        assert_eq!(known, 12);
    }

    #[test]
    fn an_error_of_aws_is_an_answer_and_nothing_printed_is_one() {
        let denied = "\nAn error occurred (AccessDeniedException) when calling the GetTrailStatus operation: User: x is not authorized\n";
        let settings = read("get-trail-status.main", denied).unwrap();
        let Some(Reply::Refused(refusal)) = settings.get(Call::GetTrailStatus, "main") else {
            panic!("{settings:?}");
        };
        assert!(refusal.is_denied());
        assert_eq!(refusal.to_string(), "AccessDeniedException");
        assert!(settings.is_silent());
        let settings = read("get-bucket-versioning.b", "\n").unwrap();
        let said = Reply::Said(serde_json::json!({}));
        assert_eq!(settings.get(Call::GetBucketVersioning, "b"), Some(&said));
    }
}
