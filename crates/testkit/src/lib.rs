//! A seeded synthetic contact centre: CloudTrail deliveries, contact records
//! and a user directory go out, and beside them the answers that anyone who
//! reads them right must arrive at.
//!
//! Nothing here knows how earwitness works, so that the two can disagree.
//!
//! ```
//! use earwitness_testkit::Centre;
//!
//! # fn main() -> earwitness_testkit::Result<()> {
//! let mut names = Vec::new();
//! let counts = Centre::small().write(&mut |name, _content| {
//!     names.push(name.to_owned());
//!     Ok(())
//! })?;
//! assert!(names.iter().any(|name| name.ends_with(".json.gz")));
//! assert!(counts.duplicates > 0);
//! # Ok(())
//! # }
//! ```

mod actor;
mod centre;
mod clock;
mod contact;
mod delivery;
mod error;
mod expected;
mod facts;
mod fixtures;
mod gzip;
mod json;
mod malformed;
#[cfg(unix)]
mod moto;
mod names;
mod people;
mod python;
mod record;
mod recording;
mod rng;
mod s3_reports;
mod sample;
mod scenario;
mod signed_trail;
mod signed_trail_fixture;
mod signing_key;
mod stub_aws;
mod stub_log_group;
mod versions;
mod world;
mod wrappers;

pub use centre::Centre;
pub use error::{Error, Result};
pub use facts::Counts;
pub use fixtures::{files, folder, into_folder, write_fixtures};
pub use gzip::{gzip, gzip_bomb};
pub use malformed::{big_record, write_expected_malformed, write_malformed};
#[cfg(unix)]
pub use moto::{Moto, set_credentials};
pub use python::Python;
pub use s3_reports::write_s3_reports;
pub use signed_trail::{Digest, SignedTrail};
pub use signed_trail_fixture::write_signed_trail;
pub use signing_key::SigningKey;
pub use stub_aws::{AwsReply, AwsRequest, StubAws};
pub use stub_log_group::StubLogGroup;
pub use versions::write_versions;
pub use wrappers::write_wrappers;

/// Where finished files go: a name with `/` between folders, and the content.
pub type Emit<'a> = dyn FnMut(&str, &[u8]) -> Result<()> + 'a;
