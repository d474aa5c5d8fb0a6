//! The names that every world shares. All are reserved for documentation.

/// The account whose trail and contact centre this is.
pub(crate) const ACCOUNT: &str = "111122223333";
/// An account that reads across the border.
pub(crate) const OTHER_ACCOUNT: &str = "444455556666";
/// An account that only appears in noise.
pub(crate) const VENDOR_ACCOUNT: &str = "123456789012";
/// The region of every event.
pub(crate) const REGION: &str = "us-west-2";
/// The bucket that holds the recordings.
pub(crate) const RECORDINGS_BUCKET: &str = "amazon-connect-example-recordings";
/// A bucket of Connect's that holds no recordings.
pub(crate) const REPORTS_BUCKET: &str = "amazon-connect-example-reports";
/// Buckets that have nothing to do with Connect.
pub(crate) const OTHER_BUCKETS: [&str; 3] = [
    "example-app-data",
    "example-data-lake",
    "example-web-assets",
];
/// The prefix that Connect writes under: `connect/<instance alias>`.
pub(crate) const PREFIX: &str = "connect/example-centre";
/// The role that Connect assumes for people signed in to it.
pub(crate) const CONNECT_ROLE: &str = "AWSServiceRoleForAmazonConnect_EXAMPLEabcdef";
/// The role that must not be taken for the one above.
pub(crate) const SYNCHRONIZATION_ROLE: &str =
    "AWSServiceRoleForAmazonConnectSynchronization_EXAMPLEabcdef";
/// A role of IAM Identity Center.
pub(crate) const ADMIN_ROLE: &str = "AWSReservedSSO_RecordingsAdmin_0123456789abcdef";
