use std::fmt;

use crate::AwsCause;

/// A stretch of time that was asked for and did not come, or not whole. Times are
/// as users read them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gap {
    /// AWS, or the way to it, refused before everything had come.
    Refused {
        /// Where the stretch begins.
        from: String,
        /// Where it ends.
        to: String,
        /// Why, and what to do.
        cause: AwsCause,
    },
    /// A query of Logs Insights ended without an answer.
    QueryEnded {
        /// Where the stretch begins.
        from: String,
        /// Where it ends.
        to: String,
        /// How it ended, in the word of AWS.
        status: String,
    },
    /// The log group keeps nothing of that time.
    BeforeGroup {
        /// The first moment that was asked for.
        from: String,
        /// The first moment that the group may have.
        to: String,
    },
    /// CloudTrail's event history does not reach back so far.
    BeforeHistory {
        /// The first moment that was asked for.
        from: String,
        /// The first moment of the history.
        to: String,
    },
    /// A listing of an instance ended before its end.
    Listing {
        /// Why, and what to do.
        cause: AwsCause,
    },
    /// CloudTrail's event history has no data events.
    DataEvents {
        /// The names of those that are wanted.
        events: String,
    },
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { from, to, cause } => {
                write!(f, "not all came of {from} to {to}: {cause}")
            }
            Self::QueryEnded { from, to, status } => write!(
                f,
                "nothing came of {from} to {to}: the query ended as {status}; run again"
            ),
            Self::BeforeGroup { from, to } => write!(
                f,
                "nothing came of {from} to {to}: the log group was made later, or does not keep events so long; read the trail's bucket for that time"
            ),
            Self::BeforeHistory { from, to } => write!(
                f,
                "nothing came of {from} to {to}: CloudTrail's event history goes back 90 days; read the trail's bucket for that time"
            ),
            Self::Listing { cause } => write!(f, "not all came: {cause}"),
            Self::DataEvents { events } => write!(
                f,
                "CloudTrail's event history has no data events, so none of {events}; read the trail's bucket or its log group for these"
            ),
        }
    }
}
