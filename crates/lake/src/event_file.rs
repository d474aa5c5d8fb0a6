//! Writes the events of one partition into a data file.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::error::LakeError;
use crate::event_columns;
use crate::ledger::{FileEntry, Group, Table};
use crate::rows::{Row, Rows};
use crate::session::Session;

/// Event names with their places.
pub(crate) struct Places<'n> {
    pub(crate) names: &'n mut Vec<String>,
    pub(crate) places: &'n mut HashMap<String, u32>,
}

pub(crate) fn place(names: &mut Vec<String>, places: &mut HashMap<String, u32>, name: &str) -> u32 {
    if let Some(place) = places.get(name) {
        return *place;
    }
    let place = u32::try_from(names.len()).unwrap_or(u32::MAX);
    names.push(name.to_owned());
    places.insert(name.to_owned(), place);
    place
}

/// Writes the events of one partition into a data file.
pub(crate) fn write_events(
    session: &mut Session,
    path: &str,
    rows: &Rows,
    sorted: &[Row],
    inputs: &[(String, u32)],
    places: &mut Places<'_>,
) -> Result<FileEntry, LakeError> {
    let groups = rows.groups(sorted);
    let mut file = session.data_file(Table::Events, path)?;
    for some in groups.chunks(rayon::current_num_threads().clamp(1, 4)) {
        let frames: Vec<_> = some
            .par_iter()
            .map(|group| event_columns::frame(rows, group, inputs))
            .collect();
        for (group, frame) in some.iter().zip(frames) {
            let (frame, names) = frame.map_err(|source| LakeError::Encode {
                path: path.into(),
                source,
            })?;
            let times = group.iter().map(|row| row.time);
            let names = names.iter();
            let entry = Group {
                rows: group.len() as u64,
                first: times.clone().min().unwrap_or_default(),
                last: times.max().unwrap_or_default(),
                names: names
                    .map(|name| place(places.names, places.places, name))
                    .collect(),
            };
            file.write(frame, entry)?;
        }
    }
    file.finish(rows.bytes())
}
