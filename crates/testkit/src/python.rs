//! A Python with a package in it, for tests that ask a program which shares no
//! code with earwitness.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// A package from PyPI, and the Python that was made with it.
struct Package {
    name: &'static str,
    version: &'static str,
    python: OnceLock<Result<Python, String>>,
}

impl Package {
    const fn new(name: &'static str, version: &'static str) -> Package {
        Package {
            name,
            version,
            python: OnceLock::new(),
        }
    }
}

static DUCKDB: Package = Package::new("duckdb", "1.4.5");
static OPENPYXL: Package = Package::new("openpyxl", "3.1.5");
static PLAYWRIGHT: Package = Package::new("playwright", "1.65.2");

/// A Python that can import a package.
#[derive(Debug)]
pub struct Python {
    path: PathBuf,
}

impl Python {
    /// Returns the Python that has DuckDB, from PyPI in a virtual environment
    /// below `home`, which is made once.
    ///
    /// Where there is no Python 3 or no registry it says on standard error that
    /// `check` did not run, and returns none.
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_duckdb(home: &Path, check: &str) -> Option<&'static Python> {
        Self::with(&DUCKDB, home, check)
    }

    /// Returns the Python that reads workbooks, as [`with_duckdb`](Self::with_duckdb)
    /// does.
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_openpyxl(home: &Path, check: &str) -> Option<&'static Python> {
        Self::with(&OPENPYXL, home, check)
    }

    /// Returns the Python that drives a browser, as
    /// [`with_duckdb`](Self::with_duckdb) does. The browser itself is the
    /// system's.
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_playwright(home: &Path, check: &str) -> Option<&'static Python> {
        Self::with(&PLAYWRIGHT, home, check)
    }

    fn with(package: &'static Package, home: &Path, check: &str) -> Option<&'static Python> {
        match package.python.get_or_init(|| environment(home, package)) {
            Ok(python) => Some(python),
            Err(why) => {
                assert!(
                    std::env::var_os("CI").is_none(),
                    "{check} could not be checked: {why}"
                );
                // The real standard error: a test's own is shown only when it fails.
                let text = format!("skipped: {check} was not checked by another program: {why}\n");
                let _ = io::stderr().write_all(text.as_bytes());
                None
            }
        }
    }

    /// Runs a script, with its arguments.
    ///
    /// # Errors
    /// All that the script said, when it ends with an error.
    pub fn run(&self, script: &Path, arguments: &[&Path]) -> Result<(), String> {
        run(Command::new(&self.path).arg(script).args(arguments))
    }
}

/// Makes the virtual environment where there is none yet. It takes its place
/// only when it is complete, so that a run that is stopped leaves none half made.
fn environment(home: &Path, package: &Package) -> Result<Python, String> {
    let Package { name, version, .. } = package;
    let place = home.join(format!("{name}-{version}"));
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let path = place.join(inside);
    let imports = || run(Command::new(&path).args(["-c", &format!("import {name}")]));
    if imports().is_ok() {
        return Ok(Python { path });
    }
    fs::create_dir_all(home).map_err(|error| error.to_string())?;
    let making = TempDir::new_in(home).map_err(|error| error.to_string())?;
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system).args(["-m", "venv"]).arg(making.path()))?;
    run(Command::new(making.path().join(inside)).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--only-binary=:all:",
        "--retries=1",
        "--timeout=15",
        &format!("{name}=={version}"),
    ]))?;
    // Another run may have been faster; a Python that has moved since is no use.
    if imports().is_err() {
        let _ = fs::remove_dir_all(&place);
        fs::rename(making.path(), &place).map_err(|error| error.to_string())?;
    }
    imports()?;
    Ok(Python { path })
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(said(&output))
    }
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    format!("{}\n{}", output.status, String::from_utf8_lossy(&text))
}
