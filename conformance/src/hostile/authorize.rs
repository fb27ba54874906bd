//! The authorization endpoint: nobody is asked, the code goes back at once (RFC 6749 §4.1, RFC 9207).
//!
//! What the broker has to send is checked strictly, so that a happy flow here proves its request right.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use super::fault::AnswerFault;
use super::redeem::half_hash;
use super::serve::refusal;
use super::state::{Grant, Script, State, random};
use super::token::id_token;

/// A `nonce` of 128 bits has at least so many letters of base64url (OIDC-RP-14).
const MIN_NONCE: usize = 22;

/// Answers an authorization request with a 303 to its redirect URI, or with 400 and what it lacks.
pub(super) fn authorize(state: &State, script: &Script, query: &str) -> Response<Bytes> {
    let request = match Request::read(state, query) {
        Ok(request) => request,
        Err(lacks) => return refusal("invalid_request", lacks),
    };
    let code = random();
    let front = request.beside_the_code.then(|| front_token(state, script, &request.nonce, &code));
    state.grant(Grant {
        code: code.clone(),
        nonce: request.nonce,
        challenge: request.challenge,
        redirect_uri: request.redirect_uri.to_string(),
    });
    let mut good = vec![
        ("code".to_owned(), code),
        ("state".to_owned(), request.state),
        ("iss".to_owned(), state.issuer.clone()),
    ];
    good.extend(front.map(|token| ("id_token".to_owned(), token)));
    let answer = script.answer().fold(good, spoil);
    if request.posted {
        return form(&request.redirect_uri, &answer);
    }
    let mut target = request.redirect_uri;
    target.query_pairs_mut().extend_pairs(answer);
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(location) = HeaderValue::from_str(target.as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}

/// OpenID Connect Core §3.3.2.11: a token with the code's hash.
fn front_token(state: &State, script: &Script, nonce: &str, code: &str) -> String {
    let mut claims = state.good_claims(nonce);
    claims.insert("c_hash".to_owned(), Value::from(half_hash(code)));
    let attacker = state.attacker();
    id_token(&claims, &state.signer(script, &attacker), (script, script.front_claims()), state.now())
}

/// OAuth 2.0 Form Post Response Mode §2: a page whose form the browser posts to the redirect URI.
fn form(to: &Url, answer: &[(String, String)]) -> Response<Bytes> {
    let field = |(name, value): &(String, String)| {
        format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
    };
    let fields = answer.iter().map(field).collect::<Vec<_>>().concat();
    let page = format!(
        "<!doctype html><title>Back</title><form method=\"post\" action=\"{}\">{fields}<button>Go on</button></form>",
        escaped(to.as_str())
    );
    let mut response = Response::new(Bytes::from(page));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

fn spoil(mut answer: Vec<(String, String)>, fault: &AnswerFault) -> Vec<(String, String)> {
    match fault {
        AnswerFault::Remove(name) => answer.retain(|(kept, _)| kept != name),
        AnswerFault::Again(name, value) => answer.push((name.clone(), value.clone())),
        AnswerFault::Set(name, value) => {
            answer.retain(|(kept, _)| kept != name);
            answer.push((name.clone(), value.clone()));
        }
        AnswerFault::Error(error, description) => {
            answer.retain(|(kept, _)| kept != "code");
            answer.push(("error".to_owned(), error.clone()));
            answer.push(("error_description".to_owned(), description.clone()));
        }
    }
    answer
}

/// What matters of an authorization request.
struct Request {
    redirect_uri: Url,
    state: String,
    nonce: String,
    challenge: String,
    /// `response_mode=form_post`.
    posted: bool,
    /// `response_type=code id_token`.
    beside_the_code: bool,
}

impl Request {
    fn read(state: &State, query: &str) -> Result<Self, &'static str> {
        let value = |wanted: &str| {
            let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
            // RFC 6749 §3.1: no parameter twice.
            found.next().filter(|_| found.next().is_none()).map(|(_, value)| value.into_owned())
        };
        let is = |name: &str, expected: &str| value(name).is_some_and(|value| value == expected);
        let redirect_uri = value("redirect_uri").and_then(|uri| Url::parse(&uri).ok());
        let request = Self {
            redirect_uri: redirect_uri.ok_or("redirect_uri")?,
            state: value("state").filter(|state| !state.is_empty()).ok_or("state")?,
            nonce: value("nonce").filter(|nonce| nonce.len() >= MIN_NONCE).ok_or("nonce of 128 bits")?,
            // A SHA-256 digest has 43 letters (RFC 7636 §4.2).
            challenge: value("code_challenge")
                .filter(|challenge| challenge.len() == 43)
                .ok_or("code_challenge")?,
            posted: is("response_mode", "form_post"),
            beside_the_code: is("response_type", "code id_token"),
        };
        if !is("client_id", &state.setup.client_id) {
            return Err("client_id");
        }
        // A token goes by the browser only where no address shows it.
        if !(is("response_type", "code") || (request.beside_the_code && request.posted)) {
            return Err("response_type=code");
        }
        if !request.posted && value("response_mode").is_some() {
            return Err("response_mode");
        }
        if !is("code_challenge_method", "S256") {
            return Err("code_challenge_method=S256");
        }
        if !value("scope").is_some_and(|scope| scope.split(' ').any(|scope| scope == "openid")) {
            return Err("the scope openid");
        }
        Ok(request)
    }
}
