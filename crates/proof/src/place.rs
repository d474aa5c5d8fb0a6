//! Where an object lay in S3, and which file on disk is its copy.

/// A bucket and a key, as a log says them. Just names: nothing is opened by them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) bucket: String,
    pub(crate) key: String,
}

impl Place {
    pub(crate) fn file_name(&self) -> &str {
        file_name(&self.key)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}

/// Returns the last part of a path or key, without the suffix that tools take
/// off or put on with the compression.
pub(crate) fn file_name(path: &str) -> &str {
    let name = parts(path).next().unwrap_or_default();
    name.strip_suffix(".gz").unwrap_or(name)
}

/// Counts the folders right above the file that a path and a key have in common.
pub(crate) fn common_folders(path: &str, key: &str) -> usize {
    let pairs = parts(path).zip(parts(key)).skip(1);
    pairs.take_while(|(one, other)| one == other).count()
}

/// Iterates over the parts of a path from the last to the first.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.rsplit(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_name_and_its_folders() {
        assert_eq!(file_name("a/b.json.gz"), "b.json");
        assert_eq!(file_name(r"a\b.json"), "b.json");
        assert_eq!(file_name("../../.gz"), "");
        assert_eq!(
            common_folders("x/AWSLogs/1/b.json", "p/AWSLogs/1/b.json.gz"),
            2
        );
        assert_eq!(common_folders("b.json", "p/b.json.gz"), 0);
    }
}
