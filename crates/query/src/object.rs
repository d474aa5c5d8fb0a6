//! Objects in buckets, each known by one key.

use crate::recording_key::canonical_key;
use crate::symbols::{Symbol, Symbols, Translation};

/// A bucket and a key in it, or just the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Object {
    pub(crate) bucket: Symbol,
    /// The key in its canonical form.
    pub(crate) key: Symbol,
}

impl Object {
    pub(crate) fn new(bucket: Option<&str>, key: Option<&str>, symbols: &mut Symbols) -> Object {
        Object {
            bucket: symbols.intern_opt(bucket),
            key: symbols.intern_opt(key.map(canonical_key).as_deref()),
        }
    }

    pub(crate) fn translated(self, to: &Translation) -> Object {
        Object {
            bucket: to.of(self.bucket),
            key: to.of(self.key),
        }
    }
}
