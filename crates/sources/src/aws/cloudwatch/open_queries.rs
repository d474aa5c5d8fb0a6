//! The queries that AWS is at work on, so that none goes on, and is paid for, when
//! nobody waits for it any more.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::start_query::builders::StartQueryFluentBuilder;
use tokio::time::{Instant, sleep, timeout_at};

use super::super::Call;
use crate::{AwsCause, AwsError};

/// So long may stopping take: whoever interrupts a run waits for it.
const MOST_TO_STOP: Duration = Duration::from_secs(5);

/// Queries that were started and have not ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenQueries(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Requests to start one whose answers are not there yet.
    starting: usize,
    ids: BTreeSet<String>,
}

impl OpenQueries {
    /// Starts a query. It is noted even where the caller no longer waits.
    pub(crate) async fn start(
        &self,
        query: StartQueryFluentBuilder,
        call: Call,
    ) -> Result<String, AwsError> {
        let open = self.clone();
        open.state(|state| state.starting += 1);
        let starting = tokio::spawn(async move {
            let started = query.send().await.map_err(|error| call.failed(&error));
            let id = started.map(|answer| answer.query_id.unwrap_or_default());
            open.state(|state| {
                state.starting -= 1;
                state.ids.extend(id.as_ref().ok().cloned());
            });
            id
        });
        starting.await.unwrap_or_else(|error| {
            Err(AwsError {
                doing: "start a query".to_owned(),
                cause: AwsCause::Network {
                    said: error.to_string(),
                },
            })
        })
    }

    /// Notes that a query has come to an end.
    pub(crate) fn ended(&self, id: &str) {
        self.state(|state| state.ids.remove(id));
    }

    /// Stops all that are open, as far as that is possible in a few seconds.
    /// Returns how many it could not stop.
    pub(crate) async fn stop(&self, client: &Client) -> usize {
        let deadline = Instant::now() + MOST_TO_STOP;
        while self.state(|state| state.starting) > 0 && Instant::now() < deadline {
            sleep(Duration::from_millis(20)).await;
        }
        let ids = self.state(|state| std::mem::take(&mut state.ids));
        let mut left = ids.len() + self.state(|state| state.starting);
        let stopping: Vec<_> = ids
            .into_iter()
            .map(|id| tokio::spawn(client.stop_query().query_id(id).send()))
            .collect();
        for stopped in stopping {
            let Ok(Ok(stopped)) = timeout_at(deadline, stopped).await else {
                continue;
            };
            // One that has ended meanwhile cannot be stopped, and need not be.
            let is_over = match &stopped {
                Ok(_) => true,
                Err(error) => error.as_service_error().is_some(),
            };
            if is_over {
                left -= 1;
            }
        }
        left
    }

    fn state<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state)
    }
}
