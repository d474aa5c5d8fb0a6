//! Everyone who calls S3, how CloudTrail shows them, and what they are called
//! in the expected answers.

use crate::clock;
use crate::json::{Json, map};
use crate::names::{
    ACCOUNT, ADMIN_ROLE, CONNECT_ROLE, OTHER_ACCOUNT, SYNCHRONIZATION_ROLE, VENDOR_ACCOUNT,
};
use crate::people::Staff;
use crate::rng::Rng;

/// The place of an actor in the [`Cast`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ActorId(pub(crate) usize);

/// What kind of caller the answers must call an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ActorKind {
    ConnectUser,
    IdentityCenter,
    IamUser,
    RoleSession,
    Root,
    AwsService,
    OtherAccount,
    Anonymous,
}

impl ActorKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ConnectUser => "connect-user",
            Self::IdentityCenter => "identity-center",
            Self::IamUser => "iam-user",
            Self::RoleSession => "role-session",
            Self::Root => "root",
            Self::AwsService => "aws-service",
            Self::OtherAccount => "other-account",
            Self::Anonymous => "anonymous",
        }
    }
}

#[derive(Debug, Clone)]
enum Identity {
    Session {
        path: &'static str,
        role: &'static str,
        session: String,
        invoked_by: Option<&'static str>,
    },
    IamUser {
        name: &'static str,
    },
    Root,
    Service {
        name: &'static str,
    },
    Account {
        account: &'static str,
        principal: &'static str,
    },
}

/// A caller.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) kind: ActorKind,
    /// The name in the answers; a Connect user's is looked up instead.
    pub(crate) name: String,
    /// The Connect user behind the session.
    pub(crate) user: Option<usize>,
    identity: Identity,
    pub(crate) source_ip: String,
    pub(crate) user_agent: String,
    /// Where a presigned URL handed to this actor is opened.
    pub(crate) browser_ip: String,
    pub(crate) browser: String,
    access_key: String,
    unique_id: String,
}

impl Actor {
    fn new(
        kind: ActorKind,
        name: &str,
        identity: Identity,
        user_agent: &str,
        rng: &mut Rng,
    ) -> Self {
        let service = match &identity {
            Identity::Session { invoked_by, .. } => *invoked_by,
            Identity::Service { name } => Some(*name),
            _ => None,
        };
        let ip = rng.address();
        let prefix = if matches!(identity, Identity::IamUser { .. }) {
            "AIDA"
        } else {
            "AROA"
        };
        Self {
            kind,
            name: name.to_owned(),
            user: None,
            identity,
            source_ip: service.map_or_else(|| ip.clone(), str::to_owned),
            user_agent: service.map_or_else(|| format!("[{user_agent}]"), str::to_owned),
            browser_ip: ip,
            browser: format!("[{}]", crate::people::BROWSERS[0]),
            access_key: format!("ASIAEXAMPLE{}", rng.alnum(9)),
            unique_id: format!("{prefix}EXAMPLE{}", rng.alnum(10)),
        }
    }

    /// The `userIdentity` of a call made at `at`. A presigned URL is followed
    /// by a browser, so no service stands between.
    pub(crate) fn user_identity(&self, at: i64, presigned: bool) -> Json {
        match &self.identity {
            Identity::Session {
                path,
                role,
                session,
                invoked_by,
            } => {
                let mut identity = self.session_identity(at, path, role, session);
                identity.set_some("invokedBy", invoked_by.filter(|_| !presigned));
                identity
            }
            Identity::IamUser { name } => map! {
                "type" => "IAMUser",
                "principalId" => &self.unique_id,
                "arn" => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
                "accountId" => ACCOUNT,
                "accessKeyId" => self.access_key.replacen("ASIA", "AKIA", 1),
                "userName" => *name,
            },
            Identity::Root => map! {
                "type" => "Root",
                "principalId" => ACCOUNT,
                "arn" => format!("arn:aws:iam::{ACCOUNT}:root"),
                "accountId" => ACCOUNT,
                "accessKeyId" => &self.access_key,
                "sessionContext" => map! { "attributes" => attributes(at, true) },
            },
            Identity::Service { name } => map! { "type" => "AWSService", "invokedBy" => *name },
            Identity::Account { account, principal } => map! {
                "type" => "AWSAccount",
                "principalId" => *principal,
                "accountId" => *account,
            },
        }
    }

