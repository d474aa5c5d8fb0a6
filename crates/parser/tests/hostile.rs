//! Inputs made to hurt: each once crashed a reader, hid a record or took all
//! memory or time. Limits on time are a hundred times what a sound reader takes.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::Write as _;
use std::time::{Duration, Instant};

use base64::Engine as _;
use earwitness_parser::{Interest, Item, Passed, Reader};
use flate2::Compression;
use flate2::write::GzEncoder;

struct Read {
    events: Vec<String>,
    rejects: Vec<String>,
    passed: Vec<Passed>,
    items: u64,
    highest_index: u64,
}

fn read_at_most(bytes: &[u8], max_bytes: usize) -> Read {
    let mut read = Read {
        events: Vec::new(),
        rejects: Vec::new(),
        passed: Vec::new(),
        items: 0,
        highest_index: 0,
    };
    Reader::new(Interest::everything(), max_bytes).read(bytes, &mut |item| {
        read.items += 1;
        match item {
            Item::Event { event, .. } => read.events.push(event.event_id.as_str().to_owned()),
            Item::Reject(reject) => {
                read.highest_index = read.highest_index.max(reject.position.index);
                read.rejects.push(reject.reason.to_string());
            }
            Item::Passed(passed) => read.passed.push(passed),
            Item::S3Deletion { .. } | Item::Contact { .. } | Item::Directory { .. } => {}
        }
    });
    read
}

fn read(bytes: &[u8]) -> Read {
    read_at_most(bytes, 1 << 30)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn event(id: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.11","eventTime":"2026-03-02T09:05:17Z","eventName":"DeleteObject","eventID":"{id}"}}"#
    )
}

#[test]
fn wrappers_in_wrappers_end_in_a_reject_and_not_in_a_full_stack() {
    for open in [
        r#"{"Records":["#,
        "[",
        r#"{"detail":"#,
        r#"{"detail":{"Events":["#,
    ] {
        let text = open.repeat(50_000);
        assert!(!read(text.as_bytes()).rejects.is_empty(), "{open}");
    }
    let closed = format!(
        "{}{}",
        r#"{"Records":["#.repeat(20_000),
        "]}".repeat(20_000)
    );
    let read = read(closed.as_bytes());
    assert!(read.rejects[0].contains("wrappers inside one another"));
}

