use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::ExportError;

/// The forms in which rows can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table to read in a terminal.
    Table,
    /// Comma-separated values as RFC 4180 has them, with a header row.
    Csv,
    /// One JSON array with one object per row.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// An Apache Parquet file.
    Parquet,
    /// An Excel workbook.
    Xlsx,
    /// A page for a web browser.
    Html,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 7] = [
        Self::Table,
        Self::Csv,
        Self::Json,
        Self::Jsonl,
        Self::Parquet,
        Self::Xlsx,
        Self::Html,
    ];

    /// Returns the name by which `--output` knows the format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
            Self::Html => "html",
        }
    }

    /// Returns the format that a file's suffix asks for, in any case of letters.
    pub fn from_suffix(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_ascii_lowercase();
        match suffix.as_str() {
            "txt" => Some(Self::Table),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "parquet" => Some(Self::Parquet),
            "xlsx" => Some(Self::Xlsx),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }

    /// Returns true when the bytes are text that a terminal can show.
    pub const fn is_text(self) -> bool {
        !matches!(self, Self::Parquet | Self::Xlsx | Self::Html)
    }

    /// Lists the names for an error's text.
    pub(crate) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = ExportError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == name)
            .ok_or_else(|| ExportError::UnknownFormat {
                name: name.to_owned(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse::<Format>().unwrap(), format);
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let error = "xml".parse::<Format>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "read the format `xml`; choose one of table, csv, json, jsonl, parquet, xlsx, html"
        );
    }

    #[test]
    fn the_suffix_decides_the_format() {
        let of = |name: &str| Format::from_suffix(Path::new(name));
        assert_eq!(of("deleted.csv"), Some(Format::Csv));
        assert_eq!(of("out.d/Deleted.JSONL"), Some(Format::Jsonl));
        assert_eq!(of("a.ndjson"), Some(Format::Jsonl));
        assert_eq!(of("a.parquet"), Some(Format::Parquet));
        assert_eq!(of("a.txt"), Some(Format::Table));
        assert_eq!(of("a.xlsx"), Some(Format::Xlsx));
        assert_eq!(of("a.htm"), Some(Format::Html));
        assert_eq!(of("csv"), None);
        assert_eq!(of("a.xml"), None);
    }

    #[test]
    fn files_to_open_are_not_for_terminals() {
        let text: Vec<_> = Format::ALL.into_iter().filter(|f| f.is_text()).collect();
        assert_eq!(text, &Format::ALL[..4]);
    }
}
