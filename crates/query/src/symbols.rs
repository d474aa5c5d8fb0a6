//! Keeps each distinct text once and stands a small number for it.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A text in [`Symbols`], or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Symbol(u32);

impl Symbol {
    pub(crate) const NONE: Symbol = Symbol(u32::MAX);

    pub(crate) fn is_none(self) -> bool {
        self == Symbol::NONE
    }

    /// Returns the symbol's place among all symbols.
    pub(crate) fn index(self) -> Option<usize> {
        (!self.is_none()).then_some(self.0 as usize)
    }
}

/// Distinct texts, in the order in which they were first seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Symbols {
    text: Arc<String>,
    ends: Vec<usize>,
    /// The hash of each text: what the table needs in growing, and what tells most
    /// texts apart, without a look at text that is far away in memory.
    hashes: Vec<TextHash>,
    places: HashTable<u32>,
}

const HASHER: FixedState = FixedState::with_seed(0);

/// Half a hash of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TextHash(u32);

impl TextHash {
    fn of(text: &str) -> TextHash {
        #[expect(clippy::cast_possible_truncation, reason = "one half is enough")]
        let half = HASHER.hash_one(text) as u32;
        TextHash(half)
    }

    /// Spreads the half over all bits, since a table looks at both ends.
    fn spread(self) -> u64 {
        u64::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl Symbols {
    pub(crate) fn get(&self, symbol: Symbol) -> Option<&str> {
        symbol
            .index()
            .map(|index| text_at(&self.text, &self.ends, index))
    }

    /// Returns the text, the empty string for none.
    pub(crate) fn str(&self, symbol: Symbol) -> &str {
        self.get(symbol).unwrap_or_default()
    }

    /// Returns a text and where it begins in all text, in bytes.
    pub(crate) fn lie(&self, symbol: Symbol) -> Option<(usize, &str)> {
        let range = range_of(&self.ends, symbol.index()?);
        Some((range.start, &self.text[range]))
    }

    /// Returns all text, which lives on as long as someone holds it.
    pub(crate) fn shared(&self) -> SharedText {
        SharedText(Arc::clone(&self.text))
    }

    pub(crate) fn intern(&mut self, text: &str) -> Symbol {
        self.intern_hashed(text, TextHash::of(text))
    }

    fn intern_hashed(&mut self, text: &str, hash: TextHash) -> Symbol {
        if let Some(known) = self.find_hashed(text, hash) {
            return known;
        }
        // Four thousand million distinct texts do not fit in memory first.
        let Ok(place) = u32::try_from(self.ends.len()) else {
            return Symbol::NONE;
        };
        Arc::make_mut(&mut self.text).push_str(text);
        self.ends.push(self.text.len());
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.places.insert_unique(hash.spread(), place, |&place| {
            hashes[place as usize].spread()
        });
        Symbol(place)
    }

    /// Returns the symbol of a text that is among these.
    pub(crate) fn find(&self, text: &str) -> Option<Symbol> {
        self.find_hashed(text, TextHash::of(text))
    }

    fn find_hashed(&self, text: &str, hash: TextHash) -> Option<Symbol> {
        let same = |place: &u32| {
            let place = *place as usize;
            self.hashes[place] == hash && text_at(&self.text, &self.ends, place) == text
        };
        let place = self.places.find(hash.spread(), same)?;
        Some(Symbol(*place))
    }

    pub(crate) fn intern_opt(&mut self, text: Option<&str>) -> Symbol {
        text.map_or(Symbol::NONE, |text| self.intern(text))
    }

    /// Gives back the room that growing left over.
    pub(crate) fn shrink_to_fit(&mut self) {
        Arc::make_mut(&mut self.text).shrink_to_fit();
        self.ends.shrink_to_fit();
        self.hashes.shrink_to_fit();
    }

    /// Takes in all texts of `other` and returns how its symbols translate.
    pub(crate) fn absorb(&mut self, other: &Symbols) -> Translation {
        let all = other.hashes.iter().enumerate().map(|(index, hash)| {
            let text = text_at(&other.text, &other.ends, index);
            self.intern_hashed(text, *hash)
        });
        Translation(Some(all.collect()))
    }

    /// Tells whether all texts of `other` are the first here, in the same order.
    pub(crate) fn begins_with(&self, other: &Symbols) -> bool {
        self.ends.starts_with(&other.ends)
            && self.text.as_bytes().starts_with(other.text.as_bytes())
    }
}

fn text_at<'a>(text: &'a str, ends: &[usize], index: usize) -> &'a str {
    &text[range_of(ends, index)]
}

fn range_of(ends: &[usize], index: usize) -> Range<usize> {
    let start = if index == 0 { 0 } else { ends[index - 1] };
    start..ends[index]
}

/// All text of [`Symbols`], held together with others.
pub(crate) struct SharedText(Arc<String>);

impl AsRef<[u8]> for SharedText {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// How the symbols of one set read in another; none where they are the same.
#[derive(Debug)]
pub(crate) struct Translation(Option<Vec<Symbol>>);

impl Translation {
    pub(crate) const SAME: Translation = Translation(None);

    pub(crate) fn of(&self, symbol: Symbol) -> Symbol {
        match (&self.0, symbol.index()) {
            (Some(symbols), Some(index)) => symbols[index],
            _ => symbol,
        }
    }
}

/// Distinct values, in the order in which they were first seen.
#[derive(Debug, Clone)]
pub(crate) struct Distinct<T> {
    values: Vec<T>,
    places: HashTable<u32>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Distinct {
            values: Vec::new(),
            places: HashTable::new(),
        }
    }
}

impl<T: Copy + Eq + std::hash::Hash> Distinct<T> {
    pub(crate) fn place(&mut self, value: T) -> u32 {
        let hash = HASHER.hash_one(value);
        let values = &self.values;
        if let Some(place) = self
            .places
            .find(hash, |place| values[*place as usize] == value)
        {
            return *place;
        }
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value);
        let values = &self.values;
        self.places.insert_unique(hash, place, |place| {
            HASHER.hash_one(values[*place as usize])
        });
        place
    }

    pub(crate) fn get(&self, place: u32) -> T {
        self.values[place as usize]
    }

    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    /// Tells whether all values of `other` are the first here, in the same order.
    pub(crate) fn begins_with(&self, other: &Distinct<T>) -> bool {
        self.values.starts_with(&other.values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_the_same_symbol_and_survives_translation() {
        let mut first = Symbols::default();
        let mut second = Symbols::default();
        for n in 0..1000 {
            first.intern(&format!("text {n}"));
            second.intern(&format!("text {}", n * 3));
        }
        let translation = first.absorb(&second);
        for n in 0..1000 {
            let text = format!("text {}", n * 3);
            let symbol = second.intern(&text);
            assert_eq!(first.get(translation.of(symbol)), Some(&*text));
        }
        assert_eq!(first.ends.len(), 1000 + 1000 - 334);
        assert_eq!(first.get(Symbol::NONE), None);
        assert_eq!(translation.of(Symbol::NONE), Symbol::NONE);
        let empty = first.intern("");
        assert_eq!(first.get(empty), Some(""));
    }
}
