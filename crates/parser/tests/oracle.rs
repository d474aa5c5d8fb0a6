//! Holds the reader against a slow and plain one that goes through
//! `serde_json::Value`, on records full of odd types, and against any bytes.

use earwitness_parser::{Event, Interest, Item, Reader, Timestamp};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// What is compared: what each field says, in plain types.
#[derive(Debug, PartialEq)]
struct Said {
    texts: Vec<Option<String>>,
    flags: Vec<Option<bool>>,
    counts: Vec<Option<u64>>,
    time: Option<i64>,
    arns: Vec<Option<String>>,
}

const NAMES: [&str; 4] = ["DeleteObject", "DeleteObjects", "GetObject", "PutObject"];

fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => number.to_string(),
            (None, Some(number)) => number.to_string(),
            (None, None) => number.as_f64()?.to_string(),
        },
        Value::Array(values) => values.iter().find_map(|value| text(Some(value)))?,
        Value::Null | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn flag(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn count(value: Option<&Value>) -> Option<u64> {
    // A double tells neighbours apart up to 2^53.
    let exact = |number: &f64| *number >= 0.0 && number.fract() == 0.0 && *number <= 2f64.powi(53);
    let float = |number: f64| Some(number).filter(exact).map(|number| number as u64);
    match value? {
        Value::Number(number) => number.as_u64().or_else(|| float(number.as_f64()?)),
        // Spaces around a number are no part of it.
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| float(text.parse().ok()?))
        }
        _ => None,
    }
}

fn time(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::String(text) => Timestamp::parse(text).map(|time| time.0),
        Value::Number(number) => {
            let seconds = number.as_f64().filter(|number| *number >= 0.0)?;
            Some(
                (if seconds < 1e11 {
                    seconds * 1e6
                } else {
                    seconds * 1e3
                }) as i64,
            )
        }
        _ => None,
    }
}

fn at<'a>(record: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(record, |value, key| value.as_object()?.get(*key))
}

fn oracle(record: &Value) -> Said {
    let texts = [
        &["eventVersion"][..],
        &["eventSource"],
        &["eventName"],
        &["awsRegion"],
        &["sourceIPAddress"],
        &["userAgent"],
        &["errorCode"],
        &["requestID"],
        &["eventID"],
        &["userIdentity", "type"],
        &["userIdentity", "accountId"],
        &[
            "userIdentity",
            "sessionContext",
            "sessionIssuer",
            "userName",
        ],
        &["requestParameters", "versionId"],
        &["additionalEventData", "AuthenticationMethod"],
    ];
    let either = |first: &[&str], second: &[&str]| {
        text(at(record, first)).or_else(|| text(at(record, second)))
    };
    let mut texts: Vec<_> = texts.iter().map(|path| text(at(record, path))).collect();
    texts.push(either(
        &["requestParameters", "key"],
        &["requestParameters", "Key"],
    ));
    let resources = match record.get("resources") {
        Some(Value::Array(resources)) => resources.clone(),
        Some(only @ Value::Object(_)) => vec![only.clone()],
        _ => Vec::new(),
    };
    Said {
        texts,
        flags: vec![
            flag(at(record, &["readOnly"])),
            flag(at(record, &["responseElements", "x-amz-delete-marker"])),
        ],
        counts: vec![
            count(at(record, &["additionalEventData", "bytesTransferredOut"])),
            count(at(record, &["additionalEventData", "objectSize"])),
        ],
        time: time(record.get("eventTime")),
        arns: resources
            .iter()
            .map(|resource| {
                let arn = at(resource, &["ARN"]);
                text(arn).or_else(|| text(at(resource, &["arn"])))
            })
            .collect(),
    }
}

fn said(event: &Event<'_>) -> Said {
    let own = |text: &earwitness_parser::Text<'_>| text.get().map(str::to_owned);
    let identity = &event.user_identity;
    Said {
        texts: vec![
            own(&event.event_version),
            own(&event.event_source),
            own(&event.event_name),
            own(&event.aws_region),
            own(&event.source_ip_address),
            own(&event.user_agent),
            own(&event.error_code),
            own(&event.request_id),
            own(&event.event_id),
            own(&identity.kind),
            own(&identity.account_id),
            own(&identity.session_context.session_issuer.user_name),
            own(&event.request_parameters.version_id),
            own(&event.additional_event_data.authentication_method),
            own(&event.request_parameters.key),
        ],
        flags: vec![event.read_only.0, event.response_elements.delete_marker.0],
        counts: vec![
            event.additional_event_data.bytes_transferred_out.0,
            event.additional_event_data.object_size.0,
        ],
        time: event.event_time.0.map(|time| time.0),
        arns: event
            .resources
            .0
            .iter()
            .map(|resource| own(&resource.arn))
            .collect(),
    }
}

