use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::About;
use crate::table::grouped;
use crate::tally::{Share, Tally, raise, sum};
use crate::visible::visible;

/// People and contacts that a chart lists.
pub(super) const LISTED: usize = 10;

/// Bars that a chart over time has at most.
const MOST_BARS: u64 = 62;

/// Bars that each have their day below them.
const LABELLED: usize = 12;

/// Colours for what was done, and for what was tried in vain.
const DONE_COLOURS: usize = 7;
const VAIN_COLOURS: usize = 3;

const WIDTH: f64 = 1100.0;
const HEIGHT: f64 = 180.0;
/// Room for the numbers on the left and for the days below.
const LEFT: f64 = 44.0;
const BELOW: f64 = 22.0;
const ABOVE: f64 = 8.0;

/// Which colour each series has; what is left over shares one.
pub(super) struct Palette {
    classes: Vec<String>,
}

/// An entry of the legend.
#[derive(Serialize)]
pub(super) struct Key {
    class: String,
    name: String,
    total: String,
}

/// A piece of a bar in one colour.
#[derive(Serialize)]
struct Part {
    class: String,
    start: String,
    length: String,
}

impl Palette {
    pub(super) fn new(tally: &Tally) -> Palette {
        let (mut done, mut vain) = (0, 0);
        let classes = tally.series.iter().map(|series| {
            let (used, most, name) = match series.in_vain {
                true => (&mut vain, VAIN_COLOURS, "vain"),
                false => (&mut done, DONE_COLOURS, "done"),
            };
            *used += 1;
            match *used {
                used if used < most => format!("{name}-{used}"),
                _ => format!("{name}-{most}"),
            }
        });
        Palette {
            classes: classes.collect(),
        }
    }

    /// Returns the legend; one colour needs none.
    pub(super) fn keys(&self, tally: &Tally) -> Vec<Key> {
        if tally.rows == 0 || self.classes.len() < 2 {
            return Vec::new();
        }
        let series = self.classes.iter().zip(&tally.series);
        series
            .filter(|(_, series)| series.total > 0)
            .map(|(class, series)| Key {
                class: class.clone(),
                name: visible(&series.name),
                total: grouped(series.total),
            })
            .collect()
    }

    /// Stacks counts on a scale that is `length` long and ends at `most`.
    fn stack(&self, counts: &[u64], most: u64, length: f64) -> Vec<Part> {
        let mut start = 0.0;
        let scale = length / most.max(1) as f64;
        let mut parts = Vec::new();
        for (count, class) in counts.iter().zip(&self.classes) {
            if *count == 0 {
                continue;
            }
            let length = *count as f64 * scale;
            parts.push(Part {
                class: class.clone(),
                start: decimal(start),
                length: decimal(length),
            });
            start += length;
        }
        parts
    }
}

/// Bars over time, each of the same number of days.
#[derive(Serialize)]
pub(super) struct TimeChart {
    heading: String,
    width: f64,
    height: f64,
    baseline: String,
    left: f64,
    bars: Vec<TimeBar>,
    lines: Vec<Line>,
    days: Vec<DayLabel>,
    undated: Option<String>,
}

#[derive(Serialize)]
struct TimeBar {
    x: String,
    middle: String,
    width: String,
    /// The first day and the last, as 2026-03-01.
    first: String,
    last: String,
    label: String,
    parts: Vec<Part>,
}

/// A line across, with its number.
#[derive(Serialize)]
struct Line {
    y: String,
    number: String,
}

#[derive(Serialize)]
struct DayLabel {
    x: String,
    anchor: &'static str,
    day: String,
}

impl TimeChart {
    /// Returns none where no day is known.
    pub(super) fn new(tally: &Tally, palette: &Palette, about: &About) -> Option<TimeChart> {
        let (first, last) = (*tally.days.keys().next()?, *tally.days.keys().next_back()?);
        let span = last.signed_duration_since(first).num_days().unsigned_abs() + 1;
        let step = match span {
            0..=MOST_BARS => 1,
            span if span <= 7 * MOST_BARS => 7,
            span => span.div_ceil(MOST_BARS),
        };
        let count = span.div_ceil(step);
        let mut bins = vec![vec![0; tally.series.len()]; usize::try_from(count).ok()?];
        for (day, counts) in &tally.days {
            let place = day.signed_duration_since(first).num_days().unsigned_abs() / step;
            let bin = bins.get_mut(usize::try_from(place).ok()?)?;
            for (sum, count) in bin.iter_mut().zip(counts) {
                raise(sum, *count);
            }
        }
        let most = bins.iter().map(sum).max()?;
        let top = round_up(most);
        let depth = HEIGHT - ABOVE - BELOW;
        let slot = (WIDTH - LEFT) / count as f64;
        let width = (slot * 0.8).min(64.0);
        let day = |place: u64| first.checked_add_days(Days::new(place * step));
        let bar = |(place, counts): (u64, &Vec<u64>)| {
            let from = day(place)?;
            let to = day(place + 1).and_then(|next| next.pred_opt());
            let to = to.map_or(last, |to| to.min(last));
            let middle = LEFT + (place as f64 + 0.5) * slot;
            Some(TimeBar {
                x: decimal(middle - width / 2.0),
                middle: decimal(middle),
                width: decimal(width),
                first: from.to_string(),
                last: to.to_string(),
                label: spoken(&days(from, to), counts, tally),
                parts: palette.stack(counts, top, depth),
            })
        };
        let bars: Vec<TimeBar> = (0..).zip(&bins).filter_map(bar).collect();
        let zone = about.timezone.name();
        Some(TimeChart {
            heading: match step {
                1 => format!("By day ({zone})"),
                7 => format!("By seven days ({zone})"),
                step => format!("By {step} days ({zone})"),
            },
            width: WIDTH,
            height: HEIGHT,
            baseline: decimal(HEIGHT - BELOW),
            left: LEFT,
            days: day_labels(first, last, &bars),
            bars,
            lines: lines(top, depth),
            undated: (tally.undated > 0)
                .then(|| format!("{} without a known time", grouped(tally.undated))),
        })
    }
}

