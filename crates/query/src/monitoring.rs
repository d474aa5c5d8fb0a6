//! Live monitoring, as contact records tell it: who listened in on a contact
//! while it went on, and for how long.
//!
//! Source: Amazon Connect Administrator Guide, "Contact records data model":
//! a record with `InitiationMethod` `MONITOR` is a supervisor's own contact;
//! `Agent` is the supervisor, `StateTransitions` say how they listened.

use std::collections::HashMap;

use earwitness_parser::{ContactRecord, ContentHash, StateTransition, Text, Timestamp};

use crate::contacts::contact_id;
use crate::symbols::{Symbol, Symbols, Translation};
use crate::window::Window;

/// What ties a supervisor's contact to the one that they listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Previous,
    Related,
    Initial,
    Association,
    None,
}

impl Link {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Link::Previous => "previous-contact",
            Link::Related => "related-contact",
            Link::Initial => "initial-contact",
            Link::Association => "contact-tree",
            Link::None => "none",
        }
    }
}

/// A stretch of time that a supervisor monitored in one way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Monitoring {
    /// The supervisor's own contact.
    pub(crate) contact_id: Symbol,
    /// The contact listened to, as far as the record ties it to one.
    pub(crate) monitored_contact_id: Symbol,
    pub(crate) link: Link,
    /// `SILENT_MONITOR` or `BARGE`; none where the record does not tell.
    pub(crate) state: Symbol,
    pub(crate) started: Option<i64>,
    pub(crate) ended: Option<i64>,
    /// The supervisor's login name and user id.
    pub(crate) username: Symbol,
    pub(crate) user_id: Symbol,
    pub(crate) instance_arn: Symbol,
    pub(crate) account_id: Symbol,
    pub(crate) input: u32,
    version: (Option<i64>, ContentHash),
}

impl Monitoring {
    /// Reads the stretches of a supervisor's contact record: one that does not
    /// tell how they listened is one stretch. Other records have none.
    pub(crate) fn all_of(
        record: &ContactRecord<'_>,
        content: ContentHash,
        symbols: &mut Symbols,
    ) -> Vec<Monitoring> {
        if record.initiation_method.get() != Some("MONITOR") {
            return Vec::new();
        }
        let (monitored, link) = monitored(record);
        let whole = Monitoring {
            contact_id: contact_id(record, symbols),
            monitored_contact_id: symbols.intern_opt(monitored.as_deref()),
            link,
            state: Symbol::NONE,
            started: micros(record.initiation_timestamp.0),
            ended: micros(record.disconnect_timestamp.0),
            username: symbols.intern_opt(record.agent.username.get()),
            user_id: symbols.intern_opt(record.agent.user_id()),
            instance_arn: symbols.intern_opt(record.instance()),
            account_id: symbols.intern_opt(record.aws_account_id.get()),
            input: 0,
            version: (micros(record.last_update_timestamp.0), content),
        };
        let stretches: Vec<_> = record
            .agent
            .state_transitions
            .0
            .iter()
            .filter(|stretch| **stretch != StateTransition::default())
            .map(|stretch| Monitoring {
                state: symbols.intern_opt(stretch.state.get()),
                started: micros(stretch.state_start_timestamp.0),
                ended: micros(stretch.state_end_timestamp.0),
                ..whole
            })
            .collect();
        if stretches.is_empty() {
            vec![whole]
        } else {
            stretches
        }
    }

    pub(crate) fn translated(self, to: &Translation, input: u32) -> Monitoring {
        Monitoring {
            contact_id: to.of(self.contact_id),
            monitored_contact_id: to.of(self.monitored_contact_id),
            state: to.of(self.state),
            username: to.of(self.username),
            user_id: to.of(self.user_id),
            instance_arn: to.of(self.instance_arn),
            account_id: to.of(self.account_id),
            input,
            ..self
        }
    }
}

/// Keeps the stretches of the newest version of each supervisor's record that
/// begin in the window, in the order of time. One that does not say when it
/// began may lie in any window.
pub(crate) fn settle(monitorings: &mut Vec<Monitoring>, window: &Window) {
    // Records are delivered again: the first of the newest version counts.
    let mut newest: HashMap<Symbol, ((Option<i64>, u64), u32)> = HashMap::new();
    let version = |one: &Monitoring| (one.version.0, one.version.1.0);
    for one in monitorings.iter() {
        newest
            .entry(one.contact_id)
            .and_modify(|known| {
                if version(one) > known.0 {
                    *known = (version(one), one.input);
                }
            })
            .or_insert((version(one), one.input));
    }
    monitorings.retain(|one| {
        newest[&one.contact_id] == (version(one), one.input)
            && one.started.is_none_or(|started| window.contains(started))
    });
    let stretch = |one: &mut Monitoring| (one.started, one.contact_id, one.state, one.ended);
    monitorings.sort_by_key(|one| (one.started, one.contact_id, one.state, one.ended));
    monitorings.dedup_by_key(stretch);
}

