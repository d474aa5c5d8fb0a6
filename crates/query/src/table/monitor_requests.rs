//! One row per `MonitorContact` request.

use crate::column::{At, Cells, Column};
use crate::monitor_request::MonitorRequest;
use crate::symbols::Symbol;
use crate::users::User;

pub(crate) static COLUMNS: [Column<MonitorRequest>; 22] = [
    Column {
        name: "request",
        meaning: "the row's place in the order of time; a total order",
        cells: Cells::Place,
    },
    Column {
        name: "event_time",
        meaning: "when the request completed",
        cells: Cells::Time(|at| Some(at.row.time)),
    },
    Column {
        name: "outcome",
        meaning: "ok, denied or failed",
        cells: Cells::Word(|at| at.row.outcome.name()),
    },
    Column {
        name: "error_code",
        meaning: "the error of a request that failed",
        cells: Cells::Text(|at| at.row.error_code),
    },
    Column {
        name: "actor",
        meaning: "who asked for it, in words",
        cells: Cells::Text(|at| at.evidence.actor(at.row.principal).name),
    },
    Column {
        name: "actor_kind",
        meaning: "as in accesses",
        cells: Cells::Word(|at| at.evidence.actor(at.row.principal).kind.name()),
    },
    Column {
        name: "listener",
        meaning: "who was to listen: user name, else user id",
        cells: Cells::Text(|at| match user(at) {
            Some(user) if !user.username.is_none() => user.username,
            _ => at.row.user_id,
        }),
    },
    Column {
        name: "listener_user_id",
        meaning: "their user id",
        cells: Cells::Text(|at| at.row.user_id),
    },
    Column {
        name: "listener_full_name",
        meaning: "their first and last name",
        cells: Cells::Text(|at| user(at).map_or(Symbol::NONE, |user| user.full_name)),
    },
    Column {
        name: "monitored_contact_id",
        meaning: "the contact to listen to",
        cells: Cells::Text(|at| at.row.monitored_contact_id),
    },
    Column {
        name: "monitor_contact_id",
        meaning: "the listener's own contact, which the request made",
        cells: Cells::Text(|at| at.row.contact_id),
    },
    Column {
        name: "allowed",
        meaning: "what the listener may do: SILENT_MONITOR, BARGE",
        cells: Cells::Text(|at| at.row.allowed),
    },
    Column {
        name: "instance_id",
        meaning: "the Connect instance",
        cells: Cells::Text(|at| at.row.instance_id),
    },
    Column {
        name: "principal_type",
        meaning: "userIdentity.type, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).kind),
    },
    Column {
        name: "principal_arn",
        meaning: "userIdentity.arn, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).arn),
    },
    Column {
        name: "source_ip",
        meaning: "sourceIPAddress",
        cells: Cells::Text(|at| at.row.source_ip),
    },
    Column {
        name: "user_agent",
        meaning: "userAgent",
        cells: Cells::Text(|at| at.row.user_agent),
    },
    Column {
        name: "region",
        meaning: "the region of the request",
        cells: Cells::Text(|at| at.row.region),
    },
    Column {
        name: "account_id",
        meaning: "the account whose log has the record",
        cells: Cells::Text(|at| at.row.account_id),
    },
    Column {
        name: "event_id",
        meaning: "CloudTrail's id of the record",
        cells: Cells::Text(|at| at.row.event_id),
    },
    Column {
        name: "request_id",
        meaning: "Connect's id of the request",
        cells: Cells::Text(|at| at.row.request_id),
    },
    Column {
        name: "input",
        meaning: "the input that the record was read from",
        cells: Cells::Text(|at| at.evidence.inputs[at.row.input as usize].origin),
    },
];

fn user<'e>(at: &At<'e, MonitorRequest>) -> Option<&'e User> {
    at.evidence.users.by_id(at.row.user_id)
}
