//! Times finding where records begin and end.
//!
//! The scanner is private: a reader that is interested in one event name, which
//! never occurs, does little else. It searches each record for that name and
//! for escaped letters; `prefilter` tells what searching costs.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;

use std::hint::black_box;

use centre::MAX_BYTES;
use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::{Interest, Reader};

fn scan(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let mut group = centre::group(criterion, "scan", &plain);
    group.bench_function("no such event", |bencher| {
        let mut reader = Reader::new(Interest::in_events(["NoSuchEvent"]), MAX_BYTES);
        bencher.iter(|| {
            let mut items = 0;
            for file in &plain {
                reader.read(file, &mut |_| items += 1);
            }
            black_box(items)
        });
    });
    group.finish();
}

criterion_group!(benches, scan);
criterion_main!(benches);
