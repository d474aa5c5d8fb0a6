//! A log group: where it lies and how far it goes back.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::LogGroup;

use super::super::Call;
use super::super::time::DAY;
use crate::origin::shown_text;
use crate::{AwsCause, SourceError};

/// So many names of other groups are offered.
const MOST_OFFERED: usize = 5;

/// A log group as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// The name or the ARN that requests name it by.
    pub(crate) id: String,
    /// Whether `id` is an ARN.
    pub(crate) is_arn: bool,
}

/// How far back a log group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It has no events from before this second since 1970.
    From(i64),
    /// No policy allows to ask.
    Unknown,
}

impl Group {
    /// Reads a name or an ARN, also one with the `:*` that policies put behind it.
    pub(crate) fn of(text: &str) -> Group {
        let is_arn = text.starts_with("arn:");
        let id = text.strip_suffix(":*").filter(|_| is_arn).unwrap_or(text);
        Group {
            id: id.to_owned(),
            is_arn,
        }
    }

    /// Returns the region that an ARN names.
    pub(crate) fn region(&self) -> Option<&str> {
        self.id.split(':').nth(3).filter(|_| self.is_arn)
    }

    /// Returns the name.
    pub(crate) fn name(&self) -> &str {
        let name = self.id.splitn(7, ':').nth(6).filter(|_| self.is_arn);
        name.unwrap_or(&self.id)
    }

    /// Describes a request about it, for when it fails.
    pub(crate) fn call(&self, doing: &str, action: &'static str) -> Call {
        Call {
            doing: format!("{doing} cloudwatch:{}", self.id),
            action,
            resource: if self.is_arn {
                self.id.clone()
            } else {
                format!("the log group {}", self.id)
            },
            what: "log group in this region",
        }
    }

    /// Asks whether the group is there, and how far it goes back at this second.
    ///
    /// # Errors
    /// When it is not there, with the names of groups that are like it, and when
    /// AWS refuses anything but the question itself.
    pub(crate) async fn reach(&self, client: &Client, now: i64) -> Result<Reach, SourceError> {
        let asked = if self.is_arn {
            client.describe_log_groups().log_group_identifiers(&self.id)
        } else {
            // Of the names that begin so, the name itself is the first.
            client.describe_log_groups().log_group_name_prefix(&self.id)
        };
        let call = self.call("look at", "logs:DescribeLogGroups");
        let groups = match asked.send().await {
            Ok(answer) => answer.log_groups.unwrap_or_default(),
            Err(error) => {
                return match call.failed(&error) {
                    error if matches!(error.cause, AwsCause::Denied { .. }) => Ok(Reach::Unknown),
                    error => Err(error.into()),
                };
            }
        };
        let name = self.name();
        let of_name = |group: &&LogGroup| group.log_group_name.as_deref() == Some(name);
        let Some(group) = groups.iter().find(of_name) else {
            let like = self.like(client, &groups).await;
            return Err(SourceError::Nothing {
                address: format!("cloudwatch:{}", self.id),
                why: format!(
                    "there is no such log group in this account and region{like}; `aws logs describe-log-groups` lists them, and --profile and --region lead to others"
                ),
            });
        };
        let created = group.creation_time.unwrap_or(0).div_euclid(1000);
        let kept = group
            .retention_in_days
            .map(|days| now - i64::from(days) * DAY);
        Ok(Reach::From(kept.map_or(created, |kept| kept.max(created))))
    }

    /// Names groups that the user may have meant.
    async fn like(&self, client: &Client, beginning_so: &[LogGroup]) -> String {
        let mut names: Vec<String> = names(beginning_so);
        let last_step = self.name().rsplit('/').next().unwrap_or_default();
        if names.is_empty() && !last_step.is_empty() {
            let pattern = client
                .describe_log_groups()
                .log_group_name_pattern(last_step);
            // Names are an offer: where they cannot be had, there are none.
            if let Ok(answer) = pattern.send().await {
                names = self::names(&answer.log_groups.unwrap_or_default());
            }
        }
        names.truncate(MOST_OFFERED);
        match names.as_slice() {
            [] => String::new(),
            names => format!("; there is {}", names.join(", ")),
        }
    }
}

fn names(groups: &[LogGroup]) -> Vec<String> {
    let names = groups
        .iter()
        .filter_map(|group| group.log_group_name.as_deref());
    names.map(shown_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_an_arn_name_the_same_group() {
        let name = Group::of("CloudTrail/DefaultLogGroup");
        assert_eq!(
            (name.name(), name.region()),
            ("CloudTrail/DefaultLogGroup", None)
        );
        let arn = "arn:aws:logs:us-west-2:111122223333:log-group:CloudTrail/DefaultLogGroup";
        for text in [arn.to_owned(), format!("{arn}:*")] {
            let group = Group::of(&text);
            assert_eq!(group.id, arn);
            assert_eq!(group.name(), name.name());
            assert_eq!(group.region(), Some("us-west-2"));
        }
    }
}
