//! One S3 call as a CloudTrail record.

use crate::actor::{ActorId, Cast};
use crate::clock;
use crate::json::{Json, map};
use crate::names::{ACCOUNT, RECORDINGS_BUCKET, REGION};
use crate::rng::Rng;

/// An S3 call before it is written down.
#[derive(Debug, Clone)]
pub(crate) struct S3Call {
    pub(crate) name: &'static str,
    pub(crate) at: i64,
    pub(crate) who: ActorId,
    pub(crate) bucket: &'static str,
    pub(crate) key: Option<String>,
    /// `eventVersion`.
    pub(crate) version: &'static str,
    /// Signed in the query string and opened in a browser.
    pub(crate) presigned: bool,
    /// Request parameters besides bucket, key and host.
    pub(crate) parameters: Vec<(&'static str, Json)>,
    pub(crate) response: Json,
    pub(crate) error: Option<&'static str>,
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    /// Logged by version 1.11 only.
    pub(crate) object_size: Option<u64>,
    /// Logged by version 1.11 only.
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    /// One object of a `DeleteObjects`, as an `AwsServiceEvent`.
    pub(crate) child: bool,
    /// The key stands in `resources` alone.
    pub(crate) key_in_resources: bool,
}

/// A written record and the ids in it.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) record: Json,
    pub(crate) event_id: String,
    pub(crate) request_id: String,
}

impl S3Call {
    pub(crate) fn new(name: &'static str, at: i64, who: ActorId, rng: &mut Rng) -> Self {
        let version = rng.pick(&[
            "1.11", "1.11", "1.11", "1.11", "1.09", "1.09", "1.09", "1.08",
        ]);
        Self {
            name,
            at,
            who,
            bucket: RECORDINGS_BUCKET,
            key: None,
            version,
            presigned: false,
            parameters: Vec::new(),
            response: Json::Null,
            error: None,
            bytes_in: 0,
            bytes_out: 0,
            object_size: None,
            status: 200,
            request_id: None,
            child: false,
            key_in_resources: false,
        }
    }

