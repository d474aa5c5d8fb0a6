//! Puts objects into a bucket, and none in the place of another.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;

use super::answer::Call;
use super::bucket::{Bucket, objects_of};
use super::object::{Listed, Part, S3Object};
use super::session::Aws;
use crate::origin::shown_text;
use crate::{AwsOptions, S3Place, SourceError, Stop};

/// How often it is asked again while others write the same object.
const ATTEMPTS: u32 = 5;

/// What lies under a prefix of a bucket, which may be added to.
#[derive(Debug)]
pub(crate) struct Kept {
    aws: Arc<Aws>,
    bucket: Arc<Bucket>,
    /// Ends in `/`, unless it is empty.
    prefix: String,
    objects: BTreeMap<String, Arc<Listed>>,
}

impl Kept {
    pub(crate) fn open(
        place: &S3Place,
        options: &AwsOptions,
        stop: Stop,
    ) -> Result<Kept, SourceError> {
        let aws = Arc::new(Aws::begin(options, stop)?);
        let bucket = Arc::new(Bucket::reach(&aws, place)?.bucket);
        let prefix = place.prefix.trim_end_matches('/');
        let prefix = match prefix {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        let mut kept = Kept {
            aws,
            bucket,
            prefix,
            objects: BTreeMap::new(),
        };
        kept.list()?;
        Ok(kept)
    }

    fn list(&mut self) -> Result<(), SourceError> {
        let mut after = None;
        loop {
            let request = self.bucket.list(&self.prefix).set_continuation_token(after);
            let reply = self.aws.wait(request.send())?;
            let call = self.bucket.list_call(&self.prefix);
            let page = reply.map_err(|error| call.failed(&error))?;
            for object in objects_of(page.contents) {
                let Some(key) = object.key else { continue };
                let Some(name) = key.strip_prefix(&self.prefix).map(str::to_owned) else {
                    continue;
                };
                let listed = Listed {
                    bucket: Arc::clone(&self.bucket),
                    key,
                    size: object
                        .size
                        .and_then(|size| u64::try_from(size).ok())
                        .unwrap_or(0),
                    etag: object.e_tag,
                    written: None,
                };
                self.objects.insert(name, Arc::new(listed));
            }
            after = page.next_continuation_token;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let Some(listed) = self.objects.get(name) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let object = S3Object::new(&self.aws, listed, Part::Content);
        object.read_at_most(u64::MAX, &mut bytes)?;
        Ok(Some(bytes))
    }

    pub(crate) fn put(
        &self,
        name: &str,
        bytes: &[u8],
        replaces: bool,
    ) -> Result<bool, SourceError> {
        let key = format!("{}{name}", self.prefix);
        let call = self.call("write", "s3:PutObject", &key);
        for attempt in 1.. {
            let mut request = self.bucket.client.put_object();
            request = request.bucket(&self.bucket.name).key(&key);
            request = request.body(ByteStream::from(bytes.to_vec()));
            if !replaces {
                request = request.if_none_match("*");
            }
            let Err(error) = self.aws.wait(request.send())? else {
                return Ok(true);
            };
            match error.as_service_error().and_then(|error| error.code()) {
                Some("PreconditionFailed") if !replaces => return Ok(false),
                Some("ConditionalRequestConflict") if attempt < ATTEMPTS => {}
                _ => return Err(call.failed(&error).into()),
            }
        }
        Ok(false)
    }

    /// Returns what an object holds now, whatever it held when it was listed.
    pub(crate) fn look_up(&self, name: &str) -> Result<Option<Vec<u8>>, SourceError> {
        let key = format!("{}{name}", self.prefix);
        let call = self.call("read", "s3:GetObject", &key);
        let request = self.bucket.client.get_object();
        let request = request.bucket(&self.bucket.name).key(&key);
        let reply = match self.aws.wait(request.send())? {
            Ok(reply) => reply,
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|why| why.is_no_such_key()) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(call.failed(&error).into()),
        };
        let bytes = self.aws.wait(reply.body.collect())?;
        let bytes = bytes.map_err(|error| {
            call.error(crate::AwsCause::Network {
                said: super::answer::said(&error),
            })
        })?;
        Ok(Some(bytes.to_vec()))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), SourceError> {
        let key = format!("{}{name}", self.prefix);
        let call = self.call("remove", "s3:DeleteObject", &key);
        let request = self.bucket.client.delete_object();
        let request = request.bucket(&self.bucket.name).key(&key);
        let reply = self.aws.wait(request.send())?;
        reply.map_err(|error| call.failed(&error))?;
        Ok(())
    }

    fn call(&self, what: &str, action: &'static str, key: &str) -> Call {
        let place = format!("{}/{}", self.bucket.name, shown_text(key));
        Call {
            doing: format!("{what} s3://{place}"),
            action,
            resource: format!("arn:aws:s3:::{place}"),
            what: "bucket",
        }
    }
}
