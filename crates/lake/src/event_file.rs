//! Writes the events of one partition into a data file.

use rayon::prelude::*;

use crate::error::LakeError;
use crate::event_columns;
use crate::known_columns;
use crate::ledger::{FileEntry, Group, Table};
use crate::names::Names;
use crate::rows::{Row, Rows};
use crate::session::Session;

/// Writes the events of one partition into a data file.
pub(crate) fn write_events(
    session: &mut Session,
    path: &str,
    rows: &Rows,
    sorted: &[Row],
    inputs: &[(String, u32)],
    names: &mut Names,
) -> Result<FileEntry, LakeError> {
    let groups = rows.groups(sorted);
    let mut file = session.data_file(Table::Events, path)?;
    for some in groups.chunks(rayon::current_num_threads().clamp(1, 4)) {
        let frames: Vec<_> = some
            .par_iter()
            .map(|group| event_columns::frame(rows, group, inputs))
            .collect();
        for (group, frame) in some.iter().zip(frames) {
            let (frame, event_names) = frame.map_err(|source| LakeError::Encode {
                path: path.into(),
                source,
            })?;
            let times = group.iter().map(|row| row.time);
            let entry = Group {
                rows: group.len() as u64,
                first: times.clone().min().unwrap_or_default(),
                last: times.max().unwrap_or_default(),
                names: event_names.iter().map(|name| names.place(name)).collect(),
                columns: Some(known_columns::known(&frame, names)),
            };
            file.write(frame, entry)?;
        }
    }
    file.finish(rows.bytes())
}
