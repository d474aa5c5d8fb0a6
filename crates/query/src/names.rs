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
    pub(crate) fn absorb(&mut self, other: &Names) -> Renaming {
        let symbols = self.symbols.absorb(&other.symbols);
        let principals = other.principals.values().iter();
        let objects = other.objects.values().iter();
        Renaming {
            principals: principals
                .map(|principal| self.principals.place(principal.translated(&symbols)))
                .collect(),
            objects: objects
                .map(|object| self.objects.place(object.translated(&symbols)))
                .collect(),
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
    principals: Vec<u32>,
    objects: Vec<u32>,
}

impl Renaming {
    pub(crate) fn symbol(&self, symbol: Symbol) -> Symbol {
        self.symbols.of(symbol)
    }

    pub(crate) fn principal(&self, place: u32) -> u32 {
        self.principals[place as usize]
    }

    pub(crate) fn object(&self, place: u32) -> u32 {
        self.objects[place as usize]
    }
}
