use std::process::ExitCode;

/// How a run ended, as scripts learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything that was asked for was done.
    Ok = 0,
    /// Nothing usable came out.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The answer is there, but some of the input could not be read.
    Incomplete = 3,
    /// The answer is there, and it holds what was to be warned of.
    Findings = 4,
    /// What was checked is not what it was when it was signed.
    Integrity = 5,
    /// A signal ended the run.
    Interrupted = 130,
}

impl Exit {
    /// Every exit code, in rising order.
    pub(crate) const ALL: [Self; 7] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::Incomplete,
        Self::Findings,
        Self::Integrity,
        Self::Interrupted,
    ];

    /// Returns how a run of several parts ends: failed where any part has no
    /// answer, else as the worst of them.
    pub(crate) fn worst(ends: impl IntoIterator<Item = Self>) -> Self {
        let mut worst = Self::Ok;
        for end in ends {
            if matches!(end, Self::Failed | Self::Usage) {
                return Self::Failed;
            }
            worst = worst.max(end);
        }
        worst
    }

    /// Returns the number that the shell sees.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }

    /// Returns what the manual says of the code.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "everything was read and answered",
            Self::Failed => "failed: there is no answer",
            Self::Usage => "the command line makes no sense",
            Self::Incomplete => {
                "finished, but some of the input could not be read or is not proven, or coverage that was required is lacking; standard error says what"
            }
            Self::Findings => "finished, and the report has rows that it was to warn of",
            Self::Integrity => {
                "the logs are not what they were when they were delivered, or evidence not what it was when it was made"
            }
            Self::Interrupted => "interrupted",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_can_trust_the_numbers() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4, 5, 130]);
        assert_eq!(ExitCode::from(Exit::Incomplete), ExitCode::from(3));
    }

    #[test]
    fn the_worse_of_two_ends_is_the_greater() {
        assert_eq!(Exit::Ok.max(Exit::Incomplete), Exit::Incomplete);
    }

    #[test]
    fn a_part_without_an_answer_is_worse_than_any_answer() {
        assert_eq!(Exit::worst([]), Exit::Ok);
        let ends = [Exit::Incomplete, Exit::Findings, Exit::Ok];
        assert_eq!(Exit::worst(ends), Exit::Findings);
        assert_eq!(Exit::worst([Exit::Integrity, Exit::Failed]), Exit::Failed);
        assert_eq!(Exit::worst([Exit::Usage, Exit::Ok]), Exit::Failed);
    }
}
