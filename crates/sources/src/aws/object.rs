use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use serde_json::json;

use super::answer::{Call, said};
use super::bucket::Bucket;
use super::session::Aws;
use crate::origin::shown_text;
use crate::{AwsCause, AwsError, SourceError};

/// How often an object's bytes are asked for where they break off, the first
/// time included; what came is not asked for again.
const BODY_ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// An object of a bucket as it was listed, or the metadata that S3 keeps of it.
#[derive(Clone)]
pub struct S3Object {
    aws: Arc<Aws>,
    pub(crate) listed: Arc<Listed>,
    pub(crate) part: Part,
    origin: Arc<str>,
}

/// An object as a listing has it.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) bucket: Arc<Bucket>,
    pub(crate) key: String,
    pub(crate) size: u64,
    /// Names this content among all that the key has had.
    pub(crate) etag: Option<String>,
    /// When it was written, in seconds since 1970.
    pub(crate) written: Option<i64>,
}

/// What of an object is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    Content,
    /// As `aws s3api head-object` prints it, with the object's bucket and key:
    /// the signature of a digest is there and nowhere else.
    Metadata,
}

/// What is behind the name of an object whose metadata is meant.
const METADATA_SUFFIX: &str = ".metadata.json";

impl S3Object {
    pub(crate) fn new(aws: &Arc<Aws>, listed: &Arc<Listed>, part: Part) -> S3Object {
        let origin = format!(
            "s3://{}/{}{}",
            listed.bucket.name,
            shown_text(&listed.key),
            suffix(part)
        );
        S3Object {
            aws: Arc::clone(aws),
            listed: Arc::clone(listed),
            part,
            origin: origin.into(),
        }
    }

    /// Gives the same object another name to be known by.
    pub(crate) fn named(&self, origin: &str) -> S3Object {
        S3Object {
            origin: origin.into(),
            ..self.clone()
        }
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the bucket's name.
    pub fn bucket(&self) -> &str {
        &self.listed.bucket.name
    }

    /// Returns the object's key, with `.metadata.json` behind it where the
    /// object's metadata is meant.
    pub fn key(&self) -> String {
        format!("{}{}", self.listed.key, suffix(self.part))
    }

    /// Returns the bytes that the object had when it was listed; 0 for its
    /// metadata.
    pub fn size(&self) -> u64 {
        match self.part {
            Part::Content => self.listed.size,
            Part::Metadata => 0,
        }
    }

    /// Tells whether the object's metadata is meant.
    pub(crate) fn is_metadata(&self) -> bool {
        self.part == Part::Metadata
    }

    /// Returns when the object was written: delivered, where it is a log file.
    pub(crate) fn written(&self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.listed.written?).ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// Returns what tells this content from any other that the key has had.
    pub fn etag(&self) -> Option<&str> {
        self.listed.etag.as_deref()
    }

    /// Replaces the buffer's content with the object's, as much as is wanted.
    pub(crate) fn read_at_most(
        &self,
        max_bytes: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<(), SourceError> {
        buffer.clear();
        if let Some(cause) = self.aws.lost.get() {
            return Err(self.listed.failed(cause.clone()).into());
        }
        let brought = match self.aws.shelf.take(self) {
            Some(bringing) => self.aws.wait(bringing)?.ok(),
            None => None,
        };
        let read = match brought {
            Some((bytes, read)) => {
                *buffer = bytes;
                buffer.truncate(usize::try_from(max_bytes).unwrap_or(usize::MAX));
                read
            }
            None => self
                .aws
                .wait(bring(&self.listed, self.part, max_bytes, buffer))?,
        };
        read.map_err(|error| {
            if error.cause.ends_all() {
                // The first of all who hear it tells the others.
                let _ = self.aws.lost.set(error.cause.clone());
            }
            error.into()
        })
    }

    pub(crate) fn aws(&self) -> &Arc<Aws> {
        &self.aws
    }
}

/// What tells one from another: clones and names are the same.
impl PartialEq for S3Object {
    fn eq(&self, other: &Self) -> bool {
        let place = |object: &Self| {
            let listed = &object.listed;
            (object.part, listed.bucket.name.clone(), listed.key.clone())
        };
        place(self) == place(other) && self.etag() == other.etag() && self.origin == other.origin
    }
}

impl Eq for S3Object {}

impl fmt::Debug for S3Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("S3Object").field(&self.origin).finish()
    }
}

