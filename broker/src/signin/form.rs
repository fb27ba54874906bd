//! What every form of a sign-in is held to, whichever kind shows it: the transaction that its address names, where it was posted, the
//! token that binds it to its browser, and what is written down when it is shown again.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::audit::{self, Evidence};
use crate::http::cookie::CookieName;
use crate::http::form::Form;
use crate::http::origin::{check_destination, check_origin};
use crate::http::visit::Visit;

use super::stop::{Particulars, Stop};
use super::transaction::Transaction;

/// A form of ours is short.
const LARGEST: usize = 16 * 1024;
/// The parameter of a form's address that names its sign-in.
pub(super) const SIGN_IN: &str = "sign-in";

/// The sign-in that the address names, if this browser is in it. It may be over.
pub(super) fn transaction(visit: &Visit<'_>) -> Result<Transaction, Stop> {
    let number = visit.parameter(SIGN_IN).unwrap_or_default();
    let cookies = visit.cookies();
    let value = cookies.value(&CookieName::Transaction(number.clone())).ok_or_else(|| {
        Stop::because(Code::SignInCookie, "the browser did not send the cookie of this sign-in")
    })?;
    Transaction::open(visit.app, &number, value)
        .ok_or_else(|| Stop::because(Code::SignInState, "the cookie of this sign-in does not open"))
}

/// A page is shown to a person, and to nothing inside another page.
pub(super) fn check_shown(visit: &Visit<'_>) -> Result<(), Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "a form of a sign-in was opened inside another page"))
}

/// The form that was posted, from a page of our own.
pub(super) async fn posted(visit: &Visit<'_>, body: Incoming) -> Result<Form, Stop> {
    check_origin(&visit.parts.headers, &visit.app.accounts_origin())
        .map_err(|code| Stop::because(code, "a form of a sign-in was posted on another origin"))?;
    Form::read(visit.parts, body, LARGEST)
        .await
        .map_err(|code| Stop::because(code, "the form cannot be read"))
}

/// What a form of this transaction carries, so that no other page of our own origin's siblings can make one.
pub(super) fn token(app: &App, transaction: &Transaction) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"form", transaction.seed.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

/// Whether a form came back with its token.
pub(super) fn check_token(form: &Form, token: &str) -> Result<(), Stop> {
    let sent = form.only("form_token").unwrap_or_default();
    if same(sent.as_bytes(), token.as_bytes()) {
        return Ok(());
    }
    Err(Stop::because(Code::RequestFormToken, "the form is not the one that this browser was shown"))
}

/// The status of a form: that of the refusal which shows it again.
pub(super) fn status(refused: Option<Code>) -> StatusCode {
    refused.map_or(StatusCode::OK, |code| {
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// A refusal after which the same form is shown again: it is written down like any other.
pub(super) async fn shown_again(
    visit: &Visit<'_>,
    error: &SignInError,
    (organization, known): (Option<OrganizationId>, &Particulars),
    evidence: Evidence,
) -> Result<(), SignInError> {
    let event = audit::sign_in_refused(visit, error, organization, known);
    visit.app.metrics.refused(error.code);
    tracing::info!(
        signin.code = error.code.as_str(),
        signin.cause = error.cause,
        correlation = visit.correlation(),
        "a form of a sign-in is shown again"
    );
    let written = visit.app.audit.write(&visit.app.store, event, evidence).await;
    written.map_err(|failed| SignInError::new(failed.code(), "the refusal could not be written to the audit"))
}
