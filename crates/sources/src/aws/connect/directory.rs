//! Users, security profiles, permissions, hierarchy groups and storage.
//!
//! Source: Amazon Connect API Reference, `SearchUsers`, `ListSecurityProfiles`,
//! `ListSecurityProfilePermissions`, `SearchUserHierarchyGroups`,
//! `ListInstanceStorageConfigs`.

use aws_sdk_connect::types::{
    HierarchyGroup, HierarchyGroupSummary, InstanceStorageConfig, InstanceStorageResourceType,
    SecurityProfileSummary, UserSearchSummary,
};
use serde_json::{Value, json};

use super::super::time::printed;
use super::{Came, Connect, Listed};
use crate::SourceError;

/// What an instance stores and where, as far as recordings go.
pub(crate) const STORED: [InstanceStorageResourceType; 7] = [
    InstanceStorageResourceType::CallRecordings,
    InstanceStorageResourceType::ChatTranscripts,
    InstanceStorageResourceType::ScreenRecordings,
    InstanceStorageResourceType::Attachments,
    InstanceStorageResourceType::EmailMessages,
    InstanceStorageResourceType::ContactEvaluations,
    InstanceStorageResourceType::ContactTraceRecords,
];

/// Asks for page after page of one operation, and gathers the entries.
macro_rules! listed {
    ($connect:expr, $call:expr, $request:expr, $entries:ident, $entry:expr) => {{
        let (mut entries, mut token): (Vec<Value>, Option<String>) = (Vec::new(), None);
        let refused = loop {
            $connect.pace.turn().await;
            match $request.set_next_token(token.take()).send().await {
                Ok(page) => {
                    entries.extend(page.$entries.unwrap_or_default().into_iter().map($entry));
                    token = page.next_token;
                    if token.is_none() {
                        break None;
                    }
                }
                Err(error) => break Some($call.cause(&error)),
            }
        };
        Listed { entries, refused }
    }};
}

impl Connect<'_> {
    /// Reads who the users are and what they may do.
    pub(super) async fn read_directory(&self, came: &mut Came) -> Result<(), SourceError> {
        let (client, id) = (&self.client, &self.instance.id);
        self.progress("users");
        let call = self.call("users", "connect:SearchUsers");
        let request = || client.search_users().instance_id(id).max_results(100);
        let mut users = listed!(self, call, request(), users, user_json);
        let entries = std::mem::take(&mut users.entries);
        self.keep(came, "users", json!({ "Users": entries }), users)?;

        self.progress("hierarchy groups");
        let call = self.call("hierarchy groups", "connect:SearchUserHierarchyGroups");
        let request = || {
            client
                .search_user_hierarchy_groups()
                .instance_id(id)
                .max_results(100)
        };
        let mut groups = listed!(self, call, request(), user_hierarchy_groups, group_json);
        let entries = std::mem::take(&mut groups.entries);
        let document = json!({ "UserHierarchyGroups": entries });
        self.keep(came, "hierarchy-groups", document, groups)?;

        self.progress("security profiles");
        let call = self.call("security profiles", "connect:ListSecurityProfiles");
        let request = || {
            client
                .list_security_profiles()
                .instance_id(id)
                .max_results(1000)
        };
        let mut profiles = listed!(
            self,
            call,
            request(),
            security_profile_summary_list,
            profile_json
        );
        let entries = std::mem::take(&mut profiles.entries);
        let ids: Vec<String> = entries
            .iter()
            .filter_map(|profile| profile["Id"].as_str().map(str::to_owned))
            .collect();
        let document = json!({ "SecurityProfileSummaryList": entries });
        self.keep(came, "security-profiles", document, profiles)?;
        for profile in &ids {
            self.read_permissions(profile, came).await?;
        }
        Ok(())
    }

    /// Reads what a profile grants. AWS leaves out whose permissions these are, so
    /// it is put beside them.
    async fn read_permissions(&self, profile: &str, came: &mut Came) -> Result<(), SourceError> {
        let (client, id) = (&self.client, &self.instance.id);
        let call = self.call("permissions", "connect:ListSecurityProfilePermissions");
        let request = || {
            let request = client.list_security_profile_permissions().instance_id(id);
            request.security_profile_id(profile).max_results(1000)
        };
        let mut listed = listed!(self, call, request(), permissions, Value::from);
        let entries = std::mem::take(&mut listed.entries);
        let document = json!({ "SecurityProfileId": profile, "Permissions": entries });
        self.keep(came, &format!("permissions/{profile}"), document, listed)
    }

    /// Reads where recordings go.
    pub(super) async fn read_storage(&self, came: &mut Came) -> Result<(), SourceError> {
        self.progress("storage");
        let (client, id) = (&self.client, &self.instance.id);
        for kind in STORED {
            let call = self.call(
                "storage configurations",
                "connect:ListInstanceStorageConfigs",
            );
            let request = || {
                let request = client.list_instance_storage_configs().instance_id(id);
                request.resource_type(kind.clone())
            };
            let mut listed = listed!(self, call, request(), storage_configs, storage_json);
            let entries = std::mem::take(&mut listed.entries);
            let document = json!({ "StorageConfigs": entries, "ResourceType": kind.as_str() });
            let name = format!("storage/{}", kind.as_str().to_lowercase());
            self.keep(came, &name, document, listed)?;
        }
        Ok(())
    }
}

fn user_json(user: UserSearchSummary) -> Value {
    let info = user
        .identity_info
        .map(|info| json!({ "FirstName": info.first_name, "LastName": info.last_name }));
    json!({
        "Id": user.id,
        "Arn": user.arn,
        "Username": user.username,
        "IdentityInfo": info,
        "SecurityProfileIds": user.security_profile_ids,
        "HierarchyGroupId": user.hierarchy_group_id,
        "RoutingProfileId": user.routing_profile_id,
        "DirectoryUserId": user.directory_user_id,
    })
}

fn profile_json(profile: SecurityProfileSummary) -> Value {
    json!({
        "Id": profile.id,
        "Arn": profile.arn,
        "Name": profile.name,
        "LastModifiedTime": printed(profile.last_modified_time),
    })
}

fn group_json(group: HierarchyGroup) -> Value {
    let path = group.hierarchy_path.map(|path| {
        json!({
            "LevelOne": path.level_one.map(level_json),
            "LevelTwo": path.level_two.map(level_json),
            "LevelThree": path.level_three.map(level_json),
            "LevelFour": path.level_four.map(level_json),
            "LevelFive": path.level_five.map(level_json),
        })
    });
    json!({
        "Id": group.id,
        "Arn": group.arn,
        "Name": group.name,
        "LevelId": group.level_id,
        "HierarchyPath": path,
    })
}

fn level_json(level: HierarchyGroupSummary) -> Value {
    json!({ "Id": level.id, "Arn": level.arn, "Name": level.name })
}

pub(crate) fn storage_json(config: InstanceStorageConfig) -> Value {
    let s3 = config
        .s3_config
        .map(|s3| json!({ "BucketName": s3.bucket_name, "BucketPrefix": s3.bucket_prefix }));
    let stream = config
        .kinesis_stream_config
        .map(|stream| json!({ "StreamArn": stream.stream_arn }));
    let firehose = config
        .kinesis_firehose_config
        .map(|firehose| json!({ "FirehoseArn": firehose.firehose_arn }));
    json!({
        "AssociationId": config.association_id,
        "StorageType": config.storage_type.as_str(),
        "S3Config": s3,
        "KinesisStreamConfig": stream,
        "KinesisFirehoseConfig": firehose,
    })
}
