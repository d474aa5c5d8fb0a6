//! One access to an object or bucket: a row of the `accesses` table.

use earwitness_parser::{ContentHash, Event, Raw, Timestamp};

use crate::names::{Names, Renaming};
use crate::operation::{Action, Outcome};
use crate::principal::Principal;
use crate::symbols::Symbol;

/// How a record came to have its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum AttributedBy {
    /// The record names its caller.
    Caller,
    /// The batch delete with the same request id names the caller.
    RequestId,
    /// The only callers of batch deletes in that bucket at that time are one.
    BucketAndTime,
    /// Nothing tells.
    Nothing,
}

impl AttributedBy {
    pub(crate) fn name(self) -> &'static str {
        match self {
            AttributedBy::Caller => "caller",
            AttributedBy::RequestId => "request-id",
            AttributedBy::BucketAndTime => "bucket-and-time",
            AttributedBy::Nothing => "none",
        }
    }
}

/// One access. Callers and objects are places in lists kept beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Access {
    /// Microseconds since 1970.
    pub(crate) time: i64,
    /// What an event without an id, or a correction, is told by; 0 for others.
    pub(crate) content: ContentHash,
    pub(crate) bytes_in: Option<u64>,
    pub(crate) bytes_out: Option<u64>,
    pub(crate) object_size: Option<u64>,
    /// Who the record names.
    pub(crate) principal: u32,
    /// Who is behind it: of a per-key record of a batch delete, the caller of
    /// the batch.
    pub(crate) caller: u32,
    pub(crate) object: u32,
    /// What a copy read.
    pub(crate) copy_source: Option<u32>,
    pub(crate) event_id: Symbol,
    pub(crate) request_id: Symbol,
    pub(crate) shared_event_id: Symbol,
    /// The event that this one corrects.
    pub(crate) corrects: Symbol,
    pub(crate) event_name: Symbol,
    pub(crate) event_type: Symbol,
    pub(crate) version_id: Symbol,
    pub(crate) region: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) source_ip: Symbol,
    pub(crate) user_agent: Symbol,
    pub(crate) error_code: Symbol,
    pub(crate) authentication: Symbol,
    /// The input, as its place in the order of reading, and the place in it.
    pub(crate) input: u32,
    pub(crate) index: u64,
    /// How many per-key records a batch delete has, and how many of them just
    /// S3 itself reports.
    pub(crate) children: u32,
    pub(crate) children_by_s3: u32,
    pub(crate) http_status: Option<u16>,
    pub(crate) action: Action,
    pub(crate) outcome: Outcome,
    pub(crate) attributed_by: AttributedBy,
    pub(crate) delete_marker: bool,
    /// A presigned URL that tells the browser to save, not to play.
    pub(crate) presigned_download: bool,
    /// Whether the credentials came from a console session, and with a second
    /// factor.
    pub(crate) from_console: Option<bool>,
    pub(crate) mfa: Option<bool>,
    /// Raised by S3 itself for one key of a batch delete.
    pub(crate) is_batch_child: bool,
    /// Whether S3 itself reports the same deletion.
    pub(crate) told_by_s3: bool,
}

impl Access {
    pub(crate) fn of(
        event: &Event<'_>,
        action: Action,
        time: Timestamp,
        raw: Raw<'_>,
        index: u64,
        names: &mut Names,
    ) -> Access {
        let object = names.object(event.bucket(), event.key());
        let copy_source = (action == Action::Copy)
            .then(|| event.copy_source())
            .flatten()
            .map(|(bucket, key)| names.object(Some(&bucket), Some(&key)));
        let symbols = &mut names.symbols;
        let principal = Principal::of(event, symbols);
        let data = &event.additional_event_data;
        let parameters = &event.request_parameters;
        let response = &event.response_elements;
        let session = &event.user_identity.session_context;
        let presigned = data.authentication_method.get() == Some("QueryString");
        let nobody = principal.is_nobody();
        let is_batch_child = event.event_name.get() == Some("DeleteObject")
            && event.event_type.get() == Some("AwsServiceEvent");
        let download = |disposition: &str| disposition.to_ascii_lowercase().contains("attachment");
        let principal = names.principals.place(principal);
        Access {
            time: time.0,
            content: match (event.event_id.get(), event.corrects()) {
                (Some(_), None) => ContentHash(0),
                (Some(_), Some(_)) => raw.bytes(),
                (None, _) => raw.content(),
            },
            bytes_in: data.bytes_transferred_in.0,
            bytes_out: data.bytes_transferred_out.0,
            object_size: data.object_size.0,
            copy_source,
            event_id: symbols.intern_opt(event.event_id.get()),
            request_id: symbols.intern_opt(event.request_id.get()),
            shared_event_id: symbols.intern_opt(event.shared_event_id.get()),
            corrects: symbols.intern_opt(event.corrects()),
            event_name: symbols.intern_opt(event.event_name.get()),
            event_type: symbols.intern_opt(event.event_type.get()),
            version_id: symbols.intern_opt(event.version_id().or(response.version_id.get())),
            region: symbols.intern_opt(event.aws_region.get()),
            account_id: symbols.intern_opt(event.account_id()),
            source_ip: symbols.intern_opt(event.source_ip_address.get()),
            user_agent: symbols.intern_opt(event.agent()),
            error_code: symbols.intern_opt(event.error_code.get()),
            authentication: symbols.intern_opt(data.authentication_method.get()),
            input: 0,
            index,
            children: 0,
            children_by_s3: 0,
            http_status: data
                .http_status_code
                .0
                .and_then(|status| u16::try_from(status).ok()),
            action,
            outcome: Outcome::of(event),
            attributed_by: if is_batch_child && nobody {
                AttributedBy::Nothing
            } else {
                AttributedBy::Caller
            },
            delete_marker: response.delete_marker.0 == Some(true),
            presigned_download: presigned
                && parameters
                    .response_content_disposition
                    .get()
                    .is_some_and(download),
            from_console: event.session_credential_from_console.0,
            mfa: session.attributes.mfa_authenticated.0,
            is_batch_child,
            told_by_s3: false,
            principal,
            caller: principal,
            object,
        }
    }

    /// Returns all that was read of the record but where it lies: one that was
    /// delivered again says the same under the same event id. Ids alone do not
    /// tell, there are placeholders; nor do bytes, one record may be written in
    /// several ways.
    pub(crate) fn said(&self) -> Access {
        let by_content = self.event_id.is_none();
        Access {
            input: 0,
            index: 0,
            content: if by_content {
                self.content
            } else {
                ContentHash(0)
            },
            ..*self
        }
    }

    pub(crate) fn rename(&mut self, to: &Renaming, input: u32) {
        for symbol in [
            &mut self.event_id,
            &mut self.request_id,
            &mut self.shared_event_id,
            &mut self.corrects,
            &mut self.event_name,
            &mut self.event_type,
            &mut self.version_id,
            &mut self.region,
            &mut self.account_id,
            &mut self.source_ip,
            &mut self.user_agent,
            &mut self.error_code,
            &mut self.authentication,
        ] {
            *symbol = to.symbol(*symbol);
        }
        self.principal = to.principal(self.principal);
        self.caller = to.principal(self.caller);
        self.object = to.object(self.object);
        self.copy_source = self.copy_source.map(|place| to.object(place));
        self.input = input;
    }
}
