//! One row per stretch of live monitoring that a contact record tells.

use crate::column::{At, Cells, Column};
use crate::monitoring::Monitoring;
use crate::symbols::Symbol;

pub(crate) static COLUMNS: [Column<Monitoring>; 14] = [
    Column {
        name: "monitor_contact_id",
        meaning: "the supervisor's own contact",
        cells: Cells::Text(|at| at.row.contact_id),
    },
    Column {
        name: "monitored_contact_id",
        meaning: "the contact that was listened to, as far as the record ties the two",
        cells: Cells::Text(|at| at.row.monitored_contact_id),
    },
    Column {
        name: "tied_by",
        meaning: "what ties them: previous-contact, related-contact, initial-contact, contact-tree or none",
        cells: Cells::Word(|at| at.row.link.name()),
    },
    Column {
        name: "state",
        meaning: "SILENT_MONITOR or BARGE; empty where the record does not tell",
        cells: Cells::Text(|at| at.row.state),
    },
    Column {
        name: "started_at",
        meaning: "when the stretch began",
        cells: Cells::Time(|at| at.row.started),
    },
    Column {
        name: "ended_at",
        meaning: "when it ended",
        cells: Cells::Time(|at| at.row.ended),
    },
    Column {
        name: "length_ms",
        meaning: "how long it was, in milliseconds; empty where one end is not told",
        cells: Cells::Integer(|at| {
            let length = at.row.ended?.checked_sub(at.row.started?)?;
            (length >= 0).then_some(length / 1000)
        }),
    },
    Column {
        name: "actor",
        meaning: "the supervisor: user name, else user id",
        cells: Cells::Text(|at| {
            let known = [directory_name(at), at.row.username, at.row.user_id];
            let known = known.into_iter().find(|name| !name.is_none());
            known.unwrap_or(Symbol::NONE)
        }),
    },
    Column {
        name: "user_id",
        meaning: "the supervisor's user id",
        cells: Cells::Text(|at| at.row.user_id),
    },
    Column {
        name: "full_name",
        meaning: "the supervisor's first and last name",
        cells: Cells::Text(|at| {
            let user = at.evidence.users.by_id(at.row.user_id);
            user.map_or(Symbol::NONE, |user| user.full_name)
        }),
    },
    Column {
        name: "instance_arn",
        meaning: "the Connect instance",
        cells: Cells::Text(|at| at.row.instance_arn),
    },
    Column {
        name: "account_id",
        meaning: "the account of the instance",
        cells: Cells::Text(|at| at.row.account_id),
    },
    Column {
        name: "stretch",
        meaning: "the row's place in the order of time; a total order",
        cells: Cells::Place,
    },
    Column {
        name: "input",
        meaning: "the input that the contact record was read from",
        cells: Cells::Text(|at| at.evidence.inputs[at.row.input as usize].origin),
    },
];

fn directory_name(at: &At<'_, Monitoring>) -> Symbol {
    let user = at.evidence.users.by_id(at.row.user_id);
    user.map_or(Symbol::NONE, |user| user.username)
}
