//! What the archive holds, put together.

use std::sync::Arc;

use earwitness_parser::{Interest, Reader};
use earwitness_query::{Batch, Evidence, Gathering, Scope};

use crate::centre::MAX_BYTES;

/// Gathers what the files hold of an interest, in every object.
pub(crate) fn gather(plain: &[Vec<u8>], interest: Interest) -> Arc<Evidence> {
    let scope = Scope {
        all_objects: true,
        ..Scope::default()
    };
    let mut reader = Reader::new(interest, MAX_BYTES);
    let mut gathering = Gathering::default();
    for file in plain {
        gathering.absorb(Batch::read("a file", file, &mut reader, &scope.window));
    }
    Arc::new(gathering.into_evidence(&scope))
}
