//! A Python with another engine in it, for tests that ask a program which shares
//! no code with earwitness.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

/// What a Python is to have.
struct Wanted {
    /// The folder of its virtual environment: the versions are part of the name,
    /// so that others are not taken for them.
    folder: &'static str,
    packages: &'static [&'static str],
    /// What imports all of them.
    imports: &'static str,
}

const DUCKDB: Wanted = Wanted {
    folder: "duckdb-1.4.5",
    packages: &["duckdb==1.4.5"],
    imports: "import duckdb",
};

/// Sail with the client of Spark that it is made for, and a parser of SQL that
/// knows Trino's.
const SPARK: Wanted = Wanted {
    folder: "pysail-0.7.2",
    packages: &["pysail==0.7.2", "pyspark-client==4.1.3", "sqlglot==30.30.0"],
    imports: "import pysail, pyspark.sql, sqlglot",
};

/// Reads workbooks.
const OPENPYXL: Wanted = Wanted {
    folder: "openpyxl-3.1.5",
    packages: &["openpyxl==3.1.5"],
    imports: "import openpyxl",
};

/// Drives a browser, which is the system's.
const PLAYWRIGHT: Wanted = Wanted {
    folder: "playwright-1.65.2",
    packages: &["playwright==1.65.2"],
    imports: "import playwright",
};

/// A double of AWS, and AWS's own command line.
const MOTO: Wanted = Wanted {
    folder: "moto-5.2.5-awscli-1.46.3",
    packages: &["moto[server]==5.2.5", "awscli==1.46.3"],
    imports: "import moto.server, awscli",
};

/// A Python that can import what a test asks.
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
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        PYTHON
            .get_or_init(|| environment(home, &DUCKDB))
            .or_say(check)
    }

    /// Returns the Python that has Sail and a client of Spark, as
    /// [`with_duckdb`](Python::with_duckdb).
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_spark(home: &Path, check: &str) -> Option<&'static Python> {
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        PYTHON
            .get_or_init(|| environment(home, &SPARK))
            .or_say(check)
    }

    /// Returns the Python that reads workbooks, as
    /// [`with_duckdb`](Python::with_duckdb).
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_openpyxl(home: &Path, check: &str) -> Option<&'static Python> {
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        PYTHON
            .get_or_init(|| environment(home, &OPENPYXL))
            .or_say(check)
    }

    /// Returns the Python that drives a browser, as
    /// [`with_duckdb`](Python::with_duckdb).
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_playwright(home: &Path, check: &str) -> Option<&'static Python> {
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        PYTHON
            .get_or_init(|| environment(home, &PLAYWRIGHT))
            .or_say(check)
    }

    /// Returns the Python that has a double of AWS and aws-cli, as
    /// [`with_duckdb`](Python::with_duckdb).
    ///
    /// # Panics
    /// When there is none and the environment variable `CI` is set.
    pub fn with_moto(home: &Path, check: &str) -> Option<&'static Python> {
        static PYTHON: OnceLock<Result<Python, String>> = OnceLock::new();
        PYTHON
            .get_or_init(|| environment(home, &MOTO))
            .or_say(check)
    }

    /// Returns the program itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a script, with its arguments.
    ///
    /// # Errors
    /// All that the script said, when it ends with an error.
    pub fn run(&self, script: &Path, arguments: &[&Path]) -> Result<(), String> {
        run(Command::new(&self.path).arg(script).args(arguments))
    }

    /// Returns a command that runs a script, for the caller to add to.
    pub fn command(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.path);
        command.arg(script);
        command
    }
}

/// Says that there is no Python, where that is not an error.
trait OrSay {
    fn or_say(&self, check: &str) -> Option<&Python>;
}

impl OrSay for Result<Python, String> {
    fn or_say(&self, check: &str) -> Option<&Python> {
        let why = match self {
            Ok(python) => return Some(python),
            Err(why) => why,
        };
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

/// Makes the virtual environment where there is none yet. It takes its place
/// only when it is complete, so that a run that is stopped leaves none half made.
fn environment(home: &Path, wanted: &Wanted) -> Result<Python, String> {
    let place = home.join(wanted.folder);
    let inside = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let path = place.join(inside);
    let imports = || run(Command::new(&path).args(["-c", wanted.imports]));
    if imports().is_ok() {
        return Ok(Python { path });
    }
    fs::create_dir_all(home).map_err(|error| error.to_string())?;
    let making = TempDir::new_in(home).map_err(|error| error.to_string())?;
    let system = if cfg!(windows) { "python" } else { "python3" };
    run(Command::new(system).args(["-m", "venv"]).arg(making.path()))?;
    run(Command::new(making.path().join(inside))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--only-binary=:all:",
            // Pure Python, of which there is no wheel.
            "--no-binary=pyspark-client",
            "--retries=1",
            "--timeout=15",
        ])
        .args(wanted.packages))?;
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
