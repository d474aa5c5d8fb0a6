use super::*;

const LEAST: &str = "[[job]]
name = \"monday\"
report = \"who-deleted\"
inputs = [\"logs\"]
window = \"previous-week\"
start = 2026-03-02
to = \"reports\"
";

fn wrong(text: &str) -> (usize, String) {
    let Wrong { line, why } = parse(text).unwrap_err();
    (line, why)
}

#[test]
fn what_is_not_said_has_its_default() {
    let jobs = parse(LEAST).unwrap();
    let [job] = &jobs[..] else {
        panic!("{jobs:?}");
    };
    assert_eq!(job.formats, [Format::Html, Format::Csv]);
    assert_eq!(job.file, NamePattern::of("{job}-{window}").unwrap());
    assert_eq!(job.settle, chrono::TimeDelta::hours(1));
    assert_eq!(job.revise_for, chrono::TimeDelta::days(14));
    assert_eq!((job.max_catch_up, job.timezone), (31, Tz::UTC));
    assert_eq!(job.hook_timeout, Duration::from_secs(300));
    assert_eq!(job.cadence, Cadence::PreviousWeek);
}

#[test]
fn the_example_is_a_jobs_file_with_every_key() {
    assert_eq!(parse(EXAMPLE).unwrap().len(), 1);
    // With all that is commented out, too.
    let uncommented = |line: &str| match line.strip_prefix("# ") {
        Some(key)
            if key
                .split_once(" = ")
                .is_some_and(|(key, _)| !key.contains(' ')) =>
        {
            format!("{key}\n")
        }
        _ => format!("{line}\n"),
    };
    let all: String = EXAMPLE.lines().map(uncommented).collect();
    let [job] = &parse(&all).unwrap()[..] else {
        panic!("one job");
    };
    assert_eq!(job.fail_on, Some(FailOn::Rows));
    assert_eq!(job.question.wanted.gap_minutes, Some(30));
    let keys = all
        .lines()
        .filter(|line| !line.starts_with('#') && line.contains(" = "))
        .count();
    // What serde knows, without `lake`, which stands in place of `inputs`.
    let known = wrong(&format!("{LEAST}nonsense = 1\n")).1;
    let known = known.split('`').skip(3).step_by(2).count() - 1;
    assert_eq!(keys, known - 1);
}

#[test]
fn nonsense_names_its_line_and_says_what_to_write() {
    for (line, text, fix) in [
        (
            8,
            format!("{LEAST}formts = [\"csv\"]\n"),
            "Did you mean 'formats'?",
        ),
        (
            8,
            format!("{LEAST}settle = \"soon\"\n"),
            "write minutes, hours, days or weeks",
        ),
        (8, format!("{LEAST}settle = 3\n"), "such as \"90m\""),
        (
            8,
            format!("{LEAST}fail_on = \"row\"\n"),
            "Did you mean 'rows'?",
        ),
        (
            5,
            LEAST.replace("previous-week", "previous-weeks"),
            "Did you mean 'previous-week'?",
        ),
        (
            1,
            LEAST.replace("window = \"previous-week\"\n", ""),
            "missing field `window`",
        ),
        (6, LEAST.replace("2026-03-02", "\"2026-03-02\""), "datetime"),
        (
            1,
            LEAST.replace("2026-03-02", "2026-03-02T10:00:00"),
            "`start` is a day",
        ),
        (1, format!("{LEAST}lake = \"lake\"\n"), "take one away"),
        (
            1,
            LEAST.replace("inputs = [\"logs\"]\n", ""),
            "it reads nothing",
        ),
        (
            1,
            LEAST.replace("[\"logs\"]", "[\"-\"]"),
            "standard input is gone",
        ),
        (
            1,
            LEAST.replace("\"monday\"", "\"../monday\""),
            "letters, digits",
        ),
        (
            1,
            LEAST.replace("\"reports\"", "\"s3://b/p\""),
            "is no bucket's name",
        ),
        (
            1,
            format!("{LEAST}timezone = \"Europe/Berln\"\n"),
            "Did you mean 'Europe/Berlin'?",
        ),
        (
            1,
            format!("{LEAST}formats = [\"jsnl\"]\n"),
            "Did you mean 'jsonl'?",
        ),
        (1, format!("{LEAST}formats = [\"csv\", \"csv\"]\n"), "twice"),
        (1, format!("{LEAST}formats = []\n"), "write formats = "),
        (
            1,
            format!("{LEAST}file = \"weekly\"\n"),
            "put {window} into it",
        ),
        (
            1,
            format!("{LEAST}on_success = []\n"),
            "such as on_success = ",
        ),
        (1, format!("{LEAST}contact_id = \"17\"\n"), "36 characters"),
        (1, format!("{LEAST}gap = 1441\n"), "at most 1440"),
        (9, format!("{LEAST}\n{LEAST}"), "give each its own"),
        (1, "job = []".to_owned(), "begin one with [[job]]"),
        (1, String::new(), "missing field `job`"),
        (1, "[[job]\n".to_owned(), "--example"),
    ] {
        let (at, why) = wrong(&text);
        assert!(why.contains(fix), "{text}: {why}");
        assert_eq!(at, line, "{text}: {why}");
    }
}

#[test]
fn two_jobs_do_not_write_one_file() {
    let other = LEAST.replace("monday", "tuesday");
    assert_eq!(parse(&format!("{LEAST}{other}")).unwrap().len(), 2);
    let pattern = "file = \"{report}-{window}\"\n";
    let (line, why) = wrong(&format!("{LEAST}{pattern}{other}{pattern}"));
    assert_eq!(line, 9);
    assert!(why.contains("put {job} into `file`"), "{why}");
}
