//! What the Connect directory said when: its users, what their security
//! profiles grant, and where their groups stand.
//!
//! A snapshot is what the listings of one time say. Each thing is looked up in
//! the newest snapshot that tells of it, so that profiles saved in January and
//! users saved every week go together.

use std::collections::{BTreeMap, HashMap};

use earwitness_parser::{
    ContentHash, DirectoryEntry, DirectoryUser, Extent, Listing, RejectReason,
};

use crate::history::{Dated, History};
use crate::input_name;
use crate::symbols::{Symbol, Symbols, Translation};
use crate::users::{User, UserSource};

/// One entry of one listing.
#[derive(Debug, Clone)]
pub(crate) struct DirectoryRecord {
    content: ContentHash,
    extent: Extent,
    valid_from: Option<i64>,
    said: Said,
}

#[derive(Debug, Clone)]
enum Said {
    User {
        user: User,
        instance: Symbol,
        profiles: Vec<Symbol>,
    },
    Profile {
        profile: Symbol,
        name: Symbol,
    },
    Permissions {
        profile: Symbol,
        names: Vec<Symbol>,
    },
    Group {
        group: Symbol,
        name: Symbol,
        path: Vec<Symbol>,
    },
}

/// What tells an entry that was read again: what it says, of whom, and when.
pub(crate) type Identity = (ContentHash, Extent, Option<i64>, Symbol);

impl DirectoryRecord {
    /// Reads an entry of the input named `origin`.
    ///
    /// # Errors
    /// When permissions say neither in their content nor in the input's name
    /// whose they are.
    pub(crate) fn of(
        entry: &DirectoryEntry<'_>,
        listing: Listing,
        content: ContentHash,
        origin: &str,
        symbols: &mut Symbols,
    ) -> Result<DirectoryRecord, RejectReason> {
        let valid_from = listing.valid_from.map(|time| time.0);
        let valid_from = valid_from.or_else(|| input_name::day(origin));
        let said = match entry {
            DirectoryEntry::User(user) => listed_user(user, valid_from, symbols),
            DirectoryEntry::SecurityProfile(profile) => Said::Profile {
                profile: symbols.intern(&profile.id.as_str().to_ascii_lowercase()),
                name: symbols.intern_opt(profile.name.get()),
            },
            DirectoryEntry::Permissions(list) => {
                let profile = list.security_profile_id.get();
                let profile = profile.or_else(|| input_name::uuid(origin));
                let profile = profile.ok_or(RejectReason::NoSecurityProfile)?;
                let names = list.permissions.0.iter();
                Said::Permissions {
                    profile: symbols.intern(&profile.to_ascii_lowercase()),
                    names: names.map(|name| symbols.intern(name.as_str())).collect(),
                }
            }
            DirectoryEntry::HierarchyGroup(group) => Said::Group {
                group: symbols.intern_opt(group.id.get()),
                name: symbols.intern_opt(group.name.get()),
                path: group.path_ids().map(|id| symbols.intern(id)).collect(),
            },
        };
        Ok(DirectoryRecord {
            content,
            extent: listing.extent,
            valid_from,
            said,
        })
    }

    pub(crate) fn translated(self, to: &Translation) -> DirectoryRecord {
        let all = |symbols: Vec<Symbol>| symbols.into_iter().map(|symbol| to.of(symbol)).collect();
        let said = match self.said {
            Said::User {
                user,
                instance,
                profiles,
            } => Said::User {
                user: user.translated(to),
                instance: to.of(instance),
                profiles: all(profiles),
            },
            Said::Profile { profile, name } => Said::Profile {
                profile: to.of(profile),
                name: to.of(name),
            },
            Said::Permissions { profile, names } => Said::Permissions {
                profile: to.of(profile),
                names: all(names),
            },
            Said::Group { group, name, path } => Said::Group {
                group: to.of(group),
                name: to.of(name),
                path: all(path),
            },
        };
        DirectoryRecord { said, ..self }
    }

    pub(crate) fn identity(&self) -> Identity {
        let whose = match self.said {
            Said::Permissions { profile, .. } => profile,
            _ => Symbol::NONE,
        };
        (self.content, self.extent, self.valid_from, whose)
    }

