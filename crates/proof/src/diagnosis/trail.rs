//! A trail with what is known of it.

use serde_json::Value;

use earwitness_parser::{Time, Timestamp};

use crate::json_member::{flag, list, member, text};
use crate::selector::Selectors;
use crate::settings::{Call, Reply, Settings};

/// A trail.
#[derive(Debug, Clone)]
pub(crate) struct Trail<'a> {
    pub(crate) name: &'a str,
    pub(crate) arn: &'a str,
    pub(crate) home_region: &'a str,
    pub(crate) is_multi_region: bool,
    pub(crate) is_of_organization: bool,
    pub(crate) validates: bool,
    pub(crate) bucket: &'a str,
    pub(crate) key_prefix: Option<&'a str>,
    pub(crate) log_group: Option<&'a str>,
    pub(crate) status: Option<&'a Reply>,
    /// What was answered when its selectors were asked for.
    pub(crate) selectors: Option<&'a Reply>,
    configuration: Option<&'a Reply>,
}

impl<'a> Trail<'a> {
    /// Returns every trail, or what was answered instead.
    pub(crate) fn all(settings: &'a Settings) -> Result<Vec<Trail<'a>>, Option<&'a Reply>> {
        let mut said = Vec::new();
        let mut refused = None;
        let mut asked = false;
        // One reply for each region, where several were asked.
        for (_, reply) in settings.of_call(Call::DescribeTrails) {
            asked = true;
            match reply {
                Reply::Said(reply) => said.extend(list(reply, "trailList")),
                Reply::Refused(_) => refused = Some(reply),
            }
        }
        if said.is_empty() && (refused.is_some() || !asked) {
            return Err(refused);
        }
        let mut trails: Vec<Trail<'_>> = Vec::new();
        for trail in said.iter().filter_map(|said| Trail::of(said)) {
            if trails.iter().all(|known| known.arn != trail.arn) {
                trails.push(trail);
            }
        }
        let names: Vec<&str> = trails.iter().map(|trail| trail.name).collect();
        for trail in &mut trails {
            let is_only = names.iter().filter(|name| **name == trail.name).count() == 1;
            let get = |call| {
                let by_name = is_only.then(|| settings.get(call, trail.name)).flatten();
                settings.get(call, trail.arn).or(by_name)
            };
            trail.status = get(Call::GetTrailStatus);
            trail.selectors = get(Call::GetEventSelectors);
            trail.configuration = get(Call::GetEventConfiguration);
        }
        Ok(trails)
    }

    fn of(said: &'a Value) -> Option<Trail<'a>> {
        let name = text(said, "Name")?;
        let arn = text(said, "TrailARN").unwrap_or(name);
        Some(Trail {
            name,
            arn,
            home_region: text(said, "HomeRegion")
                .or_else(|| arn.split(':').nth(3))
                .unwrap_or_default(),
            is_multi_region: flag(said, "IsMultiRegionTrail").unwrap_or(false),
            is_of_organization: flag(said, "IsOrganizationTrail").unwrap_or(false),
            validates: flag(said, "LogFileValidationEnabled").unwrap_or(false),
            bucket: text(said, "S3BucketName").unwrap_or_default(),
            key_prefix: text(said, "S3KeyPrefix"),
            log_group: text(said, "CloudWatchLogsLogGroupArn")
                .and_then(|arn| arn.split(":log-group:").nth(1))
                .map(|name| name.strip_suffix(":*").unwrap_or(name)),
            status: None,
            selectors: None,
            configuration: None,
        })
    }

    /// Returns the account whose trail it is.
    pub(crate) fn account_id(&self) -> Option<&'a str> {
        let account = self.arn.split(':').nth(4)?;
        let is_id = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then_some(account)
    }

    /// Returns the selectors, where they are known.
    pub(crate) fn known_selectors(&self) -> Option<Selectors> {
        let Some(Reply::Said(said)) = self.selectors else {
            return None;
        };
        let has = |name| !list(said, name).is_empty();
        // Nothing at all is said of a trail that nobody set any for.
        Some(
            match has("EventSelectors") || has("AdvancedEventSelectors") {
                true => Selectors::read(said),
                false => Selectors::of_a_new_trail(),
            },
        )
    }

    /// Tells whether it is on, where that is known.
    pub(crate) fn is_logging(&self) -> Option<bool> {
        flag(self.said_status()?, "IsLogging")
    }

    /// Returns a time of its status.
    pub(crate) fn time(&self, name: &str) -> Option<i64> {
        time(member(self.said_status()?, name)?)
    }

    /// Returns a text of its status.
    pub(crate) fn status_text(&self, name: &str) -> Option<&'a str> {
        text(self.said_status()?, name)
    }

    fn said_status(&self) -> Option<&'a Value> {
        match self.status? {
            Reply::Said(said) => Some(said),
            Reply::Refused(_) => None,
        }
    }

    /// Tells whether it sums data events up.
    pub(crate) fn aggregates(&self) -> bool {
        match self.configuration {
            Some(Reply::Said(said)) => !list(said, "AggregationConfigurations").is_empty(),
            _ => false,
        }
    }
}

/// Reads a time as aws-cli prints it, or as AWS sends it.
pub(crate) fn time(value: &Value) -> Option<i64> {
    let time: Time = serde::Deserialize::deserialize(value).ok()?;
    time.0.map(|Timestamp(time)| time)
}
