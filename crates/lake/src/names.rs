//! Texts that a ledger says once and refers to by place.

use std::collections::HashMap;

/// Texts in the order of their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    texts: Vec<String>,
    places: HashMap<String, u32>,
}

impl Names {
    /// Returns the place of a text, which gets one where it has none yet.
    pub(crate) fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.to_owned());
        self.places.insert(text.to_owned(), place);
        place
    }

    pub(crate) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}
