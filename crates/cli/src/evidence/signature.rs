//! Signs a manifest with a key that the user has, and checks the signature: both
//! are `ssh-keygen`'s work.
//!
//! Source: ssh-keygen(1), `-Y sign`, `-Y find-principals` and `-Y verify`.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::anyhow;
use earwitness_export::visible;

use crate::failure::Failure;

/// What keeps a signature of a manifest from being taken for one of something else.
const NAMESPACE: &str = "earwitness-evidence";

/// The file that `ssh-keygen` writes the signature of a manifest to.
pub(super) fn path_of(manifest: &Path) -> PathBuf {
    let mut name = OsString::from(manifest);
    name.push(".sig");
    PathBuf::from(name)
}

/// Signs a manifest.
pub(super) fn sign(manifest: &Path, key: &Path) -> Result<(), Failure> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"]);
    command.arg(key).arg(manifest).stdin(Stdio::null());
    let said = run(&mut command)?;
    if !said.status.success() {
        return Err(Failure::failed(anyhow!(
            "failed to sign the manifest, which is written: {}",
            text(&said.stderr)
        )));
    }
    Ok(())
}

/// Says who signed a manifest, or why nobody did that may.
pub(super) fn signer(manifest: &Path, allowed: &Path) -> Result<Result<String, String>, Failure> {
    let signature = path_of(manifest);
    if !signature.exists() {
        return Ok(Err("it is not signed".to_owned()));
    }
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "find-principals", "-f"]).arg(allowed);
    command.arg("-s").arg(&signature).stdin(Stdio::null());
    let found = run(&mut command)?;
    if !found.status.success() {
        return Ok(Err(
            "no allowed signer has the key of its signature".to_owned()
        ));
    }
    let principals = text(&found.stdout);
    for principal in principals.lines() {
        let file = File::open(manifest).map_err(|error| {
            Failure::failed(anyhow!("failed to read the manifest again: {error}"))
        })?;
        let mut command = Command::new("ssh-keygen");
        command.args(["-Y", "verify", "-n", NAMESPACE, "-I", principal, "-f"]);
        command.arg(allowed).arg("-s").arg(&signature).stdin(file);
        if run(&mut command)?.status.success() {
            return Ok(Ok(principal.to_owned()));
        }
    }
    Ok(Err("its signature does not fit".to_owned()))
}

fn run(command: &mut Command) -> Result<Output, Failure> {
    command.output().map_err(|error| {
        Failure::failed(anyhow!(
            "failed to run ssh-keygen, which signs and checks signatures: {error}; install OpenSSH"
        ))
    })
}

fn text(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines: Vec<String> = said.trim().lines().map(visible).collect();
    lines.join("\n")
}
