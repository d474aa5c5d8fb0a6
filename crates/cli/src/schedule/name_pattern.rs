use super::period::Period;
use crate::moment::written;

/// How a job's files are called, without suffix: text with `{job}`, `{report}`,
/// `{window}`, `{since}` and `{until}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamePattern(String);

const KNOWN: [&str; 5] = ["job", "report", "window", "since", "until"];

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// When two windows would have one name, or a name would not be one of a file
    /// in the folder: with what to write.
    pub(crate) fn of(text: &str) -> Result<NamePattern, String> {
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once('{') {
            let (name, behind) = behind
                .split_once('}')
                .ok_or_else(|| format!("`file` '{text}' has a '{{' without its '}}'"))?;
            if !KNOWN.contains(&name) {
                return Err(format!(
                    "`file` '{text}' has {{{name}}}, which is none of {{{}}}",
                    KNOWN.join("}, {")
                ));
            }
            rest = behind;
        }
        if !["{window}", "{since}", "{until}"]
            .iter()
            .any(|part| text.contains(part))
        {
            return Err(format!(
                "`file` '{text}' would be one name for all windows; put {{window}} into it"
            ));
        }
        let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
        if text.contains(is_bad) || text.starts_with(['.', '_']) {
            return Err(format!(
                "`file` '{text}' is no name of a file on every system; write letters, digits, '-', '_' and '.', and no folder"
            ));
        }
        Ok(NamePattern(text.to_owned()))
    }

    /// Returns the pattern with what is the same for all windows of a job.
    pub(crate) fn of_job(&self, job: &str, report: &str) -> String {
        self.0
            .replace("{job}", job)
            .replace("{report}", &plain(report))
    }

    /// Returns the name of a window's files, without suffix. Later revisions say
    /// which they are.
    pub(crate) fn name(&self, job: &str, report: &str, period: &Period, revision: u32) -> String {
        let moment = |moment| written(moment).replace(':', "");
        let name = self
            .of_job(job, report)
            .replace("{window}", &period.name)
            .replace("{since}", &moment(period.since))
            .replace("{until}", &moment(period.until));
        match revision {
            0 | 1 => name,
            revision => format!("{name}.rev{revision}"),
        }
    }
}

/// A report of the user's own is a path.
fn plain(report: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let name = report.rsplit(['/', '\\']).next().unwrap_or(report);
    let name = name.strip_suffix(".sql").unwrap_or(name);
    name.replace(|c: char| !plain(c), "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_job_window_and_revision() {
        let pattern = NamePattern::of("{job}.{report}.{window}").unwrap();
        let period = Period {
            name: "2026-03".to_owned(),
            since: "2026-03-01T00:00:00Z".parse().unwrap(),
            until: "2026-04-01T00:00:00Z".parse().unwrap(),
        };
        let name = |revision| pattern.name("monday", "./of mine.sql", &period, revision);
        assert_eq!(name(1), "monday.of_mine.2026-03");
        assert_eq!(name(2), "monday.of_mine.2026-03.rev2");
        let pattern = NamePattern::of("x-{since}-{until}").unwrap();
        assert_eq!(
            pattern.name("j", "r", &period, 1),
            "x-2026-03-01T000000Z-2026-04-01T000000Z"
        );
    }

    #[test]
    fn what_makes_no_names_is_refused() {
        for (text, fix) in [
            ("{job}", "put {window} into it"),
            ("{job", "without its '}'"),
            ("{wnidow}", "none of {job}, {report}, {window}"),
            ("a/{window}", "no folder"),
            ("../{window}", "no folder"),
            (".{window}", "no name of a file"),
            ("_{window}", "no name of a file"),
            ("{window}\n", "no name of a file"),
        ] {
            let error = NamePattern::of(text).unwrap_err();
            assert!(error.contains(fix), "{text}: {error}");
        }
    }
}
