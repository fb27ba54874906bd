//! `accounts./start`: where every sign-in begins, and the only place that sets a transaction's cookie.
//!
//! Nothing is stored here. A root that lives in this browser already is handed over without a trip to the provider.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use vestibule_certs::random;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::admission::is_on;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::limits::{Standing, standing};
use vestibule_policies::name::HostName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::step::PostForm;
use vestibule_providers::{SignInError, Step};

use crate::config::PublicScheme;
use crate::deployment::Tenant;
use crate::http::cookie::CookieName;
use crate::http::origin::check_destination;
use crate::http::reply::{self, Reply};
use crate::http::route::{AccountsRoute, WorkspaceRoute};
use crate::http::visit::Visit;
use crate::pages::{self, PostFormPage};
use crate::session::{Found, Root, sign_out};
use crate::store::roots::EndedBy;

use super::admission;
use super::built_in;
use super::directory;
use super::finish;
use super::handoff::{FRESH, Wanted};
use super::ourselves::Ourselves;
use super::saml::unsolicited;
use super::stop::Stop;
use super::transaction::{CHALLENGE, Transaction};

/// What the workspace asks for.
pub(super) struct Request {
    pub(super) host: HostName,
    pub(super) challenge: [u8; CHALLENGE],
    pub(super) wanted: Wanted,
}

/// Answers `/start`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn start(visit: &Visit<'_>) -> Result<Reply, Stop> {
    check_destination(&visit.parts.headers)
        .map_err(|code| Stop::because(code, "a sign-in was begun inside another page"))?;
    let request = Request::read(visit).ok_or_else(|| {
        Stop::because(
            Code::RequestMalformed,
            "a sign-in was begun without a host or a hand-off; it begins on a workspace",
        )
    })?;
    if visit.app.settings().hosts.console.contains(&request.host) {
        return built_in::begin(visit, &request).await;
    }
    let deployment = visit.app.deployment.load();
    let tenant = deployment.by_host(&request.host).ok_or_else(|| {
        Stop::because(Code::AdmissionHost, "a sign-in was begun for a host that is no workspace")
    })?;
    let origin = visit.app.settings().origin(&request.host);
    let at = |stop: Stop| stop.at(tenant).retry(&origin);
    if let Some(agreed) =
        unsolicited::agreed_here(visit, tenant).await.map_err(|error| at(Stop::new(error)))?
    {
        return agreed.open(visit, tenant, &request).await;
    }
    if request.wanted == Wanted::Session
        && let Some(reply) = from_living_root(visit, tenant, &request).await.map_err(at)?
    {
        return Ok(reply);
    }
    let connection = tenant
        .method()
        .ok_or_else(|| at(Stop::because(Code::SignInMethod, "the workspace has no authentication method")))?;
    is_on(connection).map_err(|refusal| at(Stop::because(refusal.code(), &refusal.to_string())))?;
    to_provider(visit, tenant, connection, &request).await.map_err(|error| at(Stop::new(error)))
}

impl Request {
    fn read(visit: &Visit<'_>) -> Option<Self> {
        let challenge = URL_SAFE_NO_PAD.decode(visit.parameter("handoff")?).ok()?;
        Some(Self {
            host: HostName::parse(&visit.parameter("host")?).ok()?,
            challenge: challenge.try_into().ok()?,
            wanted: if visit.has_parameter(FRESH) { Wanted::FreshAuthentication } else { Wanted::Session },
        })
    }
}

/// The root that a browser's cookie names.
pub(super) async fn root_of(visit: &Visit<'_>, token: &TokenHash) -> Result<Found<Arc<Root>>, Stop> {
    let app = visit.app;
    if !app.freshness.holds() {
        return Err(Stop::because(Code::StoreLost, "the change feed was not read for too long"));
    }
    app.sessions
        .root(&app.store, &app.keys, token)
        .await
        .map_err(|error| Stop::because(Code::StoreLost, &format!("a root session cannot be read: {error}")))
}