    fn session_identity(&self, at: i64, path: &str, role: &str, session: &str) -> Json {
        map! {
            "type" => "AssumedRole",
            "principalId" => format!("{}:{session}", self.unique_id),
            "arn" => format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"),
            "accountId" => ACCOUNT,
            "accessKeyId" => &self.access_key,
            "sessionContext" => map! {
                "sessionIssuer" => map! {
                    "type" => "Role",
                    "principalId" => &self.unique_id,
                    "arn" => format!("arn:aws:iam::{ACCOUNT}:role/{path}{role}"),
                    "accountId" => ACCOUNT,
                    "userName" => role,
                },
                "webIdFederationData" => map! {},
                "attributes" => attributes(at, false),
            },
        }
    }
}

fn attributes(at: i64, mfa: bool) -> Json {
    let signed_in = at - at.rem_euclid(6 * 3_600);
    map! { "creationDate" => clock::iso(signed_in), "mfaAuthenticated" => mfa.to_string() }
}

/// Every caller of a world.
#[derive(Debug, Clone)]
pub(crate) struct Cast {
    actors: Vec<Actor>,
    pub(crate) users: usize,
    pub(crate) uploader: ActorId,
    pub(crate) jane: ActorId,
    pub(crate) omar: ActorId,
    pub(crate) operator: ActorId,
    pub(crate) root: ActorId,
    pub(crate) archiver: ActorId,
    pub(crate) analyzer: ActorId,
    pub(crate) transcriber: ActorId,
    pub(crate) other_account: ActorId,
    pub(crate) anonymous: ActorId,
    pub(crate) synchronization: ActorId,
    pub(crate) synchronization_session: ActorId,
    /// Callers that only make noise.
    pub(crate) bystanders: [ActorId; 4],
}

impl Cast {
    pub(crate) fn new(staff: &Staff, rng: &mut Rng) -> Self {
        let connect_role_id = format!("AROAEXAMPLE{}", rng.alnum(10));
        let mut actors = Vec::new();
        for (index, user) in staff.users.iter().enumerate() {
            let mut actor = connect_session(user.session(), &connect_role_id, rng);
            actor.user = Some(index);
            actor.browser_ip.clone_from(&user.ip);
            actor.browser = format!("[{}]", user.browser);
            actors.push(actor);
        }
        let uploader = connect_session("RecordingUpload", &connect_role_id, rng);
        let mut add = |actor: Actor| {
            actors.push(actor);
            ActorId(actors.len() - 1)
        };
        Self {
            users: staff.users.len(),
            uploader: add(uploader),
            jane: add(admin("jane@example.com", rng)),
            omar: add(admin("omar@example.com", rng)),
            operator: add(Actor::new(
                ActorKind::IamUser,
                "backup-operator",
                Identity::IamUser {
                    name: "backup-operator",
                },
                "aws-cli/2.22.0 md/awscrt#0.23.4 ua/2.0 os/linux#5.10.230 md/arch#x86_64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/command#s3api.delete-object",
                rng,
            )),
            root: add(Actor::new(
                ActorKind::Root,
                "root",
                Identity::Root,
                CONSOLE,
                rng,
            )),
            archiver: add(role(
                "",
                "NightlyArchiver",
                "i-0abc1234def567890",
                "Boto3/1.35.90 md/Botocore#1.35.90 ua/2.0 os/linux#6.1.119 lang/python#3.12.8 md/pyimpl#CPython Botocore/1.35.90 Resource",
                rng,
            )),
            analyzer: add(linked(
                "aws-service-role/access-analyzer.amazonaws.com/",
                "AWSServiceRoleForAccessAnalyzer",
                "access-analyzer",
                "access-analyzer.amazonaws.com",
                rng,
            )),
            transcriber: add(Actor::new(
                ActorKind::AwsService,
                "transcribe.amazonaws.com",
                Identity::Service {
                    name: "transcribe.amazonaws.com",
                },
                "",
                rng,
            )),
            other_account: add(Actor::new(
                ActorKind::OtherAccount,
                &format!("{OTHER_ACCOUNT}/AROAEXAMPLEOTHER:batch-job"),
                Identity::Account {
                    account: OTHER_ACCOUNT,
                    principal: "AROAEXAMPLEOTHER:batch-job",
                },
                "aws-sdk-java/2.29.43 md/io#async md/http#NettyNio ua/2.1 os/Linux#5.10.230 lang/java#21.0.5",
                rng,
            )),
            anonymous: add(Actor::new(
                ActorKind::Anonymous,
                "anonymous",
                Identity::Account {
                    account: "ANONYMOUS_PRINCIPAL",
                    principal: "",
                },
                "",
                rng,
            )),
            synchronization: add(linked(
                "aws-service-role/synchronization.connect.amazonaws.com/",
                SYNCHRONIZATION_ROLE,
                "ResourceSynchronization",
                "synchronization.connect.amazonaws.com",
                rng,
            )),
            synchronization_session: add(role(
                "aws-service-role/synchronization.connect.amazonaws.com/",
                SYNCHRONIZATION_ROLE,
                "ResourceSynchronization",
                "aws-internal/3 aws-sdk-java/1.12.780 Linux/5.10.230",
                rng,
            )),
            bystanders: [
                add(role("", "AppServer", "i-0123456789abcdef0", SDK, rng)),
                add(role(
                    "service-role/",
                    "DataPipeline",
                    "nightly-load-2026",
                    SDK,
                    rng,
                )),
                add(admin("lee@example.com", rng)),
                add(Actor::new(
                    ActorKind::OtherAccount,
                    &format!("{VENDOR_ACCOUNT}/AROAEXAMPLEVENDOR:scan"),
                    Identity::Account {
                        account: VENDOR_ACCOUNT,
                        principal: "AROAEXAMPLEVENDOR:scan",
                    },
                    SDK,
                    rng,
                )),
            ],
            actors,
        }
    }

