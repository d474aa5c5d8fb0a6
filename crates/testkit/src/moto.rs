//! A double of AWS on loopback, with aws-cli to put things into it.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::Python;

/// No machine takes longer to start it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves until whoever started it is gone, in whatever way.
const SERVE: &str = "
import os, sys, threading
from moto.server import main

def leave_with_the_test():
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=leave_with_the_test, daemon=True).start()
main(['-H', '127.0.0.1', '-p', '0'])
";

/// A server that answers as AWS does, and forgets everything at its end.
#[derive(Debug)]
pub struct Moto {
    python: &'static Python,
    server: Child,
    url: String,
}

impl Moto {
    /// Starts a server of moto, from PyPI in a virtual environment below `home`,
    /// which is made once.
    ///
    /// Where there is no Python 3 or no registry it says on standard error that
    /// `check` did not run, and returns none.
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set; when the
    /// server does not start.
    pub fn start(home: &Path, check: &str) -> Option<Moto> {
        let python = Python::with_moto(home, check)?;
        let mut command = Command::new(python.path());
        command.args(["-c", SERVE]);
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut server = command
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("moto does not start: {error}"));
        let (tell, told) = mpsc::channel();
        let said = server.stderr.take().map(BufReader::new);
        // Reads on, or the server would wait for somebody who does.
        thread::spawn(move || {
            for line in said
                .into_iter()
                .flat_map(BufReader::lines)
                .map_while(Result::ok)
            {
                let url = line
                    .split_whitespace()
                    .find(|word| word.starts_with("http://"));
                if let Some(url) = url {
                    let _ = tell.send(url.to_owned());
                }
            }
        });
        let url = told
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|error| panic!("moto does not say where it is: {error}"));
        Some(Moto {
            python,
            server,
            url,
        })
    }

    /// Returns the address as an endpoint's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs commands in a shell that calls aws-cli `aws`, as users paste them.
    ///
    /// # Panics
    /// When one ends with an error.
    pub fn paste(&self, commands: &str) {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("no folder: {error}"));
        let program = folder.path().join("aws");
        let script = format!(
            "#!/bin/sh\nexec '{}' -m awscli \"$@\"\n",
            self.python.path().display()
        );
        let made = fs::write(&program, script)
            .and_then(|()| fs::set_permissions(&program, Permissions::from_mode(0o755)));
        made.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command.args(["-euc", commands]);
        set_credentials(&mut command);
        let output = command
            .env("PATH", format!("{}:{path}", folder.path().display()))
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_PAGER", "")
            .output()
            .unwrap_or_else(|error| panic!("bash does not start: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{commands}\n{said}");
    }

    /// Runs aws-cli on the server, and returns what it prints.
    ///
    /// # Panics
    /// When it ends with an error.
    pub fn aws(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(self.python.path());
        command.args(["-m", "awscli"]).args(arguments);
        set_credentials(&mut command);
        let output = command
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_PAGER", "")
            .output()
            .unwrap_or_else(|error| panic!("aws-cli does not start: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "aws {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Gives a program credentials that open nothing, a region, and no other settings
/// of AWS.
pub fn set_credentials(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEKEY")
        .env("AWS_SECRET_ACCESS_KEY", "example-secret")
        .env("AWS_SESSION_TOKEN", "example-token")
        .env("AWS_REGION", "us-west-2")
        .env("AWS_DEFAULT_REGION", "us-west-2")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
}
