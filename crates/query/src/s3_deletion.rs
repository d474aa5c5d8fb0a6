//! A deletion that S3 itself reports: a row of the `s3_deletions` table.

use earwitness_parser::{ContentHash, S3Report};

use crate::names::{Names, Renaming};
use crate::operation::Outcome;
use crate::principal::Principal;
use crate::symbols::Symbol;

/// Where S3 reports a deletion: in one place or in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reported {
    AccessLog,
    EventBridge,
    Both,
}

impl Reported {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reported::AccessLog => "server-access-log",
            Reported::EventBridge => "eventbridge",
            Reported::Both => "server-access-log+eventbridge",
        }
    }
}

/// The record of CloudTrail that is about the same request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InCloudTrail {
    /// None is among the inputs.
    Nothing,
    /// One of the same key: its row stands for the deletion.
    Deletion,
    /// A batch delete that leaves this key out.
    Batch,
}

/// One deletion. The caller and the object are places in lists kept beside.
#[derive(Debug, Clone, Copy)]
pub(crate) struct S3Deletion {
    /// Microseconds since 1970.
    pub(crate) time: i64,
    /// The time by which the deletion is in a window or not: of a request that
    /// CloudTrail records, CloudTrail's.
    pub(crate) placed_at: i64,
    pub(crate) content: ContentHash,
    pub(crate) object_size: Option<u64>,
    /// Who S3 names.
    pub(crate) principal: u32,
    /// Who is behind it: of a key of a batch delete, the caller of the batch.
    pub(crate) caller: u32,
    pub(crate) object: u32,
    pub(crate) operation: Symbol,
    pub(crate) version_id: Symbol,
    /// As reported.
    pub(crate) requester: Symbol,
    pub(crate) request_id: Symbol,
    pub(crate) source_ip: Symbol,
    pub(crate) user_agent: Symbol,
    pub(crate) error_code: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) region: Symbol,
    /// CloudTrail's record of the request.
    pub(crate) event_id: Symbol,
    pub(crate) input: u32,
    pub(crate) index: u64,
    pub(crate) http_status: Option<u16>,
    pub(crate) reported: Reported,
    pub(crate) in_cloudtrail: InCloudTrail,
    pub(crate) outcome: Outcome,
    pub(crate) by_lifecycle: bool,
    /// `None` where S3 does not tell.
    pub(crate) delete_marker: Option<bool>,
}

impl S3Deletion {
    pub(crate) fn of(
        told: &earwitness_parser::S3Deletion<'_>,
        content: ContentHash,
        index: u64,
        names: &mut Names,
    ) -> S3Deletion {
        let object = names.object(told.bucket.get(), told.key.get());
        let symbols = &mut names.symbols;
        let principal = Principal::of_requester(told, symbols);
        let principal = names.principals.place(principal);
        S3Deletion {
            time: told.time.0,
            placed_at: told.time.0,
            content,
            object_size: told.object_size.0,
            principal,
            caller: principal,
            object,
            operation: symbols.intern_opt(told.operation.get()),
            version_id: symbols.intern_opt(told.version_id.get()),
            requester: symbols.intern_opt(told.requester.get()),
            request_id: symbols.intern_opt(told.request_id.get()),
            source_ip: symbols.intern_opt(told.source_ip.get()),
            user_agent: symbols.intern_opt(told.user_agent.get()),
            error_code: symbols.intern_opt(told.error_code.get()),
            account_id: symbols.intern_opt(told.account_id.get()),
            region: symbols.intern_opt(told.region.get()),
            event_id: Symbol::NONE,
            input: 0,
            index,
            http_status: told.http_status,
            reported: match told.report {
                S3Report::AccessLog => Reported::AccessLog,
                S3Report::EventBridge => Reported::EventBridge,
            },
            in_cloudtrail: InCloudTrail::Nothing,
            outcome: Outcome::of_answer(told.error_code.get(), told.http_status.map(u64::from)),
            by_lifecycle: told.by_lifecycle,
            delete_marker: told.delete_marker,
        }
    }

    pub(crate) fn rename(&mut self, to: &Renaming, input: u32) {
        for symbol in [
            &mut self.operation,
            &mut self.version_id,
            &mut self.requester,
            &mut self.request_id,
            &mut self.source_ip,
            &mut self.user_agent,
            &mut self.error_code,
            &mut self.account_id,
            &mut self.region,
        ] {
            *symbol = to.symbol(*symbol);
        }
        self.principal = to.principal(self.principal);
        self.caller = to.principal(self.caller);
        self.object = to.object(self.object);
        self.input = input;
    }

    /// Names what tells of the deletion.
    pub(crate) fn evidence(&self) -> &'static str {
        match (self.in_cloudtrail, self.reported) {
            (InCloudTrail::Deletion | InCloudTrail::Batch, _) => "cloudtrail+s3",
            (InCloudTrail::Nothing, Reported::AccessLog) => "s3-access-log",
            (InCloudTrail::Nothing, Reported::EventBridge) => "s3-event",
            (InCloudTrail::Nothing, Reported::Both) => "s3-access-log+s3-event",
        }
    }
}
