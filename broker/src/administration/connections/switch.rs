//! Whether a connection lets anybody in (PRV-15). It is switched off without a look at its provider, which may be what is wrong.

use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;
use vestibule_policies::organization::{ConnectionPolicy, Organization};

use crate::http::visit::Visit;
use crate::store::organizations::Replaced;

use super::super::standing::{self, TRIES, Version};
use super::super::workspace::ACKNOWLEDGEMENT;
use super::super::{Actor, FieldFault, Refusal, Stage};
use super::{Versioned, changed, named, save, shown};

/// What a connection is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switched {
    /// It lets people in.
    On,
    /// It lets nobody in, and the sessions that it opened end. Its settings stay.
    Off {
        /// Whether the actor knows that subscribers sign in by it.
        acknowledged: bool,
    },
}

/// Switches a connection on or off. Where it is so already, nothing is written.
///
/// # Errors
/// Where the actor may not, the version is not what stands, or subscribers sign in by it and that is not acknowledged.
pub async fn switch(
    visit: &Visit<'_>,
    actor: &Actor,
    (name, version): (&str, &Version),
    to: Switched,
) -> Result<Versioned, Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    for _ in 0..TRIES {
        let before = standing::row(app, actor).await?;
        let was = named(&before, name)?;
        version.check(&shown(app, &before, was)?.1)?;
        let mut after = before.clone();
        for one in after.organization.connections.iter_mut().filter(|one| one.id == was.id) {
            one.enabled = to == Switched::On;
        }
        let is = named(&after, name)?;
        let answer = shown(app, &after, is)?;
        if was == is {
            return Ok(answer);
        }
        check_known(&after.organization, (was, is), to == Switched::Off { acknowledged: true })?;
        let events = changed(visit, actor, (&before, &after), is);
        if save(app, actor, after, events).await? == Replaced::Stands {
            return Ok(answer);
        }
    }
    Err(Code::StoreBusy.into())
}

/// Nobody locks all subscribers out unawares: what another method would ask for, the end of this one does too.
pub(super) fn check_known(
    organization: &Organization,
    (was, is): (&ConnectionPolicy, &ConnectionPolicy),
    acknowledged: bool,
) -> Result<(), Refusal> {
    let is_method = organization.workspace.authentication.as_ref() == Some(&is.name);
    if is_method && was.enabled && !is.enabled && !acknowledged {
        let message =
            "subscribers sign in by this connection, and nobody will any more; confirm that you know";
        let fault = FieldFault::invalid(ACKNOWLEDGEMENT, message);
        return Err(Refusal::Faults(Code::SubscriberImpact, vec![fault]));
    }
    Ok(())
}