    pub(crate) fn get(&self, id: ActorId) -> &Actor {
        &self.actors[id.0]
    }
}

const CONSOLE: &str = "S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.750 Linux/5.10.230-202.885.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.412-b09 java/1.8.0_412 vendor/Oracle_Corporation cfg/retry-mode/standard";
const SDK: &str = "aws-sdk-java/2.29.43 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10.230-202.885.amzn2.x86_64 lang/java#21.0.5 md/OpenJDK_64-Bit_Server_VM#21.0.5+11-LTS md/vendor#Amazon.com_Inc. md/en_US cfg/auth-source#stat m/D,N";

fn role(
    path: &'static str,
    role: &'static str,
    session: &str,
    user_agent: &str,
    rng: &mut Rng,
) -> Actor {
    let identity = Identity::Session {
        path,
        role,
        session: session.to_owned(),
        invoked_by: None,
    };
    let name = format!("{role}/{session}");
    Actor::new(ActorKind::RoleSession, &name, identity, user_agent, rng)
}

fn linked(
    path: &'static str,
    role: &'static str,
    session: &str,
    service: &'static str,
    rng: &mut Rng,
) -> Actor {
    let session = session.to_owned();
    let identity = Identity::Session {
        path,
        role,
        session,
        invoked_by: Some(service),
    };
    Actor::new(ActorKind::AwsService, service, identity, "", rng)
}

fn admin(person: &str, rng: &mut Rng) -> Actor {
    let identity = Identity::Session {
        path: "aws-reserved/sso.amazonaws.com/us-west-2/",
        role: ADMIN_ROLE,
        session: person.to_owned(),
        invoked_by: None,
    };
    Actor::new(ActorKind::IdentityCenter, person, identity, CONSOLE, rng)
}

fn connect_session(session: &str, role_id: &str, rng: &mut Rng) -> Actor {
    let identity = Identity::Session {
        path: "aws-service-role/connect.amazonaws.com/",
        role: CONNECT_ROLE,
        session: session.to_owned(),
        invoked_by: Some("connect.amazonaws.com"),
    };
    let mut actor = Actor::new(ActorKind::ConnectUser, session, identity, "", rng);
    actor.unique_id = role_id.to_owned();
    actor
}
