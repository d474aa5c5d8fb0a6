//! Looks after a lake: says what it holds, proves it, compacts it.

use std::path::Path;

use earwitness_export::visible;
use earwitness_lake::{Lake, check, compact};
use earwitness_parser::Timestamp;

use crate::args::{LakeArgs, LakeCommand};
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::other_engine;

/// From so many files a day on, a compaction is worth its while.
const MANY_FILES: u64 = 8;
/// From so many ledgers on, too.
const MANY_LEDGERS: u64 = 100;

pub(crate) fn run(args: &LakeArgs) -> Result<Exit, Failure> {
    match &args.command {
        LakeCommand::Status(folder) => say_status(&folder.lake),
        LakeCommand::Check(folder) => say_check(&folder.lake),
        LakeCommand::Compact(folder) => say_compact(&folder.lake),
        LakeCommand::Tables(args) => other_engine::store(args),
        LakeCommand::Ddl(args) => other_engine::print_definitions(args),
        LakeCommand::Sql(args) => other_engine::print_sql(args),
    }
}

fn say_status(lake: &Path) -> Result<Exit, Failure> {
    let status = Lake::open(lake)?.status();
    console::write_out(|out| {
        let (first, last) = status.seen.unwrap_or_default();
        writeln!(out, "inputs       {}", status.inputs)?;
        writeln!(out, "  changed    {}", status.changed)?;
        writeln!(out, "  unread     {}", status.unread)?;
        writeln!(out, "records      {}", status.records)?;
        writeln!(out, "events       {}", status.events)?;
        if status.seen.is_some() {
            writeln!(out, "  first      {}", Timestamp(first))?;
            writeln!(out, "  last       {}", Timestamp(last))?;
        }
        writeln!(out, "partitions   {}", status.partitions)?;
        for (table, files, rows, bytes) in &status.tables {
            writeln!(
                out,
                "{table:<12} {rows} rows, {bytes} bytes in files: {files}"
            )?;
        }
        writeln!(
            out,
            "ledgers      {}, the last {:08} of {}",
            status.ledgers,
            status.last_ledger,
            Timestamp(status.last_written)
        )
    })?;
    let mut events = status
        .tables
        .iter()
        .filter(|(table, ..)| *table == "events");
    let many = events.any(|(_, files, ..)| *files > MANY_FILES * status.partitions.max(1));
    if many || status.ledgers > MANY_LEDGERS {
        console::say(&format!(
            "many small files; `earwitness lake compact --lake {}` makes few of them",
            visible(&lake.to_string_lossy())
        ));
    }
    Ok(Exit::Ok)
}

fn say_check(lake: &Path) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let checked = check(lake, &|| interrupt.is_set())?;
    for (path, what) in &checked.orphans {
        console::say(&format!("in no ledger: {}: {what}", visible(path)));
    }
    for (path, why) in &checked.damaged {
        console::say(&format!("damaged: {}: {}", visible(path), visible(why)));
    }
    console::say(&format!(
        "ledgers {}, data files {} of {} bytes: {}",
        checked.ledgers,
        checked.files,
        checked.bytes,
        if checked.damaged.is_empty() {
            "all as their ledgers say"
        } else {
            "not as their ledgers say; restore what is named from a backup, or ingest the inputs \
             into a new lake"
        }
    ));
    Ok(if checked.damaged.is_empty() {
        Exit::Ok
    } else {
        Exit::Integrity
    })
}

fn say_compact(lake: &Path) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let done = compact(lake, &|| interrupt.is_set())?;
    console::say(&format!(
        "data files {} of {} bytes, before {} of {}",
        done.files_after, done.bytes_after, done.files_before, done.bytes_before
    ));
    if done.copies > 0 {
        console::say(&format!(
            "deliveries that are the same as another, byte by byte: {}; one stands for both, and \
             reports count them as before",
            done.copies
        ));
    }
    match done.ledger {
        Some(number) => console::say(&format!("ledger {number:08}")),
        None => console::say("nothing to do; the lake is as before"),
    }
    Ok(Exit::Ok)
}
