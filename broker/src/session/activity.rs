//! Activity: what counts as it, and how it reaches the store without any request waiting for it.
//!
//! The first touch after a quiet five seconds is written at once, later ones together: a crash can only make a session
//! shorter (annex c.15).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::HeaderMap;
use http::header::ACCEPT;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use vestibule_policies::time::Timestamp;

use crate::clock::SessionClock;
use crate::store::Store;
use crate::store::roots::{self, RootId};

use super::Root;

/// How often what waits is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How long a touch waits for others; with the tick, the store lags five seconds behind at most.
const COALESCE: Duration = Duration::from_secs(4);

/// Whether a request that goes to an application is something that a person did (SES-05).
#[must_use]
pub fn is_activity(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| {
        headers
            .get(name)
            .and_then(|header| header.to_str().ok())
            .is_some_and(|text| text.trim().eq_ignore_ascii_case(value))
    };
    let prefetch = headers.get("sec-purpose").and_then(|header| header.to_str().ok()).is_some_and(|text| {
        text.split([';', ',']).any(|token| token.trim().eq_ignore_ascii_case("prefetch"))
    });
    let event_stream = headers
        .get(ACCEPT)
        .and_then(|header| header.to_str().ok())
        .is_some_and(|text| text.trim().to_ascii_lowercase().starts_with("text/event-stream"));
    !is("vestibule-background", "1") && !prefetch && !event_stream
}

/// Where touched roots go.
#[derive(Debug, Clone)]
pub struct Activity {
    touched: mpsc::UnboundedSender<Arc<Root>>,
    closing: CancellationToken,
}

/// Writes what was touched until it is told to close; then writes the rest and ends.
#[derive(Debug)]
pub struct ActivityWriter {
    touched: mpsc::UnboundedReceiver<Arc<Root>>,
    store: Store,
    clock: SessionClock,
    closing: CancellationToken,
    waiting: Vec<Arc<Root>>,
}

impl Activity {
    /// Both ends. The queue holds each root at most once, and so is as long as there are live sessions at most.
    #[must_use]
    pub fn new(store: Store, clock: SessionClock) -> (Self, ActivityWriter) {
        let (sender, touched) = mpsc::unbounded_channel();
        let closing = CancellationToken::new();
        let activity = Self { touched: sender, closing: closing.clone() };
        (activity, ActivityWriter { touched, store, clock, closing, waiting: Vec::new() })
    }

    /// The server stops: what is known now is written.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Something was done.
    pub fn touch(&self, root: &Arc<Root>, now: Timestamp) {
        root.active_at(now);
        if !root.activity_waits.swap(true, Ordering::AcqRel) {
            // The writer ends with the server only; a session that ends with it loses nothing.
            drop(self.touched.send(Arc::clone(root)));
        }
    }
}

impl ActivityWriter {
    /// Runs until the server stops.
    pub async fn run(mut self) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                _ = self.touched.recv_many(&mut batch, 1024) => self.waiting.append(&mut batch),
                () = self.closing.cancelled() => {
                    while let Ok(root) = self.touched.try_recv() {
                        self.waiting.push(root);
                    }
                    self.write(|_| true).await;
                    return;
                }
                _ = tick.tick() => {}
            }
            let now = self.clock.now();
            self.write(|root| is_due(root, now)).await;
        }
    }

    async fn write(&mut self, due: impl Fn(&Root) -> bool) {
        let (now, later): (Vec<_>, Vec<_>) = self.waiting.drain(..).partition(|root| due(root));
        self.waiting = later;
        if now.is_empty() {
            return;
        }
        let touches: Vec<(RootId, Timestamp)> = now
            .iter()
            .map(|root| {
                // Before the activity is read: a touch from here on queues the root again.
                root.activity_waits.store(false, Ordering::Release);
                (root.id, root.last_activity())
            })
            .collect();
        let kept = touches.clone();
        let written = self
            .store
            .write(move |transaction| {
                Box::pin(async move {
                    for (id, at) in touches {
                        roots::touch(transaction, id, at).await?;
                    }
                    Ok(())
                })
            })
            .await;
        match written {
            Ok(()) => {
                for (root, (_, at)) in now.iter().zip(kept) {
                    root.written_activity.store(at.millis(), Ordering::Relaxed);
                }
            }
            Err(error) => {
                tracing::warn!(session.error = %error, "activity was not written; it is tried again");
                self.waiting
                    .extend(now.into_iter().filter(|root| !root.activity_waits.swap(true, Ordering::AcqRel)));
            }
        }
    }
}

fn is_due(root: &Root, now: Timestamp) -> bool {
    let written = Timestamp::from_millis(root.written_activity.load(Ordering::Relaxed));
    now.since(written) >= COALESCE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_did_is_activity() {
        for (name, value, counts) in [
            ("accept", "text/html", true),
            ("vestibule-background", "1", false),
            ("vestibule-background", "0", true),
            ("sec-purpose", "prefetch", false),
            ("sec-purpose", "prefetch;prerender", false),
            ("sec-purpose", "other", true),
            ("accept", "text/event-stream", false),
            ("accept", "Text/Event-Stream", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
            assert_eq!(is_activity(&headers), counts, "{name}: {value}");
        }
    }
}
