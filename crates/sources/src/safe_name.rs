use sha2::{Digest, Sha256};

/// So long may a file's name be, in bytes: no file system that matters takes
/// less, and a suffix has room behind it.
const MOST_BYTES: usize = 200;

/// Makes a file's name of one step of a key, whatever the key's owner wrote:
/// equal for equal steps and different for different ones.
///
/// Letters, digits and what is harmless in every file system stay; anything else
/// is its bytes as `%2F`.
pub(crate) fn safe_step(step: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=+@,".contains(&byte);
    let mut name = String::with_capacity(step.len());
    for byte in step.bytes() {
        if plain(byte) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    // A step that is empty or dots leads nowhere or up; some file systems lose a
    // dot at the end.
    if name.is_empty() {
        return "%".to_owned();
    }
    if name.ends_with('.') {
        name.truncate(name.len() - 1);
        name.push_str("%2E");
    }
    if name.len() > MOST_BYTES {
        // What was one byte may be cut in three; the hash tells apart.
        name.truncate(MOST_BYTES - 1 - HASH_DIGITS);
        name.push('~');
        name.push_str(&hash(step));
    }
    name
}

/// Makes one file's name of a whole key: its last step behind what tells it from
/// other keys.
pub(crate) fn aside(key: &str) -> String {
    let (_, last) = key.rsplit_once('/').unwrap_or(("", key));
    safe_step(&format!("{}-{last}", hash(key)))
}

const HASH_DIGITS: usize = 16;

/// Returns the beginning of a text's SHA-256, in hex.
pub(crate) fn hash(text: &str) -> String {
    let hash = Sha256::digest(text);
    let mut digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.truncate(HASH_DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_of_cloudtrail_stay() {
        for step in [
            "111122223333_CloudTrail_us-west-2_20260301T0005Z_AbCdEf0123456789.json.gz",
            "AWSLogs",
            "date=2026-03-01",
        ] {
            assert_eq!(safe_step(step), step);
        }
    }

    #[test]
    fn no_step_leads_anywhere_or_clashes() {
        let long = "x".repeat(1024);
        let longer = "x".repeat(1025);
        let steps = [
            "", ".", "..", "...", "%", "%2E", "a", "a.", "a%2E", "a\0", "a\n", "a:b", "a\\b", "~",
            "con ", "é", &long, &longer,
        ];
        let names: HashSet<String> = steps.iter().map(|step| safe_step(step)).collect();
        assert_eq!(names.len(), steps.len());
        for name in names {
            assert!(name.len() <= MOST_BYTES && !name.is_empty(), "{name}");
            assert!(!name.ends_with('.') && !name.contains(['/', '\\', ':', '\0']));
        }
    }
}
