//! Takes inputs into a lake.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_lake::{Ingest, Ingested, LakeError, Shard, ingest};
use earwitness_sources::{Ahead, Input};

use crate::args::IngestArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::{Failure, causes};
use crate::progress::Progress;
use crate::session::{Session, Source, Wants};
use crate::unread::Unread;

/// So many changed inputs are named.
const CHANGED_SHOWN: usize = 20;

pub(crate) fn run(args: &IngestArgs) -> Result<Exit, Failure> {
    let variable = |name: &str| env::var(name).ok();
    let shard = shard(args, variable).map_err(Failure::usage)?;
    spare(args)?;
    let source = Source::Inputs(&args.inputs);
    let session = Session::begin(source, Wants::everything(), &args.how)?;
    let found = &session.found;
    let problems = found.problems.iter();
    let problems: Vec<(String, String)> = problems
        .map(|problem| (problem.origin.clone(), problem.why.to_string()))
        .collect();
    let inputs = found.inputs.iter();
    let mine: Vec<&Input> = inputs.filter(|input| shard.takes(input.origin())).collect();
    let bytes = mine.iter().map(|input| input.size_hint()).sum();
    let progress = Progress::new(args.how.quiet, mine.len() as u64, bytes);
    progress.phase("taking in");
    let ahead = Mutex::default();
    let most = args.how.max_inflated_bytes.0.saturating_add(1);
    let ingested = ingest(
        &args.lake,
        &Ingest {
            inputs: &mine,
            name: &|input| input.origin(),
            size_hint: &|input| input.size_hint(),
            etag: &|input| input.etag(),
            plan: &|inputs| {
                let mut ahead = ahead.lock().unwrap_or_else(PoisonError::into_inner);
                *ahead = Ahead::of(inputs.iter().map(|input| **input));
            },
            read: &|input, buffer| {
                let read = input.read_at_most(most, buffer);
                progress.file_done(buffer.len() as u64);
                read.map_err(|problem| format!("failed to {}", causes(&problem)))
            },
            problems: &problems,
            shard,
            max_inflated_bytes: args.how.max_inflated_bytes.0,
            stop: &|| session.interrupt.is_set(),
        },
    );
    progress.finish();
    let ingested = match ingested {
        Err(LakeError::Stopped) => return Err(Failure::Interrupted),
        ingested => ingested?,
    };

    let mut unread = Unread::default();
    let listed = problems.iter().filter(|(name, _)| shard.takes(name));
    for (name, why) in listed.chain(&ingested.unread) {
        unread.add_input(name, why.clone());
    }
    unread.say();
    say_changed(&ingested.changed);
    if !args.how.quiet {
        summarise(&ingested, shard);
    }
    Ok(if unread.is_empty() {
        Exit::Ok
    } else {
        Exit::Incomplete
    })
}

/// Refuses to take the lake into itself.
fn spare(args: &IngestArgs) -> Result<(), Failure> {
    let real = |path: &Path| path.canonicalize().ok();
    // Where it is not there yet, its folder tells.
    let folder = args.lake.parent().filter(|path| *path != Path::new(""));
    let lake = real(&args.lake).or_else(|| real(folder.unwrap_or(Path::new("."))));
    let lies_in = |input: &&OsString| {
        let input = real(Path::new(input)).filter(|input| input.is_dir());
        input.is_some_and(|input| lake.as_ref().is_some_and(|lake| lake.starts_with(input)))
    };
    match args.inputs.iter().find(lies_in) {
        Some(input) => Err(Failure::usage(anyhow!(
            "the lake would lie in {}, which is read; name a folder elsewhere",
            visible(&input.to_string_lossy())
        ))),
        None => Ok(()),
    }
}

