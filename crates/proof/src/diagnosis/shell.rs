//! Commands as a shell takes them.

use serde_json::Value;

/// Writes a command to be pasted into a POSIX shell.
pub(crate) fn command<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(quoted).collect();
    words.join(" ")
}

/// Writes JSON in ASCII, since it goes to a terminal and through a shell.
pub(crate) fn json(value: &Value) -> String {
    let mut out = String::new();
    for character in value.to_string().chars() {
        if matches!(character, ' '..='~') {
            out.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@,+".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_no_word_for_anything_else() {
        assert_eq!(command(["aws", "--name", "main-1"]), "aws --name main-1");
        assert_eq!(command(["a", ""]), "a ''");
        assert_eq!(command(["$(id)", "it's; x"]), r"'$(id)' 'it'\''s; x'");
        let name = json(&serde_json::json!(["é\u{1b}[31m\u{202e}😀\u{7f}"]));
        assert_eq!(name, r#"["\u00e9\u001b[31m\u202e\ud83d\ude00\u007f"]"#);
        let back: Value = serde_json::from_str(&name).unwrap();
        assert_eq!(back[0], "é\u{1b}[31m\u{202e}😀\u{7f}");
    }
}
