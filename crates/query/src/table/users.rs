//! The Connect directory, as far as the inputs tell it.

use crate::column::{Cells, Column};
use crate::users::User;

pub(crate) static COLUMNS: [Column<User>; 7] = [
    Column {
        name: "user_id",
        meaning: "the user's id",
        cells: Cells::Text(|at| at.row.user_id),
    },
    Column {
        name: "username",
        meaning: "the login name",
        cells: Cells::Text(|at| at.row.username),
    },
    Column {
        name: "full_name",
        meaning: "first and last name",
        cells: Cells::Text(|at| at.row.full_name),
    },
    Column {
        name: "email",
        meaning: "the address",
        cells: Cells::Text(|at| at.row.email),
    },
    Column {
        name: "hierarchy_group_id",
        meaning: "where the user stands in the hierarchy",
        cells: Cells::Text(|at| at.row.hierarchy_group_id),
    },
    Column {
        name: "arn",
        meaning: "the ARN",
        cells: Cells::Text(|at| at.row.arn),
    },
    Column {
        name: "known_from",
        meaning: "directory, or contact-record (weaker)",
        cells: Cells::Word(|at| at.row.source.name()),
    },
];