/// Values as real logs hold them: now and then of a type that nobody expects.
fn odd(usual: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    let words = r#"[a-zA-Z0-9 /:\\"é\u{202f}=&-]{0,12}"#;
    prop_oneof![
        6 => usual,
        1 => words.prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => Just(json!(2356.0)),
        1 => r" ?[0-9]{1,18}(\.0)?(e[0-9]{1,2})? ?".prop_map(Value::from),
        1 => Just(Value::Null),
        1 => words.prop_map(|word| json!([word, null])),
        1 => words.prop_map(|word| json!({"key": word, "x": [1, {"y": []}]})),
        1 => Just(json!([])),
    ]
    .boxed()
}

fn words() -> BoxedStrategy<Value> {
    odd(r#"[a-zA-Z0-9/:.{}\[\],"\\-]{0,20}"#.prop_map(Value::from))
}

fn record() -> impl Strategy<Value = Value> {
    let name = proptest::sample::select(&NAMES[..]).prop_map(Value::from);
    let times = prop_oneof![
        Just(json!("2026-03-02T09:05:17Z")),
        Just(json!("2022-12-11 19:42:55")),
        Just(json!("2025-01-20 16:52:14.000000000")),
        Just(json!(" 2026-03-02T09:05:17Z")),
        Just(json!("redacted")),
    ];
    let identity = odd(
        (words(), words(), words()).prop_map(|(kind, account, role)| {
            json!({"type": kind, "accountId": account,
            "sessionContext": {"sessionIssuer": {"userName": role}, "attributes": {}}})
        }),
    );
    let parameters = odd((words(), words(), words(), words()).prop_map(|(bucket, key, other, version)| {
        json!({"bucketName": bucket, "key": key, "Key": other, "versionId": version, "Host": "h", "host": ["h"]})
    }));
    let data = odd((words(), words()).prop_map(|(bytes, method)| {
        json!({"bytesTransferredOut": bytes, "objectSize": 7.0, "AuthenticationMethod": method})
    }));
    let resources =
        odd((words(), words())
            .prop_map(|(one, two)| json!([{"ARN": one}, {"arn": two, "ARN": null}])));
    let rest = odd(Just(json!({"x-amz-delete-marker": "true"})));
    (
        (name, odd(times), words(), words(), words()),
        (identity, parameters, data, resources, rest),
        proptest::sample::subsequence((0..16).collect::<Vec<usize>>(), 0..=3),
    )
        .prop_map(
            |(
                (name, time, id, agent, code),
                (identity, parameters, data, resources, response),
                gone,
            )| {
                let fields = [
                    ("eventVersion", json!("1.11")),
                    ("eventTime", time),
                    ("eventSource", json!("s3.amazonaws.com")),
                    ("eventName", name),
                    ("awsRegion", json!("us-west-2")),
                    ("sourceIPAddress", agent.clone()),
                    ("userAgent", agent),
                    ("errorCode", code.clone()),
                    ("requestID", code),
                    ("eventID", id),
                    ("readOnly", json!("True")),
                    ("userIdentity", identity),
                    ("requestParameters", parameters),
                    ("additionalEventData", data),
                    ("resources", resources),
                    ("responseElements", response),
                ];
                let kept = fields
                    .into_iter()
                    .enumerate()
                    .filter(|(at, _)| !gone.contains(at));
                Value::Object(
                    kept.map(|(_, (key, value))| (key.to_owned(), value))
                        .collect::<Map<_, _>>(),
                )
            },
        )
}

fn read(bytes: &[u8], interest: Interest) -> (Vec<Said>, usize) {
    let mut events = Vec::new();
    let mut items = 0;
    Reader::new(interest, 1 << 24).read(bytes, &mut |item| {
        items += 1;
        if let Item::Event { event, .. } = item {
            events.push(said(&event));
        }
    });
    (events, items)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_reader_says_what_a_plain_reader_says(
        records in proptest::collection::vec(record(), 1..6),
        pretty in any::<bool>(),
        wanted in proptest::sample::subsequence(&NAMES[..], 1..=4),
    ) {
        let document = json!({"Records": records});
        let text = if pretty {
            serde_json::to_string_pretty(&document).unwrap()
        } else {
            document.to_string()
        };
        let expected: Vec<Said> = records
            .iter()
            .filter(|record| text_is_one_of(record, &wanted))
            .map(oracle)
            .filter(|said| said.time.is_some())
            .collect();
        let (events, items) = read(text.as_bytes(), Interest::in_events(&wanted));
        prop_assert_eq!(events, expected);
        prop_assert_eq!(items, records.len(), "each record makes one item");
    }

    #[test]
    fn escaping_a_name_hides_nothing(record in record(), which in 0..12usize) {
        let mut text = record.to_string();
        if let Some(name) = record["eventName"].as_str() {
            let at = which % name.len();
            let escaped = format!("{}\\u{:04x}{}", &name[..at], name.as_bytes()[at], &name[at + 1..]);
            text = text.replace(&format!("\"eventName\":\"{name}\""), &format!("\"eventName\":\"{escaped}\""));
        }
        let plain = read(record.to_string().as_bytes(), Interest::in_events(NAMES));
        prop_assert_eq!(read(text.as_bytes(), Interest::in_events(NAMES)), plain);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes, Interest::everything());
    }

    #[test]
    fn no_damage_makes_it_panic_or_lose_the_others(
        records in proptest::collection::vec(record(), 2..6),
        cut in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut text = json!({"Records": records}).to_string().into_bytes();
        let (whole, _) = read(&text, Interest::everything());
        let at = cut.index(text.len());
        // Every record that ends before the cut is still read.
        let (before, items) = read(&text[..at], Interest::everything());
        prop_assert!(whole.starts_with(&before) && items > 0);
        text[at] = byte;
        read(&text, Interest::everything());
    }
}

