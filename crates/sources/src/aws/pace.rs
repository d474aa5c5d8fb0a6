use std::cell::Cell;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Keeps requests so far apart that AWS does not refuse them as too many.
///
/// Whoever shares it takes turns.
#[derive(Debug)]
pub(crate) struct Pace {
    between: Duration,
    next: Cell<Option<Instant>>,
}

impl Pace {
    /// Lets so many requests go in a second.
    pub(crate) fn per_second(requests: u32) -> Pace {
        Pace {
            between: Duration::from_secs(1) / requests.max(1),
            next: Cell::new(None),
        }
    }

    /// Waits for the moment at which the next request may go.
    pub(crate) async fn turn(&self) {
        let now = Instant::now();
        let turn = self.next.get().map_or(now, |next| next.max(now));
        self.next.set(Some(turn + self.between));
        sleep_until(turn).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_apart_and_the_first_comes_at_once() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        runtime.block_on(async {
            let pace = Pace::per_second(50);
            let start = Instant::now();
            pace.turn().await;
            assert!(start.elapsed() < Duration::from_millis(19));
            tokio::join!(pace.turn(), pace.turn(), pace.turn());
            assert!(start.elapsed() >= Duration::from_millis(60));
        });
    }
}
