//! Writes the tables that reports ask as Parquet, a folder a table and in it,
//! where it has a time, a folder a day.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};
use chrono::Utc;
use earwitness_export::{Format, Options, visible, write_file, writer};
use earwitness_query::{DataFrame, Evidence, Library, Scope, StoredTable};

use crate::args::StoreArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::question::micros;
use crate::session::{Session, Source, Wants};
use crate::window::Window;

const DAY_MICROS: i64 = 86_400_000_000;

/// What was written.
#[derive(Default)]
struct Written {
    files: usize,
    rows: usize,
}

/// Makes the tables of inputs or a lake, and writes them.
pub(crate) fn store(args: &StoreArgs) -> Result<Exit, Failure> {
    let window = Window::new(args.since, args.until, Utc::now()).map_err(Failure::usage)?;
    let bounds = micros(window);
    // A folder is a whole day: one that is half written would be taken for it.
    if [bounds.since, bounds.until]
        .iter()
        .flatten()
        .any(|bound| bound % DAY_MICROS != 0)
    {
        return Err(Failure::usage(anyhow!(
            "--since and --until cut a day here, and a folder holds a whole one; give days, such as \
             2026-03-02"
        )));
    }
    let folder = &args.folder;
    let is_empty = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none());
    if folder.exists() && !is_empty(folder) && !args.force {
        return Err(Failure::usage(anyhow!(
            "{} is not empty; name a new folder, or add --force to replace its tables",
            visible(&folder.to_string_lossy())
        )));
    }
    let wants = Wants {
        interest: Library::shipped()?.interest(),
        window: bounds,
        hash: true,
        digests: false,
    };
    let source = Source::of(args.lake.as_deref(), &args.inputs);
    let session = Session::begin(source, wants, &args.how)?;
    let mut unread = session.unread();
    let scope = Scope {
        window: bounds,
        all_objects: args.all_objects,
        ..Scope::default()
    };
    let progress = session.progress("reading");
    let gathering = session.gather(&progress, &mut unread)?;
    progress.phase("writing");
    let evidence = gathering.into_evidence(&scope);
    let mut written = Written::default();
    for table in StoredTable::all() {
        if session.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        write(table, &evidence, args, &mut written)?;
    }
    progress.finish();
    unread.say();
    if !args.how.quiet {
        console::say(&format!(
            "{}: {} rows in {} files",
            visible(&folder.to_string_lossy()),
            written.rows,
            written.files
        ));
        console::say(&format!("window: {window}"));
        console::say(&evidence.counts().to_string());
    }
    Ok(if unread.is_empty() {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

/// Writes a table's files, each whole or not at all.
fn write(
    table: StoredTable,
    evidence: &Evidence,
    args: &StoreArgs,
    written: &mut Written,
) -> Result<(), Failure> {
    let folder = args.folder.join(table.name());
    // A table without rows is there too.
    make(&folder)?;
    table.each_part(evidence, |day, rows| {
        let folder = match (table.partition(), day) {
            (Some(partition), Some(day)) => folder.join(format!("{partition}={day}")),
            _ => folder.clone(),
        };
        make(&folder)?;
        let file = folder.join(format!("{}.parquet", table.name()));
        written.files += 1;
        written.rows += rows.height();
        write_rows(&file, &rows, args.force)
    })
}

fn write_rows(file: &Path, rows: &DataFrame, force: bool) -> Result<(), Failure> {
    let parquet = writer(Format::Parquet, &Options::default());
    write_file(file, force, |out| parquet.write(rows, out))?;
    Ok(())
}

fn make(folder: &Path) -> Result<(), Failure> {
    let shown = visible(&folder.to_string_lossy());
    let made = fs::create_dir_all(folder).with_context(|| format!("failed to make {shown}"));
    made.map_err(Failure::failed)
}
