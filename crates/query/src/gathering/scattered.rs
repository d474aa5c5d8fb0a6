//! Events of many inputs in another order than they were read in, as a lake
//! keeps them, and what is known of inputs that are not read again in full.

use std::mem;

use earwitness_parser::{Item, Passed, Reader};

use super::{Gathering, Made};
use crate::access::Access;
use crate::batch::Batch;
use crate::logging_call::LoggingCall;
use crate::monitor_request::MonitorRequest;
use crate::names::Names;
use crate::recording_buckets::RecordingBuckets;
use crate::recording_key::{RecordingKey, RecordingKind, canonical_key};
use crate::seen_accesses::SeenAccesses;
use crate::trail_change::TrailChange;
use crate::window::Window;

/// Where an event lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The input, as its place in the order of the batches that are absorbed.
    pub input: u32,
    /// The place in the input.
    pub index: u64,
    /// How often else the same record was delivered, where that was found out
    /// and the deliveries are not read one by one.
    pub copies: u32,
}

/// What an input held in all, of which only its contact records are read again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records of any kind.
    pub read: u64,
    /// CloudTrail records.
    pub events: u64,
    /// CloudTrail records that the question is about, at any time.
    pub of_interest: u64,
    /// Aggregated events.
    pub aggregated: u64,
    /// The times of the first and the last of these, in microseconds since 1970.
    pub seen: Option<(i64, i64)>,
}

/// Events of several inputs, in any order.
///
/// Which events were read at the same time makes no difference, nor does the
/// order in which they are absorbed.
#[derive(Debug, Default)]
pub struct Scattered {
    names: Names,
    accesses: Vec<Access>,
    trail_changes: Vec<(u64, TrailChange)>,
    monitor_requests: Vec<(u64, MonitorRequest)>,
    made: Vec<Made>,
    recording_buckets: RecordingBuckets,
    read: u64,
    filtered: u64,
    duplicates: u64,
}

impl Scattered {
    /// Reads records, one JSON object after the other, of which `places` tells
    /// for each where it lay. `None` where they do not go together.
    pub fn read(
        records: &[u8],
        places: &[Place],
        reader: &mut Reader,
        window: &Window,
    ) -> Option<Scattered> {
        let mut batch = Batch::empty("");
        let mut changes = Vec::new();
        let mut requests = Vec::new();
        let mut duplicates = 0;
        let mut left = places.iter();
        let mut fits = true;
        let window = window.padded();
        let interest = reader.interest().clone();
        let mut take = |item: Item<'_>| {
            let (Some(place), Item::Event { .. }) = (left.next(), &item) else {
                fits = false;
                return;
            };
            let filtered = batch.counts.filtered;
            let accesses = batch.accesses.len();
            batch.take(item, &window, &interest);
            if let Some(access) = batch.accesses.get_mut(accesses) {
                access.input = place.input;
                access.index = place.index;
            } else if let Some(mut change) = batch.trail_changes.pop() {
                change.input = place.input;
                changes.push((place.index, change));
            } else if let Some(mut request) = batch.monitor_requests.pop() {
                request.input = place.input;
                requests.push((place.index, request));
            }
            if batch.counts.filtered == filtered {
                duplicates += u64::from(place.copies);
            } else {
                batch.counts.filtered += u64::from(place.copies);
            }
            batch.counts.read += u64::from(place.copies);
        };
        reader.read(records, &mut take);
        let fits = fits && left.next().is_none();
        fits.then(|| Scattered {
            names: batch.names,
            accesses: batch.accesses,
            trail_changes: changes,
            monitor_requests: requests,
            made: batch.made,
            recording_buckets: batch.recording_buckets,
            read: batch.counts.read,
            filtered: batch.counts.filtered,
            duplicates,
        })
    }

    /// Takes in more events.
    pub fn absorb(&mut self, other: Scattered) {
        let to = self.names.absorb(other.names);
        self.accesses
            .extend(other.accesses.into_iter().map(|mut access| {
                access.rename(&to, access.input);
                access
            }));
        let changes = other.trail_changes.into_iter();
        self.trail_changes
            .extend(changes.map(|(index, mut change)| {
                change.rename(&to, change.input);
                (index, change)
            }));
        let requests = other.monitor_requests.into_iter();
        self.monitor_requests
            .extend(requests.map(|(index, mut request)| {
                request.rename(&to, request.input);
                (index, request)
            }));
        self.made.extend(other.made.into_iter().map(|made| Made {
            object: to.object(made.object),
            ..made
        }));
        self.recording_buckets.absorb(&other.recording_buckets, &to);
        self.read += other.read;
        self.filtered += other.filtered;
        self.duplicates += other.duplicates;
    }

    /// Tells whether the key of an object is that of a recording.
    pub fn is_recording_key(key: &str) -> bool {
        RecordingKey::parse(&canonical_key(key)).kind != RecordingKind::None
    }

    /// Tells whether events of a name matter wherever they lie in time: they say
    /// how large an object is that was made long before it is read.
    pub fn outlives_window(event_name: &str) -> bool {
        matches!(
            event_name,
            "PutObject" | "CompleteMultipartUpload" | "CopyObject"
        )
    }
}

impl Batch {
    /// Counts what the input held beyond what was read of it: set aside, as long
    /// as [`Gathering::absorb_scattered`] does not bring it.
    #[must_use]
    pub fn beyond(mut self, totals: &Totals) -> Batch {
        let others = totals.events - totals.of_interest;
        self.counts.filtered += totals.read - self.counts.read;
        self.counts.read = totals.read;
        self.counts.events = totals.events;
        if others > 0 {
            self.counts.passed.insert(Passed::OtherEvent, others);
        }
        if totals.aggregated > 0 {
            let aggregated = totals.aggregated;
            self.counts.passed.insert(Passed::Aggregated, aggregated);
        }
        self.first_event = totals.seen.map(|(first, _)| first);
        self.last_event = totals.seen.map(|(_, last)| last);
        self
    }
}

