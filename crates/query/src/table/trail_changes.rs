//! Management events that can blind the trail or the answer.

use crate::column::{Cells, Column};
use crate::trail_change::TrailChange;

pub(crate) static COLUMNS: [Column<TrailChange>; 13] = [
    Column {
        name: "event_time",
        meaning: "when the request completed",
        cells: Cells::Time(|at| Some(at.row.time)),
    },
    Column {
        name: "event_source",
        meaning: "the service that was asked",
        cells: Cells::Text(|at| at.row.event_source),
    },
    Column {
        name: "event_name",
        meaning: "the operation",
        cells: Cells::Text(|at| at.row.event_name),
    },
    Column {
        name: "error_code",
        meaning: "the error of a request that failed",
        cells: Cells::Text(|at| at.row.error_code),
    },
    Column {
        name: "actor",
        meaning: "who did it, in words",
        cells: Cells::Text(|at| at.evidence.actor(at.row.principal).name),
    },
    Column {
        name: "actor_kind",
        meaning: "as in accesses",
        cells: Cells::Word(|at| at.evidence.actor(at.row.principal).kind.name()),
    },
    Column {
        name: "principal_arn",
        meaning: "userIdentity.arn, as recorded",
        cells: Cells::Text(|at| at.evidence.names.principals.get(at.row.principal).arn),
    },
    Column {
        name: "bucket",
        meaning: "the bucket, for S3 events",
        cells: Cells::Text(|at| at.row.bucket),
    },
    Column {
        name: "source_ip",
        meaning: "sourceIPAddress",
        cells: Cells::Text(|at| at.row.source_ip),
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
        name: "input",
        meaning: "the input that the record was read from",
        cells: Cells::Text(|at| at.evidence.inputs[at.row.input as usize].origin),
    },
];
