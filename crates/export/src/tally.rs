//! Counts rows by day, hour, person, contact and kind, for charts and
//! summaries.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use polars::frame::DataFrame;

use crate::ExportError;
use crate::about::{About, Roles};
use crate::cell::Cell;
use crate::rows::{Row, for_each_row};
use crate::table::grouped;

/// What a chart gives a colour of its own.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Series {
    pub(crate) name: String,
    /// Whether it counts what was tried in vain.
    pub(crate) in_vain: bool,
    pub(crate) total: u64,
}

/// A person or a contact, with a count for each series.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) name: String,
    pub(crate) counts: Vec<u64>,
}

impl Share {
    pub(crate) fn total(&self) -> u64 {
        sum(&self.counts)
    }
}

/// Rows, counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) rows: usize,
    /// The greatest first, attempts last.
    pub(crate) series: Vec<Series>,
    /// A count for each series and day on which there was any.
    pub(crate) days: BTreeMap<NaiveDate, Vec<u64>>,
    /// Of each weekday from Monday on, a count for each hour; none where rows
    /// tell days at most.
    pub(crate) hours: Option<[[u64; 24]; 7]>,
    /// Of which time nothing is known.
    pub(crate) undated: u64,
    /// The greatest first.
    pub(crate) people: Vec<Share>,
    /// The greatest first.
    pub(crate) contacts: Vec<Share>,
    /// The text of the first and the last time.
    pub(crate) span: Option<(String, String)>,
}

/// What stands for a kind or a person that a row does not tell.
pub(crate) const UNTOLD: &str = "(not told)";

/// What rows are counted as where no column tells their kind.
const ROWS: &str = "rows";

/// The places of the columns that have a role.
struct Places {
    time: Option<usize>,
    person: Option<usize>,
    contact: Option<usize>,
    kind: Option<usize>,
    outcome: Option<usize>,
    weight: Option<usize>,
    measures: Vec<(String, usize)>,
}

impl Places {
    fn of(roles: &Roles, rows: &DataFrame) -> Places {
        let place = |name: &str| rows.get_column_index(name);
        let role = |name: &Option<String>| name.as_deref().and_then(place);
        let measures = roles.measures.iter();
        Places {
            time: role(&roles.time),
            person: role(&roles.person),
            contact: role(&roles.contact),
            kind: role(&roles.kind),
            outcome: role(&roles.outcome),
            weight: role(&roles.weight),
            measures: measures
                .filter_map(|name| Some((name.clone(), place(name)?)))
                .collect(),
        }
    }
}

/// The moment or the day of a row.
#[derive(Clone, Copy)]
enum When {
    Untold,
    Day(NaiveDate),
    Moment {
        day: NaiveDate,
        weekday: usize,
        hour: usize,
    },
}

/// What a row is counted under.
struct At {
    when: When,
    person: Option<String>,
    contact: Option<String>,
}

/// Counts while rows go by; series stand in the order in which they came.
#[derive(Default)]
struct Counting {
    names: Vec<String>,
    totals: Vec<u64>,
    days: BTreeMap<NaiveDate, Vec<u64>>,
    hours: [[u64; 24]; 7],
    has_moments: bool,
    undated: u64,
    people: HashMap<String, Vec<u64>>,
    contacts: HashMap<String, Vec<u64>>,
    first: Option<(i64, String)>,
    last: Option<(i64, String)>,
}

impl Tally {
    /// Counts the rows by the columns that have a role.
    ///
    /// # Errors
    /// When a column has no text form.
    pub(crate) fn of(rows: &DataFrame, about: &About) -> Result<Tally, ExportError> {
        let places = Places::of(&about.roles, rows);
        let mut counting = Counting::default();
        for (name, _) in &places.measures {
            counting.series(name);
        }
        for_each_row(rows, |row| {
            counting.row(row, &places, about);
            Ok(())
        })?;
        Ok(counting.finish(rows.height(), about))
    }

