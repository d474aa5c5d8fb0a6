//! Who made a request, as the record says it.
//!
//! Source: AWS CloudTrail User Guide, "CloudTrail userIdentity element".

use crate::tolerant::{Flag, Text};
use crate::tolerant_record::tolerant_record;

tolerant_record! {
    /// The `userIdentity` element. Every part of it can be missing.
    pub struct UserIdentity<'a> {
        /// `Root`, `IAMUser`, `AssumedRole`, `AWSService`, `AWSAccount`, …
        "type" => kind: Text<'a>,
        /// The unique id; for an assumed role `ROLEID:SESSION`.
        "principalId" => principal_id: Text<'a>,
        /// The ARN of the principal that called.
        "arn" => arn: Text<'a>,
        /// The account that owns the principal; text, for its leading zeros.
        "accountId" => account_id: Text<'a>,
        /// The id (never the secret) of the access key that signed.
        "accessKeyId" => access_key_id: Text<'a>,
        /// The IAM user's name.
        "userName" => user_name: Text<'a>,
        /// The AWS service that called on the principal's behalf.
        "invokedBy" => invoked_by: Text<'a>,
        /// How temporary credentials came to be.
        "sessionContext" => session_context: SessionContext<'a>,
        /// The IAM Identity Center person behind the call.
        "onBehalfOf" => on_behalf_of: OnBehalfOf<'a>,
    }
}

tolerant_record! {
    /// The `userIdentity.sessionContext` element.
    pub struct SessionContext<'a> {
        /// What issued the credentials, usually a role.
        "sessionIssuer" => session_issuer: SessionIssuer<'a>,
        /// Session attributes.
        "attributes" => attributes: SessionAttributes<'a>,
        /// The identity that the caller of `AssumeRole` set.
        "sourceIdentity" => source_identity: Text<'a>,
    }
}

tolerant_record! {
    /// The `sessionIssuer` element; `userName` is the role's name.
    pub struct SessionIssuer<'a> {
        /// `Role`, `User`, …
        "type" => kind: Text<'a>,
        /// The ARN, with the role's path.
        "arn" => arn: Text<'a>,
        /// The role's name.
        "userName" => user_name: Text<'a>,
        /// The account that owns the role.
        "accountId" => account_id: Text<'a>,
    }
}

tolerant_record! {
    /// The session's `attributes` element.
    pub struct SessionAttributes<'a> {
        /// Whether the session signed in with a second factor.
        "mfaAuthenticated" => mfa_authenticated: Flag,
        /// When the credentials were issued, as written.
        "creationDate" => creation_date: Text<'a>,
    }
}

tolerant_record! {
    /// The `onBehalfOf` element of IAM Identity Center.
    pub struct OnBehalfOf<'a> {
        /// The person's id in the identity store.
        "userId" => user_id: Text<'a>,
        /// The identity store.
        "identityStoreArn" => identity_store_arn: Text<'a>,
    }
}

impl UserIdentity<'_> {
    /// Returns the role's name of an assumed-role session: the issuer's name,
    /// else the part of `arn:…:assumed-role/ROLE/SESSION` that names it.
    pub fn role_name(&self) -> Option<&str> {
        let issuer = &self.session_context.session_issuer;
        issuer
            .user_name
            .get()
            .or_else(|| self.assumed_role().map(|(role, _)| role))
    }

    /// Returns the session's name: the last segment of the assumed-role ARN,
    /// else what follows the colon of the principal id.
    pub fn session_name(&self) -> Option<&str> {
        self.assumed_role().map(|(_, session)| session).or_else(|| {
            let (_, session) = self.principal_id.get()?.split_once(':')?;
            Some(session)
        })
    }

    fn assumed_role(&self) -> Option<(&str, &str)> {
        let (_, rest) = self.arn.get()?.split_once(":assumed-role/")?;
        rest.rsplit_once('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_arn_or_the_principal_id() {
        let both = UserIdentity {
            arn: Text::borrowed("arn:aws-us-gov:sts::1:assumed-role/R/jane@example.com"),
            principal_id: Text::borrowed("AROAEXAMPLE:jane@example.com"),
            ..UserIdentity::default()
        };
        assert_eq!(both.role_name(), Some("R"));
        assert_eq!(both.session_name(), Some("jane@example.com"));
        let id_only = UserIdentity {
            principal_id: Text::borrowed("AROAEXAMPLE:i-0abc"),
            ..UserIdentity::default()
        };
        assert_eq!(id_only.role_name(), None);
        assert_eq!(id_only.session_name(), Some("i-0abc"));
    }
}
