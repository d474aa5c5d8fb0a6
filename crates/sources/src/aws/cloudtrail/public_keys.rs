//! Fetches the public keys that a region's digests are signed with.
//!
//! Source: AWS CloudTrail API Reference, `ListPublicKeys`.

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::PublicKey;
use aws_smithy_types::{DateTime, base64};
use serde_json::{Value, json};

use super::super::pace::Pace;
use super::super::time::{now_seconds, printed};
use super::super::{Aws, Call};
use crate::find::Found;
use crate::spool::Spool;
use crate::{Input, SourceError, Wanted};

/// October 2015, when CloudTrail began to sign digests.
const FIRST_DIGESTS: i64 = 1_443_657_600;

/// A digest is signed up to two hours behind what it is about.
const SIGNED_LATER: i64 = 2 * 3600;

/// Adds the public keys of a region, one file as `verify --public-keys` takes it,
/// to what was found.
///
/// # Errors
/// When AWS refuses, or has no key of that time.
pub(crate) fn find(
    aws: &Aws,
    region: &str,
    wanted: &Wanted<'_>,
    pages: &Spool,
    found: &mut Found,
) -> Result<(), SourceError> {
    let client = Client::new(&aws.config_in(region));
    let address = format!("public-keys:{region}");
    let seconds = |micros: i64| micros.div_euclid(1_000_000);
    let start = wanted
        .since
        .map_or(FIRST_DIGESTS, seconds)
        .max(FIRST_DIGESTS);
    let now = now_seconds();
    let end = wanted
        .until
        .map_or(now, |until| (seconds(until) + SIGNED_LATER).min(now));
    let keys = aws.wait(list(&client, &address, start, end.max(start)))??;
    if keys.is_empty() {
        return Err(SourceError::Nothing {
            address,
            why: "AWS has no key of that time in this region; check --since and --until, and which regions the trail's digests are of"
                .to_owned(),
        });
    }
    let file = pages.write(
        &format!("public-keys/{region}.json"),
        &address,
        json!({ "PublicKeyList": keys }).to_string().as_bytes(),
    )?;
    found.inputs.push(Input::File(file));
    Ok(())
}

async fn list(
    client: &Client,
    address: &str,
    start: i64,
    end: i64,
) -> Result<Vec<Value>, SourceError> {
    let call = Call {
        doing: format!("list {address}"),
        action: "cloudtrail:ListPublicKeys",
        resource: "*".to_owned(),
        what: "key",
    };
    let pace = Pace::per_second(1);
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        pace.turn().await;
        let page = client
            .list_public_keys()
            .start_time(DateTime::from_secs(start))
            .end_time(DateTime::from_secs(end))
            .set_next_token(token.take());
        let page = page.send().await.map_err(|error| call.failed(&error))?;
        keys.extend(
            page.public_key_list
                .unwrap_or_default()
                .into_iter()
                .map(key_json),
        );
        token = page.next_token;
        if token.is_none() {
            return Ok(keys);
        }
    }
}

/// Writes a key as AWS prints it.
fn key_json(key: PublicKey) -> Value {
    json!({
        "Value": key.value.map(base64::encode),
        "ValidityStartTime": printed(key.validity_start_time),
        "ValidityEndTime": printed(key.validity_end_time),
        "Fingerprint": key.fingerprint,
    })
}
