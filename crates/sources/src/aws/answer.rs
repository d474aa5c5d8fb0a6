//! What AWS answered, and what it means for the user.

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::session::ATTEMPTS;
use crate::origin::shown_text;
use crate::{AwsCause, AwsError};

/// So much is shown of what AWS or the network said, in characters.
const MOST_SAID: usize = 300;

/// A request as users know it, to be named where it fails.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What is done, such as `list s3://trail-bucket/AWSLogs/`.
    pub(crate) doing: String,
    /// The action that a policy must allow, such as `s3:ListBucket`.
    pub(crate) action: &'static str,
    /// What it must be allowed on, such as the bucket's ARN.
    pub(crate) resource: String,
    /// What is not there where AWS finds nothing, such as `bucket`.
    pub(crate) what: &'static str,
}

impl Call {
    /// Explains why the request failed.
    pub(crate) fn failed<E>(&self, error: &SdkError<E, HttpResponse>) -> AwsError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        self.error(self.cause(error))
    }

    /// Names the request that failed for a cause.
    pub(crate) fn error(&self, cause: AwsCause) -> AwsError {
        AwsError {
            doing: self.doing.clone(),
            cause,
        }
    }

    /// Explains why the request failed, without what was done.
    pub(crate) fn cause<E>(&self, error: &SdkError<E, HttpResponse>) -> AwsCause
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        match error {
            SdkError::ServiceError(refused) => {
                let status = refused.raw().status().as_u16();
                let region = refused.raw().headers().get("x-amz-bucket-region");
                let code = refused.err().code().unwrap_or_default();
                let message = refused.err().message().unwrap_or_default();
                self.refused(status, code, message, region)
            }
            SdkError::ResponseError(broken) => {
                let status = broken.raw().status().as_u16();
                if status >= 400 {
                    let region = broken.raw().headers().get("x-amz-bucket-region");
                    return self.refused(status, "", "", region);
                }
                AwsCause::Network { said: said(error) }
            }
            SdkError::TimeoutError(_) => AwsCause::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => AwsCause::TimedOut,
            SdkError::DispatchFailure(failure) if failure.is_io() => AwsCause::Network {
                said: innermost(error),
            },
            SdkError::ConstructionFailure(_) | SdkError::DispatchFailure(_) => {
                let said = said(error);
                if said.to_lowercase().contains("region") {
                    AwsCause::NoRegion
                } else if said.contains("credentials") {
                    AwsCause::Credentials { said }
                } else {
                    AwsCause::Network { said }
                }
            }
            other => AwsCause::Network { said: said(other) },
        }
    }

    fn refused(&self, status: u16, code: &str, message: &str, region: Option<&str>) -> AwsCause {
        let shown_code = || match code {
            "" => format!("HTTP {status}"),
            code => clean(code),
        };
        match (code, status) {
            ("ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired", _) => {
                AwsCause::Expired
            }
            (
                "InvalidAccessKeyId"
                | "UnrecognizedClientException"
                | "InvalidClientTokenId"
                | "SignatureDoesNotMatch"
                | "InvalidSignatureException"
                | "InvalidToken"
                | "AuthFailure",
                _,
            ) => AwsCause::UnknownCredentials { code: clean(code) },
            ("RequestTimeTooSkewed" | "RequestExpired", _) => AwsCause::Clock,
            (
                "PermanentRedirect"
                | "AuthorizationHeaderMalformed"
                | "IllegalLocationConstraintException",
                _,
            )
            | (_, 301) => AwsCause::WrongRegion {
                region: region.map(clean),
            },
            ("InvalidObjectState", _) => AwsCause::Archived,
            ("PreconditionFailed", _) | (_, 412) => AwsCause::Changed,
            ("NoSuchBucket", _) => AwsCause::NotThere {
                what: "bucket".to_owned(),
            },
            (
                "NoSuchKey" | "NotFound" | "ResourceNotFoundException" | "TrailNotFoundException",
                _,
            )
            | (_, 404) => AwsCause::NotThere {
                what: self.what.to_owned(),
            },
            (
                "SlowDown"
                | "Throttling"
                | "ThrottlingException"
                | "ThrottledException"
                | "TooManyRequestsException"
                | "RequestLimitExceeded"
                | "LimitExceededException",
                _,
            )
            | (_, 429) => AwsCause::Throttled {
                code: shown_code(),
                attempts: ATTEMPTS,
            },
            (code, _) if code.starts_with("AccessDenied") => self.denied(message),
            ("UnauthorizedOperation" | "AllAccessDisabled", _) => self.denied(message),
            (_, 401 | 403) => self.denied(message),
            (_, 500..) => AwsCause::Unavailable {
                code: shown_code(),
                attempts: ATTEMPTS,
            },
            _ => AwsCause::Refused {
                code: shown_code(),
                said: clean(message),
            },
        }
    }

    /// AWS names the action where it says more than that access is denied: the
    /// key of an encrypted object is refused in the object's name.
    fn denied(&self, message: &str) -> AwsCause {
        let behind = |text: &str| {
            let (_, rest) = message.split_once(text)?;
            let word = rest.split_whitespace().next()?;
            Some(clean(word.trim_matches(['"', ',', '.'])))
        };
        let action = behind("not authorized to perform: ");
        let resource = behind("on resource: ").filter(|_| action.is_some());
        let plain = matches!(message, "" | "Access Denied" | "Forbidden");
        AwsCause::Denied {
            action: action.unwrap_or_else(|| self.action.to_owned()),
            resource: resource.unwrap_or_else(|| self.resource.clone()),
            said: if plain { String::new() } else { clean(message) },
        }
    }
}

