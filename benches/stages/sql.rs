//! Times each report's SQL, with the columns that it makes the engine ask for.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;
mod evidence;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_query::{Ask, Library, answer};
use evidence::gather;

fn sql(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let library = Library::shipped().unwrap();
    let mut group = centre::group(criterion, "sql", &plain);
    for report in library.reports() {
        let evidence = gather(&plain, report.interest());
        group.bench_function(report.name.as_str(), |bencher| {
            bencher.iter(|| black_box(answer(report, &evidence, &Ask::default()).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, sql);
criterion_main!(benches);
