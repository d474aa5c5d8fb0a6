//! Times inflating: libdeflate alone, and the parser's own way around it, which
//! looks for further members and checks sizes.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;

use std::hint::black_box;

use centre::MAX_BYTES;
use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::Inflater;
use libdeflater::Decompressor;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

fn inflate(criterion: &mut Criterion) {
    let packed = centre::packed();
    let plain = centre::plain(&packed);
    let mut group = centre::group(criterion, "inflate", &plain);
    group.bench_function("libdeflate", |bencher| {
        let mut decompressor = Decompressor::new();
        let most = plain.iter().map(Vec::len).max().unwrap();
        let mut buffer = vec![0; most];
        bencher.iter(|| {
            for file in packed.iter().filter(|file| file.starts_with(&MAGIC)) {
                black_box(decompressor.gzip_decompress(file, &mut buffer).unwrap());
            }
        });
    });
    group.bench_function("inflater", |bencher| {
        let mut inflater = Inflater::default();
        bencher.iter(|| {
            for file in &packed {
                black_box(inflater.inflate_at_most(MAX_BYTES, file).bytes.len());
            }
        });
    });
    group.finish();
}

criterion_group!(benches, inflate);
criterion_main!(benches);
