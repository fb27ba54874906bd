//! Sign-out: GET asks, POST ends, and until a fresh sign-in the browser is told that it is signed out (interface 3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::landing::Landing;
use vestibule_policies::name::HostName;

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::cookie::{CookieName, SetCookie};
use crate::http::form::Form;
use crate::http::origin::check_origin;
use crate::http::reply::{self, Reply};
use crate::http::route::WorkspaceRoute;
use crate::http::visit::Visit;
use crate::pages::{self, OnwardPage, SignOutPage, SignedOutPage};
use crate::signin::handoff::{self, Handoff, Wanted};
use crate::signout::onward;
use crate::store::roots::{EndedBy, RootId};

use super::guard::{self, Guarded};
use super::{Access, Found};

const SIGN_OUT: &str = "/.vestibule/sign-out";
/// A form of ours is short.
const LARGEST_FORM: usize = 16 * 1024;

/// Answers `/.vestibule/sign-out`.
///
/// # Errors
/// The code of a refusal.
pub async fn sign_out(
    visit: &Visit<'_>,
    tenant: &Tenant,
    host: &HostName,
    body: Incoming,
) -> Result<Reply, Code> {
    let app = visit.app;
    if visit.parts.method == Method::POST {
        // Before anything is looked at: whoever may not post here learns nothing.
        check_origin(&visit.parts.headers, &app.settings().origin(host))?;
    }
    let cookies = visit.cookies();
    let posted = visit.parts.method == Method::POST;
    match guard::guard(app, tenant, host, cookies.access()).await? {
        Guarded::Live(access) if posted => {
            check_form_token(visit, access.root.id, host, body).await?;
            let hint = onward::hint(app, &access.root).await;
            guard::end(app, tenant.organization.id, access.root.id, EndedBy::SignOut, None).await?;
            let provider = onward::address(app, tenant, host, (&access.root, hint)).await;
            signed_out_of(visit, tenant, host, (access.root.id, provider))
        }
        Guarded::Live(access) => Ok(question(visit, tenant, &access)),
        Guarded::SignedOut(_) => Ok(to_signed_out(visit, &[])),
        Guarded::Anonymous => match left_by(app, cookies.access()).await? {
            // The limits were quicker than the person's click. They meant to leave, so the next sign-in is a fresh one.
            Left::Itself(root) if posted => {
                check_form_token(visit, root, host, body).await?;
                guard::end(app, tenant.organization.id, root, EndedBy::SignOut, None).await?;
                signed_out_of(visit, tenant, host, (root, None))
            }
            // A newer sign-in of this browser lives: that is the one to sign out of, so its question comes first.
            Left::Newer if posted => Ok(onward_to_the_newer(visit, tenant)),
            Left::Newer => {
                let landing = Landing::parse(SIGN_OUT);
                handoff::send(app, host, &cookies, landing, Wanted::Session)
            }
            Left::Itself(_) | Left::Nothing => Ok(to_signed_out(visit, &[])),
        },
    }
}

/// Browsers hold `form-action` against every redirect that follows a submission, and the way to the newer session leads over
/// the accounts host: a page goes on from here (interface 2).
fn onward_to_the_newer(visit: &Visit<'_>, tenant: &Tenant) -> Reply {
    let page = OnwardPage { url: SIGN_OUT, organization: &tenant.organization.name };
    reply::page(StatusCode::OK, pages::onward(&page, visit.language()), visit.app.settings().scheme)
}

/// What became of the session that a token opened.
enum Left {
    /// It ended by its limits.
    Itself(RootId),
    /// A newer sign-in took its place.
    Newer,
    /// There was none.
    Nothing,
}

async fn left_by(app: &App, token: Option<&str>) -> Result<Left, Code> {
    let Some(token) = token.and_then(Token::hash_of) else { return Ok(Left::Nothing) };
    let found = app.sessions.access(&app.store, &app.keys, &token).await;
    Ok(match found.map_err(|error| error.code())? {
        Found::Ended { succeeded: true, .. } | Found::Ended { by: EndedBy::NewSignIn, .. } => Left::Newer,
        Found::Ended { root, by: EndedBy::Idle | EndedBy::Maximum, .. } => Left::Itself(root),
        Found::Ended { .. } | Found::Live(_) | Found::Unknown => Left::Nothing,
    })
}

/// To the page that says so; over the provider, where its session is to end too (AMB-03).
fn signed_out_of(
    visit: &Visit<'_>,
    tenant: &Tenant,
    host: &HostName,
    (root, provider): (RootId, Option<String>),
) -> Result<Reply, Code> {
    let marker = marker(visit.app, host, root)?;
    let cookies = [SetCookie::Drop(CookieName::Access), SetCookie::Keep(CookieName::SignedOut, marker)];
    let Some(url) = provider else { return Ok(to_signed_out(visit, &cookies)) };
    let page = OnwardPage { url: &url, organization: &tenant.organization.name };
    let scheme = visit.app.settings().scheme;
    let mut reply = reply::page(StatusCode::OK, pages::onward(&page, visit.language()), scheme);
    reply::set_cookies(&mut reply, &cookies, scheme);
    Ok(reply)
}

