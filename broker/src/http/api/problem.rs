//! What goes wrong, as `application/problem+json` (RFC 9457): a stable code, the reference that finds it in log and audit, and for
//! settings what is wrong at each key. Never a value that was sent.

use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::code::{Code, Fault};
use vestibule_policies::name::HostName;

use crate::administration::{FieldFault, Refusal};
use crate::http::reply::{self, Reply};
use crate::http::route::WorkspaceRoute;
use crate::http::visit::Visit;
use crate::pages::{Language, sentence};

/// What went wrong.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Problem")]
pub(super) struct Problem {
    /// The status's own words.
    pub(super) title: String,
    /// The status.
    pub(super) status: u16,
    /// One plain sentence.
    pub(super) detail: String,
    /// Stable; the documentation has cause and remedy.
    pub(super) code: String,
    /// Finds this in the log and in the audit.
    pub(super) correlation: String,
    /// What is wrong at each key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub(super) faults: Vec<FieldFault>,
    /// Where a person signs in, or signs in afresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sign_in: Option<String>,
}

/// Answers a refusal.
pub(super) fn refused(visit: &Visit<'_>, host: &HostName, refusal: &Refusal) -> Reply {
    let code = refusal.code();
    let faults = match refusal {
        Refusal::Code(_) => Vec::new(),
        Refusal::Faults(_, faults) => faults.clone(),
    };
    let sign_in = match code {
        Code::SignInRequired => Some(address(visit, host, "?to=%2F")),
        Code::StepUp => Some(address(visit, host, "?fresh=1&to=%2F")),
        _ => None,
    };
    let mut reply = problem(visit, code, faults, sign_in);
    let headers = reply.headers_mut();
    match code {
        // RFC 6750 §3; for the cookie there is no scheme, and a browser is not to ask for a password.
        Code::ClientToken => {
            let challenge = HeaderValue::from_static("Bearer realm=\"vestibule\", error=\"invalid_token\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        Code::SignInRequired => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vestibule\""));
        }
        Code::TestBusy | Code::StoreBusy | Code::StoreLost => {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        _ => {}
    }
    reply
}

/// There is no such address, or not with this method.
pub(super) fn no_route(visit: &Visit<'_>, allowed: &[&str]) -> Reply {
    if allowed.is_empty() {
        return problem(visit, Code::NotFound, Vec::new(), None);
    }
    let mut reply = problem(visit, Code::MethodNotAllowed, Vec::new(), None);
    let mut methods: Vec<&str> = allowed.to_vec();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        reply.headers_mut().insert(ALLOW, methods);
    }
    reply
}

fn problem(visit: &Visit<'_>, code: Code, faults: Vec<FieldFault>, sign_in: Option<String>) -> Reply {
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (text, correlation, path) = (code.as_str(), visit.correlation(), visit.parts.uri.path());
    match code.fault() {
        Fault::Visitor => tracing::info!(code = text, correlation, path, "an API request was refused"),
        Fault::Upstream | Fault::Operator | Fault::Ours => {
            tracing::warn!(code = text, correlation, path, "an API request failed");
        }
    }
    let problem = Problem {
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        status: status.as_u16(),
        detail: sentence(code, Language::English).what.to_owned(),
        code: text.to_owned(),
        correlation: correlation.to_owned(),
        faults,
        sign_in,
    };
    let value = serde_json::to_value(problem).unwrap_or_default();
    let mut reply = reply::json(status, &value, visit.app.settings().scheme);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    reply
}

fn address(visit: &Visit<'_>, host: &HostName, query: &str) -> String {
    let path = WorkspaceRoute::SignIn.path().unwrap_or_default();
    format!("{}{path}{query}", visit.app.settings().origin(host))
}