    /// Returns the user that it is about, if it is about one.
    pub(crate) fn user(&self) -> Option<User> {
        match &self.said {
            Said::User { user, .. } => Some(*user),
            _ => None,
        }
    }
}

fn listed_user(user: &DirectoryUser<'_>, valid_from: Option<i64>, symbols: &mut Symbols) -> Said {
    let profiles = user.security_profile_ids.0.iter();
    let profiles = profiles.filter_map(|id| Some(id.get()?.to_ascii_lowercase()));
    let profiles = profiles.map(|id| symbols.intern(&id)).collect();
    Said::User {
        profiles,
        instance: symbols.intern_opt(user.arn.get().and_then(instance_of)),
        user: User {
            user_id: symbols.intern_opt(user.id.get()),
            username: symbols.intern_opt(user.username.get()),
            full_name: symbols.intern_opt(user.full_name().as_deref()),
            email: symbols.intern_opt(user.identity_info.email.get()),
            hierarchy_group_id: symbols.intern_opt(user.hierarchy_group_id.get()),
            arn: symbols.intern_opt(user.arn.get()),
            source: UserSource::Directory,
            seen: valid_from.unwrap_or_default(),
        },
    }
}

/// Returns the id of the instance that an ARN of something in it names.
pub(crate) fn instance_of(arn: &str) -> Option<&str> {
    let (_, rest) = arn.split_once(":instance/")?;
    rest.split('/').next()
}

/// What a user was given.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) profiles: Vec<Symbol>,
    pub(crate) group: Symbol,
}

/// What a security profile grants, or a page of it.
#[derive(Debug, Clone)]
pub(crate) struct Permissions {
    /// The names, in the order of symbols.
    pub(crate) names: Vec<Symbol>,
    /// Whether no page follows.
    pub(crate) is_last: bool,
}

/// A group of the hierarchy.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) name: Symbol,
    /// The groups from the topmost down to this one; empty where not told.
    pub(crate) path: Vec<Symbol>,
}

