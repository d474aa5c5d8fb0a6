use std::fmt;

use crate::origin::shown_text;

/// A place that is not on this machine, as arguments name it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Address {
    /// `s3://BUCKET/PREFIX`: the objects under a prefix, or one object.
    S3(S3Place),
    /// `cloudwatch:GROUP`: a log group of CloudWatch Logs.
    CloudWatch {
        /// The group's name or ARN.
        group: String,
    },
    /// `cloudtrail:REGION`: the event history of a region.
    CloudTrail {
        /// The region's code.
        region: String,
    },
    /// `public-keys:REGION`: the keys that CloudTrail signs a region's digests with.
    PublicKeys {
        /// The region's code.
        region: String,
    },
    /// `connect:INSTANCE`: an instance of Amazon Connect.
    Connect {
        /// The instance's id, alias or ARN.
        instance: String,
    },
}

/// A bucket, and the beginning of keys in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Place {
    /// The bucket's name.
    pub bucket: String,
    /// What the keys begin with; empty for all of the bucket.
    pub prefix: String,
}

/// What is wrong with an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadAddress {
    /// The address has no second part.
    #[error("it names nothing; write {0}")]
    Empty(&'static str),
    /// The bucket's name has characters that no bucket's has.
    #[error(
        "'{0}' is no bucket's name: those have 3 to 63 small letters, digits, dots and hyphens; write s3://BUCKET/PREFIX"
    )]
    Bucket(String),
    /// The name has characters that no log group's has.
    #[error("'{0}' is no log group's name; `aws logs describe-log-groups` lists them")]
    Group(String),
    /// The text is no region's code.
    #[error("'{0}' is no region; write one such as us-west-2")]
    Region(String),
    /// The text names no instance.
    #[error(
        "'{0}' is no instance of Amazon Connect; `aws connect list-instances` prints their ids and aliases"
    )]
    Instance(String),
}

impl Address {
    /// Reads an argument; none where it is not the form of an address, and so
    /// names something on this machine.
    ///
    /// # Errors
    /// When the argument begins like an address and is none.
    pub fn parse(argument: &str) -> Option<Result<Address, BadAddress>> {
        if let Some(place) = argument.strip_prefix("s3://") {
            return Some(S3Place::parse(place).map(Address::S3));
        }
        if let Some(group) = argument.strip_prefix("cloudwatch:") {
            return Some(group_of(group));
        }
        if let Some(region) = argument.strip_prefix("cloudtrail:") {
            let region = region_of(region, "cloudtrail:REGION, such as cloudtrail:us-west-2");
            return Some(region.map(|region| Address::CloudTrail { region }));
        }
        if let Some(region) = argument.strip_prefix("public-keys:") {
            let region = region_of(region, "public-keys:REGION, such as public-keys:us-west-2");
            return Some(region.map(|region| Address::PublicKeys { region }));
        }
        argument.strip_prefix("connect:").map(instance_of)
    }
}

