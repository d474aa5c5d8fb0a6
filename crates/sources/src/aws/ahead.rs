//! Brings objects before they are asked for, so that the network is not waited
//! for one object at a time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use super::object::{Listed, Part, S3Object, bring};
use super::session::Aws;
use crate::{AwsError, Input};

/// So many requests are under way at once.
const REQUESTS: usize = 16;
/// So many objects, of so many bytes, are brought and not yet asked for.
const HELD_OBJECTS: usize = 128;
const HELD_BYTES: u64 = 64 << 20;

/// An object's bytes, and whether they are all.
pub(crate) type Brought = (Vec<u8>, Result<(), AwsError>);

/// Where objects lie that were brought before they were asked for.
pub(crate) struct Shelf {
    handle: Handle,
    requests: Arc<Semaphore>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Tells plans apart: one that ends late clears nothing of the next.
    plan: u64,
    to_bring: VecDeque<(Arc<Listed>, Part)>,
    /// Asked for before their turn came.
    taken: HashSet<Id>,
    held: HashMap<Id, Held>,
    held_bytes: u64,
}

struct Held {
    bytes: u64,
    bringing: JoinHandle<Brought>,
}

/// An object that was listed, by where it lies in memory, and what is meant of it.
type Id = (usize, Part);

fn id(listed: &Arc<Listed>, part: Part) -> Id {
    (Arc::as_ptr(listed).addr(), part)
}

impl Shelf {
    pub(crate) fn new(handle: Handle) -> Shelf {
        Shelf {
            handle,
            requests: Arc::new(Semaphore::new(REQUESTS)),
            state: Mutex::default(),
        }
    }

    /// Hands out an object that is here or on its way.
    pub(crate) fn take(&self, object: &S3Object) -> Option<JoinHandle<Brought>> {
        let mut state = self.lock();
        let id = id(&object.listed, object.part);
        let Some(held) = state.held.remove(&id) else {
            if !state.to_bring.is_empty() {
                state.taken.insert(id);
            }
            return None;
        };
        state.held_bytes -= held.bytes;
        self.top_up(&mut state);
        Some(held.bringing)
    }

    fn begin(&self, objects: VecDeque<(Arc<Listed>, Part)>) -> u64 {
        let mut state = self.lock();
        state.clear();
        state.plan += 1;
        state.to_bring = objects;
        self.top_up(&mut state);
        state.plan
    }

    fn end(&self, plan: u64) {
        let mut state = self.lock();
        if state.plan == plan {
            state.clear();
        }
    }

    /// Asks for as many as there is room for.
    fn top_up(&self, state: &mut State) {
        while state.held.len() < HELD_OBJECTS
            && let Some((listed, part)) = state.to_bring.front()
        {
            let bytes = match part {
                Part::Content => listed.size,
                Part::Metadata => 0,
            };
            let id = id(listed, *part);
            // What is too large to wait here is read when it is asked for.
            if bytes > HELD_BYTES || state.taken.remove(&id) {
                state.to_bring.pop_front();
                continue;
            }
            if state.held_bytes + bytes > HELD_BYTES {
                return;
            }
            let Some((listed, part)) = state.to_bring.pop_front() else {
                return;
            };
            let requests = Arc::clone(&self.requests);
            let bringing = self.handle.spawn(async move {
                // It is never closed.
                let _turn = requests.acquire().await;
                let mut content = Vec::new();
                let read = bring(&listed, part, u64::MAX, &mut content).await;
                (content, read)
            });
            state.held_bytes += bytes;
            state.held.insert(id, Held { bytes, bringing });
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn clear(&mut self) {
        for (_, held) in self.held.drain() {
            held.bringing.abort();
        }
        self.held_bytes = 0;
        self.to_bring.clear();
        self.taken.clear();
    }
}

/// Objects that are brought in order until this is dropped.
#[derive(Debug)]
pub(crate) struct Plan {
    aws: Arc<Aws>,
    number: u64,
}

impl Plan {
    /// Begins to bring the objects among inputs; none where there are none.
    pub(crate) fn of<'i>(inputs: impl IntoIterator<Item = &'i Input>) -> Option<Plan> {
        let objects = inputs.into_iter().filter_map(|input| match input {
            Input::Object(object) => Some(object),
            _ => None,
        });
        let mut objects = objects.peekable();
        let aws = Arc::clone(objects.peek()?.aws());
        let objects = objects.map(|object| (Arc::clone(&object.listed), object.part));
        let number = aws.shelf.begin(objects.collect());
        Some(Plan { aws, number })
    }
}

impl Drop for Plan {
    fn drop(&mut self) {
        self.aws.shelf.end(self.number);
    }
}
