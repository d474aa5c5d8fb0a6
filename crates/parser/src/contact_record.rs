//! Amazon Connect contact records, as Kinesis and Firehose deliver them and as
//! `describe-contact` prints them.
//!
//! Source: Amazon Connect Administrator Guide, "Contact records data model"; API
//! Reference, `Contact`, `AgentInfo`, `RecordingInfo`.
//! Delivered at least once; a later `LastUpdateTimestamp` replaces an earlier.

use crate::timestamp::Time;
use crate::tolerant::{List, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A contact record. Absent values are explicit `null`s in the source.
    pub struct ContactRecord<'a> {
        /// The account of the instance.
        "AWSAccountId" => aws_account_id: Text<'a>,
        /// The contact.
        "ContactId" | "Id" => contact_id: Text<'a>,
        /// The first contact of a chain of transfers.
        "InitialContactId" => initial_contact_id: Text<'a>,
        /// The contact before this one in a chain.
        "PreviousContactId" => previous_contact_id: Text<'a>,
        /// A contact that this one has to do with.
        "RelatedContactId" => related_contact_id: Text<'a>,
        /// The first contact of the tree that this one belongs to.
        "ContactAssociationId" => contact_association_id: Text<'a>,
        /// `VOICE`, `CHAT`, `TASK`, `EMAIL`.
        "Channel" => channel: Text<'a>,
        /// `INBOUND`, `OUTBOUND`, `MONITOR`, …
        "InitiationMethod" => initiation_method: Text<'a>,
        /// When the contact began.
        "InitiationTimestamp" => initiation_timestamp: Time,
        /// When the contact ended.
        "DisconnectTimestamp" => disconnect_timestamp: Time,
        /// When this version of the record was written.
        "LastUpdateTimestamp" => last_update_timestamp: Time,
        /// The Connect instance.
        "InstanceARN" => instance_arn: Text<'a>,
        /// The contact's own ARN, which begins with that of the instance.
        "Arn" => arn: Text<'a>,
        /// The agent who took the contact, if any.
        "Agent" | "AgentInfo" => agent: Agent<'a>,
        /// The queue the contact waited in, if any.
        "Queue" | "QueueInfo" => queue: Queue<'a>,
        /// The first recording; it stands in `Recordings` too.
        "Recording" => recording: Recording<'a>,
        /// Every recording.
        "Recordings" => recordings: List<Recording<'a>>,
    }
}

tolerant_record! {
    /// The agent of a contact.
    pub struct Agent<'a> {
        /// `arn:aws:connect:…:instance/ID/agent/USER-ID`.
        "ARN" => arn: Text<'a>,
        /// The agent's Connect user id, where there is no ARN.
        "Id" => id: Text<'a>,
        /// The agent's login name.
        "Username" => username: Text<'a>,
        /// Where the agent stood in the hierarchy, from its top down.
        "HierarchyGroups" => hierarchy_groups: HierarchyGroups<'a>,
        /// Of a supervisor who monitored: when silently, when barging in.
        "StateTransitions" => state_transitions: List<StateTransition<'a>>,
    }
}

tolerant_record! {
    /// A stretch of time that a supervisor was in one state.
    pub struct StateTransition<'a> {
        /// `SILENT_MONITOR` or `BARGE`.
        "state" | "State" => state: Text<'a>,
        /// When it began.
        "stateStartTimestamp" | "StateStartTimestamp" => state_start_timestamp: Time,
        /// When it ended.
        "stateEndTimestamp" | "StateEndTimestamp" => state_end_timestamp: Time,
    }
}

tolerant_record! {
    /// The groups of the hierarchy that an agent was in.
    pub struct HierarchyGroups<'a> {
        /// The topmost.
        "Level1" => level1: AgentGroup<'a>,
        /// Below it.
        "Level2" => level2: AgentGroup<'a>,
        /// Below that.
        "Level3" => level3: AgentGroup<'a>,
        /// Below that.
        "Level4" => level4: AgentGroup<'a>,
        /// The lowest that there can be.
        "Level5" => level5: AgentGroup<'a>,
    }
}

tolerant_record! {
    /// A group of the hierarchy, as a contact record names it.
    pub struct AgentGroup<'a> {
        /// `arn:aws:connect:…:instance/ID/agent-group/GROUP-ID`.
        "ARN" | "Arn" => arn: Text<'a>,
        /// The name.
        "GroupName" => name: Text<'a>,
    }
}

tolerant_record! {
    /// The queue of a contact.
    pub struct Queue<'a> {
        /// The ARN of the queue.
        "ARN" => arn: Text<'a>,
        /// The name of the queue.
        "Name" => name: Text<'a>,
    }
}

tolerant_record! {
    /// One recording of a contact.
    pub struct Recording<'a> {
        /// `bucket/key`, without `s3://`.
        "Location" => location: Text<'a>,
        /// `AVAILABLE` or `DELETED`.
        "Status" => status: Text<'a>,
        /// `S3`, or `KINESIS_VIDEO_STREAM`, which is no object.
        "StorageType" => storage_type: Text<'a>,
        /// `AUDIO`, `VIDEO`, `CHAT`.
        "MediaStreamType" | "Type" => media_stream_type: Text<'a>,
        /// `All`, `Agent`, `Customer`, `IVR`, …
        "ParticipantType" => participant_type: Text<'a>,
        /// What the person who deleted it typed.
        "DeletionReason" => deletion_reason: Text<'a>,
    }
}

impl<'a> ContactRecord<'a> {
    /// Returns the ARN of the Connect instance.
    pub fn instance(&self) -> Option<&str> {
        let of_contact = || Some(self.arn.get()?.split_once("/contact/")?.0);
        self.instance_arn.get().or_else(of_contact)
    }

    /// Returns each recording that is an S3 object.
    pub fn objects(&self) -> impl Iterator<Item = (&Recording<'a>, &str, &str)> {
        self.recordings
            .0
            .iter()
            .chain(std::iter::once(&self.recording))
            .filter_map(|recording| {
                let (bucket, key) = recording.object()?;
                Some((recording, bucket, key))
            })
    }
}

impl Recording<'_> {
    /// Returns bucket and key of `Location`; `None` where it is no S3 object.
    pub fn object(&self) -> Option<(&str, &str)> {
        if self.storage_type.get().is_some_and(|kind| kind != "S3") {
            return None;
        }
        let location = self.location.get()?;
        let location = location.strip_prefix("s3://").unwrap_or(location);
        let (bucket, key) = location.split_once('/')?;
        (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
    }
}

impl Agent<'_> {
    /// Returns the Connect user id, which is the last segment of the agent's ARN
    /// where there is one.
    pub fn user_id(&self) -> Option<&str> {
        let id = match self.arn.get() {
            Some(arn) => arn.rsplit_once("/agent/")?.1,
            None => self.id.get()?,
        };
        (!id.is_empty()).then_some(id)
    }
}

impl<'a> HierarchyGroups<'a> {
    /// Returns the groups that there are, from the topmost down.
    pub fn groups(&self) -> impl Iterator<Item = &AgentGroup<'a>> {
        let levels = [
            &self.level1,
            &self.level2,
            &self.level3,
            &self.level4,
            &self.level5,
        ];
        levels.into_iter().filter(|group| group.id().is_some())
    }
}

impl AgentGroup<'_> {
    /// Returns the group's id, the last segment of its ARN.
    pub fn id(&self) -> Option<&str> {
        let (_, id) = self.arn.get()?.rsplit_once("/agent-group/")?;
        (!id.is_empty()).then_some(id)
    }
}