impl Gathering {
    /// Returns no events yet, with the names that are known here: where nothing else
    /// is absorbed before them, they need not be taken in one by one.
    pub fn scattered(&self) -> Scattered {
        Scattered {
            names: self.gathered.names.clone(),
            ..Scattered::default()
        }
    }

    /// Takes in calls that may have made a trail record less, by their event names
    /// and times in microseconds since 1970; names of other events are passed over.
    pub fn learn_logging_calls<'a>(&mut self, calls: impl IntoIterator<Item = (&'a str, i64)>) {
        let calls = calls.into_iter();
        let calls = calls.filter_map(|(name, time)| LoggingCall::named(name, time));
        self.gathered.logging_calls.extend(calls);
    }

    /// Takes in buckets that are known to hold recordings from events that are
    /// not read again, each with the name of such an event.
    pub fn learn_recording_buckets<'a>(
        &mut self,
        buckets: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let symbols = &mut self.gathered.names.symbols;
        for (bucket, event_name) in buckets {
            let (bucket, event_name) = (symbols.intern(bucket), symbols.intern(event_name));
            self.gathered.recording_buckets.learn(bucket, event_name);
        }
    }

    /// Takes in events of inputs whose batches, without these events, were
    /// absorbed before: each comes to stand where it stood in its input, and of
    /// one that was delivered again the first counts.
    pub fn absorb_scattered(&mut self, scattered: Scattered) {
        let to = self.gathered.names.absorb(scattered.names);
        let counts = &mut self.gathered.counts;
        // They were set aside with the inputs that they come from.
        counts.filtered = (counts.filtered + scattered.filtered).saturating_sub(scattered.read);
        counts.duplicates += scattered.duplicates;

        let mut accesses = mem::take(&mut self.gathered.accesses);
        accesses.extend(scattered.accesses.into_iter().map(|mut access| {
            access.rename(&to, access.input);
            access
        }));
        accesses.sort_unstable_by_key(|access| (access.input, access.index));
        self.seen_accesses = SeenAccesses::default();
        for access in accesses {
            if self.seen_accesses.is_new(&access, &self.gathered.accesses) {
                self.gathered.accesses.push(access);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }

        self.seen.clear();
        // An input's events come all from here or all from its batch.
        let known = mem::take(&mut self.gathered.trail_changes);
        let mut changes: Vec<(u64, TrailChange)> = (0..).zip(known).collect();
        changes.extend(
            scattered
                .trail_changes
                .into_iter()
                .map(|(index, mut change)| {
                    change.rename(&to, change.input);
                    (index, change)
                }),
        );
        changes.sort_by_key(|(index, change)| (change.input, *index));
        for (_, change) in changes {
            if self.seen.insert((change.event_id, change.content.0)) {
                self.gathered.trail_changes.push(change);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }
        let known = mem::take(&mut self.gathered.monitor_requests);
        let mut requests: Vec<(u64, MonitorRequest)> = (0..).zip(known).collect();
        let brought = scattered.monitor_requests.into_iter();
        requests.extend(brought.map(|(index, mut request)| {
            request.rename(&to, request.input);
            (index, request)
        }));
        requests.sort_by_key(|(index, request)| (request.input, *index));
        for (_, request) in requests {
            if self.seen.insert((request.event_id, request.content.0)) {
                self.gathered.monitor_requests.push(request);
            } else {
                self.gathered.counts.duplicates += 1;
            }
        }

        self.made
            .extend(scattered.made.into_iter().map(|made| Made {
                object: to.object(made.object),
                ..made
            }));
        self.gathered
            .recording_buckets
            .absorb(&scattered.recording_buckets, &to);
    }
}

#[cfg(test)]
mod tests {
    use earwitness_parser::Interest;

    use super::*;

    fn record(event_name: &str) -> String {
        format!(
            r#"{{"eventTime":"2026-03-02T09:05:17Z","eventSource":"s3.amazonaws.com","eventName":"{event_name}","requestParameters":{{"bucketName":"b","key":"k"}}}}"#
        )
    }

    fn read(records: &str, places: usize) -> Option<Scattered> {
        let place = |index| Place {
            input: 0,
            index,
            copies: 0,
        };
        let places: Vec<Place> = (0..places as u64).map(place).collect();
        let mut reader = Reader::new(Interest::everything(), 1 << 20);
        Scattered::read(records.as_bytes(), &places, &mut reader, &Window::default())
    }

    #[test]
    fn what_outlives_the_window_is_what_tells_sizes() {
        for name in [
            "PutObject",
            "CopyObject",
            "CompleteMultipartUpload",
            "GetObject",
            "DeleteObject",
            "UploadPart",
            "RestoreObject",
        ] {
            let scattered = read(&record(name), 1).unwrap();
            let tells = !scattered.made.is_empty();
            assert_eq!(tells, Scattered::outlives_window(name), "{name}");
        }
    }

    #[test]
    fn records_and_their_places_go_together_or_not_at_all() {
        let two = format!("{}\n{}\n", record("GetObject"), record("GetObject"));
        assert_eq!(read(&two, 2).unwrap().accesses.len(), 2);
        assert!(read(&two, 1).is_none());
        assert!(read(&two, 3).is_none());
        assert!(read("{\"a\":1}", 1).is_none());
    }
}
