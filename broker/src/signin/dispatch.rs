//! What comes next for somebody whom a provider proved. This alone decides it; steps never call one another.

use vestibule_policies::mapping::{ClaimFault, map};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::step::Proof;
use vestibule_providers::verified::Verified;

use crate::deployment::Tenant;

use super::admission::Proven;

/// What comes next.
#[derive(Debug)]
pub enum Next {
    /// Nothing more is asked of the person.
    Finish(Proven),
}

/// Turns what was proved into claims, and says what comes next.
///
/// # Errors
/// The claim that is missing, malformed or out of scope (CLM-04, CLM-05).
pub fn next(
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    proof: &Verified<Proof>,
) -> Result<Next, SignInError> {
    let Proof { attributes, upstream } = proof.value();
    let mapped =
        map(attributes, connection, &tenant.organization.directories).map_err(|fault| refusal(&fault))?;
    Ok(Next::Finish(Proven {
        connection: connection.clone(),
        claims: mapped.claims,
        upstream: upstream.clone(),
        evidence: proof.evidence().clone(),
        dropped_groups: mapped.dropped_groups,
    }))
}

fn refusal(fault: &ClaimFault) -> SignInError {
    SignInError::new(fault.code(), fault.to_string()).with_claim(fault.claim)
}
