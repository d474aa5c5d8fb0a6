//! Pages and workbooks as the program writes them.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn run(arguments: &[&str], out_file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_earwitness"))
        .current_dir(root())
        .args(arguments)
        .arg("--out-file")
        .arg(out_file)
        .output()
        .unwrap()
}

fn written(arguments: &[&str], name: &str) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(name);
    let output = run(arguments, &file);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    std::fs::read(file).unwrap()
}

/// Returns what the page gives its script.
fn data(page: &[u8]) -> Value {
    let page = std::str::from_utf8(page).unwrap();
    let start = "<script type=\"application/json\" id=\"data\">";
    let data = page.split(start).nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

fn texts(report: &Value, column: &str) -> Vec<String> {
    let columns = report["columns"].as_array().unwrap();
    let column = columns.iter().find(|it| it["name"] == column).unwrap();
    serde_json::from_value(column["texts"].clone()).unwrap()
}

#[test]
fn a_page_has_the_records_behind_its_rows() {
    for (report, ids) in [
        ("who-deleted", &["event_id"][..]),
        ("who-listened", &["first_event_id", "last_event_id"]),
    ] {
        let page = written(&["report", report, "fixtures/contact-centre"], "page.html");
        let data = data(&page);
        let mut found = 0;
        for id in ids.iter().flat_map(|ids| texts(&data["reports"][0], ids)) {
            for record in data["records"][&id].as_array().unwrap() {
                let text = record["text"].as_str().unwrap();
                let json: Value = serde_json::from_str(text).unwrap();
                assert_eq!(json["eventID"], id);
                let input = root().join(record["input"].as_str().unwrap());
                let bytes = std::fs::read(input).unwrap();
                let hash = Sha256::digest(&bytes);
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(record["sha256"], hash);
                found += 1;
            }
        }
        assert!(found >= 25, "{report}: {found} records");
    }
}

#[test]
fn a_dashboard_answers_as_the_reports_do() {
    let together = [
        "dashboard",
        "who-deleted",
        "who-listened",
        "fixtures/contact-centre",
    ];
    let page = data(&written(&together, "page.html"));
    let reports = page["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2);
    for report in reports {
        let name = report["name"].as_str().unwrap();
        let alone = written(&["report", name, "fixtures/contact-centre"], "page.html");
        assert_eq!(*report, data(&alone)["reports"][0], "{name}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_one_thread_or_many() {
    for (name, arguments) in [
        (
            "page.html",
            &["report", "who-listened", "fixtures/contact-centre"][..],
        ),
        (
            "rows.xlsx",
            &["report", "who-listened", "fixtures/contact-centre"],
        ),
        (
            "board.html",
            &[
                "dashboard",
                "fixtures/contact-centre",
                "--timezone",
                "Asia/Tokyo",
            ],
        ),
    ] {
        let on = |threads| written(&[arguments, &["--threads", threads]].concat(), name);
        assert!(on("1") == on("2"), "{name}");
    }
}

#[test]
fn nothing_found_is_an_answer_with_its_limits() {
    let arguments = [
        "report",
        "who-deleted",
        "fixtures/contact-centre",
        "--user",
        "nobody",
    ];
    let page = String::from_utf8(written(&arguments, "page.html")).unwrap();
    assert!(page.contains("Nothing was found: of 675 records read"));
    assert!(page.contains("deletions by S3 Lifecycle"));
}

#[test]
fn a_page_is_never_written_over_without_leave() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, "mine").unwrap();
    for arguments in [
        &["report", "who-deleted", "fixtures/contact-centre"][..],
        &["dashboard", "fixtures/contact-centre"],
    ] {
        assert_eq!(run(arguments, &file).status.code(), Some(2));
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
    }
}
