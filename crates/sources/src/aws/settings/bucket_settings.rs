//! What is set of buckets.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{LifecycleRule, LifecycleRuleAndOperator, LifecycleRuleFilter, Tag};
use serde_json::{Value, json};

use super::super::time::printed;
use super::{ANY_REGION, Asking, said};
use crate::SourceError;
use crate::aws::bucket::client_in;

impl Asking<'_> {
    /// Asks for what matters of a bucket of recordings, and returns its region.
    pub(super) fn recordings_bucket(&mut self, bucket: &str) -> Result<String, SourceError> {
        let region = self.bucket_region(bucket)?;
        let client = client_in(self.aws, &region);
        let request = client.get_bucket_versioning().bucket(bucket).send();
        self.ask("get-bucket-versioning", bucket, request, |answer| {
            said(json!({
                "Status": answer.status.map(|status| status.as_str().to_owned()),
                "MFADelete": answer.mfa_delete.map(|status| status.as_str().to_owned()),
            }))
        })?;
        self.lifecycle(&client, bucket)?;
        let request = client.get_bucket_logging().bucket(bucket).send();
        self.ask("get-bucket-logging", bucket, request, |answer| {
            said(
                json!({ "LoggingEnabled": answer.logging_enabled.map(|target| json!({
                "TargetBucket": target.target_bucket,
                "TargetPrefix": target.target_prefix,
            })) }),
            )
        })?;
        let request = client
            .get_bucket_notification_configuration()
            .bucket(bucket)
            .send();
        self.ask("get-bucket-notification-configuration", bucket, request, |answer| {
            said(json!({
                "EventBridgeConfiguration": answer.event_bridge_configuration.map(|_| json!({})),
            }))
        })?;
        Ok(region)
    }

    /// Asks how long a trail's bucket keeps log files.
    pub(super) fn log_bucket(&mut self, bucket: &str) -> Result<(), SourceError> {
        let client = client_in(self.aws, &self.region_of(bucket)?);
        self.lifecycle(&client, bucket)
    }

    fn lifecycle(&mut self, client: &Client, bucket: &str) -> Result<(), SourceError> {
        let request = client
            .get_bucket_lifecycle_configuration()
            .bucket(bucket)
            .send();
        self.ask(
            "get-bucket-lifecycle-configuration",
            bucket,
            request,
            |answer| {
                let smallest = answer.transition_default_minimum_object_size;
                let rules = answer.rules.unwrap_or_default().into_iter().map(rule_json);
                said(json!({
                    "TransitionDefaultMinimumObjectSize":
                        smallest.map(|size| size.as_str().to_owned()),
                    "Rules": rules.collect::<Vec<_>>(),
                }))
            },
        )?;
        Ok(())
    }

    fn bucket_region(&mut self, bucket: &str) -> Result<String, SourceError> {
        let own = self.own_region();
        let client = client_in(self.aws, &own);
        let request = client.get_bucket_location().bucket(bucket).send();
        let answer = self.ask("get-bucket-location", bucket, request, |answer| {
            // The first region of all has no name there.
            let location = answer
                .location_constraint
                .map(|region| region.as_str().to_owned());
            json!({ "LocationConstraint": location.filter(|region| !region.is_empty()) })
        })?;
        Ok(answer.map_or(own, region_in))
    }

    /// Finds the region of a bucket that is asked for one thing only.
    fn region_of(&self, bucket: &str) -> Result<String, SourceError> {
        let own = self.own_region();
        let client = client_in(self.aws, &own);
        let head = self.aws.wait(client.head_bucket().bucket(bucket).send())?;
        let region = match &head {
            Ok(head) => head.bucket_region(),
            Err(error) => error
                .raw_response()
                .and_then(|raw| raw.headers().get("x-amz-bucket-region")),
        };
        Ok(region.map_or(own, str::to_owned))
    }

    fn own_region(&self) -> String {
        let region = self.aws.config().region();
        region.map_or(ANY_REGION, AsRef::as_ref).to_owned()
    }
}

/// Reads the region that a location names.
///
/// Source: Amazon S3 API Reference, `GetBucketLocation`.
fn region_in(said: &Value) -> String {
    match said["LocationConstraint"].as_str() {
        None => ANY_REGION.to_owned(),
        Some("EU") => "eu-west-1".to_owned(),
        Some(region) => region.to_owned(),
    }
}

/// Writes a rule with all that is in it: whoever changes one has to name it whole.
fn rule_json(rule: LifecycleRule) -> Value {
    let prefix = deprecated_prefix(&rule);
    let transitions = rule.transitions.map(|transitions| {
        let transition = |one: aws_sdk_s3::types::Transition| {
            json!({
                "Date": printed(one.date),
                "Days": one.days,
                "StorageClass": one.storage_class.map(|class| class.as_str().to_owned()),
            })
        };
        transitions.into_iter().map(transition).collect::<Vec<_>>()
    });
    let of_versions = rule.noncurrent_version_transitions.map(|transitions| {
        let transition = |one: aws_sdk_s3::types::NoncurrentVersionTransition| {
            json!({
                "NoncurrentDays": one.noncurrent_days,
                "NewerNoncurrentVersions": one.newer_noncurrent_versions,
                "StorageClass": one.storage_class.map(|class| class.as_str().to_owned()),
            })
        };
        transitions.into_iter().map(transition).collect::<Vec<_>>()
    });
    json!({
        "ID": rule.id,
        "Prefix": prefix,
        "Filter": rule.filter.map(filter_json),
        "Status": rule.status.as_str(),
        "Expiration": rule.expiration.map(|expiration| json!({
            "Date": printed(expiration.date),
            "Days": expiration.days,
            "ExpiredObjectDeleteMarker": expiration.expired_object_delete_marker,
        })),
        "Transitions": transitions,
        "NoncurrentVersionTransitions": of_versions,
        "NoncurrentVersionExpiration": rule.noncurrent_version_expiration.map(|one| json!({
            "NoncurrentDays": one.noncurrent_days,
            "NewerNoncurrentVersions": one.newer_noncurrent_versions,
        })),
        "AbortIncompleteMultipartUpload": rule.abort_incomplete_multipart_upload.map(|one| {
            json!({ "DaysAfterInitiation": one.days_after_initiation })
        }),
    })
}

/// Old rules have a prefix in the place of a filter.
#[expect(deprecated, reason = "rules that were made so are still there")]
fn deprecated_prefix(rule: &LifecycleRule) -> Option<String> {
    rule.prefix.clone().filter(|_| rule.filter.is_none())
}

fn filter_json(filter: LifecycleRuleFilter) -> Value {
    json!({
        "Prefix": filter.prefix,
        "Tag": filter.tag.map(tag_json),
        "ObjectSizeGreaterThan": filter.object_size_greater_than,
        "ObjectSizeLessThan": filter.object_size_less_than,
        "And": filter.and.map(and_json),
    })
}

fn and_json(and: LifecycleRuleAndOperator) -> Value {
    let tags = and
        .tags
        .map(|tags| tags.into_iter().map(tag_json).collect::<Vec<_>>());
    json!({
        "Prefix": and.prefix,
        "Tags": tags,
        "ObjectSizeGreaterThan": and.object_size_greater_than,
        "ObjectSizeLessThan": and.object_size_less_than,
    })
}

fn tag_json(tag: Tag) -> Value {
    json!({ "Key": tag.key, "Value": tag.value })
}
