//! What an answer is about: window, recordings, filters, tables.

use earwitness_query::{Ask, ParameterValue, Report, Scope, Table, Window, answer};
use serde_json::json;

use crate::small::{BUCKET, USER, column, delete, gather, key, report, rows, session};

#[test]
fn a_batch_delete_without_keys_is_told_by_its_bucket_whatever_the_window() {
    let bucket = "our-own-name";
    let keyless = delete(
        "2",
        json!({
            "eventName": "DeleteObjects",
            "requestParameters": {"bucketName": bucket},
        }),
    );
    let keyed = delete(
        "1",
        json!({
            "eventTime": "2026-02-01T00:00:00Z",
            "requestParameters": {"bucketName": bucket, "key": key()},
        }),
    );
    let scope = Scope {
        window: Window {
            since: Some(1_772_409_600_000_000),
            until: None,
        },
        ..Scope::default()
    };
    let report = report("who-deleted");
    let evidence = gather(&report, &[keyed, keyless.clone()], &scope);
    let found = rows(&report, &evidence, &Ask::default());
    assert_eq!(column(&found, "outcome"), ["unknown-keys"]);
    // Where nothing tells, the user is told that something was left out.
    let evidence = gather(&report, &[keyless], &scope);
    assert_eq!(rows(&report, &evidence, &Ask::default()).len(), 0);
    assert_eq!(evidence.keyless_left_out(), 1);
}

#[test]
fn only_recordings_unless_all_objects_are_asked_for() {
    let other = delete(
        "1",
        json!({"requestParameters": {"bucketName": "b", "key": "report.csv"}}),
    );
    let report = report("who-deleted");
    for (all_objects, expected) in [(false, 0), (true, 1)] {
        let scope = Scope {
            all_objects,
            ..Scope::default()
        };
        let evidence = gather(&report, std::slice::from_ref(&other), &scope);
        assert_eq!(rows(&report, &evidence, &Ask::default()).len(), expected);
        assert_eq!(evidence.counts().filtered, 1 - expected as u64);
    }
}

#[test]
fn filters_and_parameters_are_values_whatever_they_hold() {
    let report = report("who-deleted");
    let name = "x' OR '1'='1 -- \"";
    let records = [
        delete(
            "1",
            json!({"userIdentity": {"type": "IAMUser", "userName": name}}),
        ),
        delete("2", json!({})),
    ];
    let evidence = gather(&report, &[json!(records)], &Scope::default());
    let ask = Ask {
        user: Some(name.to_owned()),
        ..Ask::default()
    };
    assert_eq!(column(&rows(&report, &evidence, &ask), "event_id"), ["1"]);
    let ask = Ask {
        bucket: Some("nowhere".to_owned()),
        ..Ask::default()
    };
    assert_eq!(rows(&report, &evidence, &ask).len(), 0);
    let ask = Ask {
        parameters: vec![("gap".to_owned(), ParameterValue::Integer(1))],
        ..Ask::default()
    };
    assert!(answer(&report, &evidence, &ask).is_err());
}

#[test]
fn a_text_parameter_is_only_ever_a_value() {
    let text = "-- title: T\n-- events: DeleteObject\n\
                -- parameter: agent text 'none -- ''yet''' The program to look for.\n\
                SELECT a.event_id, p.agent AS sought FROM accesses AS a CROSS JOIN parameters AS p\n\
                WHERE a.user_agent = p.agent ORDER BY a.access_id";
    let report = Report::parse("by-agent", text).unwrap();
    let hostile = "'; DROP TABLE accesses; -- \"";
    let records = [
        delete("1", json!({"userAgent": hostile})),
        delete("2", json!({"userAgent": "none -- 'yet'"})),
    ];
    let evidence = gather(&report, &[json!(records)], &Scope::default());
    let asked = |value: Option<&str>| {
        let value = value.map(|value| report.parameters[0].value(value).unwrap());
        let given = value.map(|value| ("agent".to_owned(), value));
        let ask = Ask {
            parameters: given.into_iter().collect(),
            ..Ask::default()
        };
        rows(&report, &evidence, &ask)
    };
    assert_eq!(column(&asked(Some(hostile)), "event_id"), ["1"]);
    assert_eq!(column(&asked(Some(hostile)), "sought"), [hostile]);
    assert_eq!(column(&asked(None), "event_id"), ["2"]);
    assert!(asked(Some("' OR 1 = 1 --")).is_empty());
}

#[test]
fn every_table_answers_sql() {
    let records = json!({"Records": [
        delete("1", json!({})),
        delete("2", json!({"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"})),
        delete("4", json!({"eventName": "MonitorContact", "eventSource": "connect.amazonaws.com"})),
        delete("3", json!({"userIdentity": session("AWSServiceRoleForAmazonConnect_EXAMPLE", USER)})),
    ]});
    let user = json!({"User": {"Id": USER, "Username": "mary"}});
    let contact = json!({"AWSContactTraceRecordFormatVersion": "2017-03-10", "ContactId": "c",
        "InitiationMethod": "MONITOR",
        "Recordings": [{"Location": "b/k.wav"}],
        "Agent": {"ARN": "arn:aws:connect:r:1:instance/i/agent/u", "Username": "mary"}});
    let expired = json!({"detail-type": "Object Deleted", "source": "aws.s3",
        "time": "2026-03-02T09:05:17Z",
        "detail": {"bucket": {"name": BUCKET}, "object": {"key": key()}}});
    for table in Table::ALL {
        let columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        let text = format!(
            "-- title: T\n-- events: DeleteObject, MonitorContact, StopLogging\nSELECT {} FROM {}",
            columns.join(", "),
            table.name()
        );
        let report = Report::parse("all", &text).unwrap();
        let evidence = gather(
            &report,
            &[
                records.clone(),
                contact.clone(),
                user.clone(),
                expired.clone(),
            ],
            &Scope::default(),
        );
        let rows = rows(&report, &evidence, &Ask::default());
        assert!(!rows.is_empty(), "{} is empty", table.name());
        assert_eq!(rows[0].as_object().unwrap().len(), columns.len());
        assert!(
            table
                .columns()
                .iter()
                .all(|column| !column.meaning.is_empty())
        );
    }
}
