use polars::error::PolarsResult;
use polars::frame::DataFrame;
use polars::prelude::{IdxCa, IntoColumn, NewChunkedArray, PlSmallStr, StringChunked};

use crate::{ExportError, Format};

/// Rows of a frame by their places, each with what is to be said of it.
pub type Labelled<'a> = (&'a DataFrame, &'a [(u32, &'a str)]);

/// Puts rows of several frames of the same columns below each other, behind a
/// column of this name that has the label of each.
///
/// # Errors
/// When the frames differ in their columns, or have one of the name already.
pub fn labelled_rows(name: &str, parts: &[Labelled<'_>]) -> Result<DataFrame, ExportError> {
    stacked(name, parts).map_err(|source| ExportError::Encode {
        format: Format::Table,
        source,
    })
}

fn stacked(name: &str, parts: &[Labelled<'_>]) -> PolarsResult<DataFrame> {
    let mut all = DataFrame::empty();
    for (place, (rows, labelled)) in parts.iter().enumerate() {
        let places = labelled.iter().map(|(place, _)| *place);
        let places = IdxCa::from_iter_values("".into(), places);
        let mut taken = rows.take(&places)?;
        let labels: StringChunked = labelled.iter().map(|(_, label)| Some(*label)).collect();
        let labels = labels.with_name(PlSmallStr::from(name)).into_column();
        taken.insert_column(0, labels)?;
        all = match place {
            0 => taken,
            _ => all.vstack(&taken)?,
        };
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;
    use crate::{Options, writer};

    #[test]
    fn rows_of_two_frames_stand_behind_their_labels() {
        let one = df!("a" => ["x", "y"]).unwrap();
        let other = df!("a" => ["z"]).unwrap();
        let parts = [(&one, &[(1, "new")][..]), (&other, &[(0, "gone")][..])];
        let rows = labelled_rows("change", &parts).unwrap();
        let mut out = Vec::new();
        let writer = writer(Format::Csv, &Options::default());
        writer.write(&rows, &mut out).unwrap();
        assert_eq!(out, b"change,a\r\nnew,y\r\ngone,z\r\n");
        labelled_rows("a", &parts).unwrap_err();
        labelled_rows("change", &[(&one, &[(2, "new")][..])]).unwrap_err();
    }
}
