//! Times making evidence of records: reading them into batches, and putting
//! these together.
//!
//! Classifying happens as records are read and has no seam of its own: from
//! `batch` subtract what the bench `parse` tells of the same report.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;
mod evidence;

use std::hint::black_box;

use centre::MAX_BYTES;
use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::Reader;
use earwitness_query::{Batch, Library, Window};
use evidence::gather;

fn classify(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let library = Library::shipped().unwrap();
    let mut group = centre::group(criterion, "classify", &plain);
    for report in library.reports() {
        group.bench_function(format!("batch {}", report.name), |bencher| {
            let mut reader = Reader::new(report.interest(), MAX_BYTES);
            bencher.iter(|| {
                for file in &plain {
                    let batch = Batch::read("a file", file, &mut reader, &Window::default());
                    black_box(batch);
                }
            });
        });
        group.bench_function(format!("gather {}", report.name), |bencher| {
            bencher.iter(|| black_box(gather(&plain, report.interest())));
        });
    }
    group.finish();
}

criterion_group!(benches, classify);
criterion_main!(benches);