#[test]
fn a_caller_cannot_pass_a_record_off_as_something_else() {
    for text in ["aws:s3", "AwsAggregatedEvent", "Aggregated", "aws:kinesis"] {
        let record = event("1").replace(
            r#""eventID""#,
            &format!(r#""requestParameters":{{"bucketName":"b","key":"k","x-id":"{text}"}},"userAgent":"{text}","eventID""#),
        );
        assert_eq!(read(record.as_bytes()).events, ["1"], "{text}");
    }
    let kinesis = format!(
        r#"{{"Records":[{{"eventID":"shard:1","eventName":"aws:kinesis:record","eventSource":"aws:kinesis","kinesis":{{"data":"{}"}}}}]}}"#,
        base64::engine::general_purpose::STANDARD.encode(gzip(event("1").as_bytes()))
    );
    assert_eq!(read(kinesis.as_bytes()).events, ["1"]);
}

#[test]
fn every_cut_record_is_named() {
    let unclosed = event("1").replace('}', "");
    let text = format!(
        r#"{{"Records":[{unclosed}, "zz":[{},{}"#,
        event("2"),
        &event("3")[..40]
    );
    let read = read(text.as_bytes());
    assert!(read.rejects.len() >= 2, "{:?}", read.rejects);
    assert!(read.highest_index < read.items);
    let fuzzed = self::read(br#"[{"":{""#);
    assert!(fuzzed.highest_index < fuzzed.items);
}

#[test]
fn payloads_of_one_input_share_one_limit() {
    let bomb = base64::engine::general_purpose::STANDARD.encode(gzip(&vec![b' '; 8 << 20]));
    let payload = format!(r#"{{"awslogs":{{"data":"{bomb}"}}}}"#);
    let began = Instant::now();
    let read = read_at_most(&gzip(payload.repeat(40).as_bytes()), 10 << 20);
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(read.events.len(), 0);
    assert!(
        read.rejects
            .iter()
            .any(|reject| reject.contains("--max-inflated-bytes"))
    );
}

#[test]
fn text_around_records_costs_no_record() {
    let (one, two) = (event("1"), event("2"));
    for text in [
        format!("aws-logs-write-test\n{one}\n{two}"),
        format!("# a comment\n{one}\n{two}\n"),
        format!("2026-01-01 00:00:00.000 {one}\n2026-01-01 00:00:00.000 {two}"),
        format!("1767225600000 {one}\n1767225600000 {two}"),
        format!("Mar  2 09:05:17 host trail[1]: {one}\nMar  2 09:05:18 host trail[1]: {two}"),
        format!("{one}\n\u{feff}{two}"),
        format!("{one}\nand that was all: {{foo}}\n{two}"),
        format!(
            "@timestamp, @message\n1,\"{}\"\n2,\"{}\"\n",
            one.replace('"', "\"\""),
            two.replace('"', "\"\"")
        ),
        format!(
            "sep=;\r\n@timestamp;@message\r\n1;\"{}\"\r\n2;\"{}\"\r\n",
            one.replace('"', "\"\""),
            two.replace('"', "\"\"")
        ),
    ] {
        assert_eq!(read(text.as_bytes()).events, ["1", "2"], "{text}");
    }
    let named = read(format!("no record here\n{one}\nnor here").as_bytes());
    assert_eq!(named.rejects.len(), 2);
}

#[test]
fn damage_where_records_meet_costs_no_other_record() {
    let [one, two, three] = ["1", "2", "3"].map(event);
    let open = one.replace('}', "");
    let last_quote = one.replace("1\"}", "1}");
    let first_quote = one.replacen("n\":", "n:", 1);
    for (text, kept) in [
        // The text runs on up to the first quote of the next record.
        (format!("[{last_quote},{two},{three}]"), &["2", "3"][..]),
        (format!("{last_quote}{two}{three}"), &["2", "3"]),
        // How the others begin cannot be learnt from the first.
        (
            format!(r#"{{"Records":[{first_quote},{two},{three}]}}"#),
            &["2", "3"],
        ),
        (format!("[{one} {two},{three}]"), &["1", "2", "3"]),
        // Lines that begin in another way than the first record.
        (
            format!("[{{\"x\":1}},\n{open}\n{open}\n{two},\n{three}]"),
            &["2", "3"],
        ),
    ] {
        let read = read(text.as_bytes());
        assert_eq!(read.events, kept, "{text}");
        assert!(!read.rejects.is_empty(), "{text}");
    }
}

/// Two writers to one file, or a copy that was cut: a record lies in another.
#[test]
fn a_record_inside_a_damaged_one_is_read() {
    let [one, two, three] = ["1", "2", "3"].map(event);
    let cut = r#"{"eventVersion":"1.11","eventSource":"s3","eventName":"PutObject","userAgent":"#;
    let line = format!("{one}\n");
    for (text, kept) in [
        (format!("{line}{cut}{two}\n{three}\n"), ["1", "2", "3"]),
        (format!("{line}{cut}\n{two}\n{three}\n"), ["1", "2", "3"]),
        (format!("{line}{cut}{{}},{two}\n{three}\n"), ["1", "2", "3"]),
        (format!("[{one},{cut}{two},{three}]"), ["1", "2", "3"]),
        (format!("[{one},{cut}\"a\",{two},{three}]"), ["1", "2", "3"]),
    ] {
        for interest in [
            Interest::everything(),
            Interest::in_events(["DeleteObject"]),
        ] {
            let mut events = Vec::new();
            let mut rejects = 0;
            Reader::new(interest, 1 << 20).read(text.as_bytes(), &mut |item| match item {
                Item::Event { event, .. } => events.push(event.event_id.as_str().to_owned()),
                Item::Reject(_) => rejects += 1,
                _ => {}
            });
            assert_eq!(events, kept, "{text}");
            assert!(rejects > 0, "{text}");
        }
    }
}

#[test]
fn damage_costs_time_in_proportion() {
    let log_line = "2026-01-01T00:00:00.000Z ";
    for (name, text) in [
        (
            "keys without quotes",
            format!("[{}", "{x},".repeat(700_000)),
        ),
        (
            "damage behind a payload",
            r#"{"detail":{"eventName":1},x}"#.repeat(100_000),
        ),
        (
            "damage between records",
            r#"{"eventName":1}x"#.repeat(200_000),
        ),
        (
            "damage in one line",
            format!("{log_line}{}", "{x}".repeat(1_000_000)),
        ),
        (
            "times in one line",
            format!("{{\"eventName\":1}} {log_line}").repeat(80_000),
        ),
        (
            "lines that begin in another way than the first",
            format!("[{{\"x\":1}}{}]", ",\n{\"eventName\":1}".repeat(200_000)),
        ),
        (
            "arrays that each begin in another way",
            (0..200_000)
                .map(|n| format!(r#"{{"Records":[{{"k{n}":1}},{{x}}]}}"#))
                .collect(),
        ),
        ("unclosed records", r#"{"eventVersion":["#.repeat(200_000)),
        ("lines that open", "\n{".repeat(1_000_000)),
        (
            "records that nest",
            format!(r#"{{"Records":[{}"#, r#"{"eventVersion":{"#.repeat(200_000)),
        ),
        (
            "records that nest and break",
            format!("[{}x", r#"{"eventVersion":{"#.repeat(200_000)).repeat(2),
        ),
        (
            "quotes in an access log",
            format!(
                "o b [02/Mar/2026:09:05:17 +0000] - - r REST.DELETE.OBJECT k - 204 - - - - - \"{} v h\n",
                "\"x\" ".repeat(500_000)
            )
            .repeat(2),
        ),
        (
            "an open CSV quote",
            format!("@message\n{}", "\"x\n".repeat(500_000)),
        ),
    ] {
        let began = Instant::now();
        read(text.as_bytes());
        let took = began.elapsed();
        assert!(
            took < Duration::from_secs(8),
            "{name}: {} bytes took {took:?}",
            text.len()
        );
    }
}
