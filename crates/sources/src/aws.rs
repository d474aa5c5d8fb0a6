//! Asks AWS, with its own SDKs.

mod ahead;
mod answer;
mod bucket;
mod listing;
mod object;
pub(crate) mod s3;
mod session;
mod trail_key;

pub(crate) use ahead::Plan;
pub use object::S3Object;
pub(crate) use session::Aws;
