//! A real browser opens the pages: sorts, filters, prints, and asks no network
//! for anything, whatever a log says.
//!
//! Chromium is driven by Playwright from PyPI. Where either is missing the tests
//! say so and pass; with the environment variable `CI` set they fail.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use earwitness_export::{About, Format, Options, Record, Roles, write_page, writer};
use earwitness_testkit::Python;
use polars::prelude::*;
use tempfile::TempDir;

const MARKUP: &str = "</script><script>window.harmed=1</script><img src=x onerror=window.harmed=2>";

/// What a browser might be called.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

fn browser(check: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = BROWSERS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = all.into_iter().find(|path| path.is_file());
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{check} could not be checked: there is no chromium; install it"
        );
        // The real standard error: a test's own is shown only when it fails.
        let text = format!("skipped: {check} was not checked in a browser: there is no chromium\n");
        let _ = io::stderr().write_all(text.as_bytes());
    }
    found
}

/// Runs one check of the script on a folder of pages.
fn check(name: &str, fill: impl FnOnce(&Path)) {
    let Some(browser) = browser(name) else {
        return;
    };
    let Some(python) = Python::with_playwright(Path::new(env!("CARGO_TARGET_TMPDIR")), name) else {
        return;
    };
    let folder = TempDir::new().unwrap();
    fill(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser.py");
    let run = python.run(&script, &[Path::new(name), &browser, folder.path()]);
    if let Err(found) = run {
        panic!("{found}");
    }
}

fn about() -> About {
    let role = |name: &str| Some(name.to_owned());
    About {
        name: "who-deleted".to_owned(),
        title: "Who deleted".to_owned(),
        question: format!("Who deleted which recording? {MARKUP}"),
        window: "the first event to the last event".to_owned(),
        nothing: "Nothing was found: of 7 records read, none answers the question.".to_owned(),
        settings: vec![("gap".to_owned(), "30".to_owned())],
        coverage: None,
        basis: vec![format!("records read 7 {MARKUP}")],
        cannot_see: "deletions by S3 Lifecycle".to_owned(),
        columns: vec![("actor".to_owned(), format!("Who did it. {MARKUP}"))],
        main: ["event_time", "outcome", "actor", "contact_id"]
            .map(str::to_owned)
            .to_vec(),
        roles: Roles {
            time: role("event_time"),
            person: role("actor"),
            contact: role("contact_id"),
            kind: role("outcome"),
            outcome: role("outcome"),
            in_vain: vec!["denied".to_owned()],
            custody: vec!["event_id".to_owned(), "input".to_owned()],
            ids: vec!["event_id".to_owned()],
            ..Roles::default()
        },
        records: vec![Record {
            id: "EXAMPLE-1".to_owned(),
            input: "logs/1.json.gz".to_owned(),
            place: "record 3 at byte 1200".to_owned(),
            sha256: "ab".repeat(32),
            json: format!(
                "{{\"eventID\":\"EXAMPLE-1\",\"n\":12345678901234567890,\"a\":[1, {{}}],\
                 \"userAgent\":\"{MARKUP}\\u001b[31m\"}}"
            ),
        }],
        ..About::default()
    }
}

/// Rows with what a log can try, and with ties and gaps to sort.
fn rows() -> DataFrame {
    let times = [
        Some(1_772_442_317_250_000i64),
        Some(1_772_442_317_000_000),
        None,
        Some(1_772_528_717_000_000),
        Some(1_772_528_718_000_000),
        Some(1_772_528_719_000_001),
        Some(1_772_615_119_000_000),
    ];
    let rows = df!(
        "event_time" => times,
        "outcome" => ["deleted", "deleted", "denied", "deleted", "hidden", "denied", "deleted"],
        "actor" => [
            Some("ana"),
            Some(MARKUP),
            None,
            Some("ana"),
            Some("\u{202e}gpj.exe\u{1b}[31m\0"),
            Some("=cmd|' /C calc'!A0"),
            Some("אנה المدير"),
        ],
        "contact_id" => [
            Some("c-1"), Some("c-1"), None, Some("c-2"), Some("c-2"), Some("c-10"), Some("c-9"),
        ],
        "key" => [
            "a,b \"c\"".to_owned(), "line\r\nend".to_owned(), String::new(), "k".repeat(2_000),
            "+1".to_owned(), "\tTAB".to_owned(), MARKUP.to_owned(),
        ],
        "bytes" => [Some(9i64), Some(10), None, Some(-5), Some(i64::MAX), Some(2), Some(0)],
        "share" => [Some(0.5), Some(1e300), None, Some(-0.25), Some(5e-324), Some(1.0), Some(0.0)],
        "redacted" => [Some(true), Some(false), None, Some(true), Some(false), None, Some(true)],
        "event_id" => ["EXAMPLE-1", "EXAMPLE-2", "__proto__", "constructor", "5", "6", "7"],
        "input" => ["logs/1.json.gz"; 7],
    );
    with_times(rows.unwrap())
}

fn many_rows() -> DataFrame {
    let count = 50_000i64;
    let numbers = || 0..count;
    let rows = df!(
        "event_time" => numbers().map(|n| 1_772_442_317_000_000 + n * 61_000_000).collect::<Vec<_>>(),
        "outcome" => numbers().map(|n| if n % 9 == 0 { "denied" } else { "deleted" }).collect::<Vec<_>>(),
        "actor" => numbers().map(|n| format!("person-{}", n * n % 211)).collect::<Vec<_>>(),
        "contact_id" => numbers().map(|n| format!("contact-{}", n % 20_000)).collect::<Vec<_>>(),
        "key" => numbers().map(|n| format!("connect/example/CallRecordings/2026/03/{n:09}.wav")).collect::<Vec<_>>(),
        "bytes" => numbers().map(|n| n * 7919 % 1_000_003).collect::<Vec<_>>(),
        "event_id" => numbers().map(|n| format!("EXAMPLE-{n}")).collect::<Vec<_>>(),
        "input" => numbers().map(|n| format!("logs/{}.json.gz", n % 300)).collect::<Vec<_>>(),
    );
    with_times(rows.unwrap())
}

fn with_times(mut rows: DataFrame) -> DataFrame {
    let utc = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let times = rows.column("event_time").unwrap().cast(&utc).unwrap();
    rows.with_column(times).unwrap();
    rows
}

fn write(folder: &Path, name: &str, format: Format, rows: &DataFrame) {
    let options = Options {
        about: about(),
        ..Options::default()
    };
    let mut file = fs::File::create(folder.join(name)).unwrap();
    writer(format, &options).write(rows, &mut file).unwrap();
}

#[test]
fn a_browser_opens_a_page_of_what_a_log_can_try() {
    check("hostile", |folder| {
        write(folder, "page.html", Format::Html, &rows());
        write(folder, "rows.csv", Format::Csv, &rows());
    });
}

#[test]
fn fifty_thousand_rows_do_not_make_people_wait() {
    check("many", |folder| {
        write(folder, "page.html", Format::Html, &many_rows());
        write(folder, "rows.csv", Format::Csv, &many_rows());
    });
}

#[test]
fn nothing_found_is_shown_as_an_answer() {
    check("nothing", |folder| {
        write(folder, "page.html", Format::Html, &rows().clear());
    });
}

#[test]
fn questions_on_one_page_are_told_apart() {
    check("several", |folder| {
        let (about, rows) = (about(), rows());
        let other = About {
            title: "Who tried".to_owned(),
            name: "denied-attempts".to_owned(),
            ..about.clone()
        };
        let few = rows.slice(0, 3);
        let nothing = rows.clear();
        let answers = [(&rows, &about), (&few, &other), (&nothing, &other)];
        let mut file = fs::File::create(folder.join("page.html")).unwrap();
        write_page("Recordings in March", &answers, &mut file).unwrap();
    });
}