fn days(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}

fn lines(top: u64, depth: f64) -> Vec<Line> {
    let numbers = if top.is_multiple_of(2) {
        vec![0, top / 2, top]
    } else {
        vec![0, top]
    };
    let line = |number: u64| Line {
        y: decimal(HEIGHT - BELOW - depth * number as f64 / top as f64),
        number: grouped(number),
    };
    numbers.into_iter().map(line).collect()
}

fn day_labels(first: NaiveDate, last: NaiveDate, bars: &[TimeBar]) -> Vec<DayLabel> {
    if bars.len() <= LABELLED {
        let label = |bar: &TimeBar| DayLabel {
            x: bar.middle.clone(),
            anchor: "middle",
            day: bar.first.clone(),
        };
        return bars.iter().map(label).collect();
    }
    vec![
        DayLabel {
            x: decimal(LEFT),
            anchor: "start",
            day: first.to_string(),
        },
        DayLabel {
            x: decimal(WIDTH),
            anchor: "end",
            day: last.to_string(),
        },
    ]
}

/// Returns the next number that a scale ends at well.
fn round_up(most: u64) -> u64 {
    let mut unit = 1u64;
    loop {
        for step in [1, 2, 4, 6, 8, 10] {
            match unit.checked_mul(step) {
                Some(end) if end >= most.max(1) => return end,
                Some(_) => {}
                None => return most,
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// Bars of people or contacts, which can be chosen.
#[derive(Serialize)]
pub(super) struct BarChart {
    heading: &'static str,
    /// What a bar chooses by.
    role: &'static str,
    bars: Vec<Bar>,
    more: Option<String>,
}

#[derive(Serialize)]
struct Bar {
    /// The place in the script's list of choices.
    place: usize,
    name: String,
    total: String,
    label: String,
    parts: Vec<Part>,
}

impl BarChart {
    pub(super) fn all(tally: &Tally, palette: &Palette) -> Vec<BarChart> {
        let chart =
            |heading, role, shares: &[Share]| BarChart::new(heading, role, shares, tally, palette);
        let several = tally.contacts.get(1).map(|_| tally.contacts.as_slice());
        [
            chart("By person or program", "person", &tally.people),
            chart("Tried in vain", "attempt", &tally.attempts()),
            chart("By contact", "contact", several.unwrap_or_default()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn new(
        heading: &'static str,
        role: &'static str,
        shares: &[Share],
        tally: &Tally,
        palette: &Palette,
    ) -> Option<BarChart> {
        let most = shares.first()?.total();
        let bars = shares
            .iter()
            .take(LISTED)
            .enumerate()
            .map(|(place, share)| {
                let name = visible(&share.name);
                Bar {
                    place,
                    label: spoken(&name, &share.counts, tally),
                    total: grouped(share.total()),
                    parts: palette.stack(&share.counts, most, 100.0),
                    name,
                }
            });
        let rest = shares.get(LISTED..).unwrap_or_default();
        let more = (!rest.is_empty()).then(|| {
            let totals: Vec<u64> = rest.iter().map(Share::total).collect();
            let total = sum(&totals);
            let count = rest.len() as u64;
            format!("and {} more, with {}", grouped(count), grouped(total))
        });
        Some(BarChart {
            heading,
            role,
            bars: bars.collect(),
            more,
        })
    }
}

/// Says a bar in words, for those who do not see it.
fn spoken(name: &str, counts: &[u64], tally: &Tally) -> String {
    let total = sum(counts);
    let parts: Vec<String> = counts
        .iter()
        .zip(&tally.series)
        .filter(|(count, _)| **count > 0)
        .map(|(count, series)| format!("{} {}", grouped(*count), visible(&series.name)))
        .collect();
    match parts.as_slice() {
        [] => format!("{name}: 0"),
        [one] => format!("{name}: {one}"),
        more => format!("{name}: {} in all, {}", grouped(total), more.join(", ")),
    }
}

/// Writes a length with two decimals at most.
fn decimal(length: f64) -> String {
    let text = format!("{length:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers() {
        for (most, end) in [
            (0, 1),
            (1, 1),
            (3, 4),
            (11, 20),
            (61, 80),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(round_up(most), end, "{most}");
        }
    }

    #[test]
    fn lengths_are_short() {
        assert_eq!(decimal(12.0), "12");
        assert_eq!(decimal(100.0), "100");
        assert_eq!(decimal(0.125), "0.12");
    }
}
