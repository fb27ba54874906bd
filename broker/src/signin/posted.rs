//! An OpenID provider's answer that a browser posts (`response_mode = "form_post"`): from another site, so that it brings no
//! Lax cookie of ours (architecture 2, step 4).
//!
//! The tag of `state` names the connection; what its provider can judge without the browser is judged here, and refused
//! without spending anything (interface 6). What holds waits a minute for a GET that brings the cookie.

use hyper::body::Incoming;
use vestibule_certs::token::TokenHash;
use vestibule_policies::code::Code;
use vestibule_providers::SignInError;
use vestibule_providers::oidc::callback::Authorization;

use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::store::parked::Parked;

use super::arrive::{Also, Arrival};
use super::callback;
use super::landing;
use super::state::State;
use super::stop::{Particulars, Stop};

mod waiting;

pub(super) use self::waiting::is_one;

/// Answers a posted answer, without a look at any cookie.
pub(super) async fn receive(
    visit: &Visit<'_>,
    arrived_at: &AccountsRoute,
    body: Incoming,
) -> Result<Reply, Stop> {
    let app = visit.app;
    // Percent signs may take thrice the room.
    let form = Form::read(visit.parts, body, 3 * Authorization::LARGEST_FORM)
        .await
        .map_err(|code| Stop::because(code, "the posted answer cannot be read"))?;
    let (text, answer) = Authorization::posted(form.fields()).map_err(Stop::new)?;
    let state = callback::ours(app, text.clone())?;
    let deployment = app.deployment.load();
    let (tenant, connection) = callback::addressed(&deployment, &state, arrived_at)?;
    let stop = |error: SignInError| {
        let known = Particulars { connection: Some(connection.name.to_string()), ..Particulars::default() };
        let stop = Stop::new(error).at(tenant).of_a_transaction().about(known);
        match tenant.organization.workspaces.first() {
            Some(host) => stop.retry(&app.settings().origin(host)),
            None => stop,
        }
    };
    let provider = tenant.provider(connection.id);
    let provider =
        provider.ok_or_else(|| stop(SignInError::new(Code::Internal, "the connection has no provider")))?;
    let (answer, holds) = match provider.receive_authorization(answer.clone(), app.wall.now()).await {
        Ok(kept) => (kept, true),
        // Whoever tests wants to see what is wrong; nothing can be opened with it.
        Err(_) if state.trial => (answer, false),
        Err(error) => return Err(stop(error)),
    };
    let sign_in = text.unwrap_or_default();
    let code = waiting::park(app, connection.id, &sign_in, (&answer, holds)).await.map_err(stop)?;
    Ok(reply::see_other(&landing::address(app, &code), &[], app.settings().scheme))
}

/// The answer that waits has met its browser. The transaction is compared, and spent with the answer, before the provider is
/// called; a browser that is another one spends nothing.
pub(super) async fn land(visit: &Visit<'_>, code: TokenHash, parked: Parked) -> Result<Reply, Stop> {
    let app = visit.app;
    let waiting = waiting::open(app, &code, parked).map_err(Stop::new)?;
    let deployment = app.deployment.load();
    let gone = |reason| Stop::because(Code::AdmissionConnection, reason);
    let tenant = deployment.by_connection(waiting.connection);
    let tenant = tenant.ok_or_else(|| gone("the answer is for a connection that is no longer there"))?;
    let connection = tenant.organization.connection(waiting.connection).filter(|one| one.kind.is_openid());
    let connection =
        connection.ok_or_else(|| gone("the answer is for a connection of another kind").at(tenant))?;
    let state = State::parse(app, &waiting.state)
        .ok_or_else(|| Stop::because(Code::SignInState, "the state is none of ours").at(tenant))?;
    let transaction = callback::transaction(visit, tenant, &state)?;
    let arrival = Arrival::new(visit.app, (tenant, connection), transaction);
    let taken = landing::take(app, code).await;
    let taken = taken.and_then(|taken| {
        let late = || SignInError::new(Code::SignInReplay, "this answer was taken a moment ago");
        taken.then_some(()).ok_or_else(late)
    });
    taken.map_err(|error| arrival.stop(visit, error, arrival.particulars(), Vec::new()))?;
    let also = Also { id: waiting.spend_id, until: arrival.transaction.expires() };
    callback::conclude(visit, arrival, waiting.answer, Some(also)).await
}
