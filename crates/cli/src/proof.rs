//! What a report can say of how sure its answer is.

use earwitness_parser::Passed;
use earwitness_proof::{Asked, Coverage, Verification};
use earwitness_query::{Evidence, Window};
use earwitness_sources::Input;

use crate::args::ReportArgs;
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

/// Says how sure a report's answer is. Reads the inputs again for it, so only
/// where a digest is among them.
pub(crate) fn proof(
    inputs: &[Input],
    window: &Window,
    args: &ReportArgs,
    evidence: &Evidence,
    interrupt: &Interrupt,
) -> Result<Proof, Failure> {
    let keys = public_keys(args.public_keys.as_deref())?;
    if !evidence.counts().passed.contains_key(&Passed::Digest) {
        return Ok(Proof::default());
    }
    // What came through a pipe is gone.
    let is_file = |input: &&Input| match input {
        Input::File(file) => file.path().is_file(),
        _ => false,
    };
    let files: Vec<Input> = inputs.iter().filter(is_file).cloned().collect();
    let bytes = files.iter().map(Input::size_hint).sum();
    let progress = Progress::new(args.quiet, files.len() as u64, bytes);
    progress.phase("verifying");
    let examined = survey(&files, args.max_inflated_bytes.0, &progress, interrupt)?;
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
