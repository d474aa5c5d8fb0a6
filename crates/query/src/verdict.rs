//! Whether a person's security profiles granted what they did.
//!
//! A verdict says what the listings of the directory say, no more: profiles may
//! have changed between two of them, and what a profile grants is not what
//! Connect did.

mod reach;

use std::collections::BTreeSet;

use crate::contacts::Contact;
use crate::directory::{Assignment, Permissions, Standing, instance_of};
use crate::evidence::Evidence;
use crate::history::Dated;
use crate::permission::{Needed, RESTRICTED, Right};
use crate::recording_key::RecordingKind;
use crate::symbols::{Symbol, Symbols};
use reach::Reach;

/// What a verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ruling {
    Granted,
    NoDownloadButton,
    NotGranted,
    OutsideHierarchy,
    LeftDirectory,
    NotInDirectory,
    Unknown,
}

impl Ruling {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Ruling::Granted => "granted",
            Ruling::NoDownloadButton => "no-download-button",
            Ruling::NotGranted => "not-granted",
            Ruling::OutsideHierarchy => "outside-hierarchy",
            Ruling::LeftDirectory => "left-directory",
            Ruling::NotInDirectory => "not-in-directory",
            Ruling::Unknown => "unknown",
        }
    }
}

/// How the snapshots that a verdict rests on lie to the access in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// All held at its time already.
    Before,
    /// One of them says not from when on it holds.
    Undated,
    /// One of them was made after it.
    Later,
}

impl Basis {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Basis::Before => "before",
            Basis::Undated => "undated",
            Basis::Later => "later",
        }
    }
}

/// A verdict with what it rests on. Lists are in words, and empty where there
/// is nothing to say.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) ruling: Ruling,
    /// The permissions that were found, or those that were looked for.
    pub(crate) permission: String,
    /// All security profiles of the person.
    pub(crate) profiles: String,
    /// Those of them that grant it.
    pub(crate) granting: String,
    /// The person's hierarchy group, where it limits them.
    pub(crate) group: String,
    /// That of the contact's agent.
    pub(crate) agent_group: String,
    /// What would have to be known.
    pub(crate) missing: String,
    /// What is missing is AWS's word for it, and no listing would tell.
    pub(crate) is_undocumented: bool,
    /// The inputs.
    pub(crate) snapshot: String,
    pub(crate) basis: Option<Basis>,
    /// The newest of the inputs' times where that is later than the access, else
    /// the oldest.
    pub(crate) valid_from: Option<i64>,
}

/// A person at a time: whose rights are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person {
    pub(crate) user_id: Symbol,
    /// The name of the session, where no listing tells whose it is.
    pub(crate) session: Symbol,
    /// Microseconds since 1970.
    pub(crate) time: i64,
}

/// What is asked for: a right to a kind of recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Wanted {
    pub(crate) right: Right,
    pub(crate) kind: RecordingKind,
    pub(crate) redacted: bool,
}

/// A verdict that is still being put together.
#[derive(Debug, Clone)]
pub(crate) struct Case<'e> {
    evidence: &'e Evidence,
    person: Person,
    grounds: BTreeSet<(u32, Option<i64>)>,
    verdict: Verdict,
    /// The person may reach no contacts but those of this hierarchy group and
    /// of groups below it; no group, where the directory tells of none.
    restricted_to: Option<Symbol>,
}

