//! What else is in a trail: other services, other buckets.

use crate::actor::ActorId;
use crate::clock;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, OTHER_BUCKETS, RECORDINGS_BUCKET, REGION};
use crate::record::S3Call;
use crate::world::World;

impl World {
    /// One event that no answer shows.
    pub(crate) fn noise(&mut self, at: i64, may_double: bool) {
        let bystanders = self.cast.bystanders;
        let who = self.rng.pick(&bystanders[..3]);
        match self.rng.below(100) {
            0..12 => self.other_bucket(at, may_double, "GetObject"),
            12..20 => self.other_bucket(at, may_double, "PutObject"),
            20..24 => self.other_bucket(at, may_double, "ListObjects"),
            24..27 => self.other_bucket(at, may_double, "HeadObject"),
            27..43 => {
                let name = self.rng.pick(&["Decrypt", "GenerateDataKey"]);
                let request = map! {
                    "encryptionContext" => map! { "aws:s3:arn" => format!("arn:aws:s3:::{}", OTHER_BUCKETS[1]) },
                    "encryptionAlgorithm" => "SYMMETRIC_DEFAULT",
                };
                self.api(
                    at,
                    may_double,
                    ("kms.amazonaws.com", name),
                    who,
                    request,
                    Json::Null,
                );
            }
            43..63 => {
                let name = self.rng.pick(&[
                    "DescribeInstances",
                    "DescribeVolumes",
                    "DescribeSecurityGroups",
                    "DescribeNetworkInterfaces",
                ]);
                let request = map! {
                    "maxResults" => 1_000,
                    "filterSet" => map! { "items" => vec![map! {
                        "name" => "tag:environment",
                        "valueSet" => map! { "items" => vec![map! { "value" => "production" }] },
                    }] },
                };
                self.api(
                    at,
                    may_double,
                    ("ec2.amazonaws.com", name),
                    who,
                    request,
                    Json::Null,
                );
            }
            63..75 => self.assume_role(at, may_double),
            75..83 => {
                let stream = format!("app/{}", self.rng.hex(32));
                let request = map! { "logGroupName" => "/example/app", "logStreamName" => stream };
                self.api(
                    at,
                    may_double,
                    ("logs.amazonaws.com", "CreateLogStream"),
                    who,
                    request,
                    Json::Null,
                );
            }
            83..85 => self.bucket_location_elsewhere(at, may_double),
            85..88 => {
                let who = self.cast.synchronization;
                let request = map! { "InstanceId" => &self.staff.instance_id, "MaxResults" => 100 };
                self.api(
                    at,
                    may_double,
                    ("connect.amazonaws.com", "ListUsers"),
                    who,
                    request,
                    Json::Null,
                );
            }
            _ => self.connect_api(at, may_double),
        }
    }

    fn other_bucket(&mut self, at: i64, may_double: bool, name: &'static str) {
        let bystanders = self.cast.bystanders;
        let who = self.rng.pick(&bystanders);
        let folder = clock::folder(at);
        let key = match self.rng.below(3) {
            0 => format!("invoices/{folder}/invoice-{}.pdf", self.rng.hex(12)),
            1 => format!(
                "lake/orders/date={}/part-{}.parquet",
                &clock::iso(at)[..10],
                self.rng.uuid()
            ),
            // A sound file named like a recording, where none is kept.
            _ => format!(
                "audio/{}_{}.wav",
                self.rng.uuid(),
                clock::recording_minute(at)
            ),
        };
        let mut call = S3Call::new(name, at, who, &mut self.rng);
        call.bucket = self.rng.pick(&OTHER_BUCKETS);
        let bytes = self.rng.between(1_000, 900_000).unsigned_abs();
        match name {
            "PutObject" => call.bytes_in = bytes,
            "HeadObject" => call.object_size = Some(bytes),
            "ListObjects" => {
                call.bytes_out = bytes / 50;
                call.parameters = vec![("list-type", "2".into()), ("prefix", "invoices/".into())];
            }
            _ => (call.bytes_out, call.object_size) = (bytes, Some(bytes)),
        }
        if name != "ListObjects" {
            call.key = Some(key);
        }
        if self.rng.one_in(40) {
            call = call.refused("AccessDenied");
        }
        let written = call.write(&self.cast, &mut self.rng);
        self.log(at, Some(name), &written.record, may_double);
    }

    fn bucket_location_elsewhere(&mut self, at: i64, may_double: bool) {
        let who = self
            .rng
            .pick(&[self.cast.analyzer, self.cast.jane, self.cast.bystanders[0]]);
        let mut call = S3Call::new("GetBucketLocation", at, who, &mut self.rng);
        call.bucket = self.rng.pick(&OTHER_BUCKETS);
        call.parameters = vec![("location", "".into())];
        let written = call.write(&self.cast, &mut self.rng);
        self.log(at, Some(call.name), &written.record, may_double);
    }

