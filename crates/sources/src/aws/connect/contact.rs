//! Contacts that are asked for by their ids.
//!
//! Source: Amazon Connect API Reference, `DescribeContact`.

use aws_sdk_connect::types::{AgentHierarchyGroup, AgentInfo, Contact, RecordingInfo};
use serde_json::{Value, json};

use super::super::time::printed;
use super::{Came, Connect};
use crate::SourceError;

impl Connect<'_> {
    /// Reads contacts, one by one, as AWS has no other way.
    pub(super) async fn read_contacts(
        &self,
        contact_ids: &[String],
        came: &mut Came,
    ) -> Result<(), SourceError> {
        let call = self.call("contact", "connect:DescribeContact");
        for (done, contact_id) in contact_ids.iter().enumerate() {
            self.progress(&format!("contact {} of {}", done + 1, contact_ids.len()));
            self.pace.turn().await;
            let answer = self
                .client
                .describe_contact()
                .instance_id(&self.instance.id)
                .contact_id(contact_id)
                .send()
                .await;
            let name = format!("contacts/{contact_id}");
            match answer {
                Ok(answer) => {
                    let contact = answer.contact.map(contact_json);
                    let file = self.write(&name, &json!({ "Contact": contact }))?;
                    came.files.push(file);
                }
                Err(error) => {
                    let cause = call.cause(&error);
                    let ends_all = cause.ends_all();
                    self.lacking(came, &name, cause)?;
                    if ends_all {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }
}

/// Writes a contact as AWS prints it, without what tells who the customer was:
/// nobody who asks for recordings needs that.
fn contact_json(contact: Contact) -> Value {
    let recordings = contact.recordings.unwrap_or_default().into_iter();
    let recordings: Vec<Value> = recordings.map(recording_json).collect();
    let queue = contact.queue_info.map(|queue| json!({ "Id": queue.id }));
    json!({
        "Arn": contact.arn,
        "Id": contact.id,
        "InitialContactId": contact.initial_contact_id,
        "PreviousContactId": contact.previous_contact_id,
        "RelatedContactId": contact.related_contact_id,
        "ContactAssociationId": contact.contact_association_id,
        "InitiationMethod": contact.initiation_method.map(|method| method.as_str().to_owned()),
        "Channel": contact.channel.map(|channel| channel.as_str().to_owned()),
        "QueueInfo": queue,
        "AgentInfo": contact.agent_info.map(agent_json),
        "InitiationTimestamp": printed(contact.initiation_timestamp),
        "DisconnectTimestamp": printed(contact.disconnect_timestamp),
        "LastUpdateTimestamp": printed(contact.last_update_timestamp),
        "Recordings": recordings,
    })
}

fn agent_json(agent: AgentInfo) -> Value {
    let groups = agent.hierarchy_groups.map(|groups| {
        let group =
            |group: Option<AgentHierarchyGroup>| group.map(|group| json!({ "Arn": group.arn }));
        json!({
            "Level1": group(groups.level1),
            "Level2": group(groups.level2),
            "Level3": group(groups.level3),
            "Level4": group(groups.level4),
            "Level5": group(groups.level5),
        })
    });
    let states = agent
        .state_transitions
        .unwrap_or_default()
        .into_iter()
        .map(|state| {
            json!({
                "State": state.state.map(|state| state.as_str().to_owned()),
                "StateStartTimestamp": printed(state.state_start_timestamp),
                "StateEndTimestamp": printed(state.state_end_timestamp),
            })
        });
    let states: Vec<Value> = states.collect();
    json!({
        "Id": agent.id,
        "ConnectedToAgentTimestamp": printed(agent.connected_to_agent_timestamp),
        "HierarchyGroups": groups,
        "StateTransitions": states,
    })
}

fn recording_json(recording: RecordingInfo) -> Value {
    json!({
        "StorageType": recording.storage_type.map(|kind| kind.as_str().to_owned()),
        "Location": recording.location,
        "MediaStreamType": recording.media_stream_type.map(|kind| kind.as_str().to_owned()),
        "ParticipantType": recording.participant_type.map(|kind| kind.as_str().to_owned()),
        "Status": recording.status.map(|status| status.as_str().to_owned()),
        "DeletionReason": recording.deletion_reason,
        "StartTimestamp": printed(recording.start_timestamp),
        "StopTimestamp": printed(recording.stop_timestamp),
    })
}
