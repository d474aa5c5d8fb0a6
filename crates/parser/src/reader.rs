//! Reads one input and hands over each thing that it held.

use crate::inflate::Inflater;
use crate::interest::Interest;
use crate::item::Item;
use crate::listing::Listing;
use crate::walk::Walk;

/// Reads inputs one after the other, reusing its buffers.
///
/// What an input is, is decided by its content. See the crate's documentation
/// for what is understood.
#[derive(Debug)]
pub struct Reader {
    interest: Interest,
    inflater: Inflater,
    max_inflated_bytes: usize,
}

impl Reader {
    /// Makes a reader that hands over the events of `interest`, and reads no
    /// more than `max_inflated_bytes` of any one input, and as much again of the
    /// compressed payloads that it carries.
    pub fn new(interest: Interest, max_inflated_bytes: usize) -> Self {
        Reader {
            interest,
            inflater: Inflater::default(),
            max_inflated_bytes,
        }
    }

    /// Returns what is handed over.
    pub fn interest(&self) -> &Interest {
        &self.interest
    }

    /// Reads one input and hands every item to `sink`, in the input's order.
    ///
    /// Each record in the input makes exactly one item. Damage makes a
    /// [`Item::Reject`] and costs no other record that can still be told apart.
    pub fn read(&mut self, input: &[u8], sink: &mut dyn FnMut(Item<'_>)) {
        let inflated = self
            .inflater
            .inflate_at_most(self.max_inflated_bytes, input);
        let mut walk = Walk {
            interest: &self.interest,
            payload_bytes: self.max_inflated_bytes,
            inflater: None,
            sink,
            index: 0,
            cut_short: None,
            listing: Listing::UNTOLD,
        };
        if inflated.bytes.is_empty() && inflated.defect.is_some() {
            // The defect says more than that nothing was left to read.
        } else {
            walk.document(inflated.bytes, None, 0);
        }
        let end = inflated.bytes.len() as u64;
        walk.finish(inflated.defect, end);
    }
}
