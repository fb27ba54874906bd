//! `saml./saml/acs`: where providers' responses are posted, by a browser that brings no cookie of ours (SAML-02).
//!
//! All that needs no browser is verified here. What holds waits a minute for its browser; what does not is refused and spends
//! nothing, so that no stranger can burn another's sign-in (interface 6).

use std::sync::Arc;

use hyper::body::Incoming;
use tokio::sync::Semaphore;
use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::saml::{PostedResponse, Received, ServiceAddress};

use crate::app::App;
use crate::deployment::{Deployment, Tenant};
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::SamlRoute;
use crate::http::visit::Visit;

use super::super::landing;
use super::super::state::State;
use super::super::stop::{Particulars, Stop};
use super::address;
use super::waiting::{self, SignIn};

/// A form with a message of 512 KiB in Base64, and a relay state.
const LARGEST: usize = 768 * 1024;
/// Connections of one provider's entity id whose keys are tried for a response that nobody asked for and that may be for them.
const MOST_CANDIDATES: usize = 16;
/// Responses that are verified at once. What strangers send never holds up the sessions that live.
static VERIFYING: Semaphore = Semaphore::const_new(4);

/// Answers a posted response.
///
/// # Errors
/// Where the sign-in stops.
pub async fn receive(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let form = Form::read(visit.parts, body, LARGEST)
        .await
        .map_err(|code| Stop::because(code, "the posted response cannot be read"))?;
    let (Ok(field), Ok(relay_state)) = (form.only("SAMLResponse"), form.optional("RelayState")) else {
        let error = SamlFault::MessageMissing.because("SAMLResponse is missing, or a field stands twice");
        return Err(Stop::new(error));
    };
    let deployment = visit.app.deployment.load();
    match relay_state.and_then(|text| Some((text, State::parse(visit.app, text)?))) {
        Some((relay_state, state)) => solicited(visit, &deployment, (relay_state, &state), field).await,
        None => unsolicited(visit, &deployment, field).await,
    }
}

/// An answer to a request of ours, as its relay state says.
async fn solicited(
    visit: &Visit<'_>,
    deployment: &Deployment,
    (relay_state, state): (&str, &State),
    field: &str,
) -> Result<Reply, Stop> {
    let gone = |reason| Stop::because(Code::AdmissionConnection, reason);
    let tenant = deployment.by_connection(state.connection);
    let tenant = tenant.ok_or_else(|| gone("the response is for a connection that is no longer there"))?;
    let connection = tenant.organization.connection(state.connection);
    let connection = connection
        .filter(|one| one.kind == KindName::Saml)
        .ok_or_else(|| gone("the response is for a connection of another kind").at(tenant))?;
    let stop = |error: SignInError| {
        let known = Particulars { connection: Some(connection.name.to_string()), ..Particulars::default() };
        let stop = Stop::new(error).at(tenant).of_a_transaction().about(known);
        match tenant.organization.workspaces.first() {
            Some(host) => stop.retry(&visit.app.settings().origin(host)),
            None => stop,
        }
    };
    let response = match PostedResponse::decode(field, false) {
        // Whoever tests wants to see what is wrong; nothing can be opened with it.
        Err(_) if state.trial => PostedResponse::undecodable(field),
        decoded => decoded.map_err(&stop)?,
    };
    let response = Arc::new(response);
    let received = match verify(visit.app, tenant, connection, &response).await {
        Err(_) if state.trial => None,
        received => Some(received.map_err(&stop)?),
    };
    let sign_in = SignIn::Solicited(relay_state);
    let us = (tenant.organization.id, connection.id);
    let parked = waiting::park(visit.app, us, sign_in, &response, received.as_ref()).await;
    Ok(to_landing(visit.app, &parked.map_err(stop)?))
}

/// A response that nobody asked for: refused, unless a connection of its issuer allows it and it names that organisation.
async fn unsolicited(visit: &Visit<'_>, deployment: &Deployment, field: &str) -> Result<Reply, Stop> {
    let response = Arc::new(PostedResponse::decode(field, true).map_err(Stop::new)?);
    let addressed = apart({
        let response = Arc::clone(&response);
        move || response.addressed()
    });
    let addressed = addressed.await.map_err(Stop::new)?;
    let settings = visit.app.settings();
    let allowed = deployment.taking_unsolicited().filter(|(tenant, connection)| {
        tenant.provider(connection.id).is_some_and(|provider| provider.takes_unsolicited(&addressed.issuer))
    });
    let (theirs, others): (Vec<_>, Vec<_>) = allowed
        .partition(|(tenant, connection)| addressed.may_be_for(&tenant.entity_id(&settings, connection.id)));
    // One of the others says what is wrong with an audience that is nobody's.
    let issuer = &addressed.issuer;
    let mut last =
        SamlFault::Unsolicited.because(format!("{issuer} began, which no connection of its allows"));
    for (tenant, connection) in theirs.into_iter().take(MOST_CANDIDATES).chain(others.into_iter().take(1)) {
        match verify(visit.app, tenant, connection, &response).await {
            Ok(received) => {
                let us = (tenant.organization.id, connection.id);
                let parked =
                    waiting::park(visit.app, us, SignIn::Unsolicited, &response, Some(&received)).await;
                return Ok(to_landing(visit.app, &parked.map_err(|error| Stop::new(error).at(tenant))?));
            }
            Err(error) => last = error,
        }
    }
    Err(Stop::new(last))
}

async fn verify(
    app: &App,
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    response: &Arc<PostedResponse>,
) -> Result<Received, SignInError> {
    let settings = app.settings();
    let provider = tenant.provider(connection.id).map(Arc::clone);
    let provider =
        provider.ok_or_else(|| SignInError::new(Code::Internal, "the connection has no provider"))?;
    let (entity_id, acs) = (tenant.entity_id(&settings, connection.id), address(&settings, SamlRoute::Acs));
    let (response, now) = (Arc::clone(response), app.wall.now());
    apart(move || provider.receive(ServiceAddress { entity_id: &entity_id, acs: &acs }, &response, now)).await
}

/// Does what strangers can make costly beside the threads that serve everybody, and not more than a few at once.
async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SignInError> + Send + 'static,
) -> Result<T, SignInError> {
    let failed = || SignInError::new(Code::Internal, "a response could not be looked at");
    let _turn = VERIFYING.acquire().await.map_err(|_| failed())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| failed())?
}

fn to_landing(app: &App, code: &str) -> Reply {
    reply::see_other(&landing::address(app, code), &[], app.settings().scheme)
}
