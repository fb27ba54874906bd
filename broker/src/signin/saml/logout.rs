//! The way out over the provider (AMB-03): our session has ended already; the browser is sent to the provider's logout address, and
//! comes back here, from where it goes to the workspace that it left.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_certs::{digest, random};
use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::name::HostName;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::saml::logout::{LogoutAnswer, answer};
use vestibule_providers::step::{Context, Freshness, Seed};

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::reply::{self, Reply};
use crate::http::route::{SamlRoute, WorkspaceRoute};
use crate::http::visit::Visit;
use crate::session::Root;

use super::super::stop::Stop;

const ORGANIZATION: usize = 8;
const HOST: usize = 8;
const TAG: usize = 16;

/// Where the browser goes so that the provider's session ends too; nothing where there is no such place.
pub async fn address(app: &App, tenant: &Tenant, host: &HostName, root: &Root) -> Option<String> {
    let provider = tenant.provider(root.connection)?;
    let settings = app.settings();
    let seed = Seed::from_bytes(random::bytes().ok()?);
    let now = app.wall.now();
    let context = Context {
        now,
        seed: &seed,
        state: &relay_state(app, tenant.organization.id, host),
        redirect_uri: &super::address(&settings, SamlRoute::LogoutCallback),
        entity_id: &tenant.entity_id(&settings, root.connection),
        started: now,
        freshness: Freshness::Any,
        gate: None,
    };
    match provider.sign_out(&context, &root.facts.upstream, None).await {
        Ok(address) => address.map(String::from),
        Err(error) => {
            // Our own session is over; the provider's is all that stays.
            tracing::warn!(signout.reason = error.reason, "no logout request could be made");
            None
        }
    }
}

/// Answers `/saml/logout/callback`.
///
/// # Errors
/// For whatever is no answer to a request of ours.
pub fn answered(visit: &Visit<'_>) -> Result<Reply, Stop> {
    let app = visit.app;
    if visit.has_parameter("SAMLRequest") {
        return Err(Stop::because(
            Code::NotBuilt,
            "a provider asks to sign somebody out; single logout is not built",
        ));
    }
    let relay_state = visit.parameter("RelayState").unwrap_or_default();
    let (tenant, host) = workspace_of(app, &relay_state)
        .ok_or_else(|| Stop::new(SamlFault::LogoutMalformed.because("the relay state is none of ours")))?;
    let parameter = visit.parameter("SAMLResponse").unwrap_or_default();
    match answer(&parameter).map_err(|error| Stop::new(error).retry(&app.settings().origin(&host)))? {
        LogoutAnswer::Done => {}
        LogoutAnswer::Refused(status) => tracing::warn!(
            organization.id = %tenant,
            signout.status = status.chars().take(200).collect::<String>().escape_debug().to_string(),
            "a provider did not end its session"
        ),
    }
    let path = WorkspaceRoute::SignedOut.path().unwrap_or("/");
    let location = format!("{}{path}", app.settings().origin(&host));
    Ok(reply::see_other(&location, &[], app.settings().scheme))
}

/// Names the workspace, in 43 characters that no stranger can make.
fn relay_state(app: &App, organization: OrganizationId, host: &HostName) -> String {
    let host = host_digest(host);
    let tag = tag(app, organization.as_bytes(), &host);
    URL_SAFE_NO_PAD.encode([&organization.as_bytes()[..], &host, &tag].concat())
}

fn workspace_of(app: &App, relay_state: &str) -> Option<(OrganizationId, HostName)> {
    let bytes: [u8; ORGANIZATION + HOST + TAG] = URL_SAFE_NO_PAD.decode(relay_state).ok()?.try_into().ok()?;
    let (organization, rest) = bytes.split_first_chunk::<ORGANIZATION>()?;
    let (host, theirs) = rest.split_first_chunk::<HOST>()?;
    if !same(theirs, &tag(app, organization, host)) {
        return None;
    }
    let id = OrganizationId::from_bytes(*organization);
    let deployment = app.deployment.load();
    let workspaces = &deployment.tenant(id)?.organization.workspaces;
    workspaces.iter().find(|one| host_digest(one) == *host).map(|one| (id, one.clone()))
}

fn host_digest(host: &HostName) -> [u8; HOST] {
    digest::sha256(host.as_str().as_bytes()).first_chunk().copied().unwrap_or_default()
}

fn tag(app: &App, organization: &[u8], host: &[u8]) -> [u8; TAG] {
    let tag = app.keys.mac(Purpose::State).tag(&[b"logout", organization, host]);
    tag.first_chunk().copied().unwrap_or_default()
}