    /// Says how many rows there are, by whom, on what, when and of what kind.
    pub(crate) fn sentence(&self, about: &About) -> String {
        if self.rows == 0 {
            return about.nothing.clone();
        }
        let mut text = number(self.rows, "row", "rows");
        let nobody = [Some(UNTOLD), about.roles.nobody.as_deref()];
        let people = self.people.iter().map(|share| share.name.as_str());
        let people = people.filter(|name| !nobody.contains(&Some(*name)));
        match people.count() {
            0 => {}
            count => text += &format!(", by {}", number(count, "actor", "actors")),
        }
        if !self.contacts.is_empty() {
            let count = number(self.contacts.len(), "contact", "contacts");
            text += &format!(", on {count}");
        }
        match &self.span {
            Some((first, last)) if first == last => text += &format!(", at {first}"),
            Some((first, last)) => text += &format!(", from {first} to {last}"),
            None => {}
        }
        let told = |series: &&Series| series.total > 0 && series.name != ROWS;
        let told = self.series.iter().filter(told);
        let parts: Vec<String> = told
            .map(|series| format!("{} {}", grouped(series.total), series.name))
            .collect();
        if let (Some(weight), false) = (&about.roles.weight, parts.is_empty()) {
            let total = sum(self.series.iter().map(|series| &series.total));
            text += &format!(": {} {weight}", grouped(total));
        }
        if !parts.is_empty() {
            text += &format!(": {}", parts.join(", "));
        }
        text.push('.');
        text
    }

    /// Returns by whom it was tried in vain, the greatest first, where that is
    /// not all there is.
    pub(crate) fn attempts(&self) -> Vec<Share> {
        if self.series.iter().all(|series| series.in_vain) {
            return Vec::new();
        }
        let in_vain = |share: &Share| Share {
            name: share.name.clone(),
            counts: share
                .counts
                .iter()
                .zip(&self.series)
                .map(|(count, series)| if series.in_vain { *count } else { 0 })
                .collect(),
        };
        let mut attempts: Vec<Share> = self.people.iter().map(in_vain).collect();
        attempts.retain(|share| share.total() > 0);
        sort(&mut attempts);
        attempts
    }
}

fn number(count: usize, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", grouped(count as u64))
}