impl<'e> Case<'e> {
    /// Finds out what a person's security profiles grant, contacts aside.
    pub(crate) fn of(evidence: &'e Evidence, person: Person, wanted: Wanted) -> Case<'e> {
        let mut case = Case {
            evidence,
            person,
            grounds: BTreeSet::new(),
            verdict: Verdict {
                ruling: Ruling::Unknown,
                permission: String::new(),
                profiles: String::new(),
                granting: String::new(),
                group: String::new(),
                agent_group: String::new(),
                missing: String::new(),
                is_undocumented: false,
                snapshot: String::new(),
                basis: None,
                valid_from: None,
            },
            restricted_to: None,
        };
        case.verdict.ruling = match case.standing() {
            Standing::Listed([]) => {
                case.lack("the person's security profiles (search-users or describe-user)")
            }
            Standing::Listed(given) => case.rule(given, wanted),
            Standing::Left(pages) => {
                case.rest_on(pages);
                Ruling::LeftDirectory
            }
            Standing::Absent(pages) => {
                // Who did this, or took a contact, and is not in a list made
                // since, has left.
                let contact = evidence.users.by_id(person.user_id);
                let contact = contact.map(|user| user.seen).filter(|seen| *seen > 0);
                let known = contact.unwrap_or(person.time).min(person.time);
                let since = |from: Option<i64>| from.is_some_and(|from| from > known);
                let has_left = pages.iter().all(|page| since(page.valid_from));
                case.rest_on(pages);
                if has_left {
                    Ruling::LeftDirectory
                } else {
                    Ruling::NotInDirectory
                }
            }
            Standing::Untold => case.lack("a whole list of users (list-users or search-users)"),
        };
        case
    }

    fn standing(&mut self) -> Standing<'e> {
        let Person {
            user_id,
            session,
            time,
        } = self.person;
        let evidence = self.evidence;
        if user_id.is_none() && evidence.users.has_username(session) {
            self.lack("which of the users with this login name it was");
            return Standing::Listed(&[]);
        }
        let arn = evidence.users.by_id(user_id).map(|user| user.arn);
        let arn = arn.map_or("", |arn| evidence.names.symbols.str(arn));
        let instance = instance_of(arn).and_then(|id| evidence.names.symbols.find(id));
        let instance = instance.unwrap_or(Symbol::NONE);
        evidence.directory.standing(user_id, instance, time)
    }

    fn rule(&mut self, given: &'e [Dated<Assignment>], wanted: Wanted) -> Ruling {
        self.rest_on(given);
        let profiles: BTreeSet<Symbol> = given
            .iter()
            .flat_map(|dated| dated.said.profiles.iter().copied())
            .collect();
        self.verdict.profiles = self.named(&profiles);
        let needed = Needed::by(wanted.right, wanted.kind, wanted.redacted);
        self.verdict.permission = needed.in_words();
        if needed.access.is_empty() {
            return self.lack_word("a permission that AWS documents for this kind of recording");
        }

        let mut found = BTreeSet::new();
        let mut granting = BTreeSet::new();
        let (mut buttons, mut unclear) = (BTreeSet::new(), BTreeSet::new());
        let mut untold = BTreeSet::new();
        let mut is_restricted = false;
        for &profile in &profiles {
            let Some(granted) = self.permissions(profile) else {
                untold.insert(profile);
                continue;
            };
            if !granted.is_whole() {
                untold.insert(profile);
            }
            let of = |names: &'static [&'static str]| {
                names.iter().copied().filter(|name| granted.has(name))
            };
            if of(needed.access).next().is_some() {
                granting.insert(profile);
                // AWS says what the permission does, and not what it does where
                // the profiles of one person differ: it counts where it stands
                // beside what it limits.
                is_restricted |= granted.has(RESTRICTED);
            }
            found.extend(of(needed.access));
            buttons.extend(of(needed.button));
            unclear.extend(of(needed.unclear));
        }

