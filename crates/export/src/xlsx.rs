mod lines;

use std::io::{self, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use polars::frame::DataFrame;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format as Style, FormatAlign, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use crate::cell::Cell;
use crate::csv::starts_formula;
use crate::rows::for_each_row;
use crate::tally::Tally;
use crate::xlsx::lines::Lines;
use crate::{About, ExportError, Writer};

/// Rows of a sheet below its header: Excel has 1,048,576 in all
/// ("Excel specifications and limits", support.microsoft.com).
const SHEET_ROWS: usize = 1_048_575;

/// UTF-16 units that a cell holds at most (the same page).
const CELL_UNITS: usize = 32_767;

/// Whole numbers up to here are exact in Excel, whose numbers are doubles.
const EXACT: u64 = 1 << 53;

const DAY_MICROS: i64 = 86_400_000_000;

/// Days from Excel's day 0 to 1970.
const EPOCH_DAYS: i64 = 25_569;

/// The days that Excel and everyone else count alike: from March 1900, before
/// which Excel has a day too many, to the end of 9999, whose last day may be
/// rounded to one that Excel does not have.
const EXCEL_DAYS: std::ops::Range<i64> = 61..2_958_465;

/// Rows that are looked at to find out how wide a column should be.
const MEASURED_ROWS: usize = 1_000;

/// Writes an Excel workbook: a summary, the rows, what they rest on.
///
/// Cells have types; a text is a text whatever it begins with. Rows lie in
/// temporary files meanwhile, not in memory. A text that Excel has no room for
/// is cut and says so.
pub(crate) struct XlsxWriter {
    about: About,
    sheet_rows: usize,
}

impl XlsxWriter {
    pub(crate) fn new(about: About) -> XlsxWriter {
        XlsxWriter {
            about,
            sheet_rows: SHEET_ROWS,
        }
    }

    fn workbook(&self, rows: &DataFrame) -> Result<Workbook, ExportError> {
        let tally = Tally::of(rows, &self.about)?;
        let styles = Styles::new();
        let mut workbook = Workbook::new();
        // The day that the archive dates its files to, so that the same rows
        // give the same bytes.
        let made = ExcelDateTime::from_ymd(1980, 1, 1).map_err(ExportError::Workbook)?;
        let properties = DocProperties::new()
            .set_title(&self.about.title)
            .set_subject(&self.about.question)
            .set_creation_datetime(&made);
        workbook.set_properties(&properties);

        let mut summary = Lines::new(&mut workbook, "Summary")?;
        summary.summarise(&tally, &self.about, &styles)?;
        let sheets = self.rows(&mut workbook, rows, &styles)?;
        let mut basis = Lines::new(&mut workbook, "Coverage and parameters")?;
        basis.say_basis(rows, &self.about, &styles)?;
        workbook.push_worksheet(summary.sheet);
        for sheet in sheets {
            workbook.push_worksheet(sheet);
        }
        workbook.push_worksheet(basis.sheet);
        Ok(workbook)
    }

    /// Writes the rows, on as many sheets as they need.
    fn rows(
        &self,
        workbook: &mut Workbook,
        rows: &DataFrame,
        styles: &Styles,
    ) -> Result<Vec<Worksheet>, ExportError> {
        let widths = widths(rows)?;
        let mut sheets = Vec::new();
        let mut sheet = RowSheet::new(workbook, 1, rows, &widths, styles)?;
        for_each_row(rows, |row| {
            if sheet.rows == self.sheet_rows {
                let next = RowSheet::new(workbook, sheets.len() + 2, rows, &widths, styles)?;
                sheets.push(std::mem::replace(&mut sheet, next).finish()?);
            }
            sheet.push(row.cells(), styles)
        })?;
        sheets.push(sheet.finish()?);
        Ok(sheets)
    }
}

impl Writer for XlsxWriter {
    fn write(&self, rows: &DataFrame, out: &mut dyn io::Write) -> Result<(), ExportError> {
        let mut file = tempfile::tempfile().map_err(ExportError::Write)?;
        on_temporary_files(|| {
            let mut workbook = self.workbook(rows)?;
            let saved = workbook.save_to_writer(&mut file);
            saved.map_err(ExportError::Workbook)
        })?;
        file.seek(SeekFrom::Start(0)).map_err(ExportError::Write)?;
        io::copy(&mut file, out).map_err(ExportError::Write)?;
        out.flush().map_err(ExportError::Write)
    }
}

/// Runs what writes temporary files by way of the library, which panics where
/// they fail. What can fail otherwise, the output, is written elsewhere.
fn on_temporary_files(write: impl FnOnce() -> Result<(), ExportError>) -> Result<(), ExportError> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let written = panic::catch_unwind(AssertUnwindSafe(write));
    panic::set_hook(hook);
    written.unwrap_or_else(|_| {
        Err(ExportError::TemporaryFiles {
            folder: std::env::temp_dir(),
        })
    })
}