fn micros(time: Option<Timestamp>) -> Option<i64> {
    time.map(|time| time.0)
}

/// Finds the contact that a supervisor's contact belongs to, by the closest of
/// the ties that the record has.
fn monitored(record: &ContactRecord<'_>) -> (Option<String>, Link) {
    let own = record.contact_id.as_str();
    let ties: [(&Text<'_>, Link); 4] = [
        (&record.previous_contact_id, Link::Previous),
        (&record.related_contact_id, Link::Related),
        (&record.initial_contact_id, Link::Initial),
        (&record.contact_association_id, Link::Association),
    ];
    let tie = ties.into_iter().find_map(|(id, link)| {
        let id = id.get().filter(|id| !id.eq_ignore_ascii_case(own))?;
        Some((Some(id.to_ascii_lowercase()), link))
    });
    tie.unwrap_or((None, Link::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<Monitoring> {
        let record: ContactRecord<'_> = serde_json::from_str(json).unwrap();
        Monitoring::all_of(&record, ContentHash(1), &mut Symbols::default())
    }

    #[test]
    fn a_record_is_as_many_stretches_as_it_tells() {
        assert_eq!(
            read(r#"{"ContactId":"c","InitiationMethod":"INBOUND"}"#).len(),
            0
        );
        let silent = read(r#"{"ContactId":"c","InitiationMethod":"MONITOR"}"#);
        assert_eq!(silent.len(), 1);
        assert!(silent[0].state.is_none());
        let both = r#"{"ContactId":"c","InitiationMethod":"MONITOR","Agent":{"StateTransitions":[
            {"state":"SILENT_MONITOR","stateStartTimestamp":"2026-03-02T09:00:00Z",
             "stateEndTimestamp":"2026-03-02T09:05:00Z"},null,"odd",
            {"State":"BARGE","StateStartTimestamp":"2026-03-02T09:05:00Z"}]}}"#;
        let both = read(both);
        assert_eq!(both.len(), 2);
        assert_eq!(both[1].started, both[0].ended);
        assert_eq!(both[1].ended, None);
    }

    #[test]
    fn the_newest_version_counts_once_in_the_window_it_begins_in() {
        let mut symbols = Symbols::default();
        let mut stretch = |contact: &str, updated, started, input| Monitoring {
            contact_id: symbols.intern(contact),
            started,
            input,
            version: (updated, ContentHash(7)),
            ..read(r#"{"ContactId":"c","InitiationMethod":"MONITOR"}"#)[0]
        };
        let all = vec![
            stretch("a", Some(1), Some(10), 0),
            stretch("a", Some(2), Some(11), 1),
            stretch("a", Some(2), Some(11), 1),
            stretch("a", Some(2), Some(11), 2),
            stretch("b", Some(1), Some(99), 0),
            stretch("c", None, None, 0),
        ];
        let window = Window {
            since: Some(10),
            until: Some(50),
        };
        let mut settled = all;
        settle(&mut settled, &window);
        let left: Vec<_> = settled.iter().map(|one| (one.started, one.input)).collect();
        assert_eq!(left, [(None, 0), (Some(11), 1)]);
    }

    #[test]
    fn the_closest_tie_counts_and_never_the_contact_itself() {
        for (ties, link) in [
            (
                r#""PreviousContactId":"P","InitialContactId":"I""#,
                Link::Previous,
            ),
            (
                r#""PreviousContactId":"C","InitialContactId":"I""#,
                Link::Initial,
            ),
            (
                r#""ContactAssociationId":"A","InitialContactId":null"#,
                Link::Association,
            ),
            (r#""ContactAssociationId":"c""#, Link::None),
        ] {
            let json = format!(r#"{{"ContactId":"C","InitiationMethod":"MONITOR",{ties}}}"#);
            assert_eq!(read(&json)[0].link, link, "{ties}");
        }
    }
}
