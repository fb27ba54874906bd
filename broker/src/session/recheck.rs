//! Whether people who are signed in still stand in their directory (AD-21, SESS-13): disabled, deleted, or with another password they
//! are signed out. A directory that cannot be asked signs nobody out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::time::Timestamp;
use vestibule_providers::Provider;
use vestibule_providers::step::Standing;

use crate::app::App;
use crate::audit;
use crate::store::StoreError;
use crate::store::audit::append;
use crate::store::roots::{self, EndedBy, RootRow};

use super::facts::Facts;

/// How often it is looked whose turn it is.
const INTERVAL: Duration = Duration::from_secs(1);

/// Looks people up until the server stops, each connection at its own interval and beside the others: a directory that is slow keeps
/// nobody else's people signed in.
pub async fn recheck(app: Arc<App>) {
    let mut last: HashMap<ConnectionId, Timestamp> = HashMap::new();
    let mut under_way: HashMap<ConnectionId, AbortHandle> = HashMap::new();
    let mut looks = JoinSet::new();
    let mut interval = tokio::time::interval(INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        while looks.try_join_next().is_some() {}
        under_way.retain(|_, look| !look.is_finished());
        for (organization, connection, provider) in due(&app, &mut last, app.session_clock.now()) {
            if under_way.contains_key(&connection) {
                continue;
            }
            let app = Arc::clone(&app);
            let look = looks.spawn(async move {
                if let Err(error) = look_up(&app, (organization, connection), &*provider).await {
                    tracing::warn!(store.error = %error, "people could not be looked up; the next time does it");
                }
            });
            under_way.insert(connection, look);
        }
    }
}

type Due = (OrganizationId, ConnectionId, Arc<dyn Provider>);

/// The connections whose turn it is. A connection that is new waits its whole interval first.
fn due(app: &App, last: &mut HashMap<ConnectionId, Timestamp>, now: Timestamp) -> Vec<Due> {
    let deployment = app.deployment.load();
    let mut due = Vec::new();
    for tenant in deployment.tenants() {
        for connection in tenant.organization.connections.iter().filter(|one| one.is_directory()) {
            let row = tenant.connection_row(connection.id);
            let every = row.and_then(|row| row.document.provider.directory()?.recheck_ms);
            let Some((every, provider)) = every.zip(tenant.provider(connection.id)) else { continue };
            let before = *last.entry(connection.id).or_insert(now);
            if now.since(before) >= Duration::from_millis(every) {
                last.insert(connection.id, now);
                due.push((tenant.organization.id, connection.id, Arc::clone(provider)));
            }
        }
    }
    last.retain(|id, _| deployment.by_connection(*id).is_some());
    due
}

async fn look_up(
    app: &App,
    (organization, connection): (OrganizationId, ConnectionId),
    provider: &dyn Provider,
) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let rows = roots::of_connection(app.store.readers(), connection, after).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id);
        let known: Vec<(&RootRow, Facts)> = rows
            .iter()
            .filter_map(|row| Some((row, Facts::open(&row.facts, row.id, &app.keys).ok()?)))
            .collect();
        let people: Vec<_> = known.iter().map(|(_, facts)| &facts.upstream).collect();
        let standings = provider.recheck(&people, app.wall.now()).await;
        for ((row, _), standing) in known.iter().zip(standings) {
            if let Standing::Ended(cause) = standing {
                end(app, organization, row, cause).await?;
            }
        }
    }
}

async fn end(
    app: &App,
    organization: OrganizationId,
    row: &RootRow,
    cause: &'static str,
) -> Result<(), StoreError> {
    let id = row.id;
    let (now, event) =
        (app.session_clock.now(), audit::session_ended_by_directory(app.wall.now(), organization, id, cause));
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            if roots::end(transaction, id, EndedBy::Directory, now).await? {
                append(transaction, &event).await?;
            }
            Ok(())
        })
    });
    write.await?;
    app.sessions.forget(id);
    Ok(())
}
