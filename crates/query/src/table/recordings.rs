//! One row per object that a contact record names as a recording.

use crate::column::{Cells, Column};
use crate::contacts::Recording;

pub(crate) static COLUMNS: [Column<Recording>; 9] = [
    Column {
        name: "bucket",
        meaning: "the bucket",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).bucket),
    },
    Column {
        name: "key",
        meaning: "the object's key",
        cells: Cells::Text(|at| at.evidence.names.objects.get(at.row.object).key),
    },
    Column {
        name: "contact_id",
        meaning: "the contact that the recording belongs to",
        cells: Cells::Text(|at| at.row.contact_id),
    },
    Column {
        name: "recording_kind",
        meaning: "call, ivr-call, chat or screen",
        cells: Cells::Word(|at| at.row.kind.name()),
    },
    Column {
        name: "redacted",
        meaning: "whether the key is that of a redacted copy",
        cells: Cells::Flag(|at| Some(at.row.redacted)),
    },
    Column {
        name: "status",
        meaning: "AVAILABLE or DELETED, as the contact record has it",
        cells: Cells::Text(|at| at.row.status),
    },
    Column {
        name: "participant",
        meaning: "All, Agent, Customer, IVR, …",
        cells: Cells::Text(|at| at.row.participant),
    },
    Column {
        name: "deletion_reason",
        meaning: "what the person who deleted it typed",
        cells: Cells::Text(|at| at.row.deletion_reason),
    },
    Column {
        name: "updated_at",
        meaning: "when the contact record was written",
        cells: Cells::Time(|at| at.row.updated),
    },
];
