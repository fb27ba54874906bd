//! Who calls the API: a program by its access token, else an administrator by the console's cookie.
//!
//! An `Authorization` header alone decides where there is one. By cookie, a browser sends what it likes from wherever it likes: an unsafe
//! method needs our own origin and the session's form token, and a safe one comes from no other site either (interface 2).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::HostName;

use crate::administration::{Actor, clients};
use crate::app::App;
use crate::http::cookie::CookieName;
use crate::http::origin::{check_origin, check_site};
use crate::http::visit::Visit;
use crate::session::Access;
use crate::session::activity::is_activity;
use crate::session::guard::guard_console;
use crate::store::roots::RootId;

/// The header that proves that a page of the console sent this.
pub const FORM_TOKEN: &str = "vestibule-form-token";

/// Somebody who calls.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) actor: Actor,
    /// The session, where it is one.
    pub(super) access: Option<Arc<Access>>,
}

/// Who calls.
///
/// # Errors
/// `SIGN-IN-REQUIRED`, `CLIENT-TOKEN`, or what speaks against the request's origin.
pub(super) async fn of(visit: &Visit<'_>, host: &HostName) -> Result<Caller, Code> {
    let headers = &visit.parts.headers;
    if headers.contains_key(AUTHORIZATION) {
        let token = bearer(headers).ok_or(Code::ClientToken)?;
        let actor = clients::by_token(visit, token).await?.ok_or(Code::ClientToken)?;
        return Ok(Caller { actor, access: None });
    }
    check_site(headers)?;
    let is_unsafe = !visit.parts.method.is_safe();
    if is_unsafe {
        // Before anything is looked at: whoever may not send this learns nothing.
        check_origin(headers, &visit.app.settings().origin(host))?;
    }
    let cookies = visit.cookies();
    let cookie = cookies.value(&CookieName::access(Audience::Administrator));
    let (access, tenant) = guard_console(visit.app, host, cookie).await?.ok_or(Code::SignInRequired)?;
    if is_unsafe {
        check_form_token(visit, access.root.id, host)?;
    }
    let actor = Actor::of_session(&tenant, &access.root).ok_or(Code::AccessDenied)?;
    Ok(Caller { actor, access: Some(access) })
}

/// What is done by cookie counts as activity, unless it says that nobody did it.
pub(super) fn touch(visit: &Visit<'_>, access: &Access) {
    if is_activity(&visit.parts.headers) {
        visit.app.activity.touch(&access.root, visit.app.session_clock.now());
    }
}

/// Proof that a page of ours sent a request, a form of the console or a call of the API, for this session on this host.
#[must_use]
pub fn form_token(app: &App, root: RootId, host: &HostName) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"console", &root.to_bytes(), host.as_str().as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

fn check_form_token(visit: &Visit<'_>, root: RootId, host: &HostName) -> Result<(), Code> {
    let mut sent = visit.parts.headers.get_all(FORM_TOKEN).iter();
    match (sent.next(), sent.next()) {
        (Some(sent), None) if same(sent.as_bytes(), form_token(visit.app, root, host).as_bytes()) => Ok(()),
        _ => Err(Code::RequestFormToken),
    }
}

/// RFC 6750 §2.1.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
}
