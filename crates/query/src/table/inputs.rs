//! One row per input read.

use crate::column::{Cells, Column};
use crate::evidence::Input;

pub(crate) static COLUMNS: [Column<Input>; 6] = [
    Column {
        name: "origin",
        meaning: "the input as it was named",
        cells: Cells::Text(|at| at.row.origin),
    },
    Column {
        name: "sha256",
        meaning: "SHA-256 of the input as it lies, in hex",
        cells: Cells::Text(|at| at.row.sha256),
    },
    Column {
        name: "records",
        meaning: "records read, of any kind",
        cells: Cells::Integer(|at| at.row.records.try_into().ok()),
    },
    Column {
        name: "rejects",
        meaning: "pieces that could not be read",
        cells: Cells::Integer(|at| at.row.rejects.try_into().ok()),
    },
    Column {
        name: "first_event",
        meaning: "the earliest event that the question is about",
        cells: Cells::Time(|at| at.row.first_event),
    },
    Column {
        name: "last_event",
        meaning: "the latest event that the question is about",
        cells: Cells::Time(|at| at.row.last_event),
    },
];
