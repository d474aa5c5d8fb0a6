//! Requests to monitor a contact live, as CloudTrail tells them.
//!
//! Source: Amazon Connect API Reference, `MonitorContact`: a request names the
//! contact and the user who is to listen, the answer a new contact of theirs.

use earwitness_parser::{ContentHash, Event, Raw, Text, Timestamp, percent_decoded};

use crate::names::{Names, Renaming};
use crate::operation::Outcome;
use crate::principal::Principal;
use crate::symbols::Symbol;

/// A `MonitorContact` request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MonitorRequest {
    /// Microseconds since 1970.
    pub(crate) time: i64,
    pub(crate) content: ContentHash,
    /// Who asked for it.
    pub(crate) principal: u32,
    pub(crate) outcome: Outcome,
    pub(crate) error_code: Symbol,
    /// The contact to listen to.
    pub(crate) monitored_contact_id: Symbol,
    /// The listener's own contact, which the request made.
    pub(crate) contact_id: Symbol,
    /// Who is to listen.
    pub(crate) user_id: Symbol,
    /// What they may do, with a space between.
    pub(crate) allowed: Symbol,
    pub(crate) instance_id: Symbol,
    pub(crate) event_id: Symbol,
    pub(crate) request_id: Symbol,
    pub(crate) source_ip: Symbol,
    pub(crate) user_agent: Symbol,
    pub(crate) region: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) input: u32,
}

impl MonitorRequest {
    /// Reads a request; `None` for other events.
    pub(crate) fn of(
        event: &Event<'_>,
        time: Timestamp,
        raw: Raw<'_>,
        names: &mut Names,
    ) -> Option<MonitorRequest> {
        let source = event.event_source.get();
        if event.event_name.get() != Some("MonitorContact")
            || source.is_some_and(|source| source != "connect.amazonaws.com")
        {
            return None;
        }
        let symbols = &mut names.symbols;
        let asked = &event.request_parameters;
        let principal = Principal::of(event, symbols);
        let allowed = asked.allowed_monitor_capabilities.0.iter();
        let allowed: Vec<&str> = allowed.filter_map(Text::get).collect();
        let allowed = (!allowed.is_empty()).then(|| allowed.join(" "));
        let id = |text: &Text<'_>| told(text).map(str::to_ascii_lowercase);
        Some(MonitorRequest {
            time: time.0,
            content: raw.content(),
            principal: names.principals.place(principal),
            outcome: Outcome::of(event),
            error_code: symbols.intern_opt(event.error_code.get()),
            monitored_contact_id: symbols.intern_opt(id(&asked.contact_id).as_deref()),
            contact_id: symbols.intern_opt(id(&event.response_elements.contact_id).as_deref()),
            user_id: symbols.intern_opt(id(&asked.user_id).as_deref()),
            allowed: symbols.intern_opt(allowed.as_deref()),
            instance_id: symbols.intern_opt(instance(&asked.instance_id).as_deref()),
            event_id: symbols.intern_opt(event.event_id.get()),
            request_id: symbols.intern_opt(event.request_id.get()),
            source_ip: symbols.intern_opt(event.source_ip_address.get()),
            user_agent: symbols.intern_opt(event.agent()),
            region: symbols.intern_opt(event.aws_region.get()),
            account_id: symbols.intern_opt(event.account_id()),
            input: 0,
        })
    }

    pub(crate) fn rename(&mut self, to: &Renaming, input: u32) {
        for symbol in [
            &mut self.error_code,
            &mut self.monitored_contact_id,
            &mut self.contact_id,
            &mut self.user_id,
            &mut self.allowed,
            &mut self.instance_id,
            &mut self.event_id,
            &mut self.request_id,
            &mut self.source_ip,
            &mut self.user_agent,
            &mut self.region,
            &mut self.account_id,
        ] {
            *symbol = to.symbol(*symbol);
        }
        self.principal = to.principal(self.principal);
        self.input = input;
    }
}

/// Connect hides what it calls sensitive behind stars.
fn told<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    text.get()
        .filter(|text| !text.bytes().all(|byte| byte == b'*'))
}

/// Instances are named by id, by ARN, or by an ARN in percent encoding.
fn instance(text: &Text<'_>) -> Option<String> {
    let decoded = percent_decoded(told(text)?);
    let id = decoded.rsplit('/').next().unwrap_or_default();
    (!id.is_empty()).then(|| id.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_one_however_they_are_written() {
        for text in [
            "0A1B-EXAMPLE",
            "arn:aws:connect:us-west-2:111122223333:instance/0a1b-EXAMPLE",
            "arn%3Aaws%3Aconnect%3Aus-west-2%3A111122223333%3Ainstance%2F0a1b-EXAMPLE",
        ] {
            let id = instance(&Text::borrowed(text));
            assert_eq!(id.as_deref(), Some("0a1b-example"), "{text}");
        }
        assert_eq!(instance(&Text::borrowed("***")), None);
    }
}
