use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::types::{CommonPrefix, EncodingType, Object};
use percent_encoding::percent_decode_str;

use super::answer::Call;
use super::session::Aws;
use crate::origin::shown_text;
use crate::{AwsCause, S3Place, SourceError};

/// Where S3 is asked where no region is set: it tells the bucket's own.
const ANY_REGION: &str = "us-east-1";

/// A bucket, asked in the region that it lies in.
pub(crate) struct Bucket {
    pub(crate) name: String,
    pub(crate) client: Client,
}

/// A bucket, and the first key under a prefix in it.
pub(crate) struct Reached {
    pub(crate) bucket: Bucket,
    pub(crate) first: Option<Object>,
}

impl Bucket {
    /// Finds the region that a bucket lies in, whichever is the user's own, and
    /// the first key under the prefix.
    ///
    /// # Errors
    /// When the bucket is not there or may not be listed.
    pub(crate) fn reach(aws: &Aws, place: &S3Place) -> Result<Reached, SourceError> {
        let config = aws.config();
        let region = config.region().map_or(ANY_REGION, AsRef::as_ref);
        let bucket = Bucket::in_region(aws, place, region);
        let cause = match bucket.first_under(aws, &place.prefix)? {
            Ok(first) => return Ok(Reached { bucket, first }),
            Err(cause) => cause,
        };
        let cause = match cause {
            AwsCause::WrongRegion {
                region: Some(other),
            } if other != region => {
                let bucket = Bucket::in_region(aws, place, &other);
                match bucket.first_under(aws, &place.prefix)? {
                    Ok(first) => return Ok(Reached { bucket, first }),
                    Err(cause) => cause,
                }
            }
            cause => cause,
        };
        Err(bucket.list_call(&place.prefix).error(cause).into())
    }

    fn in_region(aws: &Aws, place: &S3Place, region: &str) -> Bucket {
        Bucket {
            name: place.bucket.clone(),
            client: client_in(aws, region),
        }
    }

    fn first_under(
        &self,
        aws: &Aws,
        prefix: &str,
    ) -> Result<Result<Option<Object>, AwsCause>, SourceError> {
        let reply = aws.wait(self.list(prefix).max_keys(1).send())?;
        Ok(reply
            .map(|page| objects_of(page.contents).into_iter().next())
            .map_err(|error| self.list_call(prefix).cause(&error)))
    }

    /// Asks for the keys under a prefix.
    pub(crate) fn list(&self, prefix: &str) -> ListObjectsV2FluentBuilder {
        self.client
            .list_objects_v2()
            .bucket(&self.name)
            .prefix(prefix)
            // A key may have characters that XML cannot hold, and one such key
            // would make the whole page unreadable.
            .encoding_type(EncodingType::Url)
    }

    /// Names the request that lists a prefix.
    pub(crate) fn list_call(&self, prefix: &str) -> Call {
        Call {
            doing: format!("list s3://{}/{}", self.name, shown_text(prefix)),
            action: "s3:ListBucket",
            resource: format!("arn:aws:s3:::{}", self.name),
            what: "bucket",
        }
    }
}

/// Makes a client of S3 in a region.
pub(crate) fn client_in(aws: &Aws, region: &str) -> Client {
    let config = aws.config_in(region);
    // What stands in for S3 knows no names of hosts with a bucket in front.
    let elsewhere =
        config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
    let config = aws_sdk_s3::config::Builder::from(&config)
        .force_path_style(elsewhere)
        .build();
    Client::from_conf(config)
}

/// Takes the objects of a page, with their keys as they are.
pub(crate) fn objects_of(contents: Option<Vec<Object>>) -> Vec<Object> {
    let mut objects = contents.unwrap_or_default();
    for object in &mut objects {
        object.key = object.key.take().map(|key| decoded(&key));
    }
    objects
}

/// Takes the prefixes of a page as they are.
pub(crate) fn prefixes_of(common: Option<Vec<CommonPrefix>>) -> impl Iterator<Item = String> {
    let prefixes = common.unwrap_or_default().into_iter();
    prefixes.filter_map(|below| Some(decoded(&below.prefix?)))
}

/// Reads a key that a listing has in the encoding of URLs.
fn decoded(key: &str) -> String {
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.name).finish()
    }
}
