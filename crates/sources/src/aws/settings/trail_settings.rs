//! What is set of trails, and what was changed of them lately.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::operation::get_trail_status::GetTrailStatusOutput;
use aws_sdk_cloudtrail::types::{
    AdvancedEventSelector, AdvancedFieldSelector, EventSelector, Trail,
};
use serde_json::{Value, json};

use super::super::cloudtrail::{by_name, event_json};
use super::super::pace::Pace;
use super::super::time::printed;
use super::{Asking, refused, said};
use crate::{Setting, SourceError, Told};

/// Requests for events that AWS answers, in a second, an account and a region.
const LOOKUPS_A_SECOND: u32 = 2;

/// A trail as far as it tells what else to ask.
struct Asked {
    arn: String,
    region: String,
    bucket: String,
    log_group: Option<String>,
}

impl Asking<'_> {
    /// Asks for the trails that regions see, what they record, where it goes, and
    /// who changed that.
    pub(super) fn trails(
        &mut self,
        regions: &BTreeSet<String>,
        changes: &[&str],
    ) -> Result<(), SourceError> {
        let mut trails = BTreeMap::new();
        for region in regions {
            let client = self.cloudtrail(region);
            let request = client.describe_trails().send();
            let mut seen = Vec::new();
            self.ask("describe-trails", region, request, |answer| {
                let list = answer.trail_list.unwrap_or_default();
                seen.extend(list.iter().filter_map(|trail| Asked::of(trail, region)));
                let list: Vec<Value> = list.into_iter().map(trail_json).collect();
                said(json!({ "trailList": list }))
            })?;
            trails.extend(seen.into_iter().map(|trail| (trail.arn.clone(), trail)));
        }
        let mut buckets = BTreeSet::new();
        let mut lookups = regions.clone();
        for trail in trails.values() {
            self.trail(trail)?;
            if buckets.insert(&trail.bucket) {
                self.log_bucket(&trail.bucket)?;
            }
            if let Some(group) = &trail.log_group {
                self.log_group(group, &trail.region)?;
            }
            lookups.insert(trail.region.clone());
        }
        for region in &lookups {
            self.changes(region, changes)?;
        }
        Ok(())
    }

    fn cloudtrail(&self, region: &str) -> Client {
        Client::new(&self.aws.config_in(region))
    }

    fn trail(&mut self, trail: &Asked) -> Result<(), SourceError> {
        let client = self.cloudtrail(&trail.region);
        let arn = trail.arn.as_str();
        let request = client.get_trail_status().name(arn).send();
        self.ask("get-trail-status", arn, request, |answer| {
            said(status_json(answer))
        })?;
        let request = client.get_event_selectors().trail_name(arn).send();
        self.ask("get-event-selectors", arn, request, |answer| {
            let basic = answer
                .event_selectors
                .map(|all| all.into_iter().map(basic_json).collect::<Vec<_>>());
            let advanced = answer
                .advanced_event_selectors
                .map(|all| all.into_iter().map(advanced_json).collect::<Vec<_>>());
            said(json!({
                "TrailARN": answer.trail_arn,
                "EventSelectors": basic,
                "AdvancedEventSelectors": advanced,
            }))
        })?;
        let request = client.get_event_configuration().trail_name(arn).send();
        self.ask("get-event-configuration", arn, request, |answer| {
            let all = answer
                .aggregation_configurations
                .unwrap_or_default()
                .into_iter();
            let aggregations = all.map(|one| {
                let templates = one.templates.into_iter();
                let templates: Vec<String> =
                    templates.map(|name| name.as_str().to_owned()).collect();
                json!({ "Templates": templates, "EventCategory": one.event_category.as_str() })
            });
            said(json!({
                "TrailARN": answer.trail_arn,
                "AggregationConfigurations": aggregations.collect::<Vec<_>>(),
            }))
        })?;
        Ok(())
    }

    fn log_group(&mut self, group: &str, region: &str) -> Result<(), SourceError> {
        let client = aws_sdk_cloudwatchlogs::Client::new(&self.aws.config_in(region));
        let request = client
            .describe_log_groups()
            .log_group_name_prefix(group)
            .send();
        self.ask("describe-log-groups", group, request, |answer| {
            let groups = answer.log_groups.unwrap_or_default().into_iter();
            let groups = groups.map(|group| {
                json!({
                    "logGroupName": group.log_group_name,
                    "creationTime": group.creation_time,
                    "retentionInDays": group.retention_in_days,
                })
            });
            said(json!({ "logGroups": groups.collect::<Vec<_>>() }))
        })?;
        Ok(())
    }

    /// Looks up who changed a trail of a region.
    fn changes(&mut self, region: &str, names: &[&str]) -> Result<(), SourceError> {
        let client = self.cloudtrail(region);
        let pace = Pace::per_second(LOOKUPS_A_SECOND);
        for name in names {
            let subject = format!("{region}.{name}");
            (self.tell)(Told::Progress(&format!(
                "asking who called {name} in {region}"
            )));
            let (mut events, mut token) = (Vec::new(), None);
            let answer = loop {
                let looking = async {
                    pace.turn().await;
                    let lookup = client.lookup_events().set_next_token(token.take());
                    let of_name = by_name(name).ok().map(|one| vec![one]);
                    lookup.set_lookup_attributes(of_name).send().await
                };
                match self.aws.wait(looking)? {
                    Ok(page) => {
                        events.extend(page.events.unwrap_or_default().into_iter().map(event_json));
                        token = page.next_token;
                        if token.is_none() {
                            break Ok(said(json!({ "Events": events })));
                        }
                    }
                    Err(error) => break Err(refused("lookup-events", &subject, &error)?),
                }
            };
            // Whoever refuses one name refuses the others.
            let is_refused = answer.is_err();
            self.settings.push(Setting {
                command: "lookup-events",
                subject,
                answer,
            });
            if is_refused {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Asked {
    fn of(trail: &Trail, region: &str) -> Option<Asked> {
        let arn = trail.trail_arn.clone()?;
        let home = trail
            .home_region
            .clone()
            .or_else(|| arn.split(':').nth(3).map(str::to_owned));
        let group = trail.cloud_watch_logs_log_group_arn.as_deref();
        let group = group.and_then(|arn| arn.split(":log-group:").nth(1));
        Some(Asked {
            region: home.unwrap_or_else(|| region.to_owned()),
            bucket: trail.s3_bucket_name.clone().unwrap_or_default(),
            log_group: group.map(|name| name.strip_suffix(":*").unwrap_or(name).to_owned()),
            arn,
        })
    }
}

fn trail_json(trail: Trail) -> Value {
    json!({
        "Name": trail.name,
        "S3BucketName": trail.s3_bucket_name,
        "S3KeyPrefix": trail.s3_key_prefix,
        "IncludeGlobalServiceEvents": trail.include_global_service_events,
        "IsMultiRegionTrail": trail.is_multi_region_trail,
        "HomeRegion": trail.home_region,
        "TrailARN": trail.trail_arn,
        "LogFileValidationEnabled": trail.log_file_validation_enabled,
        "CloudWatchLogsLogGroupArn": trail.cloud_watch_logs_log_group_arn,
        "HasCustomEventSelectors": trail.has_custom_event_selectors,
        "IsOrganizationTrail": trail.is_organization_trail,
    })
}

fn status_json(status: GetTrailStatusOutput) -> Value {
    json!({
        "IsLogging": status.is_logging,
        "LatestDeliveryError": status.latest_delivery_error,
        "LatestDeliveryTime": printed(status.latest_delivery_time),
        "StartLoggingTime": printed(status.start_logging_time),
        "StopLoggingTime": printed(status.stop_logging_time),
        "LatestCloudWatchLogsDeliveryError": status.latest_cloud_watch_logs_delivery_error,
        "LatestCloudWatchLogsDeliveryTime": printed(status.latest_cloud_watch_logs_delivery_time),
        "LatestDigestDeliveryError": status.latest_digest_delivery_error,
        "LatestDigestDeliveryTime": printed(status.latest_digest_delivery_time),
    })
}

fn basic_json(selector: EventSelector) -> Value {
    let resources = selector.data_resources.unwrap_or_default().into_iter();
    let resources = resources.map(|one| json!({ "Type": one.r#type, "Values": one.values }));
    json!({
        "ReadWriteType": selector.read_write_type.map(|kind| kind.as_str().to_owned()),
        "IncludeManagementEvents": selector.include_management_events,
        "DataResources": resources.collect::<Vec<_>>(),
        "ExcludeManagementEventSources": selector.exclude_management_event_sources,
    })
}

fn advanced_json(selector: AdvancedEventSelector) -> Value {
    let fields = selector.field_selectors.into_iter().map(field_json);
    json!({ "Name": selector.name, "FieldSelectors": fields.collect::<Vec<_>>() })
}

fn field_json(field: AdvancedFieldSelector) -> Value {
    json!({
        "Field": field.field,
        "Equals": field.equals,
        "StartsWith": field.starts_with,
        "EndsWith": field.ends_with,
        "NotEquals": field.not_equals,
        "NotStartsWith": field.not_starts_with,
        "NotEndsWith": field.not_ends_with,
    })
}
