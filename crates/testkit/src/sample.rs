//! A handful of good records, for the files that are about their wrapping.

use crate::actor::{ActorId, Cast};
use crate::json::Json;
use crate::people::Staff;
use crate::record::S3Call;
use crate::recording::call_key;
use crate::rng::Rng;

/// 2026-03-02T09:05:17Z, when the first sample happens.
pub(crate) const AT: i64 = 1_772_442_317;

/// Makes good records about one recording.
pub(crate) struct Samples {
    pub(crate) rng: Rng,
    cast: Cast,
    key: String,
}

impl Samples {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let staff = Staff::new(12, &mut rng);
        let cast = Cast::new(&staff, &mut rng);
        let key = call_key(&rng.uuid(), AT - 7_200);
        Self { rng, cast, key }
    }

    /// A record of an S3 call in `eventVersion` `version`, `seconds` after [`AT`].
    pub(crate) fn record(
        &mut self,
        name: &'static str,
        version: &'static str,
        seconds: i64,
    ) -> Json {
        let mut call = S3Call::new(name, AT + seconds, ActorId(3), &mut self.rng);
        call.version = version;
        match name {
            "GetBucketLocation" => call.parameters = vec![("location", "".into())],
            "GetObject" => {
                call.key = Some(self.key.clone());
                call.object_size = Some(1_843_244);
                call.bytes_out = 1_843_244;
            }
            _ => {
                call.key = Some(self.key.clone());
                call.status = 204;
            }
        }
        call.write(&self.cast, &mut self.rng).record
    }

    /// A delete, a read and a bucket mark.
    pub(crate) fn three(&mut self) -> [Json; 3] {
        [
            self.record("DeleteObject", "1.11", 0),
            self.record("GetObject", "1.11", 43),
            self.record("GetBucketLocation", "1.09", 51),
        ]
    }
}

/// `{"Records":[…]}`.
pub(crate) fn delivery(records: &[Json]) -> String {
    let texts = records.iter().map(Json::to_string).collect::<Vec<_>>();
    format!("{{\"Records\":[{}]}}", texts.join(","))
}
