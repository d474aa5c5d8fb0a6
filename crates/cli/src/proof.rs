//! What a report can say of how sure its answer is.

use std::path::Path;

use earwitness_parser::Passed;
use earwitness_proof::{Asked, Coverage, Verification};
use earwitness_query::Evidence;
use earwitness_sources::Input;

use crate::console;
use crate::failure::Failure;
use crate::session::Session;
use crate::survey::{public_keys, survey};

/// How sure a report's answer is.
#[derive(Default)]
pub(crate) struct Proof {
    /// Which hours of its window the inputs cover.
    pub(crate) coverage: Coverage,
    /// Whether keys were given, and somebody changed, removed or made an input.
    pub(crate) fails: bool,
}

/// Says how sure a report's answer is, with the keys of a file that the user
/// trusts. Reads the inputs again for it, so only where a digest is among them.
pub(crate) fn proof(
    session: &Session<'_>,
    trusted: Option<&Path>,
    evidence: &Evidence,
) -> Result<Proof, Failure> {
    let keys = public_keys(trusted)?;
    if !evidence.counts().passed.contains_key(&Passed::Digest) {
        return Ok(Proof::default());
    }
    // What came through a pipe is gone.
    let is_there = |input: &&Input| match input {
        Input::File(file) => file.path().is_file(),
        Input::Stdin => false,
        // What lies in a bucket.
        _ => true,
    };
    let files = session.found.inputs.iter().filter(is_there).cloned();
    let files: Vec<Input> = files.collect();
    let progress = session.progress_of(&files, "verifying");
    let examined = survey(&files, session, &progress)?;
    progress.finish();
    let verification = Verification::of(&examined, &keys);
    let asked = Asked {
        since: session.wants.window.since,
        until: session.wants.window.until,
        trail: None,
    };
    if verification.fails() {
        console::say(
            "not every file is as it was delivered, as digests tell; `earwitness verify` names them",
        );
    }
    Ok(Proof {
        // Digests that claim ages cost no report.
        coverage: Coverage::of(&examined, &verification, asked).unwrap_or_default(),
        fails: verification.fails() && !keys.is_empty(),
    })
}
