//! Settings that were saved to a folder.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_proof::Settings;

use crate::console;
use crate::failure::{Failure, causes};

/// Settings are small; what is larger is none.
const MOST_BYTES: u64 = 64 << 20;

/// Reads the files of a folder. Tells too whether all of them are settings; the
/// others are named on standard error.
pub(crate) fn read(folder: &Path) -> Result<(Settings, bool), Failure> {
    let failed = |error: io::Error| {
        let folder = visible(&folder.to_string_lossy());
        Failure::usage(anyhow!("failed to read the folder {folder}: {error}"))
    };
    let entries: io::Result<Vec<_>> = fs::read_dir(folder).map_err(failed)?.collect();
    let mut paths: Vec<_> = entries.map_err(failed)?;
    paths.sort_by_key(fs::DirEntry::file_name);
    let mut settings = Settings::default();
    let mut is_whole = true;
    for entry in &paths {
        if let Err(why) = add(&mut settings, &entry.path()) {
            let path = visible(&entry.path().to_string_lossy());
            console::say(&format!("not read: {path}: {}", visible(&why)));
            is_whole = false;
        }
    }
    if settings == Settings::default() {
        return Err(Failure::usage(anyhow!(
            "there are no settings in the folder {}; `earwitness doctor --help` says which aws-cli commands \
             to save there",
            visible(&folder.to_string_lossy())
        )));
    }
    Ok((settings, is_whole))
}

fn add(settings: &mut Settings, path: &Path) -> Result<(), String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is no file".to_owned());
    }
    if metadata.len() > MOST_BYTES {
        return Err("it is too large for what an aws-cli command prints".to_owned());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let suffixes = [".json", ".txt"];
    let stem = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
    let printed = fs::read(path).map_err(|error| error.to_string())?;
    settings
        .add_printed(stem.unwrap_or(&name), &printed)
        .map_err(|error| format!("failed to {}", causes(&error)))
}
