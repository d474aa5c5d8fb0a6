use std::path::{Path, PathBuf, is_separator};

use globset::{Glob, GlobBuilder, GlobMatcher};
use walkdir::WalkDir;

use crate::folder::Listing;
use crate::problem::Problem;

/// A pattern as shells have them: `*`, `?`, `[…]` and `{…}` stay within one
/// folder, `**` goes deeper. Names that begin with a dot match like any other.
pub(crate) struct Pattern {
    /// The folders before the first special character, as they were spelled.
    base: PathBuf,
    matcher: GlobMatcher,
    /// What a path of one, two, … steps below the base must look like to lead
    /// to a match. It keeps unrelated folders shut.
    on_the_way: Vec<GlobMatcher>,
    max_depth: usize,
}

impl Pattern {
    /// Returns the pattern in an argument, or nothing when it has none.
    pub(crate) fn of(argument: &str) -> Option<Result<Self, globset::Error>> {
        let special = |c: char| matches!(c, '*' | '?' | '[' | '{') || (cfg!(unix) && c == '\\');
        argument.find(['*', '?', '[', '{'])?;
        let first = argument.find(special)?;
        let base_end = argument[..first].rfind(is_separator).map_or(0, |at| at + 1);
        let (base, below) = argument.split_at(base_end);
        Some(Self::below(base, below.trim_end_matches(is_separator)))
    }

    fn below(base: &str, below: &str) -> Result<Self, globset::Error> {
        let steps: Vec<_> = below.split(is_separator).collect();
        // Alternatives may hold separators, so steps end where they begin.
        let fixed = steps
            .iter()
            .take_while(|step| !step.contains("**") && !step.contains('{'));
        let on_the_way = (1..=fixed.count()).map(|count| glob(&steps[..count].join("/")));
        Ok(Pattern {
            base: base.into(),
            matcher: glob(below)?,
            on_the_way: on_the_way.collect::<Result<_, _>>()?,
            max_depth: if below.contains("**") {
                usize::MAX
            } else {
                steps.len()
            },
        })
    }

    /// Returns the folder that is looked in.
    pub(crate) fn folder(&self) -> &Path {
        if self.base.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &self.base
        }
    }

    /// Lists the files that match, and those in folders that match.
    pub(crate) fn list(&self) -> Listing {
        let mut listing = Listing::default();
        let root = self.folder();
        let mut entries = WalkDir::new(root)
            .follow_links(true)
            .min_depth(1)
            .max_depth(self.max_depth)
            .sort_by_file_name()
            .into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    if error
                        .path()
                        .is_none_or(|path| self.may_lead_to_a_match(path))
                    {
                        listing.problems.push(Problem::walking(root, error));
                    }
                    continue;
                }
            };
            let is_folder = entry.file_type().is_dir();
            if self.matcher.is_match(self.below_base(entry.path())) {
                if is_folder {
                    entries.skip_current_dir();
                    listing.add_folder(&self.spelled(entry.path()));
                } else {
                    listing.add_entry(entry);
                }
            } else if is_folder && !self.may_lead_to_a_match(entry.path()) {
                entries.skip_current_dir();
            }
        }
        for file in &mut listing.files {
            file.path = self.spelled(&file.path);
        }
        listing
    }

    fn may_lead_to_a_match(&self, path: &Path) -> bool {
        let below = self.below_base(path);
        let depth = below.components().count();
        let step = depth.checked_sub(1).and_then(|at| self.on_the_way.get(at));
        step.is_none_or(|step| step.is_match(below))
    }

    fn below_base<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(self.folder()).unwrap_or(path)
    }

    /// Takes away the `./` that walking needs where the pattern has no base.
    fn spelled(&self, path: &Path) -> PathBuf {
        if self.base.as_os_str().is_empty() {
            path.strip_prefix(".").unwrap_or(path).to_owned()
        } else {
            path.to_owned()
        }
    }
}

fn glob(text: &str) -> Result<GlobMatcher, globset::Error> {
    let glob: Glob = GlobBuilder::new(text).literal_separator(true).build()?;
    Ok(glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_of(argument: &str) -> Option<String> {
        let pattern = Pattern::of(argument)?.unwrap();
        Some(pattern.base.to_str().unwrap().to_owned())
    }

    #[test]
    fn the_base_ends_before_the_first_special_character() {
        assert_eq!(
            base_of("logs/2026/day-*.json").as_deref(),
            Some("logs/2026/")
        );
        assert_eq!(base_of("*.json").as_deref(), Some(""));
        assert_eq!(base_of("/*/x").as_deref(), Some("/"));
        assert_eq!(base_of("../{a,b}/x").as_deref(), Some("../"));
        assert_eq!(base_of("logs/day.json"), None);
        #[cfg(unix)]
        assert_eq!(base_of(r"a\*b/*.json").as_deref(), Some(""));
    }

    #[test]
    fn unrelated_folders_stay_shut() {
        let pattern = Pattern::of("logs/2026-*/eu/**").unwrap().unwrap();
        assert!(pattern.may_lead_to_a_match(Path::new("logs/2026-03")));
        assert!(!pattern.may_lead_to_a_match(Path::new("logs/2025-03")));
        assert!(!pattern.may_lead_to_a_match(Path::new("logs/2026-03/us")));
        assert!(pattern.may_lead_to_a_match(Path::new("logs/2026-03/eu/a/b/c")));
        assert!(
            Pattern::of("{a/b,c}/d")
                .unwrap()
                .unwrap()
                .may_lead_to_a_match(Path::new("./a"))
        );
    }
}
