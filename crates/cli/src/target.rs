//! Where rows go, and how they are written.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use earwitness_export::{
    About, Format, Options, check_target, visible, with_local_times, write_file, writer,
};
use earwitness_query::DataFrame;
use earwitness_sources::Found;

use crate::about::{Run, about};
use crate::args::ReportArgs;
use crate::console;
use crate::failure::Failure;
use crate::logged::add_records;
use crate::progress::Progress;
use crate::session::Session;

/// Rows that a terminal shows of a table.
const TERMINAL_ROWS: usize = 200;

/// Where rows go, and how they are written.
pub(crate) struct Target {
    pub(crate) file: Option<PathBuf>,
    pub(crate) rejects_file: Option<PathBuf>,
    pub(crate) format: Format,
}

impl Target {
    /// Decides before any work is done, so that nothing is done in vain.
    pub(crate) fn of(args: &ReportArgs) -> Result<Target, Failure> {
        let file = args.out_file.clone().filter(|path| path.as_os_str() != "-");
        let by_suffix = file.as_deref().and_then(Format::from_suffix);
        let format = match (args.output, &file) {
            (Some(format), _) => format,
            (None, None) => Format::Table,
            (None, Some(path)) => by_suffix.ok_or_else(|| {
                Failure::usage(anyhow!(
                    "the suffix of {} names no format; add --output {}",
                    visible(&path.to_string_lossy()),
                    Format::ALL.map(Format::name).join("|")
                ))
            })?,
        };
        match &file {
            Some(path) => check_target(path, args.force)?,
            None if !format.is_text() => {
                return Err(Failure::usage(anyhow!(
                    "{format} makes a file to open, no text; add --out-file NAME.{format}"
                )));
            }
            None => {}
        }
        if let Some(path) = &args.rejects_file {
            check_target(path, args.force)?;
            if file.as_deref().is_some_and(|file| is_same_file(file, path)) {
                return Err(Failure::usage(anyhow!(
                    "--out-file and --rejects-file name one file; give each its own"
                )));
            }
        }
        Ok(Target {
            file,
            rejects_file: args.rejects_file.clone(),
            format,
        })
    }

    /// Refuses to write over what is read.
    pub(crate) fn spare(&self, found: &Found) -> Result<(), Failure> {
        for target in [&self.file, &self.rejects_file].into_iter().flatten() {
            if let Some(input) = found.file_at(target) {
                return Err(Failure::usage(anyhow!(
                    "{} is one of the inputs; write elsewhere, outside the folders that are read",
                    input.origin()
                )));
            }
        }
        Ok(())
    }

    /// Puts together what is said of the rows; a page shows the records behind
    /// them too.
    pub(crate) fn about(&self, run: &Run<'_>, rows: &DataFrame, session: &Session<'_>) -> About {
        let mut about = about(run);
        if self.format == Format::Html {
            add_records(&mut about, rows, session);
        }
        about
    }

    pub(crate) fn write(
        &self,
        rows: &DataFrame,
        about: About,
        args: &ReportArgs,
        session: &Session<'_>,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let main = self.main_columns(&about.main, args);
        let main = main.and_then(|columns| rows.select(columns).ok());
        let mut rows = main.unwrap_or_else(|| rows.clone());
        if let (Some(zone), true) = (args.timezone, self.format != Format::Parquet) {
            rows = with_local_times(&rows, zone)?;
        }
        let rows = &rows;
        let width = console::width().filter(|_| self.file.is_none());
        let options = Options {
            csv_raw: args.csv_raw,
            width,
            max_table_rows: width.map(|_| TERMINAL_ROWS),
            about,
        };
        let writer = writer(self.format, &options);
        match &self.file {
            Some(path) => write_file(path, args.force, |out| {
                writer.write(rows, &mut session.interrupt.writer(out))
            })?,
            None => progress.pause(|| {
                let mut out = io::stdout().lock();
                writer.write(rows, &mut session.interrupt.writer(&mut out))
            })?,
        }
        Ok(())
    }

    /// A table is for eyes: it has the columns that the report shows. `None`
    /// where all are written.
    pub(crate) fn main_columns<'m>(
        &self,
        main: &'m [String],
        args: &ReportArgs,
    ) -> Option<&'m [String]> {
        let shown = self.format == Format::Table && !args.wide && !main.is_empty();
        shown.then_some(main)
    }
}

/// Tells whether two paths lead to one file, where they are there.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        path.canonicalize()
            .ok()
            .or_else(|| Some(folder.join(path.file_name()?)))
    };
    real(one).is_some_and(|one| real(other) == Some(one))
}
