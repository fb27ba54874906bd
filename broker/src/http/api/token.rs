//! `/api/v1/token`: an access token for a secure client by `client_credentials` (RFC 6749 §4.4), and the description of the API, which
//! anybody may read. Both are blind to every cookie.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use hyper::body::Incoming;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;

use crate::administration::clients::{self, Refused, TOKEN_LIFETIME};
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;

use super::endpoint::{Endpoint, Gives, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/openapi.json",
        id: "readDescription",
        summary: "This description.",
        operation: None,
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(
            schemars::SchemaGenerator::subschema_for::<serde_json::Map<String, serde_json::Value>>,
        ),
        changes: false,
        run: Run::Description,
    },
    Endpoint {
        method: Verb::Post,
        path: "/token",
        id: "issueToken",
        summary: "Gives a secure client an access token for its secret.",
        operation: None,
        takes: Takes::Form,
        status: 200,
        gives: Gives::One(schemars::SchemaGenerator::subschema_for::<TokenShown>),
        changes: false,
        run: Run::Token,
    },
];

/// The longest form, in bytes.
const LARGEST: usize = 8 * 1024;
/// The longest id or secret that is looked at.
const LONGEST: usize = 256;

/// An access token (RFC 6749 §5.1).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Token")]
struct TokenShown {
    /// What is sent as `Authorization: Bearer …` from now on.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
}

/// Why there is no token (RFC 6749 §5.2).
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "TokenError")]
pub(super) struct TokenError {
    /// One of the words of RFC 6749 §5.2.
    error: String,
    /// One plain sentence.
    error_description: String,
    /// Finds this in the log and in the audit.
    correlation: String,
}

/// Who a program says it is.
struct Credentials {
    id: String,
    secret: Secret,
    /// Whether by `Authorization`, which the answer to a wrong one has to name then.
    by_header: bool,
}

/// A refusal as RFC 6749 §5.2 words it.
struct Error {
    status: StatusCode,
    word: &'static str,
    description: &'static str,
    by_header: bool,
}

/// Answers a request for a token.
pub(super) async fn answer(visit: &Visit<'_>, body: Incoming) -> Reply {
    match token(visit, body).await {
        Ok(token) => {
            let shown = json!(TokenShown {
                access_token: token.expose().to_owned(),
                token_type: "Bearer",
                expires_in: TOKEN_LIFETIME.as_secs(),
            });
            reply::json(StatusCode::OK, &shown, visit.app.settings().scheme)
        }
        Err(error) => refused(visit, &error),
    }
}

async fn token(visit: &Visit<'_>, body: Incoming) -> Result<Secret, Error> {
    if visit.parts.uri.query().is_some_and(|query| !query.is_empty()) {
        // RFC 6749 §2.3.1: credentials are never part of the address.
        return Err(Error::request("parameters belong into the body"));
    }
    let form = Form::read(visit.parts, body, LARGEST).await.map_err(|code| match code {
        Code::RequestTooLarge => {
            Error { status: StatusCode::PAYLOAD_TOO_LARGE, ..Error::request("the body is too large") }
        }
        _ => Error::request("expected a form: application/x-www-form-urlencoded"),
    })?;
    let twice = |_| Error::request("a parameter stands there twice");
    let grant = form.optional("grant_type").map_err(twice)?;
    let scope = form.optional("scope").map_err(twice)?;
    let given = credentials(visit.parts, &form)?;
    match grant {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Error::of("unsupported_grant_type", "only client_credentials is given here"));
        }
        None => return Err(Error::request("grant_type is missing")),
    }
    if scope.is_some_and(|scope| !scope.is_empty()) {
        return Err(Error::of("invalid_scope", "there are no scopes; a client has its maker's access"));
    }
    let by_header = given.by_header;
    let issued = clients::issue(visit, &given.id, given.secret.expose()).await;
    issued.map(|issued| issued.token).map_err(|refused| match refused {
        Refused::Unknown => Error {
            status: StatusCode::UNAUTHORIZED,
            by_header,
            ..Error::of("invalid_client", "there is no such client with this secret")
        },
        Refused::Held => Error {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..Error::of("invalid_client", "there were too many wrong secrets; wait a quarter of an hour")
        },
        Refused::Away(code) => Error {
            status: StatusCode::from_u16(code.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
            ..Error::of("temporarily_unavailable", "no token can be given at the moment")
        },
    })
}

/// One way of two, never both (RFC 6749 §2.3).
fn credentials(parts: &Parts, form: &Form) -> Result<Credentials, Error> {
    let twice = |_| Error::request("a parameter stands there twice");
    let in_form =
        (form.optional("client_id").map_err(twice)?, form.optional("client_secret").map_err(twice)?);
    if !parts.headers.contains_key(AUTHORIZATION) {
        let (Some(id), Some(secret)) = in_form else {
            return Err(Error::client("client_id and client_secret are missing", false));
        };
        return bounded(id.to_owned(), secret.to_owned(), false);
    }
    if in_form.0.is_some() || in_form.1.is_some() {
        return Err(Error::request("a client says who it is in one way, not in two"));
    }
    let (id, secret) =
        basic(&parts.headers).ok_or_else(|| Error::client("expected Authorization: Basic", true))?;
    bounded(id, secret, true)
}

fn bounded(id: String, secret: String, by_header: bool) -> Result<Credentials, Error> {
    let secret = Secret::new(secret);
    if id.len() > LONGEST || secret.expose().len() > LONGEST {
        return Err(Error::client("there is no such client with this secret", by_header));
    }
    Ok(Credentials { id, secret, by_header })
}

/// RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (scheme, encoded) = only.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim_matches(' ')).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id)?, decoded(secret)?))
}

fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

impl Error {
    const fn of(word: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, word, description, by_header: false }
    }

    const fn request(description: &'static str) -> Self {
        Self::of("invalid_request", description)
    }

    const fn client(description: &'static str, by_header: bool) -> Self {
        let status = StatusCode::UNAUTHORIZED;
        Self { status, by_header, ..Self::of("invalid_client", description) }
    }
}

fn refused(visit: &Visit<'_>, error: &Error) -> Reply {
    let correlation = visit.correlation();
    tracing::info!(token.error = error.word, correlation, "no token was given");
    let value = json!(TokenError {
        error: error.word.to_owned(),
        error_description: error.description.to_owned(),
        correlation: correlation.to_owned(),
    });
    let mut reply = reply::json(error.status, &value, visit.app.settings().scheme);
    if error.status == StatusCode::UNAUTHORIZED && error.by_header {
        let challenge = HeaderValue::from_static("Basic realm=\"vestibule\"");
        reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    if error.status == StatusCode::TOO_MANY_REQUESTS {
        reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("900"));
    }
    reply
}
