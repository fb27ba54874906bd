//! The listener's side: reading a request, finding its endpoint, spoiling the answer where the script says.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::authorize::authorize;
use super::body::HostileBody;
use super::fault::{Endpoint, Misbehaviour};
use super::metadata::{discovery, keys};
use super::misbehaviour::spoil;
use super::redeem::{token, user_info};
use super::state::{Call, Script, State};

/// The largest request body, in octets.
const MAX_BODY: usize = 64 * 1024;

/// Serves until it is dropped; every connection ends with it.
pub(super) async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        let service = service_fn(move |request| {
            let state = Arc::clone(&state);
            async move { Ok::<_, Infallible>(respond(&state, request).await) }
        });
        connections.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        while connections.try_join_next().is_some() {}
    }
}

async fn respond(state: &State, request: Request<Incoming>) -> Response<HostileBody> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return whole(refusal("invalid_request", "the body passes 64 KiB"));
    };
    let call = call(state, &parts, &body.to_bytes());
    state.record(call.clone());
    if let Some(served) = state.served(&call) {
        return whole(served.answer());
    }
    let script = state.script();
    let mut good = answer(state, &script, &call);
    if let Some(seconds) = call.endpoint.and_then(|endpoint| script.max_age(endpoint))
        && let Ok(value) = HeaderValue::from_str(&format!("public, max-age={seconds}"))
    {
        good.headers_mut().insert(CACHE_CONTROL, value);
    }
    let misbehaviour = call.endpoint.and_then(|endpoint| script.misbehaviour(endpoint));
    if let Some(Misbehaviour::Slow(milliseconds)) = misbehaviour {
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }
    match misbehaviour {
        None => whole(good),
        Some(misbehaviour) => match spoil(good, misbehaviour, &state.attacker()) {
            Some(spoiled) => spoiled,
            None => pending().await,
        },
    }
}

fn call(state: &State, parts: &Parts, body: &[u8]) -> Call {
    let authorization = parts.headers.get(AUTHORIZATION);
    Call {
        endpoint: endpoint(state, parts.uri.path()),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        method: parts.method.clone(),
        authorization: authorization.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        body: String::from_utf8_lossy(body).into_owned(),
    }
}

fn endpoint(state: &State, path: &str) -> Option<Endpoint> {
    let below = path.strip_prefix(state.setup.path.as_str())?;
    match below {
        "/.well-known/openid-configuration" => Some(Endpoint::Discovery),
        "/authorize" => Some(Endpoint::Authorize),
        "/token" => Some(Endpoint::Token),
        "/userinfo" => Some(Endpoint::UserInfo),
        _ if below == state.keys_path => Some(Endpoint::Keys),
        _ if below.starts_with("/attacker") => Some(Endpoint::Attacker),
        _ => None,
    }
}

fn answer(state: &State, script: &Script, call: &Call) -> Response<Bytes> {
    match (call.endpoint, &call.method) {
        (Some(Endpoint::Discovery), &Method::GET) => json_answer(discovery(state, script)),
        (Some(Endpoint::Keys), &Method::GET) => json_answer(keys(state, script)),
        (Some(Endpoint::Authorize), &Method::GET) => authorize(state, script, &call.query),
        (Some(Endpoint::Authorize), &Method::POST) => authorize(state, script, &call.body),
        (Some(Endpoint::Token), &Method::POST) => token(state, script, call),
        (Some(Endpoint::UserInfo), &Method::GET | &Method::POST) => user_info(state, script, call),
        // Whoever comes here has believed a header of the attacker's, and finds his key.
        (Some(Endpoint::Attacker), _) => {
            json_answer(json!({ "keys": [super::keys::ATTACKER.jwk()] }).to_string())
        }
        (_, _) => {
            let mut unknown = refusal("invalid_request", "no such address");
            *unknown.status_mut() = StatusCode::NOT_FOUND;
            unknown
        }
    }
}

/// 200 with JSON.
pub(super) fn json_answer(body: String) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(body));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// 400 with an OAuth error (RFC 6749 §5.2).
pub(super) fn refusal(error: &str, description: &str) -> Response<Bytes> {
    let mut answer = json_answer(json!({ "error": error, "error_description": description }).to_string());
    *answer.status_mut() = StatusCode::BAD_REQUEST;
    answer
}

fn whole(answer: Response<Bytes>) -> Response<HostileBody> {
    answer.map(HostileBody::whole)
}
