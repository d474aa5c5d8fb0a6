//! What a report can say of how sure its answer is.

use earwitness_parser::Passed;
use earwitness_proof::{Asked, Coverage, Verification};
use earwitness_query::{Evidence, Window};
use earwitness_sources::Input;

use crate::args::ReportArgs;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::survey::{public_keys, survey};

/// Says which hours of a report's window the inputs cover. Reads them again for
/// it, so only where a digest is among them.
pub(crate) fn coverage(
    inputs: &[Input],
    window: &Window,
    args: &ReportArgs,
    evidence: &Evidence,
    interrupt: &Interrupt,
) -> Result<Coverage, Failure> {
    let keys = public_keys(args.public_keys.as_deref())?;
    if !evidence.counts().passed.contains_key(&Passed::Digest) {
        return Ok(Coverage::default());
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
    Ok(Coverage::of(&examined, &verification, asked)?)
}
