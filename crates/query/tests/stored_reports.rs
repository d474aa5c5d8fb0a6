//! A report written for another engine answers as earwitness does: over the
//! stored tables, which hold what every report could ask, it finds just what it
//! would see of the inputs itself.
//!
//! Every report is asked of every small world in `fixtures/reports`, its own and
//! the others', and of the synthetic contact centre, whole and in windows. The
//! engine here is the one inside; `crates/cli/tests/spark_engine.rs` asks a
//! cluster.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

#[path = "support/folder.rs"]
mod folder;
#[path = "support/rows.rs"]
mod rows;
#[path = "support/worlds.rs"]
mod worlds;

use std::thread;

use earwitness_query::{
    Ask, DataFrame, Dialect, Evidence, Library, QueryError, Question, Report, Scope, StoredColumn,
    StoredTable, StoredType, Window, answer,
};
use polars::prelude::{Column, DataType, IntoLazy, TimeUnit, TimeZone, concat};
use polars::sql::SQLContext;
use rows::{Row, rows};

/// Numbers that mean nothing beyond a run.
const OF_A_RUN: [&str; 4] = ["access_id", "actor_ref", "bucket_ref", "object_ref"];

/// Puts a stored table's days together again.
fn whole(table: StoredTable, evidence: &Evidence) -> Option<DataFrame> {
    let mut parts = Vec::new();
    let taken: Result<(), QueryError> = table.each_part(evidence, |day, rows| {
        let mut rows = rows;
        if let (Some(day), Some(partition)) = (day, table.partition()) {
            let days = vec![day; rows.height()];
            rows.with_column(Column::new(partition.into(), days))
                .unwrap();
        }
        let names = table.columns().into_iter().map(|column| column.name);
        parts.push(rows.select(names).unwrap().lazy());
        Ok(())
    });
    taken.unwrap();
    (!parts.is_empty()).then(|| {
        concat(parts, Default::default())
            .unwrap()
            .collect()
            .unwrap()
    })
}

/// Asks the engine inside over the stored tables.
fn over_stored(question: &Question<'_>, evidence: &Evidence) -> DataFrame {
    let mut context = SQLContext::new();
    for table in StoredTable::all() {
        let rows = whole(table, evidence).unwrap_or_else(|| empty(table));
        let name = format!("{}.{}", question.database, table.name());
        context.register(&name, rows.lazy());
    }
    let sql = question.sql(Dialect::Polars).unwrap();
    let run = || context.execute(&sql).and_then(|rows| rows.collect());
    // The engine walks a query's plan by recursion.
    let rows = thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(64 << 20);
        thread.spawn_scoped(scope, run).unwrap().join().unwrap()
    });
    rows.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", question.report.name))
}

/// Makes a table that has a partition and no day.
fn empty(table: StoredTable) -> DataFrame {
    let column = |column: &StoredColumn| {
        let name = column.name.into();
        match column.kind {
            StoredType::Text => Column::new(name, Vec::<&str>::new()),
            StoredType::Integer => Column::new(name, Vec::<i64>::new()),
            StoredType::Flag => Column::new(name, Vec::<bool>::new()),
            StoredType::Time => {
                let times = Column::new(name, Vec::<i64>::new());
                let kind = DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
                times.cast(&kind).unwrap()
            }
        }
    };
    let columns = table.columns().iter().map(column).collect();
    DataFrame::new(0, columns).unwrap()
}

fn compared(frame: &DataFrame) -> Vec<Row> {
    let mut rows = rows(frame);
    for row in &mut rows {
        for name in OF_A_RUN {
            row.remove(name);
        }
    }
    rows
}

fn same(report: &str, world: &str, own: &DataFrame, stored: &DataFrame) -> usize {
    assert_eq!(
        own.get_column_names(),
        stored.get_column_names(),
        "{report} of {world}"
    );
    let (own, stored) = (compared(own), compared(stored));
    for (place, (own, stored)) in own.iter().zip(&stored).enumerate() {
        assert_eq!(own, stored, "{report} of {world}, row {place}");
    }
    assert_eq!(own.len(), stored.len(), "{report} of {world}");
    own.len()
}

fn question<'a>(report: &'a Report, ask: &'a Ask, scope: &Scope) -> Question<'a> {
    Question {
        report,
        window: scope.window,
        timezone: scope.timezone,
        ask,
        database: "earwitness",
    }
}

/// Everything that a contact centre's inputs hold, in some window.
const DAY: i64 = 86_400_000_000;

