//! Times reading records into their types: those that each report needs, found
//! and parsed, and every record there is.

#![expect(clippy::unwrap_used, reason = "a benchmark may stop")]

mod centre;

use std::hint::black_box;

use centre::MAX_BYTES;
use criterion::{Criterion, criterion_group, criterion_main};
use earwitness_parser::{Interest, Item, Reader};
use earwitness_query::Library;

fn parse(criterion: &mut Criterion) {
    let plain = centre::plain(&centre::packed());
    let library = Library::shipped().unwrap();
    let mut interests = vec![("everything".to_owned(), Interest::everything())];
    for report in library.reports() {
        interests.push((report.name.clone(), report.interest()));
    }
    let mut group = centre::group(criterion, "parse", &plain);
    for (name, interest) in interests {
        group.bench_function(name, |bencher| {
            let mut reader = Reader::new(interest.clone(), MAX_BYTES);
            bencher.iter(|| {
                let mut events = 0;
                for file in &plain {
                    reader.read(file, &mut |item| {
                        events += usize::from(matches!(item, Item::Event { .. }));
                    });
                }
                black_box(events)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
