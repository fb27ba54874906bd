//! A request that is refused outside a sign-in: a page for a person, JSON for a program, the same code for both.

use http::header::{ALLOW, HOST};
use http::{HeaderValue, StatusCode};
use serde_json::json;
use vestibule_policies::code::{Code, Fault};
use vestibule_policies::name::HostName;

use crate::app::App;
use crate::pages::{self, ApplicationDownPage, ErrorPage};

use super::reply::{self, Reply};
use super::route::WorkspaceRoute;
use super::visit::Visit;

/// Answers with the code's own status.
#[must_use]
pub fn failure(visit: &Visit<'_>, code: Code) -> Reply {
    failure_with(
        visit,
        code,
        StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    )
}

/// Answers with another status.
#[must_use]
pub fn failure_with(visit: &Visit<'_>, code: Code, status: StatusCode) -> Reply {
    let scheme = visit.app.settings().scheme;
    let (code_text, correlation, path) = (code.as_str(), visit.correlation(), visit.parts.uri.path());
    let host = visit.parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    match code.fault() {
        Fault::Visitor => tracing::info!(code = code_text, correlation, host, path, "a request was refused"),
        Fault::Upstream | Fault::Operator | Fault::Ours => {
            tracing::warn!(code = code_text, correlation, host, path, "a request failed");
        }
    }
    let mut reply = if visit.wants_page() {
        let page = ErrorPage {
            code,
            claim: None,
            correlation: visit.correlation(),
            retry: None,
            organization: None,
        };
        reply::page(status, pages::error(&page, visit.language()), scheme)
    } else {
        reply::json(status, &json!({ "error": code.as_str(), "correlation": visit.correlation() }), scheme)
    };
    if status == StatusCode::METHOD_NOT_ALLOWED {
        // RFC 9110 §15.5.6: what is allowed has to be said.
        reply.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    reply
}

/// The application behind a route did not answer; the session is as live as before.
#[must_use]
pub fn application_down(visit: &Visit<'_>, code: Code) -> Reply {
    if !visit.is_navigation() {
        return failure(visit, code);
    }
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::BAD_GATEWAY);
    tracing::warn!(
        code = code.as_str(),
        correlation = visit.correlation(),
        path = visit.parts.uri.path(),
        "an application is down"
    );
    let page = ApplicationDownPage { code, correlation: visit.correlation(), retry: visit.target() };
    reply::page(status, pages::application_down(&page, visit.language()), visit.app.settings().scheme)
}

/// A program without a session is told where one begins, and where it leads to.
#[must_use]
pub fn unauthorized(app: &App, host: &HostName, landing: &str) -> Reply {
    let settings = app.settings();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("to", landing);
    let path = WorkspaceRoute::SignIn.path().unwrap_or_default();
    let address = format!("{}{path}?{}", settings.origin(host), query.finish());
    let value = json!({ "error": Code::SignInRequired.as_str(), "sign_in": address });
    reply::json(StatusCode::UNAUTHORIZED, &value, settings.scheme)
}
