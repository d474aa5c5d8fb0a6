use std::fmt;

/// What AWS, or the way to it, refused. Its text completes "failed to …"; it
/// never holds keys, tokens or signatures.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{doing}: {cause}")]
pub struct AwsError {
    /// What was tried, such as `list s3://trail-bucket/AWSLogs/`.
    pub doing: String,
    /// Why it failed, and what to do.
    pub cause: AwsCause,
}

/// Why AWS did not do what it was asked, with the next step to take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AwsCause {
    /// Nothing gave credentials.
    #[error(
        "no AWS credentials were found; name a profile with --profile, or set one up with `aws configure sso`"
    )]
    NoCredentials,
    /// What should give credentials did not.
    #[error(
        "the AWS credentials could not be had: {said}; check the profile with `aws sts get-caller-identity`, or sign in again with `aws sso login`"
    )]
    Credentials {
        /// What was said instead.
        said: String,
    },
    /// The credentials were good once.
    #[error("the AWS credentials have expired; sign in again, for example with `aws sso login`")]
    Expired,
    /// AWS does not accept the credentials.
    #[error(
        "AWS does not know these credentials ({code}); check them with `aws sts get-caller-identity`"
    )]
    UnknownCredentials {
        /// AWS's word for it.
        code: String,
    },
    /// This machine's clock is wrong.
    #[error("this machine's clock is too far from AWS's; set it right and run again")]
    Clock,
    /// No policy allows it.
    #[error("access denied: a policy must allow {action} on {resource}{said}", said = Behind(said))]
    Denied {
        /// The action that is needed.
        action: String,
        /// What it is needed on.
        resource: String,
        /// What AWS said, where it said more.
        said: String,
    },
    /// What was asked for lies in another region.
    #[error("it lies in another region{region}; add --region", region = Of(region))]
    WrongRegion {
        /// The region, where AWS told.
        region: Option<String>,
    },
    /// Nothing says which region is meant.
    #[error("no region is set; add --region, such as --region us-west-2")]
    NoRegion,
    /// What was asked for is not there.
    #[error("there is no such {what}; check its name, and --profile for the account")]
    NotThere {
        /// What kind of thing.
        what: String,
    },
    /// The object lies in an archive.
    #[error("it is archived; bring it back with `aws s3api restore-object` and run again")]
    Archived,
    /// The object is another one than when it was listed.
    #[error("it changed since it was listed; run again")]
    Changed,
    /// AWS wanted fewer requests than even slow ones.
    #[error(
        "AWS answers too many requests slowly ({code}), after {attempts} attempts; run again later"
    )]
    Throttled {
        /// AWS's word for it.
        code: String,
        /// How often it was asked.
        attempts: u32,
    },
    /// AWS had an error of its own.
    #[error("AWS failed ({code}), after {attempts} attempts; run again later")]
    Unavailable {
        /// AWS's word for it.
        code: String,
        /// How often it was asked.
        attempts: u32,
    },
    /// No answer came in time.
    #[error("no answer came in time; check the network, and run again")]
    TimedOut,
    /// AWS could not be reached.
    #[error("AWS could not be reached: {said}; check the network, --region and --endpoint-url")]
    Network {
        /// What the network said.
        said: String,
    },
    /// The answer ended before its end.
    #[error("the network ended after {read_bytes} of {expected_bytes} bytes: {said}; run again")]
    Cut {
        /// What came.
        read_bytes: u64,
        /// What was to come.
        expected_bytes: u64,
        /// What the network said.
        said: String,
    },
    /// AWS refused in a way that is none of the others.
    #[error("AWS refused ({code}){said}", said = Behind(said))]
    Refused {
        /// AWS's word for it, else the HTTP status.
        code: String,
        /// What AWS said.
        said: String,
    },
}

impl AwsCause {
    /// Tells whether nothing else can be had either, whatever is asked next.
    pub fn ends_all(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials
                | Self::Credentials { .. }
                | Self::Expired
                | Self::UnknownCredentials { .. }
                | Self::Clock
                | Self::NoRegion
        )
    }
}

/// What AWS said, where it said something.
struct Behind<'a>(&'a str);

impl fmt::Display for Behind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            said => write!(f, "; AWS said: {said}"),
        }
    }
}

/// A region, where it is known.
struct Of<'a>(&'a Option<String>);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(region) => write!(f, ", {region}"),
            None => Ok(()),
        }
    }
}
