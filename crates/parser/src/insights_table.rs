//! CloudWatch Logs Insights downloads: CSV with the raw record in `@message`.
//!
//! The header has the fields in the query's order; the file may have been
//! through a spreadsheet.

/// The longest text an Excel cell holds; longer text is cut there.
pub(crate) const EXCEL_CELL_LIMIT: usize = 32_767;

/// The first line of a table of log fields.
#[derive(Debug)]
pub(crate) struct Header {
    fields: Vec<String>,
    /// Where the header's line begins.
    start: usize,
    delimiter: u8,
}

/// A row's raw record.
#[derive(Debug)]
pub(crate) struct Row {
    /// Bytes before the row.
    pub(crate) offset: usize,
    pub(crate) message: Result<String, String>,
}

impl Header {
    /// Reads the first line where it names log fields (`@timestamp`, …),
    /// separated as the spreadsheet's country separates them.
    pub(crate) fn of(bytes: &[u8]) -> Option<Header> {
        // Excel marks its own files so.
        let start = match bytes.strip_prefix(b"sep=") {
            Some(_) => memchr::memchr(b'\n', bytes)? + 1,
            None => 0,
        };
        let table = &bytes[start..];
        if !matches!(table.first(), Some(b'@' | b'"' | b'a'..=b'z' | b'A'..=b'Z')) {
            return None;
        }
        let line = table.split(|&byte| byte == b'\n').next()?;
        let headers = b",;\t".iter().filter_map(|&delimiter| {
            let fields = fields(line, delimiter)?;
            Some(Header {
                fields,
                start,
                delimiter,
            })
        });
        headers.max_by_key(|header| header.fields.len())
    }

    /// Returns the place of the raw record.
    pub(crate) fn message_column(&self) -> Option<usize> {
        self.fields.iter().position(|field| field == "@message")
    }
}

/// Splits a header into its fields, if a log field is among them.
fn fields(line: &[u8], delimiter: u8) -> Option<Vec<String>> {
    let mut records = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .from_reader(line)
        .into_records();
    let record = records.next()?.ok()?;
    let fields: Vec<String> = record.iter().map(|field| field.trim().to_owned()).collect();
    let log_field = fields.iter().any(|field| {
        field.strip_prefix('@').is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    });
    log_field.then_some(fields)
}

/// Iterates over the raw records of a table.
pub(crate) fn messages<'b>(
    bytes: &'b [u8],
    header: &Header,
    column: usize,
) -> impl Iterator<Item = Row> + use<'b> {
    let start = header.start;
    csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(header.delimiter)
        .from_reader(&bytes[start..])
        .into_byte_records()
        .map(move |record| match record {
            Ok(record) => {
                let offset = record.position().map_or(0, csv::Position::byte);
                let message = record.get(column).unwrap_or_default();
                Row {
                    offset: start + usize::try_from(offset).unwrap_or(0),
                    message: String::from_utf8(message.to_vec()).map_err(|e| e.to_string()),
                }
            }
            Err(error) => Row {
                offset: error
                    .position()
                    .map_or(start, |at| start + usize::try_from(at.byte()).unwrap_or(0)),
                message: Err(error.to_string()),
            },
        })
}
