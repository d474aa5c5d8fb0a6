//! Reports that are asked of one reading of the inputs answer as each does of
//! its own.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/rows.rs"]
mod rows;
#[path = "support/worlds.rs"]
mod worlds;

use std::sync::Arc;

use earwitness_query::{Ask, Evidence, Library, Report, Scope, answer};
use rows::rows;

/// What a security team looks at together.
const TOGETHER: [&str; 5] = [
    "who-deleted",
    "who-listened",
    "denied-attempts",
    "outside-connect",
    "unusual-access",
];

/// Makes a report that needs what all of some need.
fn all_of(reports: &[&Report]) -> Report {
    let each = |part: fn(&Report) -> &Vec<String>| {
        let parts = reports.iter().flat_map(|report| part(report).clone());
        parts.collect::<Vec<_>>()
    };
    let sql: Vec<&str> = reports.iter().map(|report| report.query()).collect();
    Report {
        events: each(|report| &report.events),
        sizes_from: each(|report| &report.sizes_from),
        sql: sql.join("\n"),
        ..reports[0].clone()
    }
}

fn compare(report: &Report, world: &str, together: &Arc<Evidence>, alone: &Arc<Evidence>) -> usize {
    let of = |evidence| rows(&answer(report, evidence, &Ask::default()).unwrap());
    let alone = of(alone);
    assert_eq!(of(together), alone, "{} of {world}", report.name);
    alone.len()
}

#[test]
fn one_reading_answers_as_several_do() {
    let library = Library::shipped().unwrap();
    let reports = TOGETHER.map(|name| library.find(name).unwrap());
    let all = all_of(&reports);
    assert!(all.interest().wants(b"HeadObject"));
    let centre = earwitness_testkit::folder("contact-centre");
    let scope = Scope::default();
    let together = folder::gather(&all, &centre, &scope);
    let mut found = 0;
    for report in reports {
        let alone = folder::gather(report, &centre, &scope);
        found += compare(report, "contact-centre", &together, &alone);
    }
    for (name, world) in worlds::worlds() {
        let together = worlds::gather(&all, &world);
        for report in reports {
            let alone = worlds::gather(report, &world);
            found += compare(report, &name, &together, &alone);
        }
    }
    assert!(found > 100, "{found} rows were compared");
}
