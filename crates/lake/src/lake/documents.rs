//! Reads inputs again that are stored as a whole.

use std::collections::HashMap;

use earwitness_query::Batch;
use rayon::prelude::*;

use super::{Key, Lake, Needs};
use crate::data_file::OpenFile;
use crate::document_rows::{self, CONTENT};
use crate::error::LakeError;
use crate::event_columns::{INPUT, INPUT_VERSION};
use crate::ledger::Table;

impl Lake {
    /// Reads the inputs again that are stored as a whole.
    pub(super) fn documents(
        &self,
        needs: &Needs<'_>,
        order: &HashMap<Key<'_>, u32>,
    ) -> Result<Vec<(u32, Batch)>, LakeError> {
        let groups: Vec<_> = self.groups(Table::Documents).collect();
        let read: Result<Vec<Vec<(u32, Batch)>>, LakeError> = groups
            .par_iter()
            .map_init(
                || needs.reader(),
                |reader, ((ledger, file), group)| {
                    needs.go_on()?;
                    let open = OpenFile::new(&self.folder, ledger, file);
                    let frame = open.group(*group, document_rows::columns())?;
                    let damaged = |_| open.damaged("its columns are not those of documents");
                    let column = |name: &str| frame.column(name).map_err(damaged);
                    let names = column(INPUT)?.as_materialized_series();
                    let names = names.str().map_err(damaged)?;
                    let versions = column(INPUT_VERSION)?.as_materialized_series();
                    let versions = versions.u32().map_err(damaged)?;
                    let contents = column(CONTENT)?.as_materialized_series();
                    let contents = contents.binary().map_err(damaged)?;
                    let mut batches = Vec::new();
                    for row in 0..frame.height() {
                        let (Some(name), Some(version), Some(content)) =
                            (names.get(row), versions.get(row), contents.get(row))
                        else {
                            return Err(open.damaged("a document has no name or no content"));
                        };
                        // Nothing came of an input that could not be read at all.
                        if let Some(place) = order.get(&(name, version))
                            && !(content.is_empty() && self.is_problem(name, version))
                        {
                            let batch = Batch::read(name, content, reader, &needs.window);
                            batches.push((*place, batch));
                        }
                    }
                    Ok(batches)
                },
            )
            .collect();
        Ok(read?.into_iter().flatten().collect())
    }

    fn is_problem(&self, name: &str, version: u32) -> bool {
        let mut inputs = self.state.inputs();
        inputs.any(|(_, input)| {
            input.name == name && input.version == version && input.problem.is_some()
        })
    }
}
