//! Who a record says called, kept once however often they called.

use earwitness_parser::{Event, S3Deletion, Text, UserIdentity};

use crate::symbols::{Symbol, Symbols, Translation};

/// Who deletes what has expired, in the words of S3's documentation: no person
/// and no call, but a rule of the bucket.
const LIFECYCLE: &str = "S3 Lifecycle";

/// The raw identity of a caller, as the record has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Principal {
    pub(crate) kind: Symbol,
    pub(crate) id: Symbol,
    pub(crate) arn: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) access_key_id: Symbol,
    pub(crate) user_name: Symbol,
    pub(crate) role_name: Symbol,
    pub(crate) session_name: Symbol,
    pub(crate) invoked_by: Symbol,
    pub(crate) on_behalf_of: Symbol,
    /// The address of a caller who has nothing else to be told by.
    pub(crate) address: Symbol,
}

impl Principal {
    /// Reads who called, and from where if that is all there is.
    pub(crate) fn of(event: &Event<'_>, symbols: &mut Symbols) -> Principal {
        Principal::identified(&event.user_identity, &event.source_ip_address, symbols)
    }

    /// Reads who asked S3, by its own report: an ARN, an account, a service or a
    /// canonical user id; nobody for a request without credentials.
    ///
    /// Sources: Amazon S3 User Guide, "Amazon S3 server access log format" and
    /// "EventBridge event message structure".
    pub(crate) fn of_requester(told: &S3Deletion<'_>, symbols: &mut Symbols) -> Principal {
        let mut identity = UserIdentity::default();
        match told.requester.get() {
            _ if told.by_lifecycle => {
                identity.kind = Text::borrowed("AWSService");
                identity.invoked_by = Text::borrowed(LIFECYCLE);
            }
            None => {
                identity.kind = Text::borrowed("AWSAccount");
                identity.account_id = Text::borrowed("ANONYMOUS_PRINCIPAL");
            }
            Some(arn) if arn.starts_with("arn:") => {
                identity.account_id = Text::borrowed(arn.split(':').nth(4).unwrap_or_default());
                identity.arn = Text::borrowed(arn);
            }
            // Of the bucket's own account it may be anyone.
            Some(account) if is_account(account) && told.account_id.get() != Some(account) => {
                identity.kind = Text::borrowed("AWSAccount");
                identity.account_id = Text::borrowed(account);
            }
            Some(name) => match name
                .strip_prefix("svc:")
                .or(is_service(name).then_some(name))
            {
                Some(service) => {
                    identity.kind = Text::borrowed("AWSService");
                    identity.invoked_by = Text::borrowed(service);
                }
                None => identity.principal_id = Text::borrowed(name),
            },
        }
        Principal::identified(&identity, &told.source_ip, symbols)
    }

    fn identified(
        identity: &UserIdentity<'_>,
        address: &Text<'_>,
        symbols: &mut Symbols,
    ) -> Principal {
        let nameless = identity.arn.get().is_none() && identity.principal_id.get().is_none();
        let address = address.get().filter(|_| nameless);
        Principal {
            kind: symbols.intern_opt(identity.kind.get()),
            id: symbols.intern_opt(identity.principal_id.get()),
            arn: symbols.intern_opt(identity.arn.get()),
            account_id: symbols.intern_opt(identity.account_id.get()),
            access_key_id: symbols.intern_opt(identity.access_key_id.get()),
            user_name: symbols.intern_opt(identity.user_name.get()),
            role_name: symbols.intern_opt(identity.role_name()),
            session_name: symbols.intern_opt(identity.session_name()),
            invoked_by: symbols.intern_opt(identity.invoked_by.get()),
            on_behalf_of: symbols.intern_opt(identity.on_behalf_of.user_id.get()),
            address: symbols.intern_opt(address),
        }
    }

    pub(crate) fn translated(self, to: &Translation) -> Principal {
        Principal {
            kind: to.of(self.kind),
            id: to.of(self.id),
            arn: to.of(self.arn),
            account_id: to.of(self.account_id),
            access_key_id: to.of(self.access_key_id),
            user_name: to.of(self.user_name),
            role_name: to.of(self.role_name),
            session_name: to.of(self.session_name),
            invoked_by: to.of(self.invoked_by),
            on_behalf_of: to.of(self.on_behalf_of),
            address: to.of(self.address),
        }
    }

    /// Tells whether two records name the same caller, by whatever key.
    pub(crate) fn is_same_caller(&self, other: &Principal) -> bool {
        let keyless = |principal: &Principal| Principal {
            access_key_id: Symbol::NONE,
            invoked_by: Symbol::NONE,
            ..*principal
        };
        keyless(self) == keyless(other)
    }

    /// Tells whether the record names nobody, as the per-key records of a batch
    /// delete do.
    pub(crate) fn is_nobody(&self) -> bool {
        self.arn.is_none() && self.id.is_none() && self.user_name.is_none()
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_service(name: &str) -> bool {
    name.ends_with(".amazonaws.com")
}
