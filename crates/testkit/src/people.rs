//! The people who are signed in to Connect, and the directory files about them.

use crate::json::{Json, map};
use crate::names::{ACCOUNT, REGION};
use crate::rng::Rng;

const FIRST_NAMES: [&str; 20] = [
    "Ada", "Ben", "Chioma", "Daniel", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kavya",
    "Liam", "Mei", "Noor", "Olga", "Pablo", "Quinn", "Rosa", "Stefan", "Tomoko",
];
const LAST_NAMES: [&str; 20] = [
    "Abara", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Hansen", "Ito",
    "Jensen", "Kowalski", "Lopez", "Moreau", "Novak", "Okafor", "Park", "Quigley", "Rossi",
    "Santos", "Tanaka",
];
pub(crate) const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:134.0) Gecko/20100101 Firefox/134.0",
];

/// Where a user can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directory {
    /// `list-users.json` only: id and user name.
    Listed,
    /// `list-users.json` and `search-users.json`: the full name too.
    ListedAndNamed,
    /// `describe-user.json` only.
    Described,
    /// In no directory file.
    Absent,
}

/// A Connect user.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) directory: Directory,
    /// Takes contacts, and so appears in contact records.
    pub(crate) agent: bool,
    /// The role session carries the user name instead of the user id.
    pub(crate) session_by_name: bool,
    /// Connect reads for them; otherwise their browser follows a presigned URL.
    pub(crate) proxied: bool,
    pub(crate) ip: String,
    pub(crate) browser: &'static str,
}

impl User {
    /// The full name, when a directory file gives it.
    pub(crate) fn full_name(&self) -> Option<String> {
        matches!(
            self.directory,
            Directory::ListedAndNamed | Directory::Described
        )
        .then(|| format!("{} {}", self.first, self.last))
    }

    /// The session name of this user's role sessions.
    pub(crate) fn session(&self) -> &str {
        if self.session_by_name {
            &self.username
        } else {
            &self.id
        }
    }
}

/// The user of no directory file who takes no contacts: known nowhere.
pub(crate) const NOWHERE: usize = 0;
/// The user whom only contact records name.
pub(crate) const RECORDS_ONLY: usize = 1;
const DESCRIBED: usize = 2;

/// A Connect instance and its users.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    pub(crate) instance_id: String,
    pub(crate) users: Vec<User>,
}

impl Staff {
    pub(crate) fn new(count: usize, rng: &mut Rng) -> Self {
        let instance_id = rng.uuid();
        let users = (0..count.max(12))
            .map(|index| new_user(index, rng))
            .collect();
        Self { instance_id, users }
    }

    pub(crate) fn instance_arn(&self) -> String {
        format!(
            "arn:aws:connect:{REGION}:{ACCOUNT}:instance/{}",
            self.instance_id
        )
    }

    pub(crate) fn user_arn(&self, user: &User) -> String {
        format!("{}/agent/{}", self.instance_arn(), user.id)
    }

    pub(crate) fn agents(&self) -> Vec<usize> {
        self.users_where(|user| user.agent)
    }

    fn users_where(&self, wanted: impl Fn(&User) -> bool) -> Vec<usize> {
        self.users
            .iter()
            .enumerate()
            .filter(|(_, user)| wanted(user))
            .map(|(i, _)| i)
            .collect()
    }

    fn listed(&self) -> impl Iterator<Item = &User> {
        self.users.iter().filter(|user| {
            matches!(
                user.directory,
                Directory::Listed | Directory::ListedAndNamed
            )
        })
    }

    /// How many distinct users the directory files name.
    pub(crate) fn users_listed(&self) -> usize {
        self.users
            .iter()
            .filter(|user| user.directory != Directory::Absent)
            .count()
    }

    /// The directory files: name and content.
    pub(crate) fn directory_files(&self) -> [(&'static str, Json); 3] {
        let summaries = self
            .listed()
            .map(|user| self.summary(user))
            .collect::<Vec<_>>();
        let named = self
            .users
            .iter()
            .filter(|user| user.directory == Directory::ListedAndNamed)
            .map(|user| self.found(user))
            .collect::<Vec<_>>();
        let found = named.len();
        [
            (
                "directory/list-users.json",
                map! { "UserSummaryList" => summaries, "NextToken" => Json::Null },
            ),
            (
                "directory/search-users.json",
                map! { "Users" => named, "ApproximateTotalCount" => found },
            ),
            (
                "directory/describe-user.json",
                map! { "User" => self.described(&self.users[DESCRIBED]) },
            ),
        ]
    }

    fn summary(&self, user: &User) -> Json {
        map! {
            "Id" => &user.id,
            "Arn" => self.user_arn(user),
            "Username" => &user.username,
            "LastModifiedTime" => "2026-01-15T10:00:00.000000+00:00",
            "LastModifiedRegion" => REGION,
        }
    }

    fn found(&self, user: &User) -> Json {
        map! {
            "Arn" => self.user_arn(user),
            "Id" => &user.id,
            "Username" => &user.username,
            "IdentityInfo" => map! { "FirstName" => user.first, "LastName" => user.last },
            "SecurityProfileIds" => Vec::<Json>::new(),
            "Tags" => map! {},
        }
    }

    fn described(&self, user: &User) -> Json {
        map! {
            "Id" => &user.id,
            "Arn" => self.user_arn(user),
            "Username" => &user.username,
            "IdentityInfo" => map! {
                "FirstName" => user.first,
                "LastName" => user.last,
                "Email" => format!("{}@example.com", user.username),
            },
            "PhoneConfig" => map! { "PhoneType" => "SOFT_PHONE", "AutoAccept" => false },
            "SecurityProfileIds" => Vec::<Json>::new(),
            "Tags" => map! {},
        }
    }
}

fn new_user(index: usize, rng: &mut Rng) -> User {
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index * 7 + index / 20) % LAST_NAMES.len()];
    let round = match index / 400 {
        0 => String::new(),
        round => round.to_string(),
    };
    let directory = match index {
        NOWHERE | RECORDS_ONLY => Directory::Absent,
        DESCRIBED => Directory::Described,
        _ if index.is_multiple_of(3) => Directory::ListedAndNamed,
        _ => Directory::Listed,
    };
    User {
        id: rng.uuid(),
        username: format!("{}.{}{round}", first.to_lowercase(), last.to_lowercase()),
        first,
        last,
        directory,
        agent: index % 2 == 1,
        session_by_name: index % 5 == 4,
        proxied: index % 3 != 1,
        ip: rng.address(),
        browser: rng.pick(&BROWSERS),
    }
}
