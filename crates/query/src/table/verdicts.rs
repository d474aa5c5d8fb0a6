//! What their security profiles granted to Connect users who read or deleted.

use crate::column::{Cells, Column};
use crate::review::Reviewed;
use crate::verdict::Basis;

pub(crate) static COLUMNS: [Column<Reviewed>; 11] = [
    Column {
        name: "access_id",
        meaning: "the access, as in the table accesses",
        cells: Cells::Integer(|at| at.row.access.try_into().ok()),
    },
    Column {
        name: "verdict",
        meaning: "granted, no-download-button, not-granted, outside-hierarchy, left-directory, not-in-directory or unknown",
        cells: Cells::Word(|at| at.row.verdict.ruling.name()),
    },
    Column {
        name: "access_right",
        meaning: "listen (any read of the content), download (a browser told to save) or delete",
        cells: Cells::Word(|at| at.row.right.name()),
    },
    Column {
        name: "permission",
        meaning: "the permissions found, else those looked for",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.permission)),
    },
    Column {
        name: "security_profiles",
        meaning: "the security profiles that the person had",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.profiles)),
    },
    Column {
        name: "restricted_to",
        meaning: "the hierarchy group that the person is limited to",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.group)),
    },
    Column {
        name: "agent_group",
        meaning: "of a limited person: the hierarchy group of the contact's agent",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.agent_group)),
    },
    Column {
        name: "missing",
        meaning: "of the verdict unknown: what would have to be known",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.missing)),
    },
    Column {
        name: "basis",
        meaning: "how the inputs it rests on lie to the access in time: before, undated or later",
        cells: Cells::Phrase(|at| at.row.verdict.basis.map(Basis::name)),
    },
    Column {
        name: "snapshot",
        meaning: "the inputs that the verdict rests on",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.snapshot)),
    },
    Column {
        name: "valid_from",
        meaning: "from when on these inputs hold: the oldest, or the newest where that is later than the access",
        cells: Cells::Time(|at| at.row.verdict.valid_from),
    },
];