#[test]
fn every_report_finds_over_stored_tables_what_it_finds_in_the_inputs() {
    let library = Library::shipped().unwrap();
    let mut found = vec![0; library.reports().count()];
    for (name, world) in worlds::worlds() {
        // The engine inside has no words for zones; a cluster has.
        if world["timezone"].is_string() {
            continue;
        }
        let evidence = worlds::gather_for(library.interest(), &world);
        for (report, found) in library.reports().zip(&mut found) {
            let ask = Ask::default();
            let own = answer(report, &worlds::gather(report, &world), &ask).unwrap();
            let stored = over_stored(&question(report, &ask, &Scope::default()), &evidence);
            *found += same(&report.name, &name, &own, &stored);
        }
    }
    assert!(found.iter().all(|rows| *rows > 1), "{found:?}");
}

#[test]
fn a_window_is_seen_through_alike() {
    let library = Library::shipped().unwrap();
    let centre = earwitness_testkit::folder("contact-centre");
    let evidence = folder::gather_for(library.interest(), &centre, &Scope::default());
    let (first, last) = evidence.seen().unwrap();
    let noon = first + (last - first) / 2 / 1_000_000 * 1_000_000;
    let windows = [
        (None, None),
        (Some(noon), None),
        (None, Some(noon)),
        (Some(noon - DAY), Some(noon + DAY / 2)),
        (Some(last + DAY), None),
    ];
    let mut found = vec![0; windows.len()];
    for (window, found) in windows.iter().zip(&mut found) {
        let (since, until) = *window;
        let scope = Scope {
            window: Window { since, until },
            ..Scope::default()
        };
        for report in library.reports() {
            let ask = Ask::default();
            let own = folder::gather(report, &centre, &scope);
            let own = answer(report, &own, &ask).unwrap();
            let stored = over_stored(&question(report, &ask, &scope), &evidence);
            *found += same(&report.name, &format!("{window:?}"), &own, &stored);
        }
    }
    let [all, later, earlier, between, after] = found.try_into().unwrap();
    assert!(after < later && later < all && earlier < all && between < all);
    assert!(later > 0 && earlier > 0 && between > 0);
}

#[test]
fn filters_and_parameters_are_part_of_the_sql() {
    let library = Library::shipped().unwrap();
    let centre = earwitness_testkit::folder("contact-centre");
    let scope = Scope::default();
    let evidence = folder::gather_for(library.interest(), &centre, &scope);
    let mut found = 0;
    for report in library.reports() {
        let own = folder::gather(report, &centre, &scope);
        let whole = rows(&answer(report, &own, &Ask::default()).unwrap());
        let value = |column: &str| {
            let mut values = whole.iter().filter_map(|row| row.get(column)?.as_str());
            values.next_back().map(str::to_owned)
        };
        let has = |name: &str| report.columns.iter().any(|column| column.name == name);
        let parameters = report.parameters.iter();
        let parameters = parameters.map(|known| (known.name.clone(), known.value("1").unwrap()));
        let asks = [
            Ask {
                parameters: parameters.collect(),
                ..Ask::default()
            },
            Ask {
                user: value("actor").map(|name| name.to_uppercase()),
                ..Ask::default()
            },
            Ask {
                contact_id: value("contact_id"),
                ..Ask::default()
            },
            Ask {
                bucket: value("bucket"),
                contact_id: value("contact_id"),
                ..Ask::default()
            },
            Ask {
                user: has("actor").then(|| "' OR 1 = 1 --\\'".to_owned()),
                ..Ask::default()
            },
        ];
        for ask in asks {
            let own = answer(report, &own, &ask).unwrap();
            let stored = over_stored(&question(report, &ask, &scope), &evidence);
            found += same(&report.name, &format!("{ask:?}"), &own, &stored);
        }
    }
    assert!(found > 100, "{found}");
}

#[test]
fn what_cannot_be_written_is_said() {
    let library = Library::shipped().unwrap();
    let ask = Ask::default();
    let report = library.find("unusual-access").unwrap();
    let zone = Scope {
        timezone: "Asia/Kathmandu".parse().unwrap(),
        ..Scope::default()
    };
    let berlin = question(report, &ask, &zone);
    assert!(berlin.sql(Dialect::Polars).is_err());
    assert!(
        berlin
            .sql(Dialect::Spark)
            .unwrap()
            .contains("'Asia/Kathmandu'")
    );
    let window = Window {
        since: Some(1),
        until: None,
    };
    let fine = Scope {
        window,
        ..Scope::default()
    };
    assert!(question(report, &ask, &fine).sql(Dialect::Trino).is_err());
    let of_nobody = Ask {
        contact_id: Some("c".to_owned()),
        ..Ask::default()
    };
    let error = question(report, &of_nobody, &Scope::default()).sql(Dialect::Trino);
    assert!(error.unwrap_err().to_string().contains("contact_id"));
}
