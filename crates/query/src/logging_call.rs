//! Calls that change what a trail records: what came behind one may be missing
//! from any answer.

use earwitness_parser::Event;

use crate::window::Window;

/// The calls that can make a trail record less.
///
/// Source: AWS CloudTrail API Reference.
pub(crate) const LOGGING_CALLS: [&str; 3] = ["DeleteTrail", "PutEventSelectors", "StopLogging"];

/// A call that can make a trail record less, whatever came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoggingCall {
    /// When it was made, in microseconds since 1970.
    pub time: i64,
    /// The name of the event.
    pub event_name: &'static str,
}

impl LoggingCall {
    pub(crate) fn of(event: &Event<'_>, time: i64) -> Option<LoggingCall> {
        let is_cloudtrail = event.event_source.get() == Some("cloudtrail.amazonaws.com");
        let call = LoggingCall::named(event.event_name.as_str(), time)?;
        is_cloudtrail.then_some(call)
    }

    pub(crate) fn named(event_name: &str, time: i64) -> Option<LoggingCall> {
        let mut names = LOGGING_CALLS.into_iter();
        let event_name = names.find(|name| *name == event_name)?;
        Some(LoggingCall { time, event_name })
    }
}

/// Keeps the calls within a window, each once, in the order of time.
pub(crate) fn settle(calls: &mut Vec<LoggingCall>, window: &Window) {
    calls.retain(|call| window.contains(call.time));
    calls.sort_unstable();
    calls.dedup();
}