/// Where a user stood at a time.
#[derive(Debug)]
pub(crate) enum Standing<'d> {
    /// In the directory, with this; empty where no listing tells what.
    Listed(&'d [Dated<Assignment>]),
    /// In an earlier listing, and not in the whole one that counts.
    Left(Vec<&'d Dated<Extent>>),
    /// In no listing, nor in the whole one that counts.
    Absent(Vec<&'d Dated<Extent>>),
    /// In no listing, of which none is whole.
    Untold,
}

/// The directory at all times that the inputs tell of.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    listed: BTreeMap<Symbol, History<()>>,
    assignments: HashMap<Symbol, History<Assignment>>,
    instances: HashMap<Symbol, Symbol>,
    /// The whole lists of the users of each instance.
    lists: BTreeMap<Symbol, History<Extent>>,
    profile_names: HashMap<Symbol, History<Symbol>>,
    permissions: HashMap<Symbol, History<Permissions>>,
    groups: HashMap<Symbol, History<Group>>,
    /// When what is known changes, in order.
    times: Vec<i64>,
}

impl Directory {
    /// Takes in what an input says.
    pub(crate) fn learn(&mut self, record: DirectoryRecord, input: u32) {
        let valid_from = record.valid_from;
        self.times.extend(valid_from);
        match record.said {
            Said::User {
                user,
                instance,
                profiles,
            } => {
                let listed = self.listed.entry(user.user_id).or_default();
                listed.push(Dated {
                    valid_from,
                    input,
                    said: (),
                });
                if !instance.is_none() {
                    self.instances.insert(user.user_id, instance);
                }
                if record.extent != Extent::Single {
                    let list = self.lists.entry(instance).or_default();
                    let page = (valid_from, input, record.extent);
                    let known = list
                        .last()
                        .map(|page| (page.valid_from, page.input, page.said));
                    if known != Some(page) {
                        list.push(Dated {
                            valid_from,
                            input,
                            said: record.extent,
                        });
                    }
                }
                // Every user has a profile: a listing with none does not tell.
                if !profiles.is_empty() {
                    let said = Assignment {
                        profiles,
                        group: user.hierarchy_group_id,
                    };
                    let history = self.assignments.entry(user.user_id).or_default();
                    history.push(Dated {
                        valid_from,
                        input,
                        said,
                    });
                }
            }
            Said::Profile { profile, name } => {
                let history = self.profile_names.entry(profile).or_default();
                history.push(Dated {
                    valid_from,
                    input,
                    said: name,
                });
            }
            Said::Permissions { profile, mut names } => {
                names.sort_unstable();
                let history = self.permissions.entry(profile).or_default();
                history.push(Dated {
                    valid_from,
                    input,
                    said: Permissions {
                        names,
                        is_last: record.extent == Extent::Last,
                    },
                });
            }
            Said::Group { group, name, path } => {
                let history = self.groups.entry(group).or_default();
                history.push(Dated {
                    valid_from,
                    input,
                    said: Group { name, path },
                });
            }
        }
    }

    /// Puts everything in the order of time, when every input has been read.
    pub(crate) fn index(&mut self) {
        self.times.sort_unstable();
        self.times.dedup();
        self.listed.values_mut().for_each(History::sort);
        self.assignments.values_mut().for_each(History::sort);
        self.profile_names.values_mut().for_each(History::sort);
        self.permissions.values_mut().for_each(History::sort);
        self.groups.values_mut().for_each(History::sort);
        for list in self.lists.values_mut() {
            list.sort();
            let whole = list.iter().filter(|page| page.said == Extent::Last);
            let whole: Vec<_> = whole.map(|page| page.valid_from).collect();
            list.retain(|page| whole.binary_search(&page.valid_from).is_ok());
        }
        self.lists.retain(|_, list| list.iter().next().is_some());
    }

    /// Tells times apart as far as the directory does: what is known at two
    /// times of one number is the same.
    pub(crate) fn epoch(&self, time: i64) -> usize {
        self.times.partition_point(|from| *from <= time)
    }

    /// Tells whether any listing says what a security profile grants.
    pub(crate) fn tells_permissions(&self) -> bool {
        !self.permissions.is_empty()
    }

    /// Iterates over everyone who was ever listed.
    pub(crate) fn users(&self) -> impl Iterator<Item = Symbol> {
        self.listed.keys().copied()
    }

    /// Tells where a user stood at a time; `instance` is theirs as far as others
    /// than the directory know.
    pub(crate) fn standing(&self, user: Symbol, instance: Symbol, time: i64) -> Standing<'_> {
        let instance = self.instances.get(&user).copied().unwrap_or(instance);
        let lists = || {
            let theirs =
                |(of, _): &(&Symbol, _)| instance.is_none() || of.is_none() || **of == instance;
            self.lists.iter().filter(theirs).map(|(_, list)| list)
        };
        let pages = || lists().flat_map(|list| list.at(time)).collect();
        let Some(listed) = self.listed.get(&user) else {
            return match lists().next() {
                Some(_) => Standing::Absent(pages()),
                None => Standing::Untold,
            };
        };
        let list = lists().filter_map(|list| list.newest(time)).max();
        match (listed.newest(time), list) {
            (Some(seen), Some(list)) if seen < list => Standing::Left(pages()),
            _ => Standing::Listed(self.assignment(user, time)),
        }
    }

    /// Returns what a user was given at a time.
    pub(crate) fn assignment(&self, user: Symbol, time: i64) -> &[Dated<Assignment>] {
        at(&self.assignments, user, time)
    }

    /// Returns the name of a security profile at a time.
    pub(crate) fn profile_name(&self, profile: Symbol, time: i64) -> Option<Symbol> {
        at(&self.profile_names, profile, time)
            .iter()
            .map(|dated| dated.said)
            .find(|name| !name.is_none())
    }

    /// Returns what a security profile granted at a time, in the pages it was
    /// listed in; none where no listing tells.
    pub(crate) fn permissions(&self, profile: Symbol, time: i64) -> &[Dated<Permissions>] {
        at(&self.permissions, profile, time)
    }

    /// Returns what is known of a hierarchy group at a time.
    pub(crate) fn group(&self, group: Symbol, time: i64) -> &[Dated<Group>] {
        at(&self.groups, group, time)
    }
}

fn at<T>(histories: &HashMap<Symbol, History<T>>, of: Symbol, time: i64) -> &[Dated<T>] {
    histories.get(&of).map_or(&[], |history| history.at(time))
}
