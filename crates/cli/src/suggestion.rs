//! Finds what the user may have meant.

/// Returns the candidate most like `word`, if one is like it at all.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(&word, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Asks whether the candidate most like `word` was meant, behind a space; says
/// nothing where none is like it.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    let meant = nearest(word, candidates);
    meant
        .map(|meant| format!(" Did you mean '{meant}'?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word_and_nonsense_finds_none() {
        let names = ["who-deleted", "who-listened"];
        assert_eq!(nearest("who-delted", names), Some("who-deleted"));
        assert_eq!(nearest("WHO-LISTENED", names), Some("who-listened"));
        assert_eq!(nearest("summary", names), None);
    }
}
