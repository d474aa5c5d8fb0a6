//! The newest contact record per contact.

use crate::column::{Cells, Column};
use crate::contacts::Contact;

pub(crate) static COLUMNS: [Column<Contact>; 13] = [
    Column {
        name: "contact_id",
        meaning: "the contact",
        cells: Cells::Text(|at| at.row.contact_id),
    },
    Column {
        name: "initial_contact_id",
        meaning: "the first contact of a chain of transfers",
        cells: Cells::Text(|at| at.row.initial_contact_id),
    },
    Column {
        name: "channel",
        meaning: "VOICE, CHAT, TASK or EMAIL",
        cells: Cells::Text(|at| at.row.channel),
    },
    Column {
        name: "initiation_method",
        meaning: "INBOUND, OUTBOUND, MONITOR, …",
        cells: Cells::Text(|at| at.row.initiation_method),
    },
    Column {
        name: "initiated_at",
        meaning: "when the contact began",
        cells: Cells::Time(|at| at.row.initiated),
    },
    Column {
        name: "disconnected_at",
        meaning: "when the contact ended",
        cells: Cells::Time(|at| at.row.disconnected),
    },
    Column {
        name: "updated_at",
        meaning: "when this version of the record was written",
        cells: Cells::Time(|at| at.row.updated),
    },
    Column {
        name: "agent",
        meaning: "the agent's login name",
        cells: Cells::Text(|at| at.row.agent),
    },
    Column {
        name: "agent_user_id",
        meaning: "the agent's user id",
        cells: Cells::Text(|at| at.row.agent_user_id),
    },
    Column {
        name: "agent_group",
        meaning: "the hierarchy group that the agent was in, its lowest level",
        cells: Cells::Text(|at| at.row.agent_group),
    },
    Column {
        name: "queue",
        meaning: "the queue's name",
        cells: Cells::Text(|at| at.row.queue),
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
];
