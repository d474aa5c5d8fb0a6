//! What each input held, for whoever has to account for it.

use crate::evidence::Evidence;

/// How much was read of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputCounts<'a> {
    /// The input, as it was named.
    pub origin: &'a str,
    /// SHA-256 of it as it lies, in hex; the empty text where it was not asked for.
    pub sha256: &'a str,
    /// Records read, of any kind.
    pub records: u64,
    /// Pieces that could not be read.
    pub rejects: u64,
}

impl Evidence {
    /// Iterates over the inputs in the order in which they were put together.
    pub fn input_counts(&self) -> impl Iterator<Item = InputCounts<'_>> {
        self.inputs.iter().map(|input| InputCounts {
            origin: self.names.symbols.str(input.origin),
            sha256: self.names.symbols.get(input.sha256).unwrap_or_default(),
            records: input.records,
            rejects: input.rejects,
        })
    }
}
