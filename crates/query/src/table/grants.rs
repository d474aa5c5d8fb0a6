//! What everyone in the newest listings of the directory is granted.

use crate::column::{Cells, Column};
use crate::grant::Grant;
use crate::verdict::Ruling;

pub(crate) static COLUMNS: [Column<Grant>; 13] = [
    Column {
        name: "user_id",
        meaning: "the Connect user's id",
        cells: Cells::Text(|at| at.row.user.user_id),
    },
    Column {
        name: "username",
        meaning: "the login name",
        cells: Cells::Text(|at| at.row.user.username),
    },
    Column {
        name: "full_name",
        meaning: "first and last name",
        cells: Cells::Text(|at| at.row.user.full_name),
    },
    Column {
        name: "verdict",
        meaning: "granted, or unknown where something is missing to tell",
        cells: Cells::Word(|at| at.row.verdict.ruling.name()),
    },
    Column {
        name: "access_right",
        meaning: "listen, download or delete; empty where listings are missing to tell",
        cells: Cells::Phrase(|at| at.row.wanted.map(|wanted| wanted.right.name())),
    },
    Column {
        name: "recording_kind",
        meaning: "call, ivr-call, chat, screen, analysis or email",
        cells: Cells::Phrase(|at| at.row.wanted.map(|wanted| wanted.kind.name())),
    },
    Column {
        name: "redacted",
        meaning: "whether it is a right to redacted copies",
        cells: Cells::Flag(|at| at.row.wanted.map(|wanted| wanted.redacted)),
    },
    Column {
        name: "permission",
        meaning: "the permissions that grant it, else those looked for",
        cells: Cells::Phrase(|at| {
            let named = at.row.wanted.map(|_| &at.row.verdict.permission);
            named.map(String::as_str)
        }),
    },
    Column {
        name: "security_profiles",
        meaning: "the security profiles that grant it; else all that the person has",
        cells: Cells::Phrase(|at| match at.row.verdict.ruling {
            Ruling::Granted => Some(&at.row.verdict.granting),
            _ => Some(&at.row.verdict.profiles),
        }),
    },
    Column {
        name: "restricted_to",
        meaning: "only contacts of agents in this hierarchy group or below it; unknown group where the directory names none",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.group)),
    },
    Column {
        name: "missing",
        meaning: "what would have to be known",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.missing)),
    },
    Column {
        name: "snapshot",
        meaning: "the inputs that it rests on",
        cells: Cells::Phrase(|at| Some(&at.row.verdict.snapshot)),
    },
    Column {
        name: "valid_from",
        meaning: "from when on these inputs hold: the oldest",
        cells: Cells::Time(|at| at.row.verdict.valid_from),
    },
];
