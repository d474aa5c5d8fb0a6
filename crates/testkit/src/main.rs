//! Writes synthetic contact centres and fixtures into folders.

use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use earwitness_testkit::{
    Centre, Counts, Result, into_folder, write_expected_malformed, write_fixtures, write_malformed,
    write_versions, write_wrappers,
};

const USAGE: &str = "\
usage: earwitness-testkit contact-centre OUT_DIR [--seed N] [--events N] [--expected DIR]
       earwitness-testkit versions OUT_DIR
       earwitness-testkit wrappers OUT_DIR
       earwitness-testkit malformed OUT_DIR [--expected DIR]
       earwitness-testkit fixtures REPO_FIXTURES_DIR
";

struct Arguments {
    command: String,
    folder: PathBuf,
    centre: Centre,
    expected: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(arguments) = parse(env::args().skip(1)) else {
        return say(USAGE, ExitCode::from(2));
    };
    match run(&arguments) {
        Some(Ok(message)) => say(&message, ExitCode::SUCCESS),
        Some(Err(error)) => say(&format!("error: {error}\n"), ExitCode::FAILURE),
        None => say(USAGE, ExitCode::from(2)),
    }
}

fn say(message: &str, code: ExitCode) -> ExitCode {
    match io::stderr().write_all(message.as_bytes()) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments {
        command: words.next()?,
        folder: PathBuf::from(words.next()?),
        centre: Centre::small(),
        expected: None,
    };
    while let Some(option) = words.next() {
        let value = words.next()?;
        match option.as_str() {
            "--seed" => arguments.centre.seed = value.parse().ok()?,
            "--events" => arguments.centre.events = value.parse().ok()?,
            "--expected" => arguments.expected = Some(PathBuf::from(value)),
            _ => return None,
        }
    }
    Some(arguments)
}

/// Does what the command says; none when there is no such command.
fn run(arguments: &Arguments) -> Option<Result<String>> {
    let mut emit = into_folder(&arguments.folder);
    let written = || "written\n".to_owned();
    Some(match arguments.command.as_str() {
        "contact-centre" => contact_centre(arguments).map(|counts| summary(&counts)),
        "versions" => write_versions(&mut emit).map(|()| written()),
        "wrappers" => write_wrappers(&mut emit).map(|()| written()),
        "malformed" => malformed(arguments).map(|()| written()),
        "fixtures" => write_fixtures(&arguments.folder).map(|counts| summary(&counts)),
        _ => return None,
    })
}

fn contact_centre(arguments: &Arguments) -> Result<Counts> {
    let mut emit = into_folder(&arguments.folder);
    match &arguments.expected {
        Some(folder) => arguments
            .centre
            .write_with_answers(&mut emit, &mut into_folder(folder)),
        None => arguments.centre.write(&mut emit),
    }
}

fn malformed(arguments: &Arguments) -> Result<()> {
    write_malformed(&mut into_folder(&arguments.folder))?;
    match &arguments.expected {
        Some(folder) => write_expected_malformed(&mut into_folder(Path::new(folder))),
        None => Ok(()),
    }
}

fn summary(counts: &Counts) -> String {
    format!(
        "{} CloudTrail records ({} second copies) in {} files, {} contact records, {} users listed\n",
        counts.cloudtrail_records,
        counts.duplicates,
        counts.files,
        counts.contact_records,
        counts.users_listed
    )
}
