//! What SAML adds to a sign-in: a consumer service that a browser posts to without its cookies, and a landing to which it comes
//! with them (architecture 2, steps 4 and 5). Read the files in this order:
//!
//! `acs` (verifies, and lets what holds wait) → `landing` (meets its browser) → `unsolicited` (where the provider began) → `logout`.

pub mod acs;
pub mod landing;
pub mod logout;
pub mod unsolicited;
mod waiting;

use vestibule_policies::ids::OrganizationId;

use crate::config::Server;
use crate::http::route::SamlRoute;

/// The address of one of the service provider's routes.
#[must_use]
pub fn address(server: &Server, route: SamlRoute) -> String {
    format!("{}{}", server.origin(server.saml()), route.path())
}

/// Our entity id: the deployment's, or that of one organisation.
#[must_use]
pub fn entity_id(server: &Server, owner: Option<OrganizationId>) -> String {
    let shared = server.origin(server.saml());
    owner.map_or(shared.clone(), |id| format!("{shared}{}", SamlRoute::ScopedMetadata(id).path()))
}

/// Where the metadata of that entity is.
#[must_use]
pub fn metadata_address(server: &Server, owner: Option<OrganizationId>) -> String {
    let shared = address(server, SamlRoute::Metadata);
    owner.map_or(shared.clone(), |id| format!("{shared}?organization={id}"))
}