pub(crate) async fn check_form_token(
    visit: &Visit<'_>,
    root: RootId,
    host: &HostName,
    body: Incoming,
) -> Result<(), Code> {
    let form = Form::read(visit.parts, body, LARGEST_FORM).await?;
    let sent = form.only("form_token").map_err(|_| Code::RequestFormToken)?;
    if same(sent.as_bytes(), form_token(visit.app, root, host).as_bytes()) {
        Ok(())
    } else {
        Err(Code::RequestFormToken)
    }
}

fn to_signed_out(visit: &Visit<'_>, cookies: &[SetCookie]) -> Reply {
    reply::see_other(WorkspaceRoute::SignedOut.path().unwrap_or("/"), cookies, visit.app.settings().scheme)
}

pub(crate) fn question(visit: &Visit<'_>, tenant: &Tenant, access: &Access) -> Reply {
    let claims = &access.root.facts.claims;
    let upn = claims.principal_name();
    let token = form_token(visit.app, access.root.id, &access.host);
    let page = SignOutPage {
        organization: &tenant.organization.name,
        person: claims.display_name.as_deref().or(upn).unwrap_or_default(),
        form_token: &token,
        to: "/",
    };
    reply::page(StatusCode::OK, pages::sign_out(&page, visit.language()), visit.app.settings().scheme)
}

/// Proof that the form came from us, for this session on this host.
fn form_token(app: &App, root: RootId, host: &HostName) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"sign-out", &root.to_bytes(), host.as_str().as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

/// The page after a sign-out, which does not sign in again by itself.
#[must_use]
pub fn signed_out_page(visit: &Visit<'_>, tenant: &Tenant, landing: &str, cookies: &[SetCookie]) -> Reply {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("to", landing);
    let sign_in = format!("{}?{}", WorkspaceRoute::SignIn.path().unwrap_or_default(), query.finish());
    let page = SignedOutPage { organization: &tenant.organization.name, sign_in: &sign_in };
    let page = pages::signed_out(&page, visit.language());
    let mut reply = reply::page(StatusCode::OK, page, visit.app.settings().scheme);
    reply::set_cookies(&mut reply, cookies, visit.app.settings().scheme);
    reply
}

/// What a host remembers of a sign-out.
///
/// # Errors
/// `INTERNAL` when the system has no randomness.
pub fn marker(app: &App, host: &HostName, root: RootId) -> Result<String, Code> {
    let sealer = app.keys.sealer(Purpose::Cookies);
    sealer.seal_text(&root.to_bytes(), &binding(host)).map_err(|_| Code::Internal)
}

/// The root of a host's marker.
#[must_use]
pub fn marked_root(app: &App, host: &HostName, marker: &str) -> Option<RootId> {
    let opened = app.keys.sealer(Purpose::Cookies).open_text(marker, &binding(host));
    opened.ok().and_then(|plain| plain.as_slice().try_into().ok().map(RootId::from_bytes))
}

/// A marker on its way from the accounts host, for the one browser whose hand-off it answers: nobody can send it to another.
///
/// # Errors
/// `INTERNAL` when the system has no randomness.
pub fn marker_for(app: &App, host: &HostName, challenge: &str, root: RootId) -> Result<String, Code> {
    let sealer = app.keys.sealer(Purpose::Handover);
    sealer.seal_text(&root.to_bytes(), &way_binding(host, challenge)).map_err(|_| Code::Internal)
}

/// The root of a marker that came with a hand-off of this browser.
#[must_use]
pub fn arrived_marker(visit: &Visit<'_>, host: &HostName) -> Option<RootId> {
    let marker = visit.parameter("ended")?;
    let sealer = visit.app.keys.sealer(Purpose::Handover);
    Handoff::all(visit.app, host, &visit.cookies()).iter().find_map(|handoff| {
        let plain = sealer.open_text(&marker, &way_binding(host, &handoff.challenge())).ok()?;
        plain.as_slice().try_into().ok().map(RootId::from_bytes)
    })
}

/// The root that this browser signed out of, unless it signed in afresh since.
///
/// # Errors
/// `STORE-LOST`.
pub async fn signed_out_root(visit: &Visit<'_>, host: &HostName) -> Result<Option<RootId>, Code> {
    let app = visit.app;
    let Some(value) = visit.cookies().value(&CookieName::SignedOut) else { return Ok(None) };
    let Some(id) = marked_root(app, host, value) else { return Ok(None) };
    match app.sessions.root_by_id(&app.store, &app.keys, id).await.map_err(|_| Code::StoreLost)? {
        Found::Ended { succeeded: true, .. } | Found::Live(_) => Ok(None),
        // Long gone from the store: still signed out.
        Found::Ended { succeeded: false, .. } | Found::Unknown => Ok(Some(id)),
    }
}

fn binding(host: &HostName) -> Vec<u8> {
    format!("signed out {host}").into_bytes()
}

fn way_binding(host: &HostName, challenge: &str) -> Vec<u8> {
    format!("signed out {host} {challenge}").into_bytes()
}
