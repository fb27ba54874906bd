//! The end of what a provider named, in one transaction: the token's id is spent, the sessions end, each with its event.

use serde_json::json;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::audit;
use crate::signin::transaction::LIFETIME;
use crate::store::StoreError;
use crate::store::audit::{Event, append};
use crate::store::roots::upstream::{Named, named, remember_end};
use crate::store::roots::{self, EndedBy};
use crate::store::spends::{Spend, spend};

/// What a provider asks for.
pub(super) struct Ending {
    pub(super) organization: OrganizationId,
    pub(super) named: Named,
    /// What must not have been used before.
    pub(super) once: Option<Once>,
    /// What is written down; the number of sessions is added.
    pub(super) event: Event,
}

/// An id that counts once.
pub(super) struct Once {
    pub(super) id: String,
    /// In session time.
    pub(super) until: Timestamp,
}

/// Ends it. The number of sessions that it was; none where the id was used before.
///
/// # Errors
/// When the store cannot be written; then the id is not spent either.
pub(super) async fn end(app: &App, ending: Ending) -> Result<Option<usize>, StoreError> {
    let (now, wall) = (app.session_clock.now(), app.wall.now());
    let Ending { organization, named: whose, once, mut event } = ending;
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            if let Some(Once { id, until }) = once
                && spend(transaction, &id, until).await? == Spend::Again
            {
                return Ok(None);
            }
            // A sign-in of that session may be on its way: it began before, and does not undo this.
            remember_end(transaction, &whose, now.plus(LIFETIME)).await?;
            let found = named(&mut *transaction, &whose).await?;
            if let Some(details) = event.details.as_object_mut() {
                details.insert("sessions".to_owned(), json!(found.len()));
            }
            append(transaction, &event).await?;
            for &id in &found {
                if roots::end(transaction, id, EndedBy::Provider, now).await? {
                    let event = audit::session_ended(wall, organization, id, EndedBy::Provider, None);
                    append(transaction, &event).await?;
                }
            }
            Ok(Some(found))
        })
    });
    let Some(ended) = write.await? else { return Ok(None) };
    for &id in &ended {
        app.sessions.forget(id);
    }
    Ok(Some(ended.len()))
}
