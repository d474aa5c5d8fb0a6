//! Where the committed fixtures are, and how they are written.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{
    Centre, Counts, Emit, Error, Result, write_expected_malformed, write_malformed,
    write_s3_reports, write_signed_trail, write_versions, write_wrappers,
};

/// The folders that hold nothing but generated files.
const GENERATED: [&str; 7] = [
    "contact-centre",
    "expected/contact-centre",
    "malformed",
    "s3-reports",
    "signed-trail",
    "versions",
    "wrappers",
];

/// Returns the folder `name` of the committed fixtures, such as
/// `contact-centre`; the empty name is the folder of them all.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures")
        .join(name)
}

/// Lists every file below a folder, in the order of their paths.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Returns a sink that writes every file below `root`.
pub fn into_folder(root: &Path) -> impl FnMut(&str, &[u8]) -> Result<()> {
    let root = root.to_owned();
    move |name, content| {
        let path = root.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|source| Error::Write {
                path: parent.to_owned(),
                source,
            })?;
        }
        fs::write(&path, content).map_err(|source| Error::Write { path, source })
    }
}

/// Writes all committed fixtures below `root`, in place of those that were
/// there.
///
/// # Errors
/// When a file cannot be compressed or written.
pub fn write_fixtures(root: &Path) -> Result<Counts> {
    for name in GENERATED {
        let path = root.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|source| Error::Write { path, source })?;
        }
    }
    emit_fixtures(&mut into_folder(root))
}

/// Hands all committed fixtures to `emit`.
pub(crate) fn emit_fixtures(emit: &mut Emit<'_>) -> Result<Counts> {
    write_versions(&mut below("versions", emit))?;
    write_wrappers(&mut below("wrappers", emit))?;
    write_s3_reports(&mut below("s3-reports", emit))?;
    write_signed_trail(&mut below("signed-trail", emit))?;
    write_malformed(&mut below("malformed", emit))?;
    write_expected_malformed(&mut below("expected", emit))?;
    let mut answers = Vec::new();
    let counts = Centre::small().write_with_answers(
        &mut below("contact-centre", emit),
        &mut |name, content| {
            answers.push((name.to_owned(), content.to_vec()));
            Ok(())
        },
    )?;
    for (name, content) in answers {
        emit(&format!("expected/contact-centre/{name}"), &content)?;
    }
    Ok(counts)
}

fn below<'a>(
    folder: &'a str,
    emit: &'a mut Emit<'_>,
) -> impl FnMut(&str, &[u8]) -> Result<()> + 'a {
    move |name, content| emit(&format!("{folder}/{name}"), content)
}
