//! The SAML host: our metadata, where responses are posted, and where logouts come back to. It is blind to every cookie.

use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use hyper::body::Incoming;
use std::net::IpAddr;
use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_providers::saml::service_provider::{Addresses, metadata};

use crate::app::App;
use crate::signin::saml::{self, acs, logout};

use super::failure::failure;
use super::reply::{self, Reply};
use super::route::SamlRoute;
use super::visit::Visit;

/// How long providers may keep our metadata.
const METADATA_LIFETIME: HeaderValue = HeaderValue::from_static("public, max-age=3600");
const METADATA_KIND: HeaderValue = HeaderValue::from_static("application/samlmetadata+xml");

/// Answers a request to the SAML host.
pub async fn saml(app: &App, (parts, body): (Parts, Incoming), peer: IpAddr) -> Reply {
    let visit = Visit::new(app, &parts, peer);
    let Some(route) = SamlRoute::of(parts.uri.path()) else {
        if parts.method == Method::POST {
            let acs = saml::address(&app.settings(), SamlRoute::Acs);
            tracing::warn!(
                acs,
                "something was posted to no address of ours: a provider may have another ACS address than this"
            );
        }
        return failure(&visit, Code::NotFound);
    };
    if !route.takes(&parts.method) {
        return failure(&visit, Code::MethodNotAllowed);
    }
    let outcome = match route {
        SamlRoute::Metadata => match owner(&visit) {
            Ok(owner) => return our_metadata(&visit, owner).await,
            Err(code) => return failure(&visit, code),
        },
        SamlRoute::ScopedMetadata(id) => return our_metadata(&visit, Some(id)).await,
        SamlRoute::Acs => acs::receive(&visit, body).await,
        // Single logout comes with a later version; without a signature nobody's session ends (SAML-13).
        SamlRoute::Logout => return failure(&visit, Code::NotBuilt),
        SamlRoute::LogoutCallback => logout::answered(&visit),
    };
    match outcome {
        Ok(reply) => reply,
        Err(stop) => stop.answer(&visit).await,
    }
}

/// Whose metadata is asked for: everybody's, or that of one organisation.
fn owner(visit: &Visit<'_>) -> Result<Option<OrganizationId>, Code> {
    if !visit.has_parameter("organization") {
        return Ok(None);
    }
    let id = visit.parameter("organization").and_then(|id| id.parse().ok());
    id.map(Some).ok_or(Code::NotFound)
}

async fn our_metadata(visit: &Visit<'_>, owner: Option<OrganizationId>) -> Reply {
    if let Some(id) = owner
        && visit.app.deployment.load().tenant(id).is_none()
    {
        return failure(visit, Code::NotFound);
    }
    let keys = match visit.app.service_provider().await {
        Ok(keys) => keys,
        Err(error) => {
            tracing::error!(store.error = %error, "the service provider's keys cannot be read");
            return failure(visit, error.code());
        }
    };
    let settings = visit.app.settings();
    let entity_id = saml::entity_id(&settings, owner);
    let acs = saml::address(&settings, SamlRoute::Acs);
    let logout = saml::address(&settings, SamlRoute::LogoutCallback);
    let document = metadata(Addresses { entity_id: &entity_id, acs: &acs, logout: &logout }, &keys);
    let mut reply = reply::text(StatusCode::OK, document.trim_end(), settings.scheme);
    let headers = reply.headers_mut();
    headers.insert(CONTENT_TYPE, METADATA_KIND);
    headers.insert(CACHE_CONTROL, METADATA_LIFETIME);
    reply
}
