//! Runs the program against doubles of AWS on loopback.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use earwitness_testkit::{Moto, set_credentials};

use crate::support::{Run, earwitness, finish};

/// What is let out by nothing.
pub(crate) const SECRETS: [&str; 3] = ["AKIAEXAMPLEKEY", "example-secret", "example-token"];

/// The double that the tests share; each has buckets of its own. It ends with
/// the tests.
pub(crate) fn moto(check: &str) -> Option<&'static Moto> {
    static MOTO: OnceLock<Option<Moto>> = OnceLock::new();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    MOTO.get_or_init(|| Moto::start(home, check)).as_ref()
}

/// The program with credentials, and with a URL in place of AWS's own.
pub(crate) fn earwitness_at(url: &str) -> Command {
    let mut command = earwitness();
    at(&mut command, url);
    command
}

/// Gives a program credentials and a URL in place of AWS's own.
pub(crate) fn at(command: &mut Command, url: &str) {
    set_credentials(command);
    command.env("AWS_ENDPOINT_URL", url);
}

/// Runs `earwitness ARGUMENTS…` there; no secret may be in what it says.
pub(crate) fn run_at(url: &str, arguments: &[&str]) -> Run {
    let run = finish(earwitness_at(url).args(arguments));
    for secret in SECRETS {
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
        assert!(!String::from_utf8_lossy(&run.stdout).contains(secret));
    }
    run
}