/// How cells look.
struct Styles {
    title: Style,
    head: Style,
    label: Style,
    wrapped: Style,
    count: Style,
    time: Style,
    time_with_fraction: Style,
    date: Style,
    /// Keeps a text a text also once somebody edits the cell.
    quoted: Style,
}

impl Styles {
    fn new() -> Styles {
        let top = || Style::new().set_align(FormatAlign::Top);
        Styles {
            title: Style::new().set_bold().set_font_size(16),
            head: Style::new().set_bold().set_background_color(0xE7_EC_F3),
            label: top().set_bold(),
            wrapped: top().set_text_wrap(),
            count: Style::new().set_align(FormatAlign::Left),
            time: Style::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            time_with_fraction: Style::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
            date: Style::new().set_num_format("yyyy-mm-dd"),
            quoted: Style::new().set_quote_prefix(),
        }
    }
}

/// A sheet of rows below their header.
struct RowSheet {
    sheet: Worksheet,
    columns: u16,
    rows: usize,
}

impl RowSheet {
    fn new(
        workbook: &mut Workbook,
        number: usize,
        rows: &DataFrame,
        widths: &[u16],
        styles: &Styles,
    ) -> Result<RowSheet, ExportError> {
        let names = rows.get_column_names();
        let columns = u16::try_from(names.len()).map_err(|_| too_wide())?;
        let mut sheet = new_sheet(workbook)?;
        let fill = |sheet: &mut Worksheet| {
            sheet.set_name(match number {
                1 => "Rows".to_owned(),
                more => format!("Rows {more}"),
            })?;
            for (column, width) in (0..).zip(widths) {
                sheet.set_column_width(column, f64::from(*width))?;
            }
            for (column, name) in (0..).zip(&names) {
                sheet.write_string_with_format(0, column, cut(name), &styles.head)?;
            }
            sheet.set_freeze_panes(1, 0)?;
            sheet.set_repeat_rows(0, 0)?;
            sheet.set_landscape();
            Ok(())
        };
        fill(&mut sheet).map_err(ExportError::Workbook)?;
        Ok(RowSheet {
            sheet,
            columns,
            rows: 0,
        })
    }

    fn push<'a>(
        &mut self,
        cells: impl Iterator<Item = Cell<'a>>,
        styles: &Styles,
    ) -> Result<(), ExportError> {
        self.rows += 1;
        let row = u32::try_from(self.rows).map_err(|_| too_wide())?;
        for (column, cell) in (0..).zip(cells) {
            write_cell(&mut self.sheet, row, column, cell, styles)
                .map_err(ExportError::Workbook)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Worksheet, ExportError> {
        if self.columns > 0 {
            let last_row = u32::try_from(self.rows).map_err(|_| too_wide())?;
            self.sheet
                .autofilter(0, 0, last_row, self.columns - 1)
                .map_err(ExportError::Workbook)?;
        }
        Ok(self.sheet)
    }
}

/// More than a sheet holds.
fn too_wide() -> ExportError {
    ExportError::Workbook(XlsxError::RowColumnLimitError)
}

/// Makes a sheet whose rows lie on the disk as they come.
fn new_sheet(workbook: &mut Workbook) -> Result<Worksheet, ExportError> {
    let sheet = workbook.new_worksheet_with_constant_memory();
    sheet.map_err(ExportError::Workbook)
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: Cell<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Null => {}
        Cell::Text(text) if starts_formula(text) => {
            sheet.write_string_with_format(row, column, cut(text), &styles.quoted)?;
        }
        Cell::Int(value) if value.unsigned_abs() <= EXACT => {
            sheet.write_number(row, column, value as f64)?;
        }
        Cell::UInt(value) if value <= EXACT => {
            sheet.write_number(row, column, value as f64)?;
        }
        Cell::Float(value) => {
            sheet.write_number(row, column, value)?;
        }
        Cell::Bool(value) => {
            sheet.write_boolean(row, column, value)?;
        }
        Cell::Time(micros)
            if EXCEL_DAYS.contains(&(micros.div_euclid(DAY_MICROS) + EPOCH_DAYS)) =>
        {
            let days = micros.div_euclid(DAY_MICROS) + EPOCH_DAYS;
            let of_day = micros.rem_euclid(DAY_MICROS) as f64 / DAY_MICROS as f64;
            let style = if micros % 1_000_000 == 0 {
                &styles.time
            } else {
                &styles.time_with_fraction
            };
            sheet.write_number_with_format(row, column, days as f64 + of_day, style)?;
        }
        Cell::Date(days) if EXCEL_DAYS.contains(&(i64::from(days) + EPOCH_DAYS)) => {
            let days = f64::from(days) + EPOCH_DAYS as f64;
            sheet.write_number_with_format(row, column, days, &styles.date)?;
        }
        other => {
            sheet.write_string(row, column, cut(&other.to_string()))?;
        }
    }
    Ok(())
}

