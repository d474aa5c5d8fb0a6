use std::path::Path;

/// Returns a path as users see it: as it was spelled, with what a terminal
/// would obey or hide escaped, and with invalid bytes as `\xff`.
///
/// No two paths look alike, so a backslash that is part of a name is doubled.
#[cfg(unix)]
pub(crate) fn shown(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;

    let bytes = path.as_os_str().as_bytes();
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push_visible(chunk.valid(), &mut out);
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

/// Returns a path as users see it. The backslash parts folders here and stays.
#[cfg(not(unix))]
pub(crate) fn shown(path: &Path) -> String {
    let mut out = String::new();
    for (place, piece) in path.to_string_lossy().split('\\').enumerate() {
        if place > 0 {
            out.push('\\');
        }
        push_visible(piece, &mut out);
    }
    out
}

/// Returns a text as users see it, as [`shown`] shows a path.
pub(crate) fn shown_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_visible(text, &mut out);
    out
}

fn push_visible(text: &str, out: &mut String) {
    let plain = |byte: u8| matches!(byte, b' '..=b'~') && byte != b'\\';
    if text.bytes().all(plain) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        if matches!(character, '"' | '\'') {
            out.push(character);
        } else {
            // Behind a letter, a combining mark is part of a name and stays.
            let pair: String = ['a', character].into_iter().collect();
            out.extend(pair.escape_debug().skip(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are() {
        for name in [
            "a b/c-1.json.gz",
            "it's \"here\"",
            "録音/Zoë",
            "Zoe\u{308}",
            "אנה",
        ] {
            assert_eq!(shown(Path::new(name)), name);
        }
    }

    #[test]
    fn a_terminal_obeys_nothing_from_a_name() {
        assert_eq!(shown(Path::new("a\n\x1b[31m")), r"a\n\u{1b}[31m");
        assert_eq!(shown(Path::new("\u{202e}gpj.exe")), r"\u{202e}gpj.exe");
        assert_eq!(
            shown(Path::new("a\u{200b}b\u{feff}")),
            r"a\u{200b}b\u{feff}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn invalid_bytes_stay_apart_from_what_spells_them() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;

        let of = |name: &[u8]| shown(Path::new(OsStr::from_bytes(name)));
        assert_eq!(of(b"caf\xe9.json"), r"caf\xe9.json");
        assert_eq!(of(br"caf\xe9.json"), r"caf\\xe9.json");
        assert_eq!(of(b"a\xf0\x9f\x93"), r"a\xf0\x9f\x93");
        assert_ne!(of(b"\xfe"), of(b"\xff"));
        assert_ne!(of(b"\n"), of(br"\n"));
    }
}
