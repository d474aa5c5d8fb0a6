//! Reads what wrappers carry: records as text, in base64, in table cells.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::insights_table::{EXCEL_CELL_LIMIT, Header, messages};
use crate::item::Item;
use crate::reject::{Excerpt, Position, Reject, RejectReason};
use crate::tolerant::{List, Text};
use crate::tolerant_record::tolerant_record;
use crate::walk::{Document, Next, Walk, Walked};

impl Walk<'_> {
    /// Reads what a wrapper carries: an object, or text that holds a document.
    pub(crate) fn payload(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
        if doc.scanner.byte(at)? != b'"' {
            return self.value(doc, at);
        }
        let end = doc.scanner.string_end(at)?;
        match serde_json::from_slice::<Text<'_>>(&doc.bytes()[at..end]) {
            Ok(text) => self.text_payload(doc, at, text.as_str()),
            Err(error) => self.reject(doc, at, RejectReason::Unreadable(error.to_string())),
        }
        Ok(Next::At(end))
    }

    fn text_payload(&mut self, doc: &Document<'_>, at: usize, text: &str) {
        let carried_at = Some(doc.offset(at));
        let wrappers = doc.wrappers + 1;
        if text.trim_start().starts_with(['{', '[']) {
            return self.document(text.as_bytes(), carried_at, wrappers);
        }
        // Lambda and Kinesis carry subscription payloads as base64 of gzip.
        match STANDARD.decode(text) {
            Ok(bytes) if !bytes.is_empty() => {
                self.compressed(&bytes, carried_at, wrappers);
            }
            _ => self.reject(
                doc,
                at,
                RejectReason::NoRecord(Excerpt::of(text.as_bytes())),
            ),
        }
    }

    /// Reads what may be gzip, as far as the input's limit allows.
    pub(crate) fn compressed(&mut self, bytes: &[u8], carried_at: Option<u64>, wrappers: usize) {
        let mut inflater = self.inflater.take().unwrap_or_default();
        let inflated = inflater.inflate_at_most(self.payload_bytes, bytes);
        self.payload_bytes -= inflated.bytes.len();
        if !inflated.bytes.is_empty() || inflated.defect.is_none() {
            self.document(inflated.bytes, carried_at.or(Some(0)), wrappers + 1);
        }
        if let Some(reason) = inflated.defect {
            let position = Position {
                index: self.index,
                offset: carried_at.unwrap_or(0),
            };
            self.index += 1;
            (self.sink)(Item::Reject(Reject { position, reason }));
        }
        self.inflater = Some(inflater);
    }

    /// Reads a row of Insights results: a list of fields with their values.
    pub(crate) fn result_row(&mut self, doc: &mut Document<'_>, at: usize) -> Walked {
        let end = doc.scanner.value_end(at)?;
        let row: Result<List<ResultField<'_>>, _> = serde_json::from_slice(&doc.bytes()[at..end]);
        match row {
            Ok(List(fields)) => match fields.iter().find(|f| f.field.get() == Some("@message")) {
                Some(message) => self.text_payload(doc, at, message.value.as_str()),
                None if fields.iter().any(|f| f.field.get().is_some()) => {
                    self.reject(doc, at, RejectReason::NoMessageColumn);
                }
                None => self.reject(doc, at, RejectReason::NotARecord("an array")),
            },
            Err(error) => self.reject(doc, at, RejectReason::Unreadable(error.to_string())),
        }
        Ok(Next::At(end))
    }

    pub(crate) fn table(&mut self, doc: &Document<'_>, header: Header) {
        let Some(message) = header.message_column() else {
            return self.reject(doc, 0, RejectReason::NoMessageColumn);
        };
        for row in messages(doc.bytes(), &header, message) {
            let at = row.offset;
            match row.message {
                Ok(text) => {
                    let cut = text.chars().count() == EXCEL_CELL_LIMIT
                        && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err();
                    if cut {
                        self.reject(doc, at, RejectReason::CellCut);
                    } else {
                        self.text_payload(doc, at, &text);
                    }
                }
                Err(error) => self.reject(doc, at, RejectReason::Csv(error)),
            }
        }
    }
}

tolerant_record! {
    /// A field of an Insights result row.
    struct ResultField<'a> {
        "field" => field: Text<'a>,
        "value" => value: Text<'a>,
    }
}
