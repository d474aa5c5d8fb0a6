use polars::frame::DataFrame;
use rust_xlsxwriter::{Format as Style, Workbook, Worksheet, XlsxError};

use crate::tally::{Share, Tally};
use crate::xlsx::{Styles, cut, new_sheet};
use crate::{About, ExportError};

/// People that a summary names.
const PEOPLE: usize = 200;

/// A sheet of lines to read: what each is about, and what there is to say.
pub(super) struct Lines {
    pub(super) sheet: Worksheet,
    next: u32,
}

impl Lines {
    pub(super) fn new(workbook: &mut Workbook, name: &str) -> Result<Lines, ExportError> {
        let mut sheet = new_sheet(workbook)?;
        let lay_out = |sheet: &mut Worksheet| {
            sheet.set_name(name)?;
            sheet.set_column_width(0, 28)?;
            sheet.set_column_width(1, 90)?;
            sheet.set_landscape();
            sheet.set_print_fit_to_pages(1, 0);
            Ok(())
        };
        lay_out(&mut sheet).map_err(ExportError::Workbook)?;
        Ok(Lines { sheet, next: 0 })
    }

    /// Says what was asked, what the answer is, and by whom and of what kind
    /// the rows are.
    pub(super) fn summarise(
        &mut self,
        tally: &Tally,
        about: &About,
        styles: &Styles,
    ) -> Result<(), ExportError> {
        let mut lines = || {
            self.alone(&about.title, &styles.title)?;
            self.line("Question", &about.question, styles)?;
            self.line("Window", &about.window, styles)?;
            self.line("Answer", &tally.sentence(about), styles)?;
            if let Some(coverage) = &about.coverage {
                self.line("Coverage", coverage, styles)?;
            }
            self.line("Cannot see", &about.cannot_see, styles)?;
            self.counts("What", tally, styles)?;
            self.shares("Who", &tally.people, tally, styles)
        };
        lines().map_err(ExportError::Workbook)
    }

    /// Says what the answer rests on, what was chosen, and what columns mean.
    pub(super) fn say_basis(
        &mut self,
        rows: &DataFrame,
        about: &About,
        styles: &Styles,
    ) -> Result<(), ExportError> {
        let mut lines = || {
            self.alone("Coverage and parameters", &styles.title)?;
            let told = about.coverage.iter().chain(&about.basis);
            for (place, text) in told.enumerate() {
                let label = if place == 0 { "Rests on" } else { "" };
                self.line(label, text, styles)?;
            }
            self.next += 1;
            self.line("Report", &about.name, styles)?;
            self.line("Window", &about.window, styles)?;
            for (name, value) in &about.settings {
                self.line(name, value, styles)?;
            }
            self.next += 1;
            self.alone("Columns", &styles.head)?;
            for name in rows.get_column_names() {
                self.line(name, about.meaning(name), styles)?;
            }
            Ok(())
        };
        lines().map_err(ExportError::Workbook)
    }

    fn alone(&mut self, text: &str, style: &Style) -> Result<(), XlsxError> {
        self.sheet
            .write_string_with_format(self.next, 0, cut(text), style)?;
        self.next += 1;
        Ok(())
    }

    /// Writes a line, or nothing where there is nothing to say.
    fn line(&mut self, label: &str, text: &str, styles: &Styles) -> Result<(), XlsxError> {
        if text.is_empty() {
            return Ok(());
        }
        let row = self.next;
        self.sheet
            .write_string_with_format(row, 0, cut(label), &styles.label)?
            .write_string_with_format(row, 1, cut(text), &styles.wrapped)?;
        self.next += 1;
        Ok(())
    }

    fn counts(&mut self, label: &str, tally: &Tally, styles: &Styles) -> Result<(), XlsxError> {
        if tally.series.len() < 2 {
            return Ok(());
        }
        self.next += 1;
        self.sheet
            .write_string_with_format(self.next, 0, label, &styles.head)?
            .write_string_with_format(self.next, 1, "Count", &styles.head)?;
        self.next += 1;
        for series in &tally.series {
            self.sheet
                .write_string(self.next, 0, cut(&series.name))?
                .write_number_with_format(self.next, 1, series.total as f64, &styles.count)?;
            self.next += 1;
        }
        Ok(())
    }

    fn shares(
        &mut self,
        label: &str,
        shares: &[Share],
        tally: &Tally,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        if shares.is_empty() {
            return Ok(());
        }
        self.next += 1;
        let heads = [label, "Count"].into_iter();
        let heads = heads.chain(tally.series.iter().map(|series| series.name.as_str()));
        for (column, head) in (0..).zip(heads) {
            self.sheet
                .write_string_with_format(self.next, column, cut(head), &styles.head)?;
        }
        self.next += 1;
        for share in shares.iter().take(PEOPLE) {
            self.sheet.write_string(self.next, 0, cut(&share.name))?;
            let counts = std::iter::once(share.total()).chain(share.counts.iter().copied());
            for (column, count) in (1..).zip(counts) {
                self.sheet.write_number_with_format(
                    self.next,
                    column,
                    count as f64,
                    &styles.count,
                )?;
            }
            self.next += 1;
        }
        if shares.len() > PEOPLE {
            let more = format!("… {} more; the rows have all", shares.len() - PEOPLE);
            self.sheet.write_string(self.next, 0, more)?;
            self.next += 1;
        }
        Ok(())
    }
}
