//! Asks AWS, with its own SDKs.

mod ahead;
mod answer;
mod bucket;
pub(crate) mod cloudtrail;
pub(crate) mod cloudwatch;
#[cfg(feature = "connect")]
pub(crate) mod connect;
mod kept;
mod listing;
mod object;
mod pace;
pub(crate) mod s3;
mod session;
pub(crate) mod settings;
mod time;
mod trail_key;

pub(crate) use ahead::Plan;
use answer::Call;
pub(crate) use kept::Kept;
pub use object::S3Object;
pub(crate) use session::Aws;
