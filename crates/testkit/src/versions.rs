//! One record an `eventVersion`, with the fields that existed then
//! (CloudTrail user guide, "record contents").

use crate::json::{Json, map};
use crate::sample::Samples;
use crate::{Emit, Result};

const VERSIONS: [&str; 12] = [
    "1.0", "1.01", "1.02", "1.03", "1.04", "1.05", "1.06", "1.07", "1.08", "1.09", "1.10", "1.11",
];

/// Fields by the version that brought them.
const SINCE: [(usize, &[&str]); 5] = [
    (1, &["requestID", "eventID", "readOnly", "resources"]),
    (2, &["eventType", "recipientAccountId"]),
    (6, &["managementEvent"]),
    (7, &["eventCategory"]),
    (8, &["tlsDetails"]),
];

/// Writes one file a version, `1.0.json` to `1.11.json`.
///
/// # Errors
/// When `emit` fails.
pub fn write_versions(emit: &mut Emit<'_>) -> Result<()> {
    let mut samples = Samples::new(11);
    for (age, version) in VERSIONS.into_iter().enumerate() {
        let name = if age % 2 == 0 {
            "DeleteObject"
        } else {
            "GetObject"
        };
        let record = of_its_time(
            samples.record(name, version, age as i64 * 60),
            age,
            &mut samples,
        );
        emit(
            &format!("{version}.json"),
            format!("{}\n", record.pretty()).as_bytes(),
        )?;
    }
    Ok(())
}

fn of_its_time(record: Json, age: usize, samples: &mut Samples) -> Json {
    let mut record = record;
    for (since, fields) in SINCE {
        if age < since {
            record = record.without(fields);
        }
    }
    // Optional fields, each shown once it exists.
    if age == 1 {
        record.set("apiVersion", "2006-03-01");
    }
    if age == 3 {
        record.set("sharedEventID", samples.rng.uuid());
    }
    if matches!(age, 4 | 9) {
        record.set("vpcEndpointId", "vpce-0123456789example");
    }
    if age == 5 {
        record.set("serviceEventDetails", map! { "note" => "synthetic" });
    }
    if age == 8 {
        record.set("sessionCredentialFromConsole", "true");
        record.set(
            "addendum",
            map! {
                "reason" => "DELIVERY_DELAY",
                "updatedFields" => Json::Null,
                "originalRequestID" => Json::Null,
                "originalEventID" => Json::Null,
            },
        );
    }
    if age == 9 {
        record.set("vpcEndpointAccountId", crate::names::ACCOUNT);
    }
    record
}
