//! What a report can say of how sure its answer is.

use std::path::Path;

use earwitness_parser::Passed;
use earwitness_proof::{Asked, Coverage, Verification};
use earwitness_query::{Evidence, Window};
use earwitness_sources::Input;

use crate::console;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::survey::{public_keys, survey};

/// How sure a report's answer is.
#[derive(Default)]
pub(crate) struct Proof {
    /// Which hours of its window the inputs cover.
    pub(crate) coverage: Coverage,
    /// Whether keys were given, and somebody changed, removed or made an input.
    pub(crate) fails: bool,
}

/// What it takes to look at the inputs again.
pub(crate) struct Proving<'a> {
    pub(crate) inputs: &'a [Input],
    /// The file of the keys that the user trusts.
    pub(crate) public_keys: Option<&'a Path>,
    pub(crate) max_inflated_bytes: u64,
    pub(crate) quiet: bool,
    pub(crate) interrupt: &'a Interrupt,
}

/// Says how sure a report's answer is. Reads the inputs again for it, so only
/// where a digest is among them.
pub(crate) fn proof(
    proving: &Proving<'_>,
    window: &Window,
    evidence: &Evidence,
) -> Result<Proof, Failure> {
    let keys = public_keys(proving.public_keys)?;
    if !evidence.counts().passed.contains_key(&Passed::Digest) {
        return Ok(Proof::default());
    }
    // What came through a pipe is gone.
    let is_file = |input: &&Input| match input {
        Input::File(file) => file.path().is_file(),
        _ => false,
    };
    let files: Vec<Input> = proving.inputs.iter().filter(is_file).cloned().collect();
    let bytes = files.iter().map(Input::size_hint).sum();
    let progress = Progress::new(proving.quiet, files.len() as u64, bytes);
    progress.phase("verifying");
    let examined = survey(
        &files,
        proving.max_inflated_bytes,
        &progress,
        proving.interrupt,
    )?;
    progress.finish();
    let verification = Verification::of(&examined, &keys);
    let asked = Asked {
        since: window.since,
        until: window.until,
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
