use polars::prelude::df;

use super::*;

fn about(roles: Roles) -> About {
    About {
        nothing: "Nothing.".to_owned(),
        roles,
        ..About::default()
    }
}

fn role(name: &str) -> Option<String> {
    Some(name.to_owned())
}

#[test]
fn what_was_tried_in_vain_is_not_counted_as_done() {
    let rows = df!(
        "day" => ["2026-03-01", "2026-03-01", "2026-03-02", "never"],
        "who" => [Some("ana"), Some("ben"), Some("ana"), None],
        "what" => ["read", "read", "delete", "read"],
        "outcome" => ["ok", "denied", "ok", "ok"],
    )
    .unwrap();
    let about = about(Roles {
        time: role("day"),
        person: role("who"),
        kind: role("what"),
        outcome: role("outcome"),
        in_vain: vec!["denied".to_owned()],
        ..Roles::default()
    });
    let tally = Tally::of(&rows, &about).unwrap();
    assert_eq!(
        tally.sentence(&about),
        "4 rows, by 2 actors, from 2026-03-01 to 2026-03-02: 2 read, 1 delete, 1 denied."
    );
    let series: Vec<_> = tally.series.iter().map(|s| (&*s.name, s.in_vain)).collect();
    assert_eq!(
        series,
        [("read", false), ("delete", false), ("denied", true)]
    );
    let days: Vec<_> = tally.days.values().cloned().collect();
    assert_eq!(days, [vec![1, 0, 1], vec![0, 1, 0]]);
    assert_eq!(tally.undated, 1);
    assert_eq!(tally.people[0].name, "ana");
    let attempts = tally.attempts();
    assert_eq!(attempts.len(), 1);
    assert_eq!((&*attempts[0].name, attempts[0].total()), ("ben", 1));
    assert_eq!(tally.people[1].name, UNTOLD);
    assert!(tally.hours.is_none());
    let all = tally.people.iter().map(Share::total).sum::<u64>();
    assert_eq!(all, 4);
}

#[test]
fn rows_that_are_counts_are_added_up() {
    let rows = df!(
        "day" => ["2026-03-01", "2026-03-02"],
        "deletes" => [3i64, 0],
        "attempts" => [1i64, 2],
    )
    .unwrap();
    let about = about(Roles {
        time: role("day"),
        measures: vec!["attempts".to_owned(), "deletes".to_owned()],
        in_vain: vec!["attempts".to_owned()],
        ..Roles::default()
    });
    let tally = Tally::of(&rows, &about).unwrap();
    assert_eq!(
        tally.sentence(&about),
        "2 rows, from 2026-03-01 to 2026-03-02: 3 deletes, 3 attempts."
    );
}

#[test]
fn rows_that_stand_for_several_say_of_what_they_are() {
    let rows = df!("how" => ["denied", "failed"], "attempts" => [3i64, 2]).unwrap();
    let about = about(Roles {
        kind: role("how"),
        weight: role("attempts"),
        ..Roles::default()
    });
    let tally = Tally::of(&rows, &about).unwrap();
    assert_eq!(
        tally.sentence(&about),
        "2 rows: 5 attempts: 3 denied, 2 failed."
    );
}

#[test]
fn days_and_hours_are_those_of_the_zone() {
    let rows = crate::sample::hostile_rows();
    let mut about = about(Roles {
        time: role("event_time"),
        ..Roles::default()
    });
    about.timezone = chrono_tz::Asia::Tokyo;
    let tally = Tally::of(&rows.slice(0, 1), &about).unwrap();
    // 2026-03-02T09:05:17Z was a Monday.
    assert_eq!(tally.hours.unwrap()[0][18], 1);
    assert_eq!(tally.series[0].name, ROWS);
}

#[test]
fn counts_beyond_all_measure_end_the_scale() {
    let rows = df!("who" => ["ana", "ana"], "attempts" => [u64::MAX, 1]).unwrap();
    let about = about(Roles {
        person: role("who"),
        measures: vec!["attempts".to_owned()],
        ..Roles::default()
    });
    let tally = Tally::of(&rows, &about).unwrap();
    assert_eq!(tally.people[0].total(), u64::MAX);
}

#[test]
fn no_rows_are_an_answer() {
    let rows = df!("who" => ["ana"]).unwrap().clear();
    let about = about(Roles::default());
    let tally = Tally::of(&rows, &about).unwrap();
    assert_eq!(tally.sentence(&about), "Nothing.");
}
