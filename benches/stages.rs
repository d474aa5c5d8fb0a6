//! Times each stage of a report on a synthetic contact centre, in bytes of
//! inflated log per second: `cargo bench -p earwitness-benches`.
//!
//! Stages are timed on one thread and in memory; reading files, threads and
//! start-up are left out.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use earwitness_parser::{Inflater, Interest, Item, Reader};
use earwitness_query::{Ask, Batch, Evidence, Gathering, Library, Report, Scope, answer};
use earwitness_testkit::Centre;

const MAX_BYTES: usize = 1 << 30;

/// The files of a small centre, and their inflated size together.
fn centre() -> (Vec<Vec<u8>>, u64) {
    let mut files = Vec::new();
    let centre = Centre {
        seed: 11,
        events: 20_000,
    };
    centre
        .write(&mut |_, bytes| {
            files.push(bytes.to_vec());
            Ok(())
        })
        .unwrap();
    let mut inflater = Inflater::default();
    let bytes = files
        .iter()
        .map(|file| inflater.inflate_at_most(MAX_BYTES, file).bytes.len() as u64)
        .sum();
    (files, bytes)
}

fn gather(report: &Report, files: &[Vec<u8>]) -> Arc<Evidence> {
    let scope = Scope::default();
    let mut reader = Reader::new(report.interest(), MAX_BYTES);
    let mut gathering = Gathering::default();
    for file in files {
        gathering.absorb(Batch::read("a file", file, &mut reader, &scope.window));
    }
    Arc::new(gathering.into_evidence(&scope))
}

fn stages(criterion: &mut Criterion) {
    let (files, bytes) = centre();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);

    group.bench_function("inflate", |bencher| {
        let mut inflater = Inflater::default();
        bencher.iter(|| {
            for file in &files {
                black_box(inflater.inflate_at_most(MAX_BYTES, file).bytes.len());
            }
        });
    });
    let library = Library::shipped().unwrap();
    for report in library.reports() {
        group.bench_function(format!("read {}", report.name), |bencher| {
            let mut reader = Reader::new(report.interest(), MAX_BYTES);
            bencher.iter(|| {
                let mut events = 0;
                for file in &files {
                    reader.read(file, &mut |item| {
                        events += usize::from(matches!(item, Item::Event { .. }));
                    });
                }
                black_box(events)
            });
        });
        group.bench_function(format!("gather {}", report.name), |bencher| {
            bencher.iter(|| black_box(gather(report, &files)));
        });
        group.bench_function(format!("answer {}", report.name), |bencher| {
            let evidence = gather(report, &files);
            bencher.iter(|| black_box(answer(report, &evidence, &Ask::default()).unwrap()));
        });
    }
    group.bench_function("read everything", |bencher| {
        let mut reader = Reader::new(Interest::everything(), MAX_BYTES);
        bencher.iter(|| {
            for file in &files {
                reader.read(file, &mut |item| {
                    black_box(&item);
                });
            }
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
