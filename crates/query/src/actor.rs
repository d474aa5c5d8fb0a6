//! Who a raw identity is, in words that people use.

use crate::principal::Principal;
use crate::recording_key::is_uuid;
use crate::symbols::{Symbol, Symbols};
use crate::users::Users;

/// Sessions of Connect itself. The underscore matters: without it the
/// instance-replication role would pass for a person.
const CONNECT_ROLE: &str = "AWSServiceRoleForAmazonConnect_";
const SERVICE_ROLE: &str = "AWSServiceRoleFor";
const IDENTITY_CENTER_ROLE: &str = "AWSReservedSSO_";

/// What CloudTrail writes where a name might be a password typed by mistake.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// What kind of caller an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ActorKind {
    ConnectUser,
    IdentityCenter,
    IamUser,
    RoleSession,
    FederatedUser,
    Root,
    AwsService,
    OtherAccount,
    Anonymous,
    Unknown,
}

impl ActorKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ActorKind::ConnectUser => "connect-user",
            ActorKind::IdentityCenter => "identity-center",
            ActorKind::IamUser => "iam-user",
            ActorKind::RoleSession => "role-session",
            ActorKind::FederatedUser => "federated-user",
            ActorKind::Root => "root",
            ActorKind::AwsService => "aws-service",
            ActorKind::OtherAccount => "other-account",
            ActorKind::Anonymous => "anonymous",
            ActorKind::Unknown => "unknown",
        }
    }
}

/// A caller as reports name them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Actor {
    pub(crate) kind: ActorKind,
    pub(crate) name: Symbol,
    /// One value for one caller, over all of their sessions where those can be
    /// told to be the same person's.
    pub(crate) id: Symbol,
    pub(crate) user_id: Symbol,
    pub(crate) full_name: Symbol,
}

impl Actor {
    /// Resolves a raw identity with what is known of the Connect directory.
    pub(crate) fn of(principal: &Principal, users: &Users, symbols: &mut Symbols) -> Actor {
        let (kind, mut name) = kind_and_name(principal, symbols);
        if kind == ActorKind::ConnectUser && is_uuid(&name) {
            name.make_ascii_lowercase();
        }
        let mut actor = Actor {
            kind,
            name: symbols.intern(&name),
            id: Symbol::NONE,
            user_id: Symbol::NONE,
            full_name: Symbol::NONE,
        };
        if kind == ActorKind::ConnectUser {
            actor.resolve_connect_user(&name, users);
        }
        let account = symbols.str(principal.account_id);
        let id = match kind {
            ActorKind::ConnectUser if !actor.user_id.is_none() => {
                format!("connect-user {}", symbols.str(actor.user_id))
            }
            // Of callers without a name, those from one address may be one.
            ActorKind::Anonymous | ActorKind::Unknown => {
                let address = symbols.str(principal.address);
                format!("{} {} {address}", kind.name(), symbols.str(actor.name))
            }
            _ => format!("{} {account} {}", kind.name(), symbols.str(actor.name)),
        };
        actor.id = symbols.intern(&id);
        actor
    }

    /// Makes the actor of a record that nothing tells the caller of.
    pub(crate) fn unknown(symbols: &mut Symbols) -> Actor {
        let name = symbols.intern("unknown");
        Actor {
            kind: ActorKind::Unknown,
            name,
            id: name,
            user_id: Symbol::NONE,
            full_name: Symbol::NONE,
        }
    }

    /// A Connect session is named by its user's id, or by the login name.
    fn resolve_connect_user(&mut self, session: &str, users: &Users) {
        let user = if is_uuid(session) {
            self.user_id = self.name;
            users.by_id(self.name)
        } else {
            users.by_username(self.name)
        };
        if let Some(user) = user {
            self.user_id = user.user_id;
            self.full_name = user.full_name;
            if !user.username.is_none() {
                self.name = user.username;
            }
        }
    }
}