impl Counting {
    fn series(&mut self, name: &str) -> usize {
        // There are a handful.
        let known = self.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.totals.push(0);
            self.names.len() - 1
        })
    }

    fn row(&mut self, row: &Row<'_>, places: &Places, about: &About) {
        let cell = |place: Option<usize>| place.map_or(Cell::Null, |place| row.cell(place));
        let told = |cell: Cell<'_>| (cell != Cell::Null).then(|| cell.to_string());
        let or_untold = |told: Option<String>| told.unwrap_or_else(|| UNTOLD.to_owned());
        let at = At {
            when: self.when(cell(places.time), about),
            person: places.person.map(|place| or_untold(told(row.cell(place)))),
            contact: told(cell(places.contact)),
        };
        if !places.measures.is_empty() {
            for (series, (_, place)) in places.measures.iter().enumerate() {
                self.add(series, whole(row.cell(*place)), &at, places);
            }
            return;
        }
        let outcome = told(cell(places.outcome));
        let in_vain = |outcome: &String| about.roles.in_vain.contains(outcome);
        let kind = match outcome.filter(in_vain) {
            Some(outcome) => outcome,
            None if places.kind.is_none() => ROWS.to_owned(),
            None => or_untold(told(cell(places.kind))),
        };
        let series = self.series(&kind);
        let weight = places.weight.map_or(1, |place| whole(row.cell(place)));
        self.add(series, weight, &at, places);
    }

    fn add(&mut self, series: usize, count: u64, at: &At, places: &Places) {
        if count == 0 {
            return;
        }
        raise(&mut self.totals[series], count);
        match at.when {
            When::Untold if places.time.is_some() => raise(&mut self.undated, count),
            When::Untold => {}
            When::Day(day) => grow(self.days.entry(day).or_default(), series, count),
            When::Moment { day, weekday, hour } => {
                grow(self.days.entry(day).or_default(), series, count);
                raise(&mut self.hours[weekday][hour], count);
                self.has_moments = true;
            }
        }
        let shares = [
            (&mut self.people, &at.person),
            (&mut self.contacts, &at.contact),
        ];
        for (shares, name) in shares {
            let Some(name) = name else { continue };
            match shares.get_mut(name) {
                Some(counts) => grow(counts, series, count),
                None => grow(shares.entry(name.clone()).or_default(), series, count),
            }
        }
    }

    /// Reads the time, and keeps the first and the last.
    fn when(&mut self, cell: Cell<'_>, about: &About) -> When {
        let read = match cell {
            Cell::Time(micros) => DateTime::from_timestamp_micros(micros).map(|time| {
                let local = time.with_timezone(&about.timezone);
                let when = When::Moment {
                    day: local.date_naive(),
                    weekday: local.weekday().num_days_from_monday() as usize,
                    hour: local.hour() as usize,
                };
                (micros, when)
            }),
            Cell::Date(days) => {
                let day = NaiveDate::from_epoch_days(days);
                day.map(|day| (i64::from(days), When::Day(day)))
            }
            Cell::Text(text) => {
                let day = text.parse::<NaiveDate>().ok();
                day.map(|day| (i64::from(day.to_epoch_days()), When::Day(day)))
            }
            _ => None,
        };
        let Some((order, when)) = read else {
            return When::Untold;
        };
        if self.first.as_ref().is_none_or(|(first, _)| order < *first) {
            self.first = Some((order, cell.to_string()));
        }
        if self.last.as_ref().is_none_or(|(last, _)| order > *last) {
            self.last = Some((order, cell.to_string()));
        }
        when
    }

    fn finish(self, rows: usize, about: &About) -> Tally {
        let in_vain = |name: &String| about.roles.in_vain.contains(name);
        let mut order: Vec<usize> = (0..self.names.len()).collect();
        order.sort_by(|one, other| {
            let key = |place: usize| {
                let (name, total) = (&self.names[place], self.totals[place]);
                (in_vain(name), Reverse(total), name)
            };
            key(*one).cmp(&key(*other))
        });
        let ordered = |counts: Vec<u64>| -> Vec<u64> {
            let count = |place: &usize| counts.get(*place).copied().unwrap_or_default();
            order.iter().map(count).collect()
        };
        let shares = |shares: HashMap<String, Vec<u64>>| {
            let share = |(name, counts)| Share {
                name,
                counts: ordered(counts),
            };
            let mut shares: Vec<Share> = shares.into_iter().map(share).collect();
            sort(&mut shares);
            shares
        };
        let series = order.iter().map(|place| Series {
            name: self.names[*place].clone(),
            in_vain: in_vain(&self.names[*place]),
            total: self.totals[*place],
        });
        let days = self.days.into_iter();
        Tally {
            rows,
            series: series.collect(),
            days: days.map(|(day, counts)| (day, ordered(counts))).collect(),
            hours: self.has_moments.then_some(self.hours),
            undated: self.undated,
            people: shares(self.people),
            contacts: shares(self.contacts),
            span: self
                .first
                .zip(self.last)
                .map(|(one, other)| (one.1, other.1)),
        }
    }
}

/// Puts the greatest first.
fn sort(shares: &mut [Share]) {
    shares.sort_by(|one, other| {
        let key = |share: &Share| Reverse(share.total());
        (key(one), &one.name).cmp(&(key(other), &other.name))
    });
}

/// Reads a count; what is no whole number counts as none.
fn whole(cell: Cell<'_>) -> u64 {
    match cell {
        Cell::Int(count) => count.try_into().unwrap_or_default(),
        Cell::UInt(count) => count,
        _ => 0,
    }
}

fn grow(counts: &mut Vec<u64>, series: usize, count: u64) {
    if counts.len() <= series {
        counts.resize(series + 1, 0);
    }
    raise(&mut counts[series], count);
}

/// Adds to a count, which ends at the greatest number there is: columns of
/// numbers hold what a log or a query put there.
pub(crate) fn raise(count: &mut u64, more: u64) {
    *count = count.saturating_add(more);
}

/// Adds counts up.
pub(crate) fn sum<'c>(counts: impl IntoIterator<Item = &'c u64>) -> u64 {
    counts
        .into_iter()
        .fold(0, |sum, count| sum.saturating_add(*count))
}

#[cfg(test)]
mod tests;
