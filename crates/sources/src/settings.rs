use serde_json::Value;

use crate::{SourceError, Wanted};

/// Which settings are asked for.
#[derive(Debug, Clone, Copy)]
pub struct SettingsOf<'a> {
    /// Buckets of recordings.
    pub buckets: &'a [String],
    /// An instance of Amazon Connect, by id, alias or ARN: its buckets too.
    pub instance: Option<&'a str>,
    /// The event names by which trails are changed.
    pub changes: &'a [&'a str],
}

/// What AWS answered to one request about settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The aws-cli command that asks the same, without the service:
    /// `get-trail-status`.
    pub command: &'static str,
    /// What it is about: a trail's ARN, a bucket, a region with an event name.
    pub subject: String,
    /// What the command would print, or why there is nothing.
    pub answer: Result<Value, SettingRefused>,
}

/// Why AWS did not answer a request about settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRefused {
    /// AWS's word for it, such as `AccessDenied`; empty where nothing came.
    pub code: String,
    /// The cause, with the next step.
    pub why: String,
}

/// Asks for the settings of buckets and of the trails that may record them. A
/// request that is refused is an answer too, and the others are asked all the
/// same.
///
/// # Errors
/// When nothing can be asked, as without credentials; when the user stops the
/// run.
pub fn settings(of: &SettingsOf<'_>, wanted: &Wanted<'_>) -> Result<Vec<Setting>, SourceError> {
    ask(of, wanted)
}

#[cfg(feature = "aws")]
fn ask(of: &SettingsOf<'_>, wanted: &Wanted<'_>) -> Result<Vec<Setting>, SourceError> {
    let aws = crate::aws::Aws::begin(&wanted.aws, std::sync::Arc::clone(&wanted.stop))?;
    crate::aws::settings::ask(&aws, of, wanted)
}

#[cfg(not(feature = "aws"))]
fn ask(_: &SettingsOf<'_>, _: &Wanted<'_>) -> Result<Vec<Setting>, SourceError> {
    Err(SourceError::NotBuiltIn {
        address: "the settings".to_owned(),
        feature: "aws",
        download: "aws cloudtrail describe-trails > settings/describe-trails.json".to_owned(),
    })
}
