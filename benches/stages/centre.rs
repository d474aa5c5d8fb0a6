//! The archive that every stage is timed on.

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use earwitness_parser::Inflater;
use earwitness_testkit::Centre;

pub(crate) const MAX_BYTES: usize = 1 << 30;

/// Returns the files of a small centre as they are delivered.
pub(crate) fn packed() -> Vec<Vec<u8>> {
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
    files
}

/// Returns the files inflated.
pub(crate) fn plain(packed: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut inflater = Inflater::default();
    packed
        .iter()
        .map(|file| inflater.inflate_at_most(MAX_BYTES, file).bytes.to_vec())
        .collect()
}

/// Makes a group whose figures are bytes of inflated log per second.
pub(crate) fn group<'c>(
    criterion: &'c mut Criterion,
    name: &str,
    plain: &[Vec<u8>],
) -> BenchmarkGroup<'c, WallTime> {
    let bytes = plain.iter().map(|file| file.len() as u64).sum();
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(bytes)).sample_size(10);
    group
}
