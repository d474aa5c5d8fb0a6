//! The small worlds of `fixtures/reports`.

use std::path::Path;
use std::sync::Arc;

use earwitness_parser::{Interest, Reader};
use earwitness_query::{Batch, Evidence, Gathering, Report, Scope};
use serde_json::{Value, json};

/// Returns all worlds with their names, in order of these.
pub(crate) fn worlds() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/reports");
    let mut worlds: Vec<(String, Value)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(path).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect();
    worlds.sort_by(|a, b| a.0.cmp(&b.0));
    worlds
}

/// Lays each record over the world's base record.
fn records(world: &Value) -> Vec<Value> {
    let over = |record: &Value| {
        let mut whole = world["base"].clone();
        for (key, value) in record.as_object().unwrap() {
            whole[key] = value.clone();
        }
        whole
    };
    let records = world["records"].as_array().unwrap();
    records.iter().map(over).collect()
}

/// Returns what a world is asked about: all time, in its zone.
pub(crate) fn scope(world: &Value) -> Scope {
    let zone = world["timezone"].as_str();
    Scope {
        timezone: zone.map_or_else(Default::default, |zone| zone.parse().unwrap()),
        ..Scope::default()
    }
}

/// Returns the inputs of a world, each with its name. An input of which the name
/// matters is written as `{"origin": …, "content": …}`.
pub(crate) fn inputs(world: &Value) -> Vec<(String, String)> {
    let more = |name: &str| world[name].as_array().cloned().unwrap_or_default();
    let mut inputs = vec![(None, json!({"Records": records(world)}).to_string())];
    inputs.extend(more("inputs").iter().map(|input| match &input["origin"] {
        Value::String(origin) => (Some(origin.clone()), input["content"].to_string()),
        _ => (None, input.to_string()),
    }));
    // Inputs that are no JSON stand as their lines.
    inputs.extend(more("texts").iter().map(|lines| {
        let lines = lines.as_array().unwrap().iter();
        let lines = lines.map(|line| format!("{}\n", line.as_str().unwrap()));
        (None, lines.collect())
    }));
    let named = |(number, (origin, content)): (usize, (Option<String>, String))| {
        (origin.unwrap_or_else(|| format!("input {number}")), content)
    };
    inputs.into_iter().enumerate().map(named).collect()
}

/// Gathers what a report needs of a world.
pub(crate) fn gather(report: &Report, world: &Value) -> Arc<Evidence> {
    gather_for(report.interest(), world)
}

/// Gathers what is of interest of a world.
pub(crate) fn gather_for(interest: Interest, world: &Value) -> Arc<Evidence> {
    let mut reader = Reader::new(interest, 1 << 20);
    let mut gathering = Gathering::default();
    let scope = scope(world);
    for (origin, content) in &inputs(world) {
        gathering.absorb(Batch::read(
            origin,
            content.as_bytes(),
            &mut reader,
            &scope.window,
        ));
    }
    let evidence = Arc::new(gathering.into_evidence(&scope));
    assert!(evidence.counts().reconcile(), "{}", evidence.counts());
    evidence
}