    pub(crate) fn on(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// Makes the call fail.
    pub(crate) fn refused(mut self, error: &'static str) -> Self {
        self.error = Some(error);
        self.object_size = None;
        self.bytes_out = 243;
        self.status = match error {
            "AccessDenied" => 403,
            "InternalError" => 500,
            _ => 404,
        };
        self
    }

    fn management(&self) -> bool {
        self.name == "GetBucketLocation"
    }

    fn read_only(&self) -> bool {
        !matches!(
            self.name,
            "DeleteObject" | "DeleteObjects" | "PutObject" | "CopyObject"
        )
    }

    /// Writes the record, choosing ids and the many small ways records differ.
    pub(crate) fn write(&self, cast: &Cast, rng: &mut Rng) -> Written {
        let event_id = rng.uuid();
        let request_id = self.request_id.clone().unwrap_or_else(|| rng.alnum(16));
        let actor = cast.get(self.who);
        let (ip, agent) = match (self.child, self.presigned) {
            (true, _) => ("s3.amazonaws.com", "s3.amazonaws.com"),
            (_, true) => (actor.browser_ip.as_str(), actor.browser.as_str()),
            _ => (actor.source_ip.as_str(), actor.user_agent.as_str()),
        };
        let mut record = map! {
            "eventVersion" => self.version,
            "userIdentity" => if self.child {
                map! { "accountId" => ACCOUNT, "invokedBy" => "s3.amazonaws.com" }
            } else {
                actor.user_identity(self.at, self.presigned)
            },
            "eventTime" => clock::iso(self.at),
            "eventSource" => "s3.amazonaws.com",
            "eventName" => self.name,
            "awsRegion" => REGION,
            "sourceIPAddress" => ip,
            "userAgent" => agent,
        };
        if let Some(error) = self.error {
            record.set("errorCode", error);
            record.set("errorMessage", message(error));
        }
        record.set("requestParameters", self.request_parameters(rng));
        record.set("responseElements", self.response.clone());
        if !self.child {
            record.set("additionalEventData", self.additional_event_data(rng));
        }
        record.set("requestID", &request_id);
        record.set("eventID", &event_id);
        record.set("readOnly", self.read_only());
        record.set("resources", self.resources(rng));
        record.set(
            "eventType",
            if self.child {
                "AwsServiceEvent"
            } else {
                "AwsApiCall"
            },
        );
        record.set("managementEvent", self.management());
        record.set("recipientAccountId", ACCOUNT);
        if !self.child && actor.kind == crate::actor::ActorKind::OtherAccount {
            record.set("sharedEventID", rng.uuid());
        }
        record.set(
            "eventCategory",
            if self.management() {
                "Management"
            } else {
                "Data"
            },
        );
        if ip.starts_with(|c: char| c.is_ascii_digit()) {
            record.set(
                "tlsDetails",
                map! {
                    "tlsVersion" => "TLSv1.3",
                    "cipherSuite" => "TLS_AES_128_GCM_SHA256",
                    "clientProvidedHostHeader" => self.host(),
                },
            );
        }
        Written {
            record,
            event_id,
            request_id,
        }
    }

    fn host(&self) -> String {
        format!("{}.s3.{REGION}.amazonaws.com", self.bucket)
    }

    fn request_parameters(&self, rng: &mut Rng) -> Json {
        if self.child && self.key_in_resources {
            return Json::Null;
        }
        let mut parameters = map! { "bucketName" => self.bucket };
        if self.presigned {
            parameters.set("X-Amz-Date", clock::compact(self.at));
            parameters.set("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
            parameters.set("X-Amz-SignedHeaders", "host");
            parameters.set("X-Amz-Expires", "300");
        }
        for (key, value) in &self.parameters {
            parameters.set(key, value.clone());
        }
        if rng.one_in(10) {
            parameters.set("host", vec![Json::from(self.host())]);
        } else {
            parameters.set("Host", self.host());
        }
        parameters.set_some("key", self.key.as_ref());
        if matches!(
            self.name,
            "GetObject" | "DeleteObject" | "PutObject" | "DeleteObjects"
        ) && !self.child
        {
            parameters.set("x-id", self.name);
        }
        parameters
    }

    fn additional_event_data(&self, rng: &mut Rng) -> Json {
        let as_float = rng.one_in(6);
        let bytes = |count: u64| {
            if as_float {
                Json::Float(count as f64)
            } else {
                Json::from(count)
            }
        };
        let mut data = map! {
            "SignatureVersion" => "SigV4",
            "CipherSuite" => "TLS_AES_128_GCM_SHA256",
            "bytesTransferredIn" => bytes(self.bytes_in),
            "AuthenticationMethod" => if self.presigned { "QueryString" } else { "AuthHeader" },
            "x-amz-id-2" => format!("{}=", rng.mixed(75)),
            "bytesTransferredOut" => bytes(self.bytes_out),
        };
        if self.version == "1.11" {
            data.set_some("objectSize", self.object_size);
            data.set("httpStatusCode", i64::from(self.status));
            let took = rng.between(8, 240);
            data.set("turnAroundTime", took);
            data.set("startTime", self.at * 1_000 - took);
            data.set("endTime", self.at * 1_000);
        }
        data
    }

    fn resources(&self, rng: &mut Rng) -> Json {
        let object = match &self.key {
            Some(key) => Some(map! {
                "type" => "AWS::S3::Object",
                "ARN" => format!("arn:aws:s3:::{}/{key}", self.bucket),
            }),
            None if self.management() => None,
            None => Some(map! {
                "type" => "AWS::S3::Object",
                "ARNPrefix" => format!("arn:aws:s3:::{}/", self.bucket),
            }),
        };
        let bucket = map! {
            "accountId" => ACCOUNT,
            "type" => "AWS::S3::Bucket",
            "ARN" => format!("arn:aws:s3:::{}", self.bucket),
        };
        let mut resources = object.into_iter().chain([bucket]).collect::<Vec<_>>();
        if rng.one_in(4) {
            resources.reverse();
        }
        Json::List(resources)
    }
}

fn message(error: &str) -> &'static str {
    match error {
        "AccessDenied" => "Access Denied",
        "NoSuchKey" => "The specified key does not exist.",
        "NoSuchBucket" => "The specified bucket does not exist",
        "InternalError" => "We encountered an internal error. Please try again.",
        _ => "OK",
    }
}
