//! Prints the record of an event, and the chain of custody behind it.

use std::fmt::Write as _;

use anyhow::anyhow;
use earwitness_export::visible;
use earwitness_parser::{Interest, Item, Position, Reader};
use earwitness_proof::{Examined, FileVerdict, Verdict, Verification};
use earwitness_sources::Input;
use rayon::prelude::*;

use crate::args::ShowArgs;
use crate::console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::{public_keys, survey_all};

/// A record with the id that was asked for.
struct Hit {
    input: usize,
    position: Position,
    record: String,
}

pub(crate) fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    let keys = public_keys(args.trail.public_keys.as_deref())?;
    let session = args.trail.session()?;
    if session.found.inputs.contains(&Input::Stdin) {
        return Err(Failure::usage(anyhow!(
            "standard input has no place among the files of a trail; name files"
        )));
    }
    let examined = survey_all(&session)?;
    let verification = Verification::of(&examined, &keys);
    let hits: Vec<Hit> = session
        .found
        .inputs
        .par_iter()
        .enumerate()
        .flat_map_iter(|(place, input)| hits(place, input, args))
        .collect();
    if hits.is_empty() {
        return Err(Failure::failed(anyhow!(
            "no record has the event id '{}'",
            visible(&args.event_id)
        )));
    }
    let lines: Vec<String> = hits
        .iter()
        .map(|hit| line(hit, args, &examined[hit.input], &verification))
        .collect();
    console::write_out(|out| lines.iter().try_for_each(|line| writeln!(out, "{line}")))?;
    let files = hits.iter().map(|hit| &verification.files[hit.input]);
    let exit = |file: &FileVerdict| match file.verdict {
        _ if file.fails => Exit::Integrity,
        verdict if verdict.is_proven() || keys.is_empty() => Exit::Ok,
        _ => Exit::Incomplete,
    };
    Ok(files.map(exit).max().unwrap_or(Exit::Ok))
}

/// Finds the records of the event in an input.
fn hits(place: usize, input: &Input, args: &ShowArgs) -> Vec<Hit> {
    let most = args.trail.how.max_inflated_bytes.0;
    let mut bytes = Vec::new();
    // What came before a problem is evidence all the same; the survey names it.
    let _ = input.read_at_most(most.saturating_add(1), &mut bytes);
    let max_bytes = usize::try_from(most).unwrap_or(usize::MAX);
    let mut hits = Vec::new();
    Reader::new(Interest::everything(), max_bytes).read(&bytes, &mut |item| {
        if let Item::Event {
            event,
            position,
            raw,
            ..
        } = item
            && event.event_id.get() == Some(&args.event_id)
        {
            hits.push(Hit {
                input: place,
                position,
                record: String::from_utf8_lossy(raw.as_bytes()).into_owned(),
            });
        }
    });
    hits
}

/// Writes what is known of a record as a JSON object, the record itself in it as
/// it lies.
fn line(hit: &Hit, args: &ShowArgs, input: &Examined, verification: &Verification) -> String {
    let file = &verification.files[hit.input];
    let digest = file.digest.as_deref();
    let digest_verdict = digest.and_then(|digest| {
        let mut files = verification.files.iter();
        files
            .find(|file| file.file == digest)
            .map(|file| file.verdict)
    });
    let custody = serde_json::json!({
        "event_id": args.event_id,
        "input": input.origin,
        "record_index": hit.position.index,
        "byte_offset": hit.position.offset,
        "sha256": input.sha256,
        "inflated_sha256": input.inflated_sha256,
        "verdict": file.verdict.name(),
        "why": file.why,
        "digest": digest,
        "digest_verdict": digest_verdict.map(Verdict::name),
    });
    let custody = custody.to_string();
    let head = custody.strip_suffix('}').unwrap_or_default();
    format!("{},\"record\":{}}}", harmless(head), harmless(&hit.record))
}

/// Escapes in a JSON text what a terminal would obey or hide, and puts it on one
/// line: outside of texts, line breaks say nothing.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        let plain = matches!(character, ' '..='~');
        if plain || visible(character.encode_utf8(&mut [0; 4])) == character.to_string() {
            out.push(character);
        } else if !character.is_ascii_whitespace() {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_obeys_nothing_of_a_record_and_it_says_the_same() {
        let json = "{\n \"a\": \"\u{202e}é\u{9b}31m\u{1f3a7}\" }";
        let shown = harmless(json);
        assert!(!shown.contains(['\u{202e}', '\u{9b}', '\n']), "{shown}");
        assert!(shown.contains('é'));
        let said = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(said(&shown), said(json));
    }
}
