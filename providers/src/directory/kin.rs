//! Which domains of a connection belong together. A domain may speak of another one's names and groups only where that other one says
//! that both are of one forest: a controller that lies about itself harms its own domain alone.

use std::sync::Arc;

use vestibule_policies::claims::ClaimName;
use vestibule_policies::code::Code;
use vestibule_policies::security_id::{DomainSid, SecurityId};

use super::domain::Domain;
use crate::error::SignInError;

/// A domain among the others of its connection.
#[derive(Debug, Clone)]
pub(super) struct Kin {
    own: Arc<Domain>,
    /// Domains whose forest lists this one.
    relatives: Vec<Arc<Domain>>,
    /// The others.
    strangers: Vec<Arc<Domain>>,
}

impl Kin {
    /// Asks every other domain of the connection what its forest is. One that cannot be asked is a stranger.
    ///
    /// Also one that is switched off is asked (AD-10: the forest's root): it gives no people, and still lends its suffix to those of
    /// the forest's other domains and has its groups. Its own people, who stay where they are in (AD-07), have their names guarded.
    pub(super) async fn of(own: &Arc<Domain>, all: &[Arc<Domain>]) -> Self {
        let mut kin = Self { own: Arc::clone(own), relatives: Vec::new(), strangers: Vec::new() };
        for other in all.iter().filter(|other| !Arc::ptr_eq(other, own)) {
            let lists = other.lists(&own.config.name).await;
            let side = if lists { &mut kin.relatives } else { &mut kin.strangers };
            side.push(Arc::clone(other));
        }
        kin
    }

    /// Whether a group with this SID may be one of a person of the domain.
    pub(super) fn admits_group(&self, group: &SecurityId) -> bool {
        let domain = group.domain();
        let is = |sid: &DomainSid| domain.as_ref() == Some(sid);
        is(&self.own.sid) || self.relatives.iter().any(|other| is(&other.sid))
    }

    /// A UPN under a name that belongs to a domain of another forest would make one of its people out of one of ours.
    ///
    /// # Errors
    /// `CLAIM-SCOPE`.
    pub(super) fn check_principal(&self, principal: &str) -> Result<(), SignInError> {
        // As the mapping reads it: without the white space around it, and its suffix as a domain name.
        let suffix = principal.trim().rsplit('@').next().unwrap_or_default();
        match self.strangers.iter().find(|other| other.owns(suffix)) {
            None => Ok(()),
            Some(other) => {
                let reason = format!(
                    "the domain {} has no say about {principal}, which is of {}",
                    self.own.config.name, other.config.name
                );
                Err(SignInError::new(Code::ClaimScope, reason).with_claim(ClaimName::Upn))
            }
        }
    }
}
