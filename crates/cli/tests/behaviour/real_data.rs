//! A real account's trail, where it is at hand.

use crate::support::{column, report, root, skipped};

#[test]
fn every_read_of_an_exercise_is_found() {
    let folder = root().join("../shared/data/suzaku-sample-data");
    if !folder.exists() {
        return skipped("there is no real data beside this repository");
    }
    let run = report(
        "who-listened",
        &folder,
        &["--all-objects", "--output", "jsonl"],
    )
    .exits(0);
    assert_eq!(run.counts().read, 13_651);
    let rows = run.rows();
    let sum = |name: &str| {
        rows.iter()
            .filter_map(|row| row[name].as_u64())
            .sum::<u64>()
    };
    assert_eq!(sum("requests"), 361);
    assert_eq!(sum("bytes"), 710_299);
    let reads: Vec<_> = rows
        .iter()
        .filter(|row| row["requests"] != 0)
        .cloned()
        .collect();
    assert!(
        column(&reads, "actor")
            .iter()
            .all(|actor| *actor == "FalsimentisRoot")
    );
}
