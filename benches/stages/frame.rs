//! Times making tables of evidence, all columns of each.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;
mod evidence;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::Interest;
use earwitness_query::Table;
use evidence::gather;

fn frame(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let evidence = gather(&plain, Interest::everything());
    let mut group = centre::group(criterion, "frame", &plain);
    for table in Table::ALL {
        group.bench_function(table.name(), |bencher| {
            bencher.iter(|| black_box(table.rows(&evidence).unwrap()));
        });
    }
    group.finish();
}

criterion_group!(benches, frame);
criterion_main!(benches);