        if found.is_empty() {
            return match (unclear.first(), untold.is_empty()) {
                (_, false) => self.lack_permissions(&untold),
                (Some(name), true) => self.lack_word(&format!(
                    "whether {name} grants this, which AWS does not document"
                )),
                (None, true) => Ruling::NotGranted,
            };
        }
        self.verdict.granting = self.named(&granting);
        if is_restricted {
            let groups = given.iter().map(|dated| dated.said.group);
            let group = groups.clone().find(|group| !group.is_none());
            self.restricted_to = Some(group.unwrap_or(Symbol::NONE));
            self.verdict.group =
                group.map_or("unknown group".to_owned(), |group| self.group_name(group));
        }
        if wanted.right != Right::Download {
            self.verdict.permission = join(found);
            return Ruling::Granted;
        }
        if !buttons.is_empty() {
            self.verdict.permission = format!("{}; {}", join(found), join(buttons));
            return Ruling::Granted;
        }
        if needed.button.is_empty() {
            self.lack_word("a download permission that AWS documents for this kind of recording")
        } else if untold.is_empty() {
            Ruling::NoDownloadButton
        } else {
            self.lack_permissions(&untold)
        }
    }

    /// Tells whether what was found holds for some contacts only.
    pub(crate) fn restricted_to(&self) -> Option<Symbol> {
        self.restricted_to
    }

    /// Holds the restriction against the agent of a contact.
    pub(crate) fn at_contact(mut self, contact: Option<&Contact>) -> Case<'e> {
        // Whoever is limited was found to be granted what they did.
        if let Some(group) = self.restricted_to {
            match self.reach(group, contact) {
                Reach::Inside => {}
                Reach::Outside => {
                    self.verdict.ruling = Ruling::OutsideHierarchy;
                    self.verdict.missing.clear();
                }
                Reach::Unknown(missing) => self.verdict.ruling = self.lack(&missing),
            }
        }
        self
    }

    /// Ends the case.
    pub(crate) fn close(self) -> Verdict {
        let Case {
            evidence,
            person,
            grounds,
            mut verdict,
            ..
        } = self;
        let inputs: BTreeSet<u32> = grounds.iter().map(|(input, _)| *input).collect();
        let origins = inputs.into_iter().map(|input| {
            let origin = evidence.inputs[input as usize].origin;
            evidence.names.symbols.str(origin)
        });
        verdict.snapshot = join(origins);
        let times = || grounds.iter().filter_map(|(_, from)| *from);
        let last = times().max().filter(|last| *last > person.time);
        verdict.basis = match last {
            _ if grounds.is_empty() => None,
            Some(_) => Some(Basis::Later),
            None if grounds.iter().any(|(_, from)| from.is_none()) => Some(Basis::Undated),
            None => Some(Basis::Before),
        };
        verdict.valid_from = last.or(times().min());
        verdict
    }

    fn rest_on<'d, T: 'd>(&mut self, said: impl IntoIterator<Item = &'d Dated<T>>) {
        let grounds = said
            .into_iter()
            .map(|dated| (dated.input, dated.valid_from));
        self.grounds.extend(grounds);
    }

    /// Notes what would have to be known.
    fn lack(&mut self, missing: &str) -> Ruling {
        if self.verdict.missing.is_empty() {
            missing.clone_into(&mut self.verdict.missing);
        }
        Ruling::Unknown
    }

    /// Notes that AWS does not say.
    fn lack_word(&mut self, missing: &str) -> Ruling {
        self.verdict.is_undocumented = true;
        self.lack(missing)
    }

    fn lack_permissions(&mut self, profiles: &BTreeSet<Symbol>) -> Ruling {
        let names = self.named(profiles);
        self.lack(&format!(
            "all permissions of {names} (list-security-profile-permissions)"
        ))
    }

    /// Returns all that a security profile granted; `None` where no listing
    /// tells.
    fn permissions(&mut self, profile: Symbol) -> Option<Granted<'e>> {
        let evidence = self.evidence;
        let pages = evidence.directory.permissions(profile, self.person.time);
        self.rest_on(pages);
        (!pages.is_empty()).then_some(Granted {
            symbols: &evidence.names.symbols,
            pages,
        })
    }

    /// Lists security profiles by name, or by id where no listing names them.
    fn named(&self, profiles: &BTreeSet<Symbol>) -> String {
        let evidence = self.evidence;
        let name = |profile: &Symbol| {
            let name = evidence.directory.profile_name(*profile, self.person.time);
            evidence.names.symbols.str(name.unwrap_or(*profile))
        };
        let names: BTreeSet<&str> = profiles.iter().map(name).collect();
        join(names)
    }

    fn group_name(&self, group: Symbol) -> String {
        let told = self.evidence.directory.group(group, self.person.time);
        let name = told.iter().map(|dated| dated.said.name);
        let name = name.clone().find(|name| !name.is_none());
        let symbols = &self.evidence.names.symbols;
        symbols.str(name.unwrap_or(group)).to_owned()
    }
}

/// What a security profile grants, in the pages it was listed in.
struct Granted<'e> {
    symbols: &'e Symbols,
    pages: &'e [Dated<Permissions>],
}

impl Granted<'_> {
    fn has(&self, name: &str) -> bool {
        let has = |name: Symbol| {
            let mut pages = self.pages.iter();
            pages.any(|page| page.said.names.binary_search(&name).is_ok())
        };
        self.symbols.find(name).is_some_and(has)
    }

    /// Tells whether the list ends: what is not on one that goes on may be
    /// granted all the same.
    fn is_whole(&self) -> bool {
        self.pages.iter().any(|page| page.said.is_last)
    }
}

impl Needed {
    /// Writes what is looked for: one of the first, and of a download one of
    /// the second.
    fn in_words(self) -> String {
        let one_of = |names: &[&str]| names.join(" or ");
        if self.button.is_empty() {
            one_of(self.access)
        } else {
            format!("{}; {}", one_of(self.access), one_of(self.button))
        }
    }
}

fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    words.join(", ")
}
