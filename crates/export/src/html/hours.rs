use serde::Serialize;

use crate::About;
use crate::table::grouped;
use crate::tally::Tally;

/// A weekday's hours, darker where more happened.
#[derive(Serialize)]
pub(super) struct HourChart {
    heading: String,
    rows: Vec<HourRow>,
    label: String,
}

#[derive(Serialize)]
struct HourRow {
    day: &'static str,
    y: usize,
    cells: Vec<HourCell>,
}

#[derive(Serialize)]
struct HourCell {
    x: usize,
    level: u64,
    label: String,
}

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Shades of an hour, beside that of none.
const LEVELS: u64 = 5;

impl HourChart {
    /// Returns none where no hour is known.
    pub(super) fn new(tally: &Tally, about: &About) -> Option<HourChart> {
        let hours = tally.hours.as_ref()?;
        let most = hours
            .iter()
            .flatten()
            .copied()
            .max()
            .filter(|most| *most > 0)?;
        let said = |day: usize, hour: usize, count: u64| {
            let end = hour + 1;
            format!(
                "{}, {hour:02}:00 to {end:02}:00: {}",
                WEEKDAYS[day],
                grouped(count)
            )
        };
        let all = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        let busiest: Vec<String> = all
            .filter(|(day, hour)| hours[*day][*hour] == most)
            .map(|(day, hour)| said(day, hour, most))
            .take(3)
            .collect();
        let rows = hours.iter().zip(WEEKDAYS).enumerate();
        Some(HourChart {
            heading: format!("By weekday and hour ({})", about.timezone.name()),
            label: format!("Most: {}", busiest.join("; ")),
            rows: rows
                .map(|(day, (counts, name))| HourRow {
                    day: name,
                    y: day,
                    cells: counts
                        .iter()
                        .enumerate()
                        .map(|(hour, count)| HourCell {
                            x: hour,
                            level: count.saturating_mul(LEVELS).div_ceil(most),
                            label: said(day, hour, *count),
                        })
                        .collect(),
                })
                .collect(),
        })
    }
}
