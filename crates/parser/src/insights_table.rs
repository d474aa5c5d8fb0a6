//! CloudWatch Logs Insights downloads: CSV with the raw record in `@message`.
//!
//! The header has the fields in the query's order; the file may have been
//! through a spreadsheet.

/// The longest text an Excel cell holds; longer text is cut there.
pub(crate) const EXCEL_CELL_LIMIT: usize = 32_767;

/// The first line of a table of log fields.
#[derive(Debug)]
pub(crate) struct Header(Vec<String>);

/// A row's raw record.
#[derive(Debug)]
pub(crate) struct Row {
    /// Bytes before the row.
    pub(crate) offset: usize,
    pub(crate) message: Result<String, String>,
}

impl Header {
    /// Reads the first line where it names log fields (`@timestamp`, …).
    pub(crate) fn of(bytes: &[u8]) -> Option<Header> {
        if !matches!(bytes.first(), Some(b'@' | b'"' | b'a'..=b'z' | b'A'..=b'Z')) {
            return None;
        }
        let line = bytes.split(|&byte| byte == b'\n').next()?;
        let mut fields = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(line)
            .into_records();
        let fields = fields.next()?.ok()?;
        let log_field = fields.iter().any(|field| {
            field.strip_prefix('@').is_some_and(|name| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
            })
        });
        log_field.then(|| Header(fields.iter().map(str::to_owned).collect()))
    }

    /// Returns the place of the raw record.
    pub(crate) fn message_column(&self) -> Option<usize> {
        self.0.iter().position(|field| field == "@message")
    }
}

/// Iterates over the raw records of a table.
pub(crate) fn messages(bytes: &[u8], column: usize) -> impl Iterator<Item = Row> + '_ {
    csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(bytes)
        .into_byte_records()
        .map(move |record| match record {
            Ok(record) => {
                let offset = record.position().map_or(0, csv::Position::byte);
                let message = record.get(column).unwrap_or_default();
                Row {
                    offset: usize::try_from(offset).unwrap_or(usize::MAX),
                    message: String::from_utf8(message.to_vec()).map_err(|e| e.to_string()),
                }
            }
            Err(error) => Row {
                offset: error
                    .position()
                    .map_or(0, |at| usize::try_from(at.byte()).unwrap_or(usize::MAX)),
                message: Err(error.to_string()),
            },
        })
}
