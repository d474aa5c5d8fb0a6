//! Times each writer on every access, all columns, into memory.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;
mod evidence;

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_export::{Format, Options, writer};
use earwitness_parser::Interest;
use earwitness_query::Table;
use evidence::gather;

fn write(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let evidence = gather(&plain, Interest::everything());
    let rows = Table::Accesses.rows(&evidence).unwrap();
    let mut group = centre::group(criterion, "write", &plain);
    for format in Format::ALL {
        let writer = writer(format, &Options::default());
        group.bench_function(format.name(), |bencher| {
            let mut out = Vec::new();
            bencher.iter(|| {
                out.clear();
                writer.write(&rows, &mut out).unwrap();
                black_box(out.len())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, write);
criterion_main!(benches);
