//! Reads what `aws connect describe-contact` prints as the contact record that it
//! is, though its keys are others than those of the stream.

use earwitness_parser::{Interest, Item, Reader};

const INSTANCE: &str =
    "arn:aws:connect:us-west-2:111122223333:instance/11111111-2222-3333-4444-555555555555";

#[test]
fn a_described_contact_says_what_a_streamed_one_does() {
    let streamed = format!(
        r#"{{"AWSContactTraceRecordFormatVersion":"2017-03-10","ContactId":"c-1","InitialContactId":"c-0",
            "InstanceARN":"{INSTANCE}","Channel":"VOICE","InitiationMethod":"INBOUND",
            "InitiationTimestamp":"2026-03-01T10:00:00Z","LastUpdateTimestamp":"2026-03-01T11:00:00Z",
            "Agent":{{"ARN":"{INSTANCE}/agent/u-1","HierarchyGroups":{{"Level1":{{"ARN":"{INSTANCE}/agent-group/g-1"}}}}}},
            "Recordings":[{{"Location":"b/k_20260301T10:00_UTC.wav","Status":"AVAILABLE","StorageType":"S3","MediaStreamType":"AUDIO"}}]}}"#
    );
    let described = format!(
        r#"{{"Contact":{{"Arn":"{INSTANCE}/contact/c-1","Id":"c-1","InitialContactId":"c-0",
            "Channel":"VOICE","InitiationMethod":"INBOUND",
            "InitiationTimestamp":"2026-03-01T12:00:00+02:00","LastUpdateTimestamp":1772362800,
            "AgentInfo":{{"Id":"u-1","HierarchyGroups":{{"Level1":{{"Arn":"{INSTANCE}/agent-group/g-1"}}}}}},
            "Recordings":[{{"StorageType":"S3","Location":"b/k_20260301T10:00_UTC.wav","MediaStreamType":"AUDIO","Status":"AVAILABLE"}}]}}}}"#
    );
    let (streamed, described) = (said(&streamed), said(&described));
    assert_eq!(described, streamed);
    assert_eq!(
        described,
        [format!(
            "c-1 of c-0 in {INSTANCE}: VOICE INBOUND, 1772359200000000 to 1772362800000000, \
             u-1 of g-1, b k_20260301T10:00_UTC.wav AVAILABLE"
        )]
    );
}

#[test]
fn a_contact_that_is_no_contact_is_named() {
    for json in [r#"{"Contact":{"Name":"x"}}"#, r#"{"Contact":{}}"#] {
        let lines = said(json);
        assert!(
            matches!(lines.as_slice(), [line] if line.starts_with("reject")),
            "{lines:?}"
        );
    }
}

fn said(json: &str) -> Vec<String> {
    let mut lines = Vec::new();
    Reader::new(Interest::everything(), 1 << 20).read(json.as_bytes(), &mut |item| {
        lines.push(match item {
            Item::Contact { record, .. } => {
                let micros = |time: earwitness_parser::Time| time.0.map_or(0, |time| time.0);
                let groups = record.agent.hierarchy_groups.groups();
                let groups: Vec<&str> = groups.filter_map(|group| group.id()).collect();
                let objects = record.objects().map(|(recording, bucket, key)| {
                    format!("{bucket} {key} {}", recording.status.as_str())
                });
                format!(
                    "{} of {} in {}: {} {}, {} to {}, {} of {}, {}",
                    record.contact_id.as_str(),
                    record.initial_contact_id.as_str(),
                    record.instance().unwrap_or_default(),
                    record.channel.as_str(),
                    record.initiation_method.as_str(),
                    micros(record.initiation_timestamp),
                    micros(record.last_update_timestamp),
                    record.agent.user_id().unwrap_or_default(),
                    groups.join("/"),
                    objects.collect::<Vec<_>>().join(", "),
                )
            }
            Item::Reject(reject) => format!("reject: {}", reject.reason),
            other => format!("{other:?}"),
        });
    });
    lines
}
