//! Security profiles and the permissions they grant, as `list-security-profiles`,
//! `search-security-profiles`, `describe-security-profile` and
//! `list-security-profile-permissions` print them.
//!
//! Source: Amazon Connect API Reference, `SecurityProfileSummary`,
//! `SecurityProfile`, `ListSecurityProfilePermissions`.

use crate::tolerant::{List, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// A security profile.
    ///
    /// The hierarchy group and the tags that a profile may name restrict it to
    /// users and other resources, never to contacts, and are not read.
    pub struct SecurityProfile<'a> {
        /// The profile's id, a UUID.
        "Id" => id: Text<'a>,
        /// `arn:aws:connect:…:instance/ID/security-profile/PROFILE-ID`.
        "Arn" => arn: Text<'a>,
        /// The name.
        "SecurityProfileName" | "Name" => name: Text<'a>,
    }
}

tolerant_record! {
    /// What a security profile grants, or a page of it.
    pub struct PermissionList<'a> {
        /// Whose permissions these are; AWS leaves it out.
        "SecurityProfileId" => security_profile_id: Text<'a>,
        /// The names of the permissions.
        "Permissions" => permissions: List<Text<'a>>,
    }
}

impl SecurityProfile<'_> {
    /// Tells whether this is a security profile of Connect.
    pub fn is_of_connect(&self) -> bool {
        let of_connect = self.arn.get().is_none_or(|arn| arn.contains(":connect:"));
        of_connect && self.id.get().is_some()
    }
}

impl PermissionList<'_> {
    /// Tells whether every permission has a name: of a list with something else
    /// in it nobody can say what it grants.
    pub fn is_readable(&self) -> bool {
        self.permissions.0.iter().all(|name| name.get().is_some())
    }
}
