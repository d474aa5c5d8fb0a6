//! Contacts, and the contact records that Connect streams about them.

use crate::clock;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET};
use crate::people::Staff;
use crate::recording::{Object, ObjectId, RecordingKind};

pub(crate) const QUEUES: [&str; 5] = [
    "BasicQueue",
    "Billing",
    "Claims",
    "Retention",
    "Escalations",
];

/// A contact, as its latest record has it.
#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) channel: &'static str,
    /// The agent, by place among the users; none when only a machine answered.
    pub(crate) agent: Option<usize>,
    pub(crate) queue: Option<&'static str>,
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    /// Whether a contact record was ever delivered.
    pub(crate) recorded: bool,
    /// The recordings that the record names.
    pub(crate) recordings: Vec<ObjectId>,
    /// Why a person deleted the recording in Connect.
    pub(crate) deletion_reason: Option<&'static str>,
}

impl Contact {
    /// The contact record as of `updated_at`.
    pub(crate) fn record(&self, updated_at: i64, staff: &Staff, objects: &[Object]) -> Json {
        let recordings = self
            .recordings
            .iter()
            .map(|id| self.recording(&objects[id.0]))
            .collect::<Vec<_>>();
        let first = self
            .recordings
            .first()
            .map(|id| self.first_recording(&objects[id.0]));
        map! {
            "AWSAccountId" => ACCOUNT,
            "AWSContactTraceRecordFormatVersion" => "2017-03-10",
            "Agent" => self.agent.map(|agent| self.agent_part(agent, staff)),
            "AgentConnectionAttempts" => i64::from(self.agent.is_some()),
            "Attributes" => map! { "GreetingPlayed" => "true", "greetingPlayed" => "false" },
            "Channel" => self.channel,
            "ConnectedToSystemTimestamp" => clock::iso(self.started_at),
            "ContactId" => &self.id,
            "CustomerEndpoint" => Json::Null,
            "DisconnectReason" => "CUSTOMER_DISCONNECT",
            "DisconnectTimestamp" => clock::iso(self.ended_at),
            "InitialContactId" => Json::Null,
            "InitiationMethod" => if self.channel == "CHAT" { "API" } else { "INBOUND" },
            "InitiationTimestamp" => clock::iso(self.started_at),
            "InstanceARN" => staff.instance_arn(),
            "LastUpdateTimestamp" => clock::iso(updated_at),
            "MediaStreams" => vec![map! { "Type" => if self.channel == "CHAT" { "CHAT" } else { "AUDIO" } }],
            "NextContactId" => Json::Null,
            "PreviousContactId" => Json::Null,
            "Queue" => self.queue.map(|queue| self.queue_part(queue, staff)),
            "Recording" => first,
            "Recordings" => if recordings.is_empty() { Json::Null } else { Json::List(recordings) },
            "RelatedContactId" => Json::Null,
            "SystemEndpoint" => Json::Null,
            "TransferCompletedTimestamp" => Json::Null,
            "TransferredToEndpoint" => Json::Null,
        }
    }

    fn agent_part(&self, agent: usize, staff: &Staff) -> Json {
        let user = &staff.users[agent];
        map! {
            "ARN" => staff.user_arn(user),
            "AfterContactWorkDuration" => 30,
            "ConnectedToAgentTimestamp" => clock::iso(self.started_at + 40),
            "CustomerHoldDuration" => 0,
            "HierarchyGroups" => Json::Null,
            "RoutingProfile" => map! {
                "ARN" => format!("{}/routing-profile/00000000-0000-4000-8000-000000000001", staff.instance_arn()),
                "Name" => "Basic Routing Profile",
            },
            "Username" => &user.username,
        }
    }

    fn queue_part(&self, queue: &str, staff: &Staff) -> Json {
        let number = QUEUES.iter().position(|name| *name == queue);
        map! {
            "ARN" => format!("{}/queue/00000000-0000-4000-8000-{:012}", staff.instance_arn(), number.unwrap_or(0)),
            "DequeueTimestamp" => clock::iso(self.started_at + 40),
            "Duration" => 7,
            "EnqueueTimestamp" => clock::iso(self.started_at + 33),
            "Name" => queue,
        }
    }

    fn status(&self) -> &'static str {
        if self.deletion_reason.is_some() {
            "DELETED"
        } else {
            "AVAILABLE"
        }
    }

    fn first_recording(&self, object: &Object) -> Json {
        map! {
            "DeletionReason" => self.deletion_reason,
            "Location" => format!("{RECORDINGS_BUCKET}/{}", object.key),
            "Status" => self.status(),
            "Type" => if object.kind == RecordingKind::Screen { "VIDEO" } else { "AUDIO" },
        }
    }

    fn recording(&self, object: &Object) -> Json {
        let (media, participant) = match object.kind {
            RecordingKind::Screen => ("VIDEO", Some("Agent")),
            RecordingKind::Chat => ("CHAT", None),
            RecordingKind::IvrCall => ("AUDIO", Some("IVR")),
            _ => ("AUDIO", None),
        };
        map! {
            "DeletionReason" => self.deletion_reason,
            "FragmentStartNumber" => Json::Null,
            "FragmentStopNumber" => Json::Null,
            "Location" => format!("{RECORDINGS_BUCKET}/{}", object.key),
            "MediaStreamType" => media,
            "ParticipantType" => participant,
            "StartTimestamp" => Json::Null,
            "Status" => self.status(),
            "StopTimestamp" => Json::Null,
            "StorageType" => "S3",
        }
    }
}
