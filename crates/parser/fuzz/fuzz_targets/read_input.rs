//! Any bytes make a bounded number of items and no panic, no place in the input
//! is passed over without an item, and asking for some event names hands over
//! exactly what asking for everything has of them.
//!
//! Run it from `crates/parser`:
//!
//! ```text
//! cargo install cargo-fuzz
//! mkdir -p fuzz/corpus/read_input
//! cp ../../fixtures/{wrappers,malformed,versions}/* fuzz/corpus/read_input
//! cargo +nightly fuzz run read_input -- -max_len=65536
//! ```
//!
//! An input that fails is kept in `fuzz/artifacts/read_input`;
//! `cargo +nightly fuzz tmin read_input FILE` makes it smaller.

#![no_main]

use earwitness_parser::{Interest, Item, Position, Reader};
use libfuzzer_sys::fuzz_target;

const MAX_INFLATED_BYTES: usize = 1 << 20;
const NAMES: [&str; 3] = ["DeleteObject", "DeleteObjects", "GetObject"];

/// What tells one event from another.
#[derive(Debug, PartialEq)]
struct Kept {
    position: Position,
    content: u64,
    name: String,
    micros: i64,
}

fuzz_target!(|input: &[u8]| {
    let all = read(Interest::everything(), input);
    let some = read(Interest::in_events(NAMES), input);
    let named: Vec<Kept> = all
        .into_iter()
        .filter(|event| NAMES.contains(&event.name.as_str()))
        .collect();
    assert_eq!(some, named);
});

/// Reads the input twice with one reader, whose buffers must leave no trace,
/// and returns its events.
fn read(interest: Interest, input: &[u8]) -> Vec<Kept> {
    let mut reader = Reader::new(interest, MAX_INFLATED_BYTES);
    let first = read_once(&mut reader, input);
    assert_eq!(first, read_once(&mut reader, input));
    first
}

fn read_once(reader: &mut Reader, input: &[u8]) -> Vec<Kept> {
    let mut items = 0usize;
    let mut places = 0;
    let mut events = Vec::new();
    reader.read(input, &mut |item| {
        items += 1;
        match item {
            Item::Event {
                event,
                time,
                position,
                raw,
            } => {
                places = places.max(position.index + 1);
                events.push(Kept {
                    position,
                    content: raw.content().0,
                    name: event.event_name.as_str().to_owned(),
                    micros: time.0,
                });
            }
            Item::Reject(reject) => {
                places = places.max(reject.position.index + 1);
                // What is shown to people is made without a panic too.
                drop(reject.reason.to_string());
            }
            Item::S3Deletion { .. }
            | Item::Contact { .. }
            | Item::Directory { .. }
            | Item::Passed(_) => {}
        }
    });
    // Each item takes a byte of text at least; two more are for an input that
    // is empty or whose compression is damaged.
    assert!(items <= input.len() + MAX_INFLATED_BYTES + 2);
    // Places are counted up, so one that made no item leaves fewer items.
    assert!(places <= items as u64, "{places} places made {items} items");
    events
}
