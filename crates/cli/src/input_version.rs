use std::fs;
use std::time::UNIX_EPOCH;

use earwitness_sources::Input;

/// Returns what tells one content of an input from another without reading it:
/// when a file was changed, in nanoseconds since 1970, or an object's ETag.
pub(crate) fn version(input: &Input) -> String {
    let path = match input {
        Input::File(file) => file.path(),
        #[cfg(feature = "aws")]
        Input::Object(object) => return object.etag().unwrap_or_default().to_owned(),
        _ => return String::new(),
    };
    let changed = fs::metadata(path).and_then(|metadata| metadata.modified());
    let since = changed
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(String::new(), |since| since.as_nanos().to_string())
}
