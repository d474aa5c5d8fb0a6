use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Args, clap::Error> {
    Args::try_parse_from(format!("earwitness {line}").split_whitespace())
}

fn report(options: &str) -> Result<ReportArgs, clap::Error> {
    match parse(&format!("report who-deleted logs {options}"))?.command {
        Command::Report(args) => Ok(*args),
        other => panic!("{other:?}"),
    }
}

fn error_of(options: &str) -> String {
    let error = report(options).unwrap_err();
    assert_eq!(error.exit_code(), 2, "{options}");
    assert!(error.use_stderr(), "{options}");
    error.to_string()
}

fn help_of(line: &str) -> String {
    parse(line).unwrap_err().to_string()
}

#[test]
fn the_declaration_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn what_is_not_asked_for_has_its_default() {
    let args = report("").unwrap();
    assert_eq!(args.report, "who-deleted");
    assert_eq!(args.inputs, ["logs"]);
    assert_eq!(args.wanted.gap_minutes, None);
    assert_eq!(args.how.max_inflated_bytes.0, 2 << 30);
    assert_eq!(
        (args.output, args.out_file, args.how.threads),
        (None, None, None)
    );
    assert!(!(args.all_objects || args.force || args.csv_raw || args.how.quiet));
}

#[test]
fn everything_can_be_asked_for() {
    let args = report(
        "more/*.gz - --since 2026-03-01 --until 2026-04-01 --user ana --bucket b --gap 0 \
         --contact-id 0a1b2c3d-1111-2222-3333-444455556666 --all-objects --output csv \
         --out-file out.csv --force --csv-raw --queries q --threads 2 --max-inflated-bytes 500MB -q",
    )
    .unwrap();
    assert_eq!(args.inputs, ["logs", "more/*.gz", "-"]);
    let now = "2026-05-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        args.window(now).unwrap().to_string(),
        "2026-03-01T00:00:00Z (inclusive) to 2026-04-01T00:00:00Z (exclusive)"
    );
    assert_eq!(args.output, Some(Format::Csv));
    assert_eq!(args.wanted.gap_minutes, Some(0));
    assert_eq!(args.how.threads, Some(2));
    assert_eq!(args.how.max_inflated_bytes.0, 500_000_000);
    assert!(args.all_objects && args.force && args.csv_raw && args.how.quiet);
}

#[test]
fn nonsense_is_wrong_usage_and_says_what_would_be_right() {
    for (options, fix) in [
        ("--since tomorrowish", "write one of these forms"),
        ("--until 2026-02-30", "there is no date 2026-02-30"),
        ("--gap 1441", "0..=1440"),
        ("--gap -1", "0..=1440"),
        ("--since -7d", "write one of these forms"),
        (
            "--output xml",
            "table, csv, json, jsonl, parquet, xlsx, html",
        ),
        ("--output tabel", "similar value exists: 'table'"),
        ("--contact-id 17", "36 characters"),
        ("--max-inflated-bytes lots", "500MB or 2GiB"),
        ("--threads 0", "1..=1024"),
        ("--untill 7d", "similar argument exists: '--until'"),
        ("--user=", "--user <USER>"),
        ("--bucket=", "--bucket <NAME>"),
    ] {
        let error = error_of(options);
        assert!(error.contains(fix), "{options}: {error}");
    }
    let error = parse("report who-deleted").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingRequiredArgument);
    assert!(error.to_string().contains("<INPUT>..."), "{error}");
    assert!(help_of("reprot x y").contains("similar subcommand"));
}

#[test]
fn help_begins_with_examples() {
    for line in [
        "-h",
        "--help",
        "report -h",
        "report --help",
        "dashboard -h",
        "reports -h",
        "run -h",
        "completions -h",
        "man -h",
    ] {
        let help = help_of(line);
        let examples = help
            .find("Examples:\n")
            .unwrap_or_else(|| panic!("{line}: {help}"));
        assert!(examples < help.find("Usage:").unwrap(), "{line}: {help}");
    }
    let names = Format::ALL.map(Format::name).join(", ");
    let help = help_of("report -h");
    // Lines may end inside the list.
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(words.join(" ").contains(&names), "{help}");
}

#[test]
fn nothing_asked_is_wrong_usage_with_three_commands_to_try() {
    let error = Args::try_parse_from(["earwitness"]).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.use_stderr());
    let help = error.to_string();
    assert!(
        help.starts_with("Answers from AWS CloudTrail who deleted"),
        "{help}"
    );
    assert_eq!(help.matches("\n  earwitness report").count(), 3, "{help}");
}

#[test]
fn the_other_commands_are_there() {
    let reports = parse("reports who-deleted --columns").unwrap().command;
    assert!(matches!(
        reports,
        Command::Reports(ReportsArgs { columns: true, .. })
    ));
    let completions = parse("completions bash").unwrap().command;
    assert!(matches!(completions, Command::Completions(_)));
    assert!(matches!(parse("man").unwrap().command, Command::Man));
    assert_eq!(
        parse("--version").unwrap_err().kind(),
        ErrorKind::DisplayVersion
    );
}

// Every example that help shows must be a command that parses.
#[test]
fn every_example_parses() {
    let mut ran = 0;
    for examples in [
        EXAMPLES,
        report::EXAMPLES,
        dashboard::EXAMPLES,
        doctor::EXAMPLES,
        reports::EXAMPLES,
        run::EXAMPLES,
        watch::EXAMPLES,
        fetch::EXAMPLES,
        ingest::EXAMPLES,
        lake::EXAMPLES,
        other_engine::TABLES_EXAMPLES,
        other_engine::DEFINITION_EXAMPLES,
        other_engine::SQL_EXAMPLES,
        completions::EXAMPLES,
    ] {
        for line in examples.lines().skip(1) {
            let (_, line) = line.split_once("earwitness ").unwrap();
            let line = line.split(" > ").next().unwrap().replace('\'', "");
            parse(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            ran += 1;
        }
    }
    assert_eq!(ran, 46);
}

// What the guides tell people to type must be commands that parse.
#[test]
fn every_command_in_the_guides_parses() {
    let guides = [
        include_str!("../../../../docs/compliance.md"),
        include_str!("../../../../docs/security.md"),
        include_str!("../../../../docs/aws.md"),
        include_str!("../../../../docs/schedule.md"),
    ];
    let mut ran = 0;
    for guide in guides {
        // Between fences lines are commands, elsewhere what stands in quotes.
        for (place, part) in guide.split("```").enumerate() {
            let ends: &[char] = if place % 2 == 1 { &['\n'] } else { &['`'] };
            for command in part.split(ends) {
                let Some(line) = command.strip_prefix("earwitness ") else {
                    continue;
                };
                let line = line.split(" >").next().unwrap();
                // Prose may begin with the program's name.
                if line.contains('\n') {
                    continue;
                }
                parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
                ran += 1;
            }
        }
    }
    assert!(ran > 15, "{ran} commands");
}