    fn assume_role(&mut self, at: i64, may_double: bool) {
        let role = self
            .rng
            .pick(&["AppServer", "DataPipeline", "NightlyArchiver"]);
        let session = format!("i-{}", self.rng.hex(17));
        let request = map! {
            "roleArn" => format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
            "roleSessionName" => &session,
            "durationSeconds" => 3_600,
        };
        let response = map! {
            "credentials" => map! {
                "accessKeyId" => format!("ASIAEXAMPLE{}", self.rng.alnum(9)),
                "sessionToken" => format!("EXAMPLE{}", self.rng.mixed(393)),
                "expiration" => clock::iso(at + 3_600),
            },
            "assumedRoleUser" => map! {
                "assumedRoleId" => format!("AROAEXAMPLE{}:{session}", self.rng.alnum(10)),
                "arn" => format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"),
            },
        };
        let who = self.cast.bystanders[0];
        self.api(
            at,
            may_double,
            ("sts.amazonaws.com", "AssumeRole"),
            who,
            request,
            response,
        );
    }

    fn connect_api(&mut self, at: i64, may_double: bool) {
        let name = self.rng.pick(&[
            "GetContactAttributes",
            "DescribeContact",
            "SearchContacts",
            "PutUserStatus",
        ]);
        let contact = match self.contacts.len() {
            0 => self.rng.uuid(),
            known => self.contacts[self.rng.below(known)].id.clone(),
        };
        let instance = &self.staff.instance_id;
        let request = match name {
            "SearchContacts" => map! {
                "InstanceId" => instance,
                "TimeRange" => map! {
                    "Type" => "INITIATION_TIMESTAMP",
                    "StartTime" => at - 86_400,
                    "EndTime" => at,
                },
                "MaxResults" => 100,
            },
            "PutUserStatus" => map! {
                "InstanceId" => format!("arn%3Aaws%3Aconnect%3A{REGION}%3A{ACCOUNT}%3Ainstance%2F{instance}"),
                "UserId" => "***",
            },
            _ => map! { "InstanceId" => instance, "InitialContactId" => contact },
        };
        let who = self.any_user();
        self.api(
            at,
            may_double,
            ("connect.amazonaws.com", name),
            who,
            request,
            Json::Null,
        );
    }

    /// A management event of any service.
    fn api(
        &mut self,
        at: i64,
        may_double: bool,
        (source, name): (&str, &str),
        who: ActorId,
        request: Json,
        response: Json,
    ) {
        let actor = self.cast.get(who);
        let read_only = !matches!(name, "CreateLogStream" | "PutUserStatus");
        let record = map! {
            "eventVersion" => self.rng.pick(&["1.11", "1.10", "1.09", "1.08"]),
            "userIdentity" => actor.user_identity(at, false),
            "eventTime" => clock::iso(at),
            "eventSource" => source,
            "eventName" => name,
            "awsRegion" => REGION,
            "sourceIPAddress" => &actor.source_ip,
            "userAgent" => actor.user_agent.trim_matches(['[', ']']),
            "requestParameters" => request,
            "responseElements" => response,
            "requestID" => self.rng.uuid(),
            "eventID" => self.rng.uuid(),
            "readOnly" => read_only,
            "eventType" => "AwsApiCall",
            "managementEvent" => true,
            "recipientAccountId" => ACCOUNT,
            "eventCategory" => "Management",
            "tlsDetails" => map! {
                "tlsVersion" => "TLSv1.3",
                "cipherSuite" => "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader" => source.replacen('.', &format!(".{REGION}."), 1),
            },
        };
        self.log(at, Some(name), &record, may_double);
    }

    /// What replaces single events where aggregation is switched on: no event
    /// name, no time, no caller.
    pub(crate) fn aggregated_event(&mut self, at: i64) {
        let record = aggregated(&self.rng.uuid(), at);
        self.facts.counts.aggregated += 1;
        self.log(at, None, &record, false);
    }
}

/// An aggregated event over the five minutes before `at`.
pub(crate) fn aggregated(event_id: &str, at: i64) -> Json {
    let statistics = vec![
        map! { "name" => "GetObject", "value" => 118 },
        map! { "name" => "DeleteObject", "value" => 3 },
    ];
    map! {
        "eventVersion" => "1.0",
        "accountId" => ACCOUNT,
        "eventId" => event_id,
        "eventCategory" => "Aggregated",
        "eventType" => "AwsAggregatedEvent",
        "awsRegion" => REGION,
        "eventSource" => "s3.amazonaws.com",
        "timeWindow" => map! {
            "windowStart" => clock::iso(at - 300),
            "windowEnd" => clock::iso(at),
            "windowSize" => "PT5M",
        },
        "summary" => map! {
            "primaryDimension" => map! {
                "dimension" => "resourceARN",
                "statistics" => vec![map! { "name" => format!("arn:aws:s3:::{RECORDINGS_BUCKET}"), "value" => 121 }],
                "aggregationType" => "Count",
            },
            "details" => vec![map! {
                "dimension" => "eventName",
                "statistics" => statistics,
                "aggregationType" => "Count",
            }],
        },
    }
}
