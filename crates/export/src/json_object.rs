use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;

use crate::ExportError;
use crate::cell::Cell;
use crate::rows::Row;
use crate::visible::obeyed_or_hidden;

/// Writes a row as one JSON object on one line, its keys in column order.
pub(crate) fn write_object(row: &Row<'_>, out: &mut dyn io::Write) -> Result<(), ExportError> {
    let mut json = serde_json::Serializer::with_formatter(out, HarmlessFormatter);
    row.serialize(&mut json)
        .map_err(|error| ExportError::Write(error.into()))
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.named_cells();
        let mut map = serializer.serialize_map(Some(cells.len()))?;
        for (name, cell) in cells {
            map.serialize_entry(name, &cell)?;
        }
        map.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Null => serializer.serialize_none(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Int(value) => serializer.serialize_i64(value),
            Self::UInt(value) => serializer.serialize_u64(value),
            Self::Float(value) => serializer.serialize_f64(value),
            Self::Bool(value) => serializer.serialize_bool(value),
            Self::Time(_) | Self::Date(_) => serializer.collect_str(self),
        }
    }
}

/// Compact JSON that also escapes what a terminal would obey or hide, so that
/// the text means the same to a parser and harms no one who looks at it.
struct HarmlessFormatter;

impl Formatter for HarmlessFormatter {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(obeyed_or_hidden) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}