/// Says an error with its causes.
pub(crate) fn said(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    clean(&texts.join(": "))
}

/// Says what lies behind all of an error's causes.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    clean(&error.to_string())
}

/// Makes a text safe for a terminal and a log: what a terminal obeys is escaped,
/// what lets others in is taken out.
pub(crate) fn clean(text: &str) -> String {
    let text: String = text.chars().take(MOST_SAID).collect();
    let words = text.split(' ').map(|word| {
        let secret = [
            "X-Amz-",
            "Signature=",
            "Credential=",
            "AKIA",
            "ASIA",
            "token=",
        ];
        match secret.iter().filter_map(|mark| word.find(mark)).min() {
            Some(place) => format!("{}(left out)", &word[..place]),
            None => word.to_owned(),
        }
    });
    shown_text(&words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Call {
        Call {
            doing: "list s3://b/".to_owned(),
            action: "s3:ListBucket",
            resource: "arn:aws:s3:::b".to_owned(),
            what: "bucket",
        }
    }

    #[test]
    fn each_answer_names_its_cause_and_the_next_step() {
        for (status, code, text) in [
            (
                403,
                "AccessDenied",
                "must allow s3:ListBucket on arn:aws:s3:::b",
            ),
            (403, "", "must allow s3:ListBucket on arn:aws:s3:::b"),
            (400, "ExpiredToken", "have expired; sign in again"),
            (403, "InvalidAccessKeyId", "aws sts get-caller-identity"),
            (403, "RequestTimeTooSkewed", "clock"),
            (404, "NoSuchBucket", "no such bucket"),
            (404, "", "no such bucket"),
            (
                301,
                "PermanentRedirect",
                "another region, eu-west-1; add --region",
            ),
            (503, "SlowDown", "too many requests"),
            (500, "InternalError", "AWS failed (InternalError)"),
            (403, "InvalidObjectState", "restore-object"),
            (412, "PreconditionFailed", "changed since it was listed"),
            (400, "Strange\u{1b}[31m", "AWS refused (Strange\\u{1b}[31m)"),
        ] {
            let cause = call().refused(status, code, "", Some("eu-west-1"));
            let said = cause.to_string();
            assert!(said.contains(text), "{code}: {said}");
        }
    }

    #[test]
    fn the_action_that_aws_names_is_the_one_that_lacks() {
        let message = "User: arn:aws:sts::111122223333:assumed-role/R/s is not authorized to perform: \
                       kms:Decrypt on resource: arn:aws:kms:us-west-2:111122223333:key/k because no \
                       identity-based policy allows the kms:Decrypt action";
        let said = call()
            .refused(403, "AccessDenied", message, None)
            .to_string();
        assert!(
            said.starts_with(
                "access denied: a policy must allow kms:Decrypt on arn:aws:kms:us-west-2:111122223333:key/k"
            ),
            "{said}"
        );
    }

    #[test]
    fn nothing_that_lets_others_in_is_said() {
        let text =
            "GET /b?X-Amz-Credential=AKIAEXAMPLE&X-Amz-Signature=abc refused for ASIAEXAMPLE";
        assert_eq!(clean(text), "GET /b?(left out) refused for (left out)");
    }
}
