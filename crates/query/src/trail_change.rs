//! Events that can blind the trail, or the answer.
//!
//! Source: AWS CloudTrail, Amazon S3, CloudWatch Logs and AWS KMS API
//! References; S3's CloudTrail names differ from its API names.

use earwitness_parser::{ContentHash, Event, Raw, Timestamp};

use crate::names::{Names, Renaming};
use crate::principal::Principal;
use crate::symbols::Symbol;

const BLINDING: &[(&str, &[&str])] = &[
    (
        "cloudtrail.amazonaws.com",
        &[
            "CreateTrail",
            "DeleteTrail",
            "PutEventConfiguration",
            "PutEventSelectors",
            "StartLogging",
            "StopLogging",
            "UpdateTrail",
        ],
    ),
    (
        "s3.amazonaws.com",
        &[
            "DeleteBucket",
            "DeleteBucketLifecycle",
            "PutBucketLifecycle",
            "PutBucketLogging",
            "PutBucketVersioning",
        ],
    ),
    (
        "logs.amazonaws.com",
        &[
            "DeleteLogGroup",
            "DeleteLogStream",
            "DeleteSubscriptionFilter",
            "PutRetentionPolicy",
        ],
    ),
    ("kms.amazonaws.com", &["DisableKey", "ScheduleKeyDeletion"]),
];

/// A management event that can blind the trail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrailChange {
    pub(crate) time: i64,
    pub(crate) content: ContentHash,
    pub(crate) principal: u32,
    pub(crate) event_id: Symbol,
    pub(crate) event_source: Symbol,
    pub(crate) event_name: Symbol,
    pub(crate) bucket: Symbol,
    pub(crate) region: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) source_ip: Symbol,
    pub(crate) error_code: Symbol,
    pub(crate) input: u32,
}

impl TrailChange {
    pub(crate) fn of(
        event: &Event<'_>,
        time: Timestamp,
        raw: Raw<'_>,
        names: &mut Names,
    ) -> Option<TrailChange> {
        let (source, name) = (event.event_source.get()?, event.event_name.get()?);
        let blinding = BLINDING
            .iter()
            .any(|(service, names)| *service == source && names.contains(&name));
        let symbols = &mut names.symbols;
        blinding.then(|| TrailChange {
            time: time.0,
            content: raw.content(),
            principal: names.principals.place(Principal::of(event, symbols)),
            event_id: symbols.intern_opt(event.event_id.get()),
            event_source: symbols.intern(source),
            event_name: symbols.intern(name),
            bucket: symbols.intern_opt(event.bucket()),
            region: symbols.intern_opt(event.aws_region.get()),
            account_id: symbols.intern_opt(event.account_id()),
            source_ip: symbols.intern_opt(event.source_ip_address.get()),
            error_code: symbols.intern_opt(event.error_code.get()),
            input: 0,
        })
    }

    pub(crate) fn rename(&mut self, to: &Renaming, input: u32) {
        for symbol in [
            &mut self.event_id,
            &mut self.event_source,
            &mut self.event_name,
            &mut self.bucket,
            &mut self.region,
            &mut self.account_id,
            &mut self.source_ip,
            &mut self.error_code,
        ] {
            *symbol = to.symbol(*symbol);
        }
        self.principal = to.principal(self.principal);
        self.input = input;
    }
}