impl Listed {
    fn call(&self) -> Call {
        Call {
            doing: format!("read s3://{}/{}", self.bucket.name, shown_text(&self.key)),
            action: "s3:GetObject",
            resource: format!(
                "arn:aws:s3:::{}/{}",
                self.bucket.name,
                shown_text(&self.key)
            ),
            what: "object any more",
        }
    }

    fn failed(&self, cause: AwsCause) -> AwsError {
        AwsError {
            doing: self.call().doing,
            cause,
        }
    }
}

fn suffix(part: Part) -> &'static str {
    match part {
        Part::Content => "",
        Part::Metadata => METADATA_SUFFIX,
    }
}

/// Brings an object's content or metadata into a buffer, which keeps what came
/// where something goes wrong.
pub(super) async fn bring(
    listed: &Listed,
    part: Part,
    max_bytes: u64,
    buffer: &mut Vec<u8>,
) -> Result<(), AwsError> {
    match part {
        Part::Content => content(listed, max_bytes, buffer).await,
        Part::Metadata => metadata(listed, buffer).await,
    }
}

async fn content(listed: &Listed, max_bytes: u64, buffer: &mut Vec<u8>) -> Result<(), AwsError> {
    let wanted = listed.size.min(max_bytes);
    // Memory that is not there is an error of this object, not of the run.
    let room = usize::try_from(wanted).ok();
    if room.is_none_or(|bytes| buffer.try_reserve_exact(bytes).is_err()) {
        return Err(listed.failed(AwsCause::Cut {
            read_bytes: 0,
            expected_bytes: wanted,
            said: "there is no memory for it".to_owned(),
        }));
    }
    let mut pause = FIRST_PAUSE;
    for attempt in 1.. {
        let reply = request(listed, wanted, buffer.len() as u64)
            .send()
            .await
            .map_err(|error| listed.call().failed(&error))?;
        let Err(broken) = pour(reply, buffer, wanted).await else {
            return Ok(());
        };
        if attempt == BODY_ATTEMPTS {
            return Err(listed.failed(AwsCause::Cut {
                read_bytes: buffer.len() as u64,
                expected_bytes: wanted,
                said: broken,
            }));
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    Ok(())
}

/// Asks for what is still wanted of the content that was listed, and of no other.
fn request(
    listed: &Listed,
    wanted: u64,
    have: u64,
) -> aws_sdk_s3::operation::get_object::builders::GetObjectFluentBuilder {
    let part = have > 0 || wanted < listed.size;
    let range = part.then(|| format!("bytes={have}-{}", wanted.saturating_sub(1)));
    listed
        .bucket
        .client
        .get_object()
        .bucket(&listed.bucket.name)
        .key(&listed.key)
        .set_if_match(listed.etag.clone())
        .set_range(range)
}

/// Adds a reply's bytes to the buffer; else says why they broke off.
async fn pour(mut reply: GetObjectOutput, buffer: &mut Vec<u8>, wanted: u64) -> Result<(), String> {
    loop {
        match reply.body.try_next().await {
            Ok(Some(bytes)) => buffer.extend_from_slice(&bytes),
            Ok(None) if (buffer.len() as u64) < wanted => {
                return Err("it ended early".to_owned());
            }
            Ok(None) => return Ok(()),
            Err(error) => return Err(said(&error)),
        }
    }
}

async fn metadata(listed: &Listed, buffer: &mut Vec<u8>) -> Result<(), AwsError> {
    let head = listed
        .bucket
        .client
        .head_object()
        .bucket(&listed.bucket.name)
        .key(&listed.key)
        .set_if_match(listed.etag.clone())
        .send()
        .await
        .map_err(|error| listed.call().failed(&error))?;
    let metadata: BTreeMap<_, _> = head.metadata().into_iter().flatten().collect();
    let text = json!({
        "Bucket": listed.bucket.name,
        "Key": listed.key,
        "ContentLength": listed.size,
        "ETag": listed.etag,
        "VersionId": head.version_id(),
        "Metadata": metadata,
    });
    buffer.extend_from_slice(format!("{text}\n").as_bytes());
    Ok(())
}
