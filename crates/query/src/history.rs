//! What was said of one thing at different times, and what held when.

/// Something that an input says, and from when on it holds.
#[derive(Debug, Clone)]
pub(crate) struct Dated<T> {
    /// Microseconds since 1970; `None` where the input does not tell.
    pub(crate) valid_from: Option<i64>,
    /// The input, as its place in the order of reading.
    pub(crate) input: u32,
    pub(crate) said: T,
}

/// Everything that was said of one thing.
#[derive(Debug)]
pub(crate) struct History<T>(Vec<Dated<T>>);

impl<T> Default for History<T> {
    fn default() -> Self {
        History(Vec::new())
    }
}

impl<T> History<T> {
    pub(crate) fn push(&mut self, dated: Dated<T>) {
        self.0.push(dated);
    }

    /// Puts everything in the order of time, the undated first.
    pub(crate) fn sort(&mut self) {
        self.0.sort_by_key(|dated| dated.valid_from);
    }

    /// Returns what counts at a time: what was said at the newest time at or
    /// before it; else what is undated; else what was said first. Pages of one
    /// listing have one time, and count together.
    pub(crate) fn at(&self, time: i64) -> &[Dated<T>] {
        let until = self.until(time);
        let counts = match self.0[..until].last().or(self.0.first()) {
            Some(dated) => dated.valid_from,
            None => return &[],
        };
        let start = self.0.partition_point(|dated| dated.valid_from < counts);
        let end = self.0.partition_point(|dated| dated.valid_from <= counts);
        &self.0[start..end]
    }

    /// Returns the newest time at or before a time.
    pub(crate) fn newest(&self, time: i64) -> Option<i64> {
        self.0[..self.until(time)].last()?.valid_from
    }

    fn until(&self, time: i64) -> usize {
        let holds = |dated: &Dated<T>| dated.valid_from.is_none_or(|from| from <= time);
        self.0.partition_point(holds)
    }

    pub(crate) fn last(&self) -> Option<&Dated<T>> {
        self.0.last()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Dated<T>> {
        self.0.iter()
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&Dated<T>) -> bool) {
        self.0.retain(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(times: &[Option<i64>]) -> History<()> {
        let mut history = History::default();
        for (input, valid_from) in (0..).zip(times) {
            history.push(Dated {
                valid_from: *valid_from,
                input,
                said: (),
            });
        }
        history.sort();
        history
    }

    fn inputs(history: &History<()>, time: i64) -> Vec<u32> {
        history.at(time).iter().map(|dated| dated.input).collect()
    }

    #[test]
    fn the_newest_before_counts_then_the_undated_then_the_first() {
        let all = history(&[Some(20), None, Some(10), Some(20), Some(30)]);
        assert_eq!(inputs(&all, 9), [1]);
        assert_eq!(inputs(&all, 10), [2]);
        assert_eq!(inputs(&all, 29), [0, 3]);
        assert_eq!(inputs(&all, 30), [4]);
        assert_eq!(all.newest(9), None);
        assert_eq!(all.newest(29), Some(20));
        let dated = history(&[Some(20), Some(10), Some(10)]);
        assert_eq!(inputs(&dated, 9), [1, 2]);
        assert_eq!(dated.newest(9), None);
        assert_eq!(inputs(&history(&[]), 9), [] as [u32; 0]);
    }
}
