//! Sessions whose limits have passed end in the store too, so that nothing later can revive them.

use std::sync::Arc;
use std::time::Duration;

use vestibule_policies::code::Code;
use vestibule_policies::limits::{Standing, standing};

use crate::app::App;
use crate::store::roots::{self, EndedBy};
use crate::store::{StoreError, meta, purge};

use super::{Found, Root, guard};

const INTERVAL: Duration = Duration::from_secs(2);
/// What is useless is deleted every so many sweeps.
const SWEEPS_PER_PURGE: u32 = 30;

/// Sweeps until the server stops.
pub async fn sweep(app: Arc<App>) {
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for count in 0_u32.. {
        interval.tick().await;
        if let Err(code) = end_overdue(&app).await {
            tracing::warn!(store.code = %code, "overdue sessions were not ended; the next sweep does it");
        }
        if count.is_multiple_of(SWEEPS_PER_PURGE)
            && let Err(error) = tidy(&app).await
        {
            tracing::warn!(store.error = %error, "the store was not tidied; the next time does it");
        }
    }
}

async fn end_overdue(app: &App) -> Result<(), Code> {
    let now = app.session_clock.now();
    let overdue = roots::overdue(app.store.readers(), now).await.map_err(|error| error.code())?;
    for (id, organization, reason) in overdue {
        match app.sessions.root_by_id(&app.store, &app.keys, id).await {
            Ok(Found::Live(root)) if is_active(app, &root, reason) => {}
            Ok(Found::Ended { .. }) => {}
            // Also what cannot be read any more.
            Ok(Found::Live(_) | Found::Unknown) | Err(StoreError::Corrupt(_)) => {
                guard::end(app, organization, id, reason, None).await?;
            }
            Err(error) => return Err(error.code()),
        }
    }
    Ok(())
}

/// Memory may know of activity that is not written yet.
fn is_active(app: &App, root: &Root, reason: EndedBy) -> bool {
    let deployment = app.deployment.load();
    let Some(tenant) = deployment.tenant(root.organization) else { return false };
    reason == EndedBy::Idle
        && standing(app.session_clock.now(), &root.span(&tenant.organization)) == Standing::Live
}

async fn tidy(app: &App) -> Result<(), StoreError> {
    app.sessions.tidy();
    app.audit.flush(&app.store, app.wall.now()).await?;
    let (wall, mark) = (app.wall.now(), app.session_clock.mark());
    app.store
        .write(move |transaction| {
            Box::pin(async move {
                meta::keep_clock_mark(transaction, mark).await?;
                purge::purge(transaction, wall, mark.high_water).await
            })
        })
        .await
}
