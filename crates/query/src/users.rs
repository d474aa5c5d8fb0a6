//! The Connect directory, as far as the inputs tell it.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::symbols::{Symbol, Symbols, Translation};

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

    /// Returns the user with what they lack filled in.
    fn filled(self, other: &User) -> User {
        let or = |field: Symbol, other: Symbol| if field.is_none() { other } else { field };
        User {
            username: or(self.username, other.username),
            full_name: or(self.full_name, other.full_name),
            email: or(self.email, other.email),
            hierarchy_group_id: or(self.hierarchy_group_id, other.hierarchy_group_id),
            arn: or(self.arn, other.arn),
            ..self
        }
    }
}

/// All users, one per user id.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_id: BTreeMap<Symbol, User>,
    /// Those of contact records, until every input has been read.
    agents: BTreeMap<Symbol, User>,
    by_username: HashMap<Symbol, Option<Symbol>>,
}

impl Users {
    /// Takes in what one input says of a user. A listing wins over a contact
    /// record, a newer one of either over an older one; what the winner leaves
    /// out is filled in.
    pub(crate) fn learn(&mut self, user: User, symbols: &Symbols) {
        match user.source {
            UserSource::Directory => self.learn_listed(user),
            UserSource::ContactRecord => self.learn_agent(user, symbols),
        }
    }

    fn learn_listed(&mut self, user: User) {
        let Some(known) = self.by_id.get_mut(&user.user_id) else {
            self.by_id.insert(user.user_id, user);
            return;
        };
        *known = if user.seen > known.seen {
            user.filled(known)
        } else {
            known.filled(&user)
        };
    }

    /// Of names of one time any will do, as long as any order of reading picks
    /// the same one.
    fn learn_agent(&mut self, user: User, symbols: &Symbols) {
        let said = |user: &User| (symbols.str(user.username), symbols.str(user.arn));
        let known = self.agents.entry(user.user_id).or_insert(user);
        if (user.seen, said(&user)) > (known.seen, said(known)) {
            *known = user;
        }
    }

    /// Prepares look-ups by name, when every input has been read.
    pub(crate) fn index(&mut self) {
        for (user_id, agent) in std::mem::take(&mut self.agents) {
            let known = self.by_id.entry(user_id).or_insert(agent);
            *known = known.filled(&agent);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// An agent was renamed, and a listing that leaves the login name out was read
    /// before, between or after the contact records.
    #[test]
    fn any_order_of_reading_gives_the_same_user() {
        let mut symbols = Symbols::default();
        let mut user = |username: Option<&str>, source, seen| User {
            user_id: symbols.intern("id"),
            username: symbols.intern_opt(username),
            full_name: Symbol::NONE,
            email: Symbol::NONE,
            hierarchy_group_id: Symbol::NONE,
            arn: Symbol::NONE,
            source,
            seen,
        };
        let said = [
            user(Some("before"), UserSource::ContactRecord, 1),
            user(Some("same-time"), UserSource::ContactRecord, 2),
            user(Some("since"), UserSource::ContactRecord, 2),
            user(None, UserSource::Directory, 0),
        ];
        let since = symbols.find("since").unwrap();
        let mut orders = 0;
        for first in 0..said.len() {
            for step in [1, 3] {
                let mut users = Users::default();
                for place in 0..said.len() {
                    users.learn(said[(first + place * step) % said.len()], &symbols);
                }
                users.index();
                let user = users.by_id(said[0].user_id).unwrap();
                assert_eq!(user.username, since);
                assert_eq!(user.source, UserSource::Directory);
                orders += 1;
            }
        }
        assert_eq!(orders, 8);
    }
}
