//! What the forms of a sign-in share: the transaction that their address names, the token that binds a form to it, and the way on.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_policies::code::Code;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::config::DirectoryConfig;
use vestibule_providers::step::Proof;
use vestibule_providers::verified::Verified;

use crate::app::App;
use crate::audit::{self, Evidence};
use crate::deployment::{Deployment, Tenant};
use crate::http::cookie::CookieName;
use crate::http::form::Form;
use crate::http::origin::{check_destination, check_origin};
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{self, OnwardPage};

use super::super::admission::Proven;
use super::super::arrive::Arrival;
use super::super::stop::{Particulars, Stop};
use super::super::transaction::Transaction;
use super::device::Devices;

/// A form of ours is short.
const LARGEST: usize = 16 * 1024;
const SIGN_IN: &str = "sign-in";

/// Where a form of this transaction is.
pub(in super::super) fn address(route: &AccountsRoute, transaction: &Transaction) -> String {
    format!("{}?{SIGN_IN}={}", route.path(), transaction.number)
}

/// The sign-in that the address names, if this browser is in it.
pub(super) fn arrival<'a>(visit: &Visit<'_>, deployment: &'a Deployment) -> Result<Arrival<'a>, Stop> {
    let number = visit.parameter(SIGN_IN).unwrap_or_default();
    let cookies = visit.cookies();
    let value = cookies.value(&CookieName::Transaction(number.clone())).ok_or_else(|| {
        Stop::because(Code::SignInCookie, "the browser did not send the cookie of this sign-in")
    })?;
    let transaction = Transaction::open(visit.app, &number, value)
        .ok_or_else(|| Stop::because(Code::SignInState, "the cookie of this sign-in does not open"))?;
    let tenant = deployment.by_connection(transaction.connection).ok_or_else(|| {
        Stop::because(Code::AdmissionConnection, "the sign-in is for a connection that is no longer there")
    })?;
    let connection = tenant.organization.connection(transaction.connection);
    let connection = connection.filter(|one| one.is_directory()).ok_or_else(|| {
        Stop::because(Code::SignInState, "the sign-in is by another kind than a directory").at(tenant)
    })?;
    let arrival = Arrival { tenant, connection, transaction };
    if arrival.transaction.has_expired(visit.app.session_clock.now()) {
        let error = SignInError::new(Code::SignInExpired, "the sign-in began too long ago");
        let dropped = vec![arrival.transaction.drop_cookie()];
        return Err(arrival.stop(visit, error, arrival.particulars(), dropped));
    }
    Ok(arrival)
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
pub(in super::super) fn token(app: &App, transaction: &Transaction) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"form", transaction.seed.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

pub(super) fn check_token(app: &App, arrival: &Arrival<'_>, form: &Form) -> Result<(), Stop> {
    check_sent(form, &token(app, &arrival.transaction), arrival.tenant)
}

/// Whether a form came back with its token.
pub(super) fn check_sent(form: &Form, token: &str, tenant: &Tenant) -> Result<(), Stop> {
    let sent = form.only("form_token").unwrap_or_default();
    if same(sent.as_bytes(), token.as_bytes()) {
        return Ok(());
    }
    Err(Stop::because(Code::RequestFormToken, "the form is not the one that this browser was shown")
        .at(tenant))
}

/// A connection's part that is a directory's.
pub(super) fn config<'a>(
    tenant: &'a Tenant,
    connection: &ConnectionPolicy,
) -> Result<&'a DirectoryConfig, SignInError> {
    let row = tenant.connection_row(connection.id);
    row.and_then(|row| row.document.provider.directory())
        .ok_or_else(|| SignInError::new(Code::Internal, "the connection is no directory's"))
}

/// The status of a form: that of the refusal which shows it again.
pub(super) fn status(refused: Option<Code>) -> StatusCode {
    refused.map_or(StatusCode::OK, |code| {
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// A refusal after which the same form is shown again: it is written down like any other.
pub(super) async fn refused(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    (error, known): (&SignInError, Particulars),
    evidence: Evidence,
) -> Result<(), Stop> {
    let organization = Some(arrival.tenant.organization.id);
    let event = audit::sign_in_refused(visit, error, organization, &known);
    visit.app.metrics.refused(error.code);
    tracing::info!(
        signin.code = error.code.as_str(),
        signin.cause = error.cause,
        correlation = visit.correlation(),
        "a form of a sign-in is shown again"
    );
    let written = visit.app.audit.write(&visit.app.store, event, evidence).await;
    written.map_err(|failed| {
        let error = SignInError::new(failed.code(), "the refusal could not be written to the audit");
        arrival.stop(visit, error, known, Vec::new())
    })
}

/// A refusal that ends the sign-in.
pub(super) fn ended(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    error: SignInError,
    known: Particulars,
) -> Stop {
    arrival.stop(visit, error, known, vec![arrival.transaction.drop_cookie()])
}

/// What is known of a sign-in whose person is proved.
pub(super) fn particulars(arrival: &Arrival<'_>, proof: &Verified<Proof>) -> Particulars {
    Particulars { subject: Some(proof.value().upstream.subject.clone()), ..arrival.particulars() }
}

/// The end: a session on what was proved, and the page that leads to the workspace.
pub(super) async fn complete(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    proven: Proven,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    arrival.spend(app, None).await?;
    let before = arrival.before(visit).await?;
    let account = proven.upstream.subject.clone();
    let mut opened = arrival.open(visit, proven, before).await?;
    opened.cookies.extend(Devices::after_sign_in(visit, arrival.connection.id, &account));
    let page = OnwardPage { url: &opened.location, organization: &arrival.tenant.organization.name };
    let scheme = app.settings().scheme;
    let mut reply = reply::page(StatusCode::OK, pages::onward(&page, visit.language()), scheme);
    reply::set_cookies(&mut reply, &opened.cookies, scheme);
    Ok(reply)
}
