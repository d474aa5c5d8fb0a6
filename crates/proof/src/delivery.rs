//! What the name of a log file says of its delivery.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail log file name format".

use earwitness_parser::Timestamp;

use crate::place::file_name;

/// The delivery that a log file is named for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) account_id: String,
    pub(crate) region: String,
    /// Microseconds since 1970, a whole minute.
    pub(crate) time: i64,
}

impl Delivery {
    /// Reads `…/111122223333_CloudTrail_us-west-2_20260303T0150Z_EXAMPLEabcdefghi.json.gz`.
    pub(crate) fn of(path: &str) -> Option<Delivery> {
        let (account_id, rest) = file_name(path).split_once("_CloudTrail_")?;
        let mut parts = rest.split('_');
        let region = parts.next()?;
        let minute = parts.next()?.strip_suffix('Z')?;
        let time = Timestamp::parse(&format!("{minute}00Z"))?;
        Some(Delivery {
            account_id: account_id.to_owned(),
            region: region.to_owned(),
            time: time.0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_where_and_when() {
        let name = "x/111122223333_CloudTrail_us-west-2_20260303T0150Z_EXAMPLE.json.gz";
        let delivery = Delivery::of(name).unwrap();
        assert_eq!(delivery.region, "us-west-2");
        assert_eq!(Timestamp(delivery.time).to_string(), "2026-03-03T01:50:00Z");
        for name in [
            "",
            "a_CloudTrail_b",
            "a_CloudTrail_b_cZ_d",
            "a_CloudTrail_b_éZ_d",
        ] {
            assert_eq!(Delivery::of(name), None, "{name}");
        }
    }
}