/// Decides which part of the inputs is this run's.
fn shard(
    args: &IngestArgs,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Shard, anyhow::Error> {
    if let Some(shard) = args.shard {
        return Ok(shard);
    }
    let number = |name: &str| {
        let text = variable(name);
        let number = text.map(|text| {
            let number = text.trim().parse::<u64>();
            number.map_err(|_| anyhow!("{name} is no number; add --shard I/N"))
        });
        number.transpose()
    };
    let of_batch = number("AWS_BATCH_JOB_ARRAY_INDEX")?;
    let size_of_batch = number("AWS_BATCH_JOB_ARRAY_SIZE")?;
    let (index, count) = match of_batch {
        Some(index) => (Some(index), args.shards.or(size_of_batch)),
        None => (number("JOB_COMPLETION_INDEX")?, args.shards),
    };
    match (index, count) {
        (None, None) => Ok(Shard::WHOLE),
        (Some(index), Some(count)) => Shard::new(index, count).ok_or_else(|| {
            anyhow!("there is no part {index} of {count}: parts go from 0; add --shard I/N")
        }),
        (Some(index), None) => Err(anyhow!(
            "this is job {index} of an array of unknown size; add --shards N, or --shard 0/1 to \
             take in everything"
        )),
        (None, Some(_)) => Err(anyhow!(
            "nothing tells which of the --shards this is; add --shard I/N in place of it"
        )),
    }
}

fn say_changed(changed: &[String]) {
    for name in changed.iter().take(CHANGED_SHOWN) {
        console::say(&format!(
            "changed since it was taken in: {name}; what it held before stays in the lake, what it \
             holds now is beside it"
        ));
    }
    let more = changed.len().saturating_sub(CHANGED_SHOWN);
    if more > 0 {
        console::say(&format!("changed since they were taken in: {more} more"));
    }
}

fn summarise(ingested: &Ingested, shard: Shard) {
    let new = ingested.inputs - ingested.known;
    let part = if shard == Shard::WHOLE {
        String::new()
    } else {
        format!(", part {} of {}", shard.index, shard.count)
    };
    console::say(&format!(
        "inputs {} = new {new} + known {}{part}",
        ingested.inputs, ingested.known
    ));
    console::say(&format!(
        "records taken in {}, CloudTrail events among them {}",
        ingested.records, ingested.events
    ));
    if ingested.same_content > 0 {
        console::say(&format!(
            "new inputs with the content of another one: {}; reports count their records once",
            ingested.same_content
        ));
    }
    match ingested.ledger {
        Some(number) => console::say(&format!("ledger {number:08}")),
        None => console::say("nothing new; the lake is as before"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn shard_of(options: &str, variables: &[(&str, &str)]) -> Result<Shard, String> {
        let line = format!("earwitness ingest logs --lake lake {options}");
        let Command::Ingest(args) = Args::parse_from(line.split_whitespace()).command else {
            panic!("{line}");
        };
        let variable = |name: &str| {
            let mut variables = variables.iter();
            let (_, value) = variables.find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        };
        shard(&args, variable).map_err(|error| error.to_string())
    }

    #[test]
    fn an_array_job_knows_its_part() {
        let batch = ("AWS_BATCH_JOB_ARRAY_INDEX", "2");
        let size = ("AWS_BATCH_JOB_ARRAY_SIZE", "4");
        let kubernetes = ("JOB_COMPLETION_INDEX", "1");
        let of = |index, count| Ok(Shard { index, count });
        assert_eq!(shard_of("", &[]), Ok(Shard::WHOLE));
        assert_eq!(shard_of("", &[batch, size]), of(2, 4));
        assert_eq!(shard_of("--shards 8", &[batch]), of(2, 8));
        assert_eq!(shard_of("--shards 8", &[kubernetes]), of(1, 8));
        assert_eq!(shard_of("--shard 0/3", &[batch, size]), of(0, 3));
    }

    #[test]
    fn half_a_part_is_wrong_usage() {
        for (options, variables) in [
            ("", [("JOB_COMPLETION_INDEX", "1")]),
            ("--shards 1", [("JOB_COMPLETION_INDEX", "1")]),
            ("", [("AWS_BATCH_JOB_ARRAY_INDEX", "one")]),
            ("--shards 2", [("PATH", "")]),
        ] {
            let error = shard_of(options, &variables).unwrap_err();
            assert!(error.contains("--shard"), "{options}: {error}");
        }
    }
}
