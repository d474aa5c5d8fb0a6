//! Files that are broken, or are something else. Each is named for its defect,
//! and each says how many records a tolerant reader can still take from it.

mod bytes;
mod shapes;

use crate::json::{Json, map};
use crate::sample::{Samples, delivery};
use crate::{Emit, Result};

/// A file and the number of good records in it.
struct Defect {
    name: &'static str,
    content: Vec<u8>,
    good_records: usize,
}

impl Defect {
    fn new(name: &'static str, good_records: usize, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name,
            content: content.into(),
            good_records,
        }
    }
}

/// Writes one file a defect.
///
/// # Errors
/// When a file cannot be compressed or `emit` fails.
pub fn write_malformed(emit: &mut Emit<'_>) -> Result<()> {
    defects()?
        .iter()
        .try_for_each(|defect| emit(defect.name, &defect.content))
}

/// Writes `malformed.json`: for each file, how many CloudTrail records a
/// tolerant reader can still get.
///
/// # Errors
/// When a file cannot be compressed or `emit` fails.
pub fn write_expected_malformed(emit: &mut Emit<'_>) -> Result<()> {
    let mut defects = defects()?;
    defects.sort_by_key(|defect| defect.name);
    let files = defects
        .iter()
        .map(|defect| {
            (
                defect.name.into(),
                map! { "good_records" => defect.good_records },
            )
        })
        .collect();
    emit(
        "malformed.json",
        format!("{}\n", Json::Map(files).pretty()).as_bytes(),
    )
}

fn defects() -> Result<Vec<Defect>> {
    let mut defects = bytes::defects(&mut Samples::new(25))?;
    defects.extend(shapes::defects(&mut Samples::new(26)));
    Ok(defects)
}

/// Returns a delivery of one good record that has an unknown field of `bytes`
/// bytes.
pub fn big_record(bytes: usize) -> String {
    let mut record = Samples::new(27).record("DeleteObject", "1.11", 0);
    record.set("unknownField", "x".repeat(bytes));
    delivery(&[record])
}