/// How many cases each property is tried on; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    ProptestConfig::default().cases.max(512)
}

fn text_is_one_of(record: &Value, names: &[&str]) -> bool {
    text(record.get("eventName")).is_some_and(|name| names.contains(&name.as_str()))
}

/// Damages text in places where structure lies.
fn damaged(text: &str, places: &[proptest::sample::Index], bytes: &[u8]) -> Vec<u8> {
    let mut text = text.as_bytes().to_vec();
    for (place, byte) in places.iter().zip(bytes) {
        let at = place.index(text.len());
        let near = text[at..]
            .iter()
            .position(|byte| b"\"{}[]:,\\".contains(byte));
        let at = at + near.unwrap_or_default();
        match byte % 3 {
            0 => {
                text.remove(at);
            }
            1 => text.insert(at, b"\"{}[],:\\\n"[usize::from(*byte / 3) % 9]),
            _ => text[at] = b"\"{}[],:\\\nx"[usize::from(*byte / 3) % 10],
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn damage_to_a_line_costs_no_other_line(
        records in proptest::collection::vec(record(), 2..9),
        wanted in proptest::sample::subsequence(&NAMES[..], 1..=4),
        hit in any::<u8>(),
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        // The first line tells that each line is a record.
        let is_hit = |line: usize| line > 0 && hit >> (line % 8) & 1 == 1;
        let mut text = Vec::new();
        for (line, record) in records.iter().enumerate() {
            let record = record.to_string();
            if is_hit(line) {
                text.extend(damaged(&record, &[place], &[byte]));
            } else {
                text.extend(record.bytes());
            }
            text.push(b'\n');
        }
        let whole = records.iter().enumerate().filter(|(line, _)| !is_hit(*line));
        let whole = whole.map(|(_, record)| record).filter(|record| text_is_one_of(record, &wanted));
        let whole = whole.map(oracle).filter(|said| said.time.is_some());
        let (found, _) = read(&text, Interest::in_events(&wanted));
        let mut found = found.iter();
        for said in whole {
            prop_assert!(
                found.any(|found| *found == said),
                "{said:?} of\n{}", String::from_utf8_lossy(&text)
            );
        }
    }

    #[test]
    fn a_narrow_question_finds_what_a_wide_one_finds(
        records in proptest::collection::vec(record(), 1..9),
        wanted in proptest::sample::subsequence(&NAMES[..], 1..=3),
        lines in any::<bool>(),
        places in proptest::collection::vec(any::<proptest::sample::Index>(), 0..4),
        bytes in proptest::collection::vec(any::<u8>(), 4),
    ) {
        let text = if lines {
            records.iter().map(|record| format!("{record}\n")).collect()
        } else {
            json!({"Records": records}).to_string()
        };
        let text = damaged(&text, &places, &bytes);
        let names = |said: &Said| said.texts[2].as_deref().is_some_and(|name| wanted.contains(&name));
        let (mut all, _) = read(&text, Interest::everything());
        all.retain(names);
        let (narrow, _) = read(&text, Interest::in_events(&wanted));
        prop_assert_eq!(narrow, all, "{}", String::from_utf8_lossy(&text));
    }
}
