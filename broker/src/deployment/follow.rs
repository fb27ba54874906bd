//! Following the change feed: what changes anywhere is known here within a fraction of a second (architecture 5).
//!
//! A server that has not read the feed for five seconds knows nothing any more: it answers 503 and signs nobody out.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use vestibule_policies::ids::OrganizationId;

use crate::app::App;
use crate::clock::steady;
use crate::session::guard;
use crate::store::feed::{self, Change, Since};

use super::LoadError;

/// Between two looks. The bound that is promised is two seconds.
const INTERVAL: Duration = Duration::from_millis(250);
/// The age at which what is in memory is no longer believed.
const LOST_AFTER: Duration = Duration::from_secs(5);

/// How long ago the feed was last read.
#[derive(Debug)]
pub struct Freshness {
    origin: Instant,
    read_after_millis: AtomicU64,
    position: AtomicI64,
}

impl Freshness {
    /// As of now.
    #[must_use]
    pub fn new() -> Self {
        Self { origin: steady(), read_after_millis: AtomicU64::new(0), position: AtomicI64::new(0) }
    }

    fn read_at(&self, moment: Instant, position: i64) {
        self.position.store(position, Ordering::Release);
        let millis = u64::try_from(moment.duration_since(self.origin).as_millis()).unwrap_or(u64::MAX);
        self.read_after_millis.store(millis, Ordering::Release);
    }

    /// The position up to which changes are known here.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Whether memory may still be believed.
    #[must_use]
    pub fn holds(&self) -> bool {
        let read = Duration::from_millis(self.read_after_millis.load(Ordering::Acquire));
        steady().duration_since(self.origin).saturating_sub(read) <= LOST_AFTER
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self::new()
    }
}

/// Follows the feed from `position` until the server stops.
pub async fn follow(app: Arc<App>, mut position: i64) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        let began = steady();
        match step(&app, position).await {
            Ok(latest) => {
                position = latest;
                app.freshness.read_at(began, position);
            }
            Err(error) => tracing::error!(feed.error = %error, "the change feed cannot be followed"),
        }
    }
}

async fn step(app: &App, position: i64) -> Result<i64, LoadError> {
    match feed::after(app.store.readers(), position).await? {
        Since::Changes(changes, latest) => {
            let mut organizations: Vec<OrganizationId> = Vec::new();
            for change in changes {
                match change {
                    Change::Organization(id) if organizations.contains(&id) => {}
                    Change::Organization(id) => organizations.push(id),
                    Change::RootEnded(id) => app.sessions.forget(id),
                }
            }
            if !organizations.is_empty() {
                renew(app, &organizations).await?;
            }
            Ok(latest)
        }
        Since::Everything(latest) => {
            for id in app.sessions.distrust() {
                // Reading it tells whether it ended meanwhile, and ends what is under way.
                app.sessions.root_by_id(&app.store, &app.keys, id).await?;
            }
            renew(app, &app.every_organization().await?).await?;
            tracing::warn!("changes were missed; everything was read anew");
            Ok(latest)
        }
    }
}

async fn renew(app: &App, organizations: &[OrganizationId]) -> Result<(), LoadError> {
    app.renew(organizations).await?;
    judge_leases(app, organizations).await;
    let deployment = app.deployment.load();
    for &id in organizations {
        let slug = deployment.tenant(id).map(|tenant| tenant.organization.slug.as_str());
        tracing::info!(organization.id = %id, organization.slug = slug, "an organisation was read anew");
    }
    Ok(())
}

/// Requests under way are judged by the new rules too; whatever comes next is judged by the guard.
async fn judge_leases(app: &App, organizations: &[OrganizationId]) {
    let deployment = app.deployment.load_full();
    for &id in organizations {
        guard::judge_leases(app, id, deployment.tenant(id)).await;
    }
}
