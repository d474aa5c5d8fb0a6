//! What records have in common, kept once: texts, callers, objects.

use crate::object::Object;
use crate::principal::Principal;
use crate::symbols::{Distinct, Symbol, Symbols, Translation};

/// Texts, callers and objects, each once, that rows refer to by place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    pub(crate) symbols: Symbols,
    pub(crate) principals: Distinct<Principal>,
    pub(crate) objects: Distinct<Object>,
}

impl Names {
    /// Takes in all names of `other` and returns how they read here.
    pub(crate) fn absorb(&mut self, other: Names) -> Renaming {
        // Where they go on from those here, they read alike already.
        if other.symbols.begins_with(&self.symbols)
            && other.principals.begins_with(&self.principals)
            && other.objects.begins_with(&self.objects)
        {
            *self = other;
            return Renaming {
                symbols: Translation::SAME,
                principals: None,
                objects: None,
            };
        }
        let symbols = self.symbols.absorb(&other.symbols);
        let principals = other.principals.values().iter();
        let principals =
            principals.map(|principal| self.principals.place(principal.translated(&symbols)));
        let objects = other.objects.values().iter();
        let objects = objects.map(|object| self.objects.place(object.translated(&symbols)));
        Renaming {
            principals: Some(principals.collect()),
            objects: Some(objects.collect()),
            symbols,
        }
    }

    /// Takes in an object.
    pub(crate) fn object(&mut self, bucket: Option<&str>, key: Option<&str>) -> u32 {
        let object = Object::new(bucket, key, &mut self.symbols);
        self.objects.place(object)
    }
}

/// How the names of one set read in another.
#[derive(Debug)]
pub(crate) struct Renaming {
    pub(crate) symbols: Translation,
    /// The places there; none where they are the same.
    principals: Option<Vec<u32>>,
    objects: Option<Vec<u32>>,
}

impl Renaming {
    pub(crate) fn symbol(&self, symbol: Symbol) -> Symbol {
        self.symbols.of(symbol)
    }

    pub(crate) fn principal(&self, place: u32) -> u32 {
        self.principals
            .as_ref()
            .map_or(place, |places| places[place as usize])
    }

    pub(crate) fn object(&self, place: u32) -> u32 {
        self.objects
            .as_ref()
            .map_or(place, |places| places[place as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_go_on_are_taken_as_they_are() {
        let mut names = Names::default();
        names.object(Some("b"), Some("one"));
        let mut more = names.clone();
        let other = more.object(Some("b"), Some("two"));
        let to = names.absorb(more);
        assert_eq!(to.object(other), other);
        assert_eq!(names.objects.values().len(), 2);
    }

    /// The same texts do not make the same objects.
    #[test]
    fn names_that_only_begin_alike_are_renamed() {
        let texts = |names: &mut Names| {
            for text in ["b", "one", "two"] {
                names.symbols.intern(text);
            }
        };
        let (mut here, mut there) = (Names::default(), Names::default());
        texts(&mut here);
        texts(&mut there);
        let [one, two] = ["one", "two"].map(|key| here.object(Some("b"), Some(key)));
        let [to_two, to_one] = ["two", "one"].map(|key| there.object(Some("b"), Some(key)));
        let to = here.absorb(there);
        assert_eq!([to.object(to_one), to.object(to_two)], [one, two]);
        assert_eq!(here.objects.values().len(), 2);
    }
}
