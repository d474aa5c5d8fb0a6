//! Users of a Connect instance, as `list-users`, `search-users` and
//! `describe-user` print them.
//!
//! Source: Amazon Connect API Reference, `UserSummary`, `UserSearchSummary`,
//! `User`.

use crate::tolerant::{List, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A Connect user.
    pub struct DirectoryUser<'a> {
        /// The user's id, a UUID.
        "Id" => id: Text<'a>,
        /// `arn:aws:connect:…:instance/ID/agent/USER-ID`.
        "Arn" => arn: Text<'a>,
        /// The login name.
        "Username" => username: Text<'a>,
        /// The person; `list-users` leaves it out.
        "IdentityInfo" => identity_info: IdentityInfo<'a>,
        /// What the user may do.
        "SecurityProfileIds" => security_profile_ids: List<Text<'a>>,
        /// Where the user stands in the hierarchy.
        "HierarchyGroupId" => hierarchy_group_id: Text<'a>,
    }
}

tolerant_record! {
    /// The person behind a Connect user.
    pub struct IdentityInfo<'a> {
        /// The first name.
        "FirstName" => first_name: Text<'a>,
        /// The last name.
        "LastName" => last_name: Text<'a>,
        /// The address; `search-users` leaves it out.
        "Email" => email: Text<'a>,
    }
}

impl DirectoryUser<'_> {
    /// Tells whether this is a Connect user: other services list users too.
    pub fn is_connect_user(&self) -> bool {
        let of_connect = self.arn.get().is_none_or(|arn| arn.contains(":connect:"));
        of_connect && self.id.get().is_some() && self.username.get().is_some()
    }

    /// Returns first and last name as one, `None` where neither is known.
    pub fn full_name(&self) -> Option<String> {
        let info = &self.identity_info;
        match (info.first_name.get(), info.last_name.get()) {
            (Some(first), Some(last)) => Some(format!("{first} {last}")),
            (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
            (None, None) => None,
        }
    }
}