fn kind_and_name(principal: &Principal, symbols: &Symbols) -> (ActorKind, String) {
    let text = |symbol| symbols.get(symbol).filter(|text| *text != HIDDEN);
    let invoked_by = text(principal.invoked_by);
    let last_of_arn = || text(principal.arn)?.rsplit(['/', ':']).next();
    let fallback = || {
        text(principal.arn)
            .or(text(principal.id))
            .unwrap_or("unknown")
    };
    match text(principal.kind).or_else(|| kind_of_arn(text(principal.arn)?)) {
        Some("Root") => (ActorKind::Root, "root".to_owned()),
        Some("IAMUser") => {
            let name = text(principal.user_name).or_else(last_of_arn);
            (ActorKind::IamUser, name.unwrap_or_else(fallback).to_owned())
        }
        Some("AssumedRole" | "Role") => role_session(principal, symbols),
        Some("IdentityCenterUser") => {
            let name = text(principal.on_behalf_of).or(text(principal.user_name));
            (
                ActorKind::IdentityCenter,
                name.unwrap_or_else(fallback).to_owned(),
            )
        }
        Some("FederatedUser" | "SAMLUser" | "WebIdentityUser" | "Directory") => {
            let name = text(principal.user_name).or_else(last_of_arn);
            (
                ActorKind::FederatedUser,
                name.unwrap_or_else(fallback).to_owned(),
            )
        }
        Some("AWSAccount") => account(principal, symbols),
        Some("AWSService") => {
            let name = invoked_by.unwrap_or_else(fallback);
            (ActorKind::AwsService, name.to_owned())
        }
        _ if principal.is_nobody() => match invoked_by {
            Some(service) => (ActorKind::AwsService, service.to_owned()),
            None => (ActorKind::Unknown, "unknown".to_owned()),
        },
        _ => (ActorKind::Unknown, fallback().to_owned()),
    }
}

/// Reads the kind of an identity that does not say it from its ARN.
fn kind_of_arn(arn: &str) -> Option<&'static str> {
    let (_, resource) = arn.rsplit_once(':')?;
    match resource.split('/').next()? {
        "assumed-role" | "role" => Some("AssumedRole"),
        "user" => Some("IAMUser"),
        "federated-user" => Some("FederatedUser"),
        "root" => Some("Root"),
        _ => None,
    }
}

fn role_session(principal: &Principal, symbols: &Symbols) -> (ActorKind, String) {
    let role = symbols.get(principal.role_name).or_else(|| {
        let (_, path) = symbols.get(principal.arn)?.split_once(":role/")?;
        path.rsplit('/').next()
    });
    let session = symbols.get(principal.session_name);
    match (role, session) {
        (Some(role), Some(session)) if role.starts_with(CONNECT_ROLE) => {
            (ActorKind::ConnectUser, session.to_owned())
        }
        (Some(role), Some(session)) if role.starts_with(IDENTITY_CENTER_ROLE) => {
            (ActorKind::IdentityCenter, session.to_owned())
        }
        (Some(role), session) => match (symbols.get(principal.invoked_by), session) {
            (Some(service), _) if role.starts_with(SERVICE_ROLE) => {
                (ActorKind::AwsService, service.to_owned())
            }
            (_, Some(session)) => (ActorKind::RoleSession, format!("{role}/{session}")),
            (_, None) => (ActorKind::RoleSession, role.to_owned()),
        },
        (None, Some(session)) => (ActorKind::RoleSession, session.to_owned()),
        (None, None) => (ActorKind::Unknown, "unknown".to_owned()),
    }
}

fn account(principal: &Principal, symbols: &Symbols) -> (ActorKind, String) {
    match (symbols.get(principal.account_id), symbols.get(principal.id)) {
        (Some("ANONYMOUS_PRINCIPAL" | "anonymous"), _) => {
            (ActorKind::Anonymous, "anonymous".to_owned())
        }
        (None, None) => (ActorKind::Unknown, "unknown".to_owned()),
        (Some(account), Some(id)) => (ActorKind::OtherAccount, format!("{account}/{id}")),
        (Some(one), None) | (None, Some(one)) => (ActorKind::OtherAccount, one.to_owned()),
    }
}
