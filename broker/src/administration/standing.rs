//! What stands in the store, and how a verb puts something in its place: only where nobody else was quicker.

use std::fmt;

use serde::Serialize;
use vestibule_certs::digest::sha256;
use vestibule_certs::encoding::base64url;
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::app::App;
use crate::store::audit::{Event, append};
use crate::store::organizations::{self, OrganizationRow, Replaced};

use super::{Actor, Refusal};

/// How often a change is made anew because something else of the organisation changed meanwhile.
pub(super) const TRIES: usize = 4;

/// What a resource was when it was read: whoever changes it says from what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(String);

impl Version {
    /// Of what is shown, and of what is hidden of it.
    pub(super) fn of(shown: &impl Serialize, hidden: &[&[u8]]) -> Self {
        let mut bytes = serde_json::to_vec(shown).unwrap_or_default();
        for part in hidden {
            bytes.extend_from_slice(&sha256(part));
        }
        Self(base64url(&sha256(&bytes)[..16]))
    }

    /// As somebody sent it. Only one that stands is ever equal to one.
    #[must_use]
    pub fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// # Errors
    /// `VERSION-STALE` when it is not the one that stands.
    pub(super) fn check(&self, standing: &Self) -> Result<(), Refusal> {
        if self == standing { Ok(()) } else { Err(Code::VersionStale.into()) }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The actor's organisation as the store has it.
pub(super) async fn row(app: &App, actor: &Actor) -> Result<OrganizationRow, Refusal> {
    let row = organizations::by_id(app.store.readers(), actor.tenant.organization.id).await?;
    row.ok_or_else(|| Code::NotFound.into())
}

/// Puts it in the place of what it was made from, with the events that tell of it.
pub(super) async fn replace(
    app: &App,
    (actor, operation): (&Actor, Operation),
    row: OrganizationRow,
    events: Vec<Event>,
) -> Result<Replaced, Refusal> {
    let (now, organization) = (app.wall.now(), row.organization.id);
    let write = actor.write(app, operation, move |transaction| {
        Box::pin(async move {
            let replaced = organizations::replace(transaction, &row, now).await?;
            if replaced == Replaced::Stands {
                for event in &events {
                    append(transaction, event).await?;
                }
            }
            Ok(Ok(replaced))
        })
    });
    let replaced = write.await?;
    if replaced == Replaced::Stands {
        // This server need not wait for the feed to tell it what it did itself.
        app.renew(&[organization]).await.map_err(|error| {
            tracing::error!(administration.error = %error, "what was changed cannot be read");
            Code::StoreLost
        })?;
    }
    Ok(replaced)
}