impl S3Place {
    fn parse(place: &str) -> Result<S3Place, BadAddress> {
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(BadAddress::Empty("s3://BUCKET/PREFIX"));
        }
        // Access points have their ARN in the bucket's place, and with it a slash
        // that is no part of the key: their alias is a name like a bucket's.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        if !(3..=255).contains(&bucket.len()) || !bucket.bytes().all(plain) {
            return Err(BadAddress::Bucket(shown_text(bucket)));
        }
        Ok(S3Place {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

fn group_of(group: &str) -> Result<Address, BadAddress> {
    if group.is_empty() {
        return Err(BadAddress::Empty("cloudwatch:GROUP"));
    }
    // Names of groups, and the colons of an ARN.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/.#:*".contains(&byte);
    if group.len() > 2048 || !group.bytes().all(plain) {
        return Err(BadAddress::Group(shown_text(group)));
    }
    Ok(Address::CloudWatch {
        group: group.to_owned(),
    })
}

fn region_of(region: &str, form: &'static str) -> Result<String, BadAddress> {
    if region.is_empty() {
        return Err(BadAddress::Empty(form));
    }
    if !is_region(region) {
        return Err(BadAddress::Region(shown_text(region)));
    }
    Ok(region.to_owned())
}

fn instance_of(instance: &str) -> Result<Address, BadAddress> {
    if instance.is_empty() {
        return Err(BadAddress::Empty("connect:INSTANCE"));
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-/:".contains(&byte);
    if instance.len() > 250 || !instance.bytes().all(plain) {
        return Err(BadAddress::Instance(shown_text(instance)));
    }
    Ok(Address::Connect {
        instance: instance.to_owned(),
    })
}

/// Tells whether a text has the form of a region's code, such as us-gov-west-1.
pub(crate) fn is_region(text: &str) -> bool {
    let pieces: Vec<&str> = text.split('-').collect();
    let letters =
        |piece: &&str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_lowercase());
    match pieces.as_slice() {
        [names @ .., number] if names.len() >= 2 => {
            names.iter().all(letters)
                && !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::S3(place) => place.fmt(f),
            Self::CloudWatch { group } => write!(f, "cloudwatch:{group}"),
            Self::CloudTrail { region } => write!(f, "cloudtrail:{region}"),
            Self::PublicKeys { region } => write!(f, "public-keys:{region}"),
            Self::Connect { instance } => write!(f, "connect:{instance}"),
        }
    }
}

impl fmt::Display for S3Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, shown_text(&self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(argument: &str) -> String {
        match Address::parse(argument) {
            None => "local".to_owned(),
            Some(Ok(address)) => address.to_string(),
            Some(Err(error)) => error.to_string(),
        }
    }

    #[test]
    fn addresses_read_back_as_they_were_written() {
        for argument in [
            "s3://trail-bucket/AWSLogs/111122223333/",
            "s3://trail-bucket/",
            "cloudwatch:CloudTrail/DefaultLogGroup",
            "cloudwatch:arn:aws:logs:us-west-2:111122223333:log-group:trail:*",
            "cloudtrail:us-west-2",
            "cloudtrail:us-gov-west-1",
            "public-keys:eu-central-1",
            "connect:11111111-2222-3333-4444-555555555555",
            "connect:example-centre",
        ] {
            assert_eq!(shown(argument), argument);
        }
        assert_eq!(shown("s3://trail-bucket"), "s3://trail-bucket/");
        let Some(Ok(Address::S3(place))) = Address::parse("s3://b-1/a//b") else {
            panic!("no place");
        };
        assert_eq!(place.prefix, "a//b");
    }

    #[test]
    fn what_is_no_address_is_local() {
        for argument in ["logs", "s3", "./s3://b", "S3:x", "cloudwatch", "c:\\logs"] {
            assert_eq!(shown(argument), "local", "{argument}");
        }
    }

    #[test]
    fn a_slip_is_named_with_the_form_that_is_meant() {
        for (argument, text) in [
            ("s3://", "it names nothing; write s3://BUCKET/PREFIX"),
            (
                "s3:///AWSLogs",
                "it names nothing; write s3://BUCKET/PREFIX",
            ),
            ("s3://my bucket/x", "'my bucket' is no bucket's name"),
            ("s3://b\u{1b}[31m/x", "is no bucket's name"),
            ("cloudtrail:", "such as cloudtrail:us-west-2"),
            ("cloudtrail:uswest2", "'uswest2' is no region"),
            ("cloudwatch:", "write cloudwatch:GROUP"),
            ("cloudwatch:a b", "'a b' is no log group's name"),
            ("connect:", "write connect:INSTANCE"),
            ("connect:a_b", "'a_b' is no instance"),
        ] {
            let said = shown(argument);
            assert!(said.contains(text), "{argument}: {said}");
            assert!(!said.contains('\u{1b}'));
        }
    }
}
