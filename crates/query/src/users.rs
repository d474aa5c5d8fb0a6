//! The Connect directory, as far as the inputs tell it.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::symbols::{Symbol, Translation};

/// Where a user is known from. A later kind yields to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum UserSource {
    Directory,
    ContactRecord,
}

impl UserSource {
    pub(crate) fn name(self) -> &'static str {
        match self {
            UserSource::Directory => "directory",
            UserSource::ContactRecord => "contact-record",
        }
    }
}

/// A Connect user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct User {
    pub(crate) user_id: Symbol,
    pub(crate) username: Symbol,
    pub(crate) full_name: Symbol,
    pub(crate) email: Symbol,
    pub(crate) hierarchy_group_id: Symbol,
    pub(crate) arn: Symbol,
    pub(crate) source: UserSource,
    /// From when on this holds, in microseconds since 1970; 0 where not told.
    pub(crate) seen: i64,
}

impl User {
    pub(crate) fn translated(self, to: &Translation) -> User {
        User {
            user_id: to.of(self.user_id),
            username: to.of(self.username),
            full_name: to.of(self.full_name),
            email: to.of(self.email),
            hierarchy_group_id: to.of(self.hierarchy_group_id),
            arn: to.of(self.arn),
            ..self
        }
    }
}

/// All users, one per user id.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_id: BTreeMap<Symbol, User>,
    by_username: HashMap<Symbol, Option<Symbol>>,
}

impl Users {
    /// Takes in what one input says of a user. A listing wins over a contact
    /// record, a newer one of either over an older one; what the winner leaves
    /// out is filled in.
    pub(crate) fn learn(&mut self, user: User) {
        let Some(known) = self.by_id.get_mut(&user.user_id) else {
            self.by_id.insert(user.user_id, user);
            return;
        };
        let newer = user.source == known.source && user.seen > known.seen;
        let wins = user.source < known.source || newer;
        let (mut winner, other) = if wins { (user, *known) } else { (*known, user) };
        let fill = |field: &mut Symbol, other: Symbol| {
            if field.is_none() {
                *field = other;
            }
        };
        fill(&mut winner.username, other.username);
        fill(&mut winner.full_name, other.full_name);
        fill(&mut winner.email, other.email);
        fill(&mut winner.hierarchy_group_id, other.hierarchy_group_id);
        fill(&mut winner.arn, other.arn);
        *known = winner;
    }

    /// Prepares look-ups by name, when every input has been read.
    pub(crate) fn index(&mut self) {
        for user in self.by_id.values().filter(|user| !user.username.is_none()) {
            // One login name may stand for users of two instances: for nobody, then.
            self.by_username
                .entry(user.username)
                .and_modify(|id| *id = None)
                .or_insert(Some(user.user_id));
        }
    }

    pub(crate) fn by_id(&self, user_id: Symbol) -> Option<&User> {
        self.by_id.get(&user_id)
    }

    pub(crate) fn by_username(&self, username: Symbol) -> Option<&User> {
        self.by_id((*self.by_username.get(&username)?)?)
    }

    /// Tells whether anybody has a login name.
    pub(crate) fn has_username(&self, username: Symbol) -> bool {
        self.by_username.contains_key(&username)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.by_id.values()
    }
}
