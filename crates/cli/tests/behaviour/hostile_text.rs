//! What a log says does not run in a spreadsheet and does not steer a terminal.

use serde_json::json;

use crate::support::{delivery, report_on_bytes, s3_call};

const FORMULA: &str = "=cmd|'/C calc'!A0";

fn hostile() -> Vec<u8> {
    let mut formula = s3_call("DeleteObject", "1", "2026-03-02T10:00:00Z");
    formula["userAgent"] = json!(FORMULA);
    let mut escape = s3_call("DeleteObject", "2", "2026-03-02T10:00:01Z");
    escape["userIdentity"]["userName"] =
        json!("\u{1b}[2J\u{1b}]0;owned\u{7}ana\r\n\u{202e}\u{9b}31m");
    escape["userAgent"] = json!("\u{1b}[31mred");
    delivery(&[formula, escape]).into_bytes()
}

#[test]
fn a_formula_is_disarmed_in_csv_and_left_alone_on_request() {
    for (arguments, cell) in [
        (&["--output", "csv"][..], format!("'{FORMULA}")),
        (&["--output", "csv", "--csv-raw"][..], FORMULA.to_owned()),
    ] {
        let run = report_on_bytes("who-deleted", &hostile(), arguments).exits(0);
        let mut csv = csv::Reader::from_reader(run.stdout.as_slice());
        let column = csv
            .headers()
            .unwrap()
            .iter()
            .position(|name| name == "user_agent")
            .unwrap();
        let first = csv.records().next().unwrap().unwrap();
        assert_eq!(&first[column], cell);
    }
}

#[test]
fn a_table_and_messages_hold_no_control_characters() {
    for arguments in [
        &["--wide"][..],
        &[],
        &["--user", "\u{1b}[2Jbob"],
        &["--user", "ana\u{1b}[2J"],
    ] {
        let run = report_on_bytes("who-deleted", &hostile(), arguments).exits(0);
        for text in [run.text(), run.stderr.as_str()] {
            let control = |character: char| character.is_control() && character != '\n';
            assert!(!text.contains(control), "{arguments:?}: {text:?}");
            assert!(!text.contains('\u{202e}'), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn json_keeps_hostile_text_exactly() {
    let run = report_on_bytes("who-deleted", &hostile(), &["--output", "jsonl"]).exits(0);
    assert!(!run.stdout.contains(&0x1b));
    assert_eq!(run.rows()[1]["user_agent"], "\u{1b}[31mred");
    assert_eq!(run.rows()[0]["user_agent"], FORMULA);
}

#[test]
fn a_reject_quotes_hostile_text_safely() {
    let run = report_on_bytes("who-deleted", b"\x1b[2J\x1b]0;owned\x07 no log", &[]).exits(3);
    assert!(
        !run.stderr.contains(['\u{1b}', '\u{7}']),
        "{:?}",
        run.stderr
    );
}