/// Returns a text as long as a cell holds.
fn cut(text: &str) -> String {
    if text.len() <= CELL_UNITS || text.encode_utf16().count() <= CELL_UNITS {
        return text.to_owned();
    }
    let ending = format!(
        "… (cut: {} characters, more than a cell of Excel holds; --output csv has them all)",
        text.chars().count()
    );
    let mut room = CELL_UNITS - ending.encode_utf16().count();
    let mut kept = String::new();
    for character in text.chars() {
        let units = character.len_utf16();
        if units > room {
            break;
        }
        room -= units;
        kept.push(character);
    }
    kept + &ending
}

/// Returns how wide each column should be, in characters.
fn widths(rows: &DataFrame) -> Result<Vec<u16>, ExportError> {
    let names = rows.get_column_names();
    let mut widths: Vec<usize> = names.iter().map(|name| name.width()).collect();
    for_each_row(&rows.head(Some(MEASURED_ROWS)), |row| {
        for (width, cell) in widths.iter_mut().zip(row.cells()) {
            *width = (*width).max(cell.to_string().width());
        }
        Ok(())
    })?;
    // Room for the filter's button; a longer text runs on under its neighbour.
    let fit = |width: usize| u16::try_from((width + 3).clamp(8, 60)).unwrap_or(60);
    Ok(widths.into_iter().map(fit).collect())
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;
    use crate::sample::{hostile_rows, written};
    use crate::{Format, Options};

    fn sheets(bytes: &[u8]) -> usize {
        let names = |n: usize| format!("xl/worksheets/sheet{n}.xml");
        let holds = |name: String| {
            bytes
                .windows(name.len())
                .any(|part| part == name.as_bytes())
        };
        (1..).take_while(|n| holds(names(*n))).count()
    }

    #[test]
    fn rows_that_one_sheet_does_not_hold_go_on_the_next() {
        for (rows, expected) in [(0, 3), (2, 3), (3, 4), (4, 4), (5, 5)] {
            let rows = df!("n" => (0..rows).collect::<Vec<i64>>()).unwrap();
            let writer = XlsxWriter {
                about: About::default(),
                sheet_rows: 2,
            };
            let mut out = Vec::new();
            writer.write(&rows, &mut out).unwrap();
            assert_eq!(sheets(&out), expected);
        }
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_says_so() {
        let whole = "a".repeat(CELL_UNITS);
        assert_eq!(cut(&whole), whole);
        for text in ["a".repeat(40_000), "🎧".repeat(20_000)] {
            let cut = cut(&text);
            assert!(cut.encode_utf16().count() <= CELL_UNITS);
            assert!(cut.contains(&format!("(cut: {} characters", text.chars().count())));
        }
    }

    #[test]
    fn nothing_in_a_workbook_is_of_the_time_it_was_made() {
        let bytes = || written(Format::Xlsx, &Options::default(), &hostile_rows());
        let first = bytes();
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert_eq!(first, bytes());
    }
}