/// The root of this browser, if it still stands and may enter this host too (interface 3).
async fn from_living_root(
    visit: &Visit<'_>,
    tenant: &Tenant,
    request: &Request,
) -> Result<Option<Reply>, Stop> {
    let app = visit.app;
    let name = CookieName::root(tenant.organization.id, Audience::Subscriber);
    let Some(token) = visit.cookies().value(&name).and_then(Token::hash_of) else { return Ok(None) };
    let found = root_of(visit, &token).await?;
    let origin = app.settings().origin(&request.host);
    match found {
        Found::Live(root) if root.audience == Audience::Subscriber && lives(visit, tenant, &root) => {
            let Ok(grant) = admission::enter_again(tenant, request.host.clone(), root) else {
                return Ok(None);
            };
            let challenge = URL_SAFE_NO_PAD.encode(request.challenge);
            let code = finish::hand_over(visit, grant, challenge)
                .await
                .map_err(|code| Stop::because(code, "hand-over"))?;
            Ok(Some(reply::see_other(&finish::complete_address(&origin, &code), &[], app.settings().scheme)))
        }
        // Whoever signed out is asked first, and then by the provider.
        Found::Ended { root, by: EndedBy::SignOut, succeeded: false, .. } => {
            let path = WorkspaceRoute::SignedOut.path().unwrap_or_default();
            let challenge = URL_SAFE_NO_PAD.encode(request.challenge);
            let marker = sign_out::marker_for(app, &request.host, &challenge, root)
                .map_err(|code| Stop::because(code, "the system has no randomness"))?;
            Ok(Some(reply::see_other(&format!("{origin}{path}?ended={marker}"), &[], app.settings().scheme)))
        }
        Found::Live(_) | Found::Ended { .. } | Found::Unknown => Ok(None),
    }
}

pub(super) fn lives(visit: &Visit<'_>, tenant: &Tenant, root: &Root) -> bool {
    let span = root.span(&tenant.organization);
    root.organization == tenant.organization.id
        && !root.has_ended()
        && standing(visit.app.session_clock.now(), &span) == Standing::Live
}

/// Begins a sign-in at a connection's provider.
pub(super) async fn to_provider(
    visit: &Visit<'_>,
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    request: &Request,
) -> Result<Reply, SignInError> {
    let asked = (request.challenge, request.wanted);
    let transaction = Transaction::begin(visit.app, (connection.id, &request.host), asked)?;
    leave(visit, tenant, connection, &transaction).await
}

/// Sends the browser to the provider, and keeps the transaction in it.
pub(super) async fn leave(
    visit: &Visit<'_>,
    tenant: &Tenant,
    connection: &ConnectionPolicy,
    transaction: &Transaction,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let internal = |what: &str| SignInError::new(Code::Internal, what);
    let provider =
        tenant.provider(connection.id).ok_or_else(|| internal("the connection has no provider"))?;
    let us = Ourselves::of(app, tenant, connection, transaction)?;
    let step = provider.begin(&us.context(app, transaction)).await?;
    let cookies =
        transaction.keep(app, &visit.cookies()).map_err(|_| internal("the transaction's cookie"))?;
    let scheme = app.settings().scheme;
    let reply = match step {
        Step::Redirect(target) => reply::see_other(target.as_str(), &cookies, scheme),
        Step::PostForm(form) => {
            let mut reply = post_form(visit, tenant, &form)?;
            reply::set_cookies(&mut reply, &cookies, scheme);
            reply
        }
        Step::Prompt(_) => {
            let form = directory::address(&AccountsRoute::Password, transaction);
            reply::see_other(&form, &cookies, scheme)
        }
        Step::Done(_) => return Err(internal("a provider proved somebody without asking")),
    };
    app.metrics.started();
    Ok(reply)
}

/// The one page that posts to a provider (interface 2).
fn post_form(visit: &Visit<'_>, tenant: &Tenant, form: &PostForm) -> Result<Reply, SignInError> {
    let nonce = random::bytes::<16>().map_err(|_| SignInError::new(Code::Internal, "no randomness"))?;
    let fields: Vec<_> = form.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let scheme = visit.app.settings().scheme;
    let page = PostFormPage {
        to: &form.to,
        fields: &fields,
        organization: &tenant.organization.name,
        nonce: &URL_SAFE_NO_PAD.encode(nonce),
        insecure: scheme == PublicScheme::Http,
    };
    Ok(reply::page(StatusCode::OK, pages::post_form(&page, visit.language()), scheme))
}
