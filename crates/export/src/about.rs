use chrono_tz::Tz;

/// What rows answer, in words, for formats that people open without the
/// program beside them: a page, a workbook.
///
/// Whoever asked the question fills it in; the writers know no more of the rows
/// than it says. All of it is text and may quote a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The name by which the question is asked again.
    pub name: String,
    /// A short title.
    pub title: String,
    /// The question.
    pub question: String,
    /// The time that it is about, in words.
    pub window: String,
    /// What stands in place of the answer where there are no rows.
    pub nothing: String,
    /// What was chosen for this run, each by name and value.
    pub settings: Vec<(String, String)>,
    /// Whether the inputs cover the window, in one sentence, where that is known.
    pub coverage: Option<String>,
    /// What the answer rests on, and what it lacks, a line each.
    pub basis: Vec<String>,
    /// What this question can never see.
    pub cannot_see: String,
    /// What a value of each column means, by the column's name.
    pub columns: Vec<(String, String)>,
    /// The columns to show first; all where empty.
    pub main: Vec<String>,
    /// Which columns charts are about.
    pub roles: Roles,
    /// The zone whose days and hours charts count in.
    pub timezone: Tz,
    /// Records behind the rows, as they were logged, where a page is to show
    /// them.
    pub records: Vec<Record>,
}

/// A record behind a row, as it was logged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The id by which rows name it. Two records may have one.
    pub id: String,
    /// The input that it was read from.
    pub input: String,
    /// Where it lies there, in words.
    pub place: String,
    /// The SHA-256 of the input, in hexadecimal.
    pub sha256: String,
    /// Its JSON.
    pub json: String,
}

/// Which columns say when, who, what and on which contact; each by its name.
/// A role that no column has is left out of charts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// A moment, or a day as a date or as text such as 2026-03-01.
    pub time: Option<String>,
    /// Who did it.
    pub person: Option<String>,
    /// The contact it was done to.
    pub contact: Option<String>,
    /// What was done: charts count each value for itself.
    pub kind: Option<String>,
    /// What came of it. Where it has one of `in_vain`, that is counted in place
    /// of `kind`: what was tried did not happen.
    pub outcome: Option<String>,
    /// Values of the outcome, and names of measures, that stand for attempts.
    pub in_vain: Vec<String>,
    /// How often a row happened; once where absent.
    pub weight: Option<String>,
    /// Columns of numbers that charts add up, where rows are counts themselves.
    pub measures: Vec<String>,
    /// Somebody whom the person's column names where nobody is known.
    pub nobody: Option<String>,
    /// Where the record behind a row lies: its id, its input, its place there.
    pub custody: Vec<String>,
    /// Which of these are ids of records.
    pub ids: Vec<String>,
}

impl About {
    /// Returns what a value of a column means, where that is told.
    pub(crate) fn meaning(&self, column: &str) -> &str {
        let mut columns = self.columns.iter();
        let found = columns.find(|(name, _)| name == column);
        found.map_or("", |(_, meaning)| meaning)
    }
}
