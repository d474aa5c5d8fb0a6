//! Events on their way into a data file.

use earwitness_parser::{Event, Timestamp};

/// Events of one partition, their text and what they are sorted by in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    text: Vec<u8>,
    rows: Vec<Row>,
}

/// An event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    at: usize,
    record_len: usize,
    sort_len: usize,
    pub(crate) time: i64,
    /// The input, as its place among those that the rows come from.
    pub(crate) input: u32,
    pub(crate) index: u64,
    /// How many more deliveries of the same record the row stands for.
    pub(crate) copies: u32,
}

/// Stands between the parts that rows are sorted by.
const BETWEEN: u8 = 0;

impl Rows {
    /// Adds an event, whose text must be UTF-8.
    pub(crate) fn push(
        &mut self,
        event: &Event<'_>,
        time: Timestamp,
        record: &str,
        (input, index, copies): (u32, u64, u32),
    ) {
        let at = self.text.len();
        self.text.extend_from_slice(record.as_bytes());
        let sort_at = self.text.len();
        let parts = [
            event.event_source.as_str(),
            event.event_name.as_str(),
            event.bucket().unwrap_or_default(),
            event.key().unwrap_or_default(),
        ];
        for part in parts {
            self.text.extend_from_slice(part.as_bytes());
            self.text.push(BETWEEN);
        }
        self.rows.push(Row {
            at,
            record_len: record.len(),
            sort_len: self.text.len() - sort_at,
            time: time.0,
            input,
            index,
            copies,
        });
    }

    /// Takes in other rows, whose inputs are counted from `first_input` here.
    pub(crate) fn append(&mut self, other: &Rows, first_input: u32) {
        let moved = self.text.len();
        self.text.extend_from_slice(&other.text);
        self.rows.extend(other.rows.iter().map(|row| Row {
            at: row.at + moved,
            input: row.input + first_input,
            ..*row
        }));
    }

    /// Returns the memory that the rows take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len() + self.rows.len() * size_of::<Row>()
    }

    pub(crate) fn record(&self, row: &Row) -> &str {
        let record = self.text.get(row.at..row.at + row.record_len);
        record
            .and_then(|record| std::str::from_utf8(record).ok())
            .unwrap_or_default()
    }

    /// Lets the first of deliveries that are the same byte by byte stand for the
    /// others, of those that `may` be told so. Returns the others, each with the
    /// one that stands for it.
    pub(crate) fn drop_copies(
        &self,
        sorted: Vec<Row>,
        may: impl Fn(&Row) -> bool,
    ) -> (Vec<Row>, Vec<(Row, Row)>) {
        let mut kept: Vec<Row> = Vec::with_capacity(sorted.len());
        let mut copies = Vec::new();
        // The same records have one sort key and one time: they lie together.
        let mut together = 0;
        for row in sorted {
            let is_beside =
                |first: &Row| first.time == row.time && self.sort_key(first) == self.sort_key(&row);
            if !kept.get(together).is_some_and(is_beside) {
                together = kept.len();
            }
            let same = |other: &&mut Row| {
                may(other) && may(&row) && self.record(other) == self.record(&row)
            };
            match kept.iter_mut().skip(together).find(same) {
                Some(first) => {
                    first.copies += 1 + row.copies;
                    copies.push((row, *first));
                }
                None => kept.push(row),
            }
        }
        (kept, copies)
    }

    fn sort_key(&self, row: &Row) -> &[u8] {
        let at = row.at + row.record_len;
        self.text.get(at..at + row.sort_len).unwrap_or_default()
    }

    /// Tells whether two rows are of one service's one operation.
    fn same_name(&self, row: &Row, other: &Row) -> bool {
        let name = |row| {
            self.sort_key(row)
                .splitn(3, |&byte| byte == BETWEEN)
                .take(2)
        };
        name(row).eq(name(other))
    }

    /// Returns the rows in the order of service, operation, bucket, key and time,
    /// so that what a report asks for lies together; rows of one time by input.
    pub(crate) fn sorted(&self, inputs: &[(String, u32)]) -> Vec<Row> {
        let mut rows = self.rows.clone();
        let input = |row: &Row| inputs.get(row.input as usize);
        rows.sort_unstable_by(|a, b| {
            self.sort_key(a)
                .cmp(self.sort_key(b))
                .then_with(|| a.time.cmp(&b.time))
                .then_with(|| input(a).cmp(&input(b)))
                .then_with(|| a.index.cmp(&b.index))
        });
        rows
    }

    /// Cuts sorted rows into row groups: of one operation each where it has many rows,
    /// of several where they have few.
    pub(crate) fn groups<'r>(&self, mut rows: &'r [Row]) -> Vec<&'r [Row]> {
        let mut groups = Vec::new();
        while !rows.is_empty() {
            let mut bytes = 0;
            let end = (1..rows.len()).find(|&end| {
                bytes += rows[end - 1].record_len;
                bytes >= GROUP_BYTES
                    || end >= GROUP_ROWS
                    || (!self.same_name(&rows[end - 1], &rows[end])
                        && (end >= SMALL_GROUP_ROWS || self.has_many_of_first(&rows[end..])))
            });
            let (group, rest) = rows.split_at(end.unwrap_or(rows.len()));
            groups.push(group);
            rows = rest;
        }
        groups
    }

    /// Tells whether the first of sorted rows has many of its operation beside it.
    fn has_many_of_first(&self, rows: &[Row]) -> bool {
        let beside = rows.get(..SMALL_GROUP_ROWS).and_then(|some| some.last());
        beside.is_some_and(|last| self.same_name(&rows[0], last))
    }
}

/// The most rows and bytes of text of a row group: what a reader holds at once.
const GROUP_ROWS: usize = 32 * 1024;
const GROUP_BYTES: usize = 64 << 20;
/// With fewer rows, a row group of its own costs more than it saves.
const SMALL_GROUP_ROWS: usize = 1024;

#[cfg(test)]
mod tests {
    use earwitness_parser::Text;

    use super::*;

    /// A report on few deletions need not read the many reads beside them.
    #[test]
    fn an_operation_of_many_rows_has_groups_of_its_own() {
        let many = SMALL_GROUP_ROWS + 1;
        let mut rows = Rows::default();
        for (event_name, count) in [
            ("CopyObject", 10),
            ("DeleteObject", 20),
            ("GetObject", many),
            ("HeadObject", 30),
            ("ListObjects", 40),
            ("PutObject", GROUP_ROWS + 50),
            ("UploadPart", SMALL_GROUP_ROWS - 1),
        ] {
            let event = Event {
                event_name: Text::borrowed(event_name),
                ..Event::default()
            };
            for _ in 0..count {
                rows.push(&event, Timestamp(0), "{}", (0, 0, 0));
            }
        }
        let sorted = rows.sorted(&[]);
        let groups = rows.groups(&sorted).into_iter();
        let rows_of_groups: Vec<usize> = groups.map(<[Row]>::len).collect();
        let few = SMALL_GROUP_ROWS - 1;
        assert_eq!(rows_of_groups, [30, many, 70, GROUP_ROWS, 50 + few]);
    }
}
