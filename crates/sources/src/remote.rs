//! Places that are not on this machine.

#[cfg(feature = "aws")]
use std::sync::Arc;

use crate::find::Found;
use crate::{Address, Input, SourceError, Wanted};
#[cfg(feature = "aws")]
use crate::{aws, aws::Aws, spool::Spool};

/// What has been set up to reach other places: nothing before one is named.
#[derive(Default)]
pub(crate) struct Remote {
    #[cfg(feature = "aws")]
    aws: Option<Arc<Aws>>,
    #[cfg(feature = "aws")]
    pages: Option<Arc<Spool>>,
}

#[cfg(feature = "aws")]
impl Remote {
    /// Adds what an address names to what was found.
    pub(crate) fn add(
        &mut self,
        address: &Address,
        wanted: &Wanted<'_>,
        found: &mut Found,
    ) -> Result<(), SourceError> {
        match address {
            Address::CloudTrail { region } => aws::cloudtrail::refuse(region, wanted)?,
            #[cfg(not(feature = "connect"))]
            Address::Connect { .. } => return Err(not_built_in(address, "connect")),
            _ => {}
        }
        let aws = self.aws(wanted)?;
        let pages = self.pages(wanted, found)?;
        match address {
            Address::S3(place) => aws::s3::find(&aws, place, wanted, found),
            Address::CloudWatch { group } => {
                aws::cloudwatch::find(&aws, group, wanted, &pages, found)
            }
            Address::CloudTrail { region } => {
                aws::cloudtrail::find(&aws, region, wanted, &pages, found)
            }
            Address::PublicKeys { region } => {
                aws::cloudtrail::public_keys::find(&aws, region, wanted, &pages, found)
            }
            #[cfg(feature = "connect")]
            Address::Connect { instance } => {
                aws::connect::find(&aws, instance, wanted, &pages, found)
            }
            #[cfg(not(feature = "connect"))]
            Address::Connect { .. } => Ok(()),
        }
    }

    fn aws(&mut self, wanted: &Wanted<'_>) -> Result<Arc<Aws>, SourceError> {
        if let Some(aws) = &self.aws {
            return Ok(Arc::clone(aws));
        }
        let aws = Arc::new(Aws::begin(&wanted.aws, Arc::clone(&wanted.stop))?);
        Ok(Arc::clone(self.aws.insert(aws)))
    }

    /// Returns where pages of answers are written; what was found keeps them.
    pub(crate) fn pages(
        &mut self,
        wanted: &Wanted<'_>,
        found: &mut Found,
    ) -> Result<Arc<Spool>, SourceError> {
        let pages = match &self.pages {
            Some(pages) => Arc::clone(pages),
            None => Arc::new(Spool::new(wanted.pages_in.as_deref())?),
        };
        found.pages = Some(Arc::clone(&pages));
        Ok(Arc::clone(self.pages.insert(pages)))
    }
}

#[cfg(not(feature = "aws"))]
impl Remote {
    /// Says what is missing.
    pub(crate) fn add(
        &mut self,
        address: &Address,
        _: &Wanted<'_>,
        _: &mut Found,
    ) -> Result<(), SourceError> {
        let feature = match address {
            Address::Connect { .. } => "connect",
            _ => "aws",
        };
        Err(not_built_in(address, feature))
    }
}

/// Explains that this build cannot go there, and what else leads there.
#[cfg(not(feature = "connect"))]
pub(crate) fn not_built_in(address: &Address, feature: &'static str) -> SourceError {
    let download = match address {
        Address::S3(_) => format!("aws s3 sync {address} logs"),
        Address::CloudWatch { group } => {
            format!("aws logs filter-log-events --log-group-name {group} > logs.json")
        }
        Address::CloudTrail { region } => {
            format!("aws cloudtrail lookup-events --region {region} > logs.json")
        }
        Address::PublicKeys { region } => {
            format!("aws cloudtrail list-public-keys --region {region} > keys.json")
        }
        Address::Connect { instance } => {
            format!("aws connect list-users --instance-id {instance} > users.json")
        }
    };
    SourceError::NotBuiltIn {
        address: address.to_string(),
        feature,
        download,
    }
}

/// Inputs that are about to be read, in this order: those that come over the
/// network are brought before they are asked for, as many as are bounded in
/// number and bytes, until this is dropped.
///
/// Only a hint: inputs can be read in any order, or not at all.
#[derive(Debug, Default)]
pub struct Ahead {
    /// Only to be ended.
    #[cfg(feature = "aws")]
    _plan: Option<aws::Plan>,
}

impl Ahead {
    /// Begins to bring inputs.
    #[cfg(feature = "aws")]
    pub fn of<'i>(inputs: impl IntoIterator<Item = &'i Input>) -> Ahead {
        Ahead {
            _plan: aws::Plan::of(inputs),
        }
    }

    /// Begins to bring inputs.
    #[cfg(not(feature = "aws"))]
    pub fn of<'i>(_: impl IntoIterator<Item = &'i Input>) -> Ahead {
        Ahead::default()
    }
}
