use polars::frame::DataFrame;
use polars::prelude::{IntoColumn, PlSmallStr, StringChunked};

use crate::{ExportError, Format};

/// Makes rows of texts, for what no report's SQL answers.
///
/// # Errors
/// When two columns have one name.
pub fn text_rows<const N: usize>(
    names: [&str; N],
    rows: Vec<[Option<String>; N]>,
) -> Result<DataFrame, ExportError> {
    let columns = names.into_iter().enumerate().map(|(place, name)| {
        let cells = rows.iter().map(|row| row[place].as_deref());
        let cells: StringChunked = cells.collect();
        cells.with_name(PlSmallStr::from(name)).into_column()
    });
    DataFrame::new(rows.len(), columns.collect()).map_err(|source| ExportError::Encode {
        format: Format::Table,
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, writer};

    #[test]
    fn texts_and_nothing_stand_in_their_columns() {
        let cell = |text: &str| Some(text.to_owned());
        let rows = vec![[cell("x"), None], [cell("y"), cell("z")]];
        let rows = text_rows(["a", "b"], rows).unwrap();
        let mut out = Vec::new();
        let writer = writer(Format::Csv, &Options::default());
        writer.write(&rows, &mut out).unwrap();
        assert_eq!(out, b"a,b\r\nx,\r\ny,z\r\n");
        assert_eq!(text_rows(["a"], Vec::new()).unwrap().height(), 0);
        text_rows(["a", "a"], vec![[None, None]]).unwrap_err();
    }
}
