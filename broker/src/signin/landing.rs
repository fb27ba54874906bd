//! `accounts./landing`: a top-level GET with which the browser brings its cookies to the answer that waits (architecture 2,
//! step 5), whatever protocol it is of.

use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::http::origin::check_destination;
use crate::http::reply::Reply;
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::store::parked::{self, Parked};

use super::stop::Stop;
use super::{posted, saml};

/// Answers `/landing`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn land(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "an answer arrived inside another page"))?;
    let code = visit.parameter("code").unwrap_or_default();
    let found = look(visit.app, &code).await.map_err(Stop::new)?;
    let (hash, parked) =
        found.ok_or_else(|| Stop::because(Code::SignInReplay, "no answer waits under this code"))?;
    if posted::is_one(&parked) {
        posted::land(visit, hash, parked).await
    } else {
        saml::landing::land(visit, &code, (hash, parked)).await
    }
}

/// Where a browser goes on with what was posted.
pub(super) fn address(app: &App, code: &str) -> String {
    format!("{}{}?code={code}", app.accounts_origin(), AccountsRoute::Landing.path())
}

/// What waits under a code, without taking it.
pub(super) async fn look(app: &App, code: &str) -> Result<Option<(TokenHash, Parked)>, SignInError> {
    let Some(hash) = Token::hash_of(code) else { return Ok(None) };
    let found = parked::look(app.store.readers(), &hash).await;
    let found = found.map_err(|error| SignInError::new(Code::StoreLost, error.to_string()))?;
    Ok(found.filter(|parked| app.session_clock.now() < parked.expires).map(|parked| (hash, parked)))
}

/// Takes it away; whoever is first has it.
pub(super) async fn take(app: &App, code: TokenHash) -> Result<bool, SignInError> {
    let write = app
        .store
        .write_one(move |transaction| Box::pin(async move { parked::take(transaction, &code).await }));
    write.await.map_err(SignInError::from)
}
