//! Asks for the settings that decide what logs can tell.

mod bucket_settings;
mod instance_settings;
mod trail_settings;

use std::collections::BTreeSet;
use std::error::Error;
use std::future::Future;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use super::{Aws, Call};
use crate::{AwsError, Setting, SettingRefused, SettingsOf, SourceError, Told, Wanted};

/// Where the region of a bucket is asked for where none is set.
const ANY_REGION: &str = "us-east-1";

/// The answers so far.
struct Asking<'a> {
    aws: &'a Aws,
    tell: &'a dyn Fn(Told<'_>),
    settings: Vec<Setting>,
}

/// Asks for everything, one request after the other.
pub(crate) fn ask(
    aws: &Aws,
    of: &SettingsOf<'_>,
    wanted: &Wanted<'_>,
) -> Result<Vec<Setting>, SourceError> {
    let mut asking = Asking {
        aws,
        tell: wanted.tell,
        settings: Vec::new(),
    };
    let of_instance = match of.instance {
        Some(instance) => asking.instance(instance)?,
        None => Vec::new(),
    };
    let buckets: BTreeSet<&String> = of.buckets.iter().chain(&of_instance).collect();
    let mut regions = BTreeSet::new();
    for bucket in buckets {
        regions.insert(asking.recordings_bucket(bucket)?);
    }
    asking.trails(&regions, of.changes)?;
    Ok(asking.settings)
}

impl Asking<'_> {
    /// Asks one thing and keeps the answer; returns it where there is one.
    fn ask<T, E>(
        &mut self,
        command: &'static str,
        subject: &str,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        print: impl FnOnce(T) -> Value,
    ) -> Result<Option<&Value>, SourceError>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let behind = if subject.is_empty() { "" } else { " of " };
        (self.tell)(Told::Progress(&format!(
            "asking for {command}{behind}{subject}"
        )));
        let answer = match self.aws.wait(request)? {
            Ok(answer) => Ok(print(answer)),
            Err(error) => Err(refused(command, subject, &error)?),
        };
        self.settings.push(Setting {
            command,
            subject: subject.to_owned(),
            answer,
        });
        let last = self.settings.last();
        Ok(last.and_then(|setting| setting.answer.as_ref().ok()))
    }
}

/// Explains a refusal; one that ends all is an error.
fn refused<E>(
    command: &str,
    subject: &str,
    error: &SdkError<E, HttpResponse>,
) -> Result<SettingRefused, AwsError>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let call = Call {
        doing: format!("ask for {command} of {subject}"),
        action: "",
        resource: subject.to_owned(),
        what: "setting",
    };
    let cause = call.cause(error);
    if cause.ends_all() {
        return Err(call.error(cause));
    }
    let is_denied = matches!(cause, crate::AwsCause::Denied { .. });
    let code = match error.code() {
        Some(code) => code.to_owned(),
        None if is_denied => "AccessDenied".to_owned(),
        None => String::new(),
    };
    Ok(SettingRefused {
        code,
        why: if is_denied {
            String::new()
        } else {
            cause.to_string()
        },
    })
}

/// Takes out what AWS did not say, as aws-cli leaves it out.
fn said(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(name, value)| (name, said(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(said).collect()),
        other => other,
    }
}
