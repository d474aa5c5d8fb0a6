//! Times looking for event names in raw bytes: one search alone, and a reader
//! that searches as often as it does for the reports, for names that never occur.
//!
//! The reader's figures hold the scan too: the bench `scan` is what to subtract.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;

use std::hint::black_box;

use centre::MAX_BYTES;
use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::{Interest, Reader};
use memchr::memmem::Finder;

fn prefilter(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let mut group = centre::group(criterion, "prefilter", &plain);
    group.bench_function("one search", |bencher| {
        let finder = Finder::new("\"NoSuchEvent");
        bencher.iter(|| {
            for file in &plain {
                black_box(finder.find(file));
            }
        });
    });
    // As often as for who-deleted, who-listened and accesses: a name that begins
    // with another of theirs is found by the other.
    for searches in [1, 7, 16] {
        group.bench_function(format!("scan and searches: {searches}"), |bencher| {
            let names = (0..searches).map(|name| format!("NoSuchEvent{}", (b'A' + name) as char));
            let mut reader = Reader::new(Interest::in_events(names), MAX_BYTES);
            bencher.iter(|| {
                for file in &plain {
                    reader.read(file, &mut |item| {
                        black_box(&item);
                    });
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, prefilter);
criterion_main!(benches);
