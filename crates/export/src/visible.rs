/// Returns a text with everything shown that a terminal would obey or hide:
/// control characters, escape sequences, line breaks, direction overrides and
/// characters without a shape become `\n` or `\u{1b}`.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_visible(text, &mut out);
    out
}

/// Appends what [`visible`] returns.
pub(crate) fn push_visible(text: &str, out: &mut String) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        if obeyed_or_hidden(character) {
            out.extend(character.escape_default());
        } else {
            out.push(character);
        }
    }
}

/// Tells whether a terminal would act on a character, or show nothing for it.
///
/// These are Unicode's controls, its line and paragraph separators, its format
/// characters (directions, joiners, tags) and its other default ignorables such
/// as the Hangul fillers. Combining marks stay: names need them.
pub(crate) fn obeyed_or_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_from_a_log() {
        assert_eq!(visible("\x1b[31mred\x1b[0m"), r"\u{1b}[31mred\u{1b}[0m");
        assert_eq!(visible("a\r\n\tb\u{7f}"), r"a\r\n\tb\u{7f}");
        assert_eq!(visible("\u{9b}31m"), r"\u{9b}31m");
        assert_eq!(visible("\u{202e}gpj.exe"), r"\u{202e}gpj.exe");
        assert_eq!(visible("\u{2066}a\u{2069}"), r"\u{2066}a\u{2069}");
        assert_eq!(visible("a\u{200b}b\u{feff}c"), r"a\u{200b}b\u{feff}c");
        assert_eq!(visible("a\u{2028}b\u{2029}"), r"a\u{2028}b\u{2029}");
        assert_eq!(visible("\u{e0041}"), r"\u{e0041}");
    }

    #[test]
    fn names_stay_as_they_are() {
        for name in [
            "録音担当",
            "Zoë",
            "Zoe\u{308}",
            "สมชาย",
            "אנה",
            r"CORP\ana",
            "📞",
        ] {
            assert_eq!(visible(name), name);
        }
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left(text in any::<String>()) {
            prop_assert!(!visible(&text).chars().any(obeyed_or_hidden));
        }
    }
}
