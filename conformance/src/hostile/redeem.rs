//! The token endpoint (RFC 6749 §4.1.3, RFC 7636 §4.6) and userinfo (OpenID Connect Core §5.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use super::document::Document;
use super::fault::ClientAuth;
use super::keys::{b64, object};
use super::serve::{json_answer, refusal};
use super::state::{Call, Grant, Script, State};
use super::token::{id_token, plain};

/// What a client gets for itself.
const OWN_TOKEN: &str = "the-clients-own";

/// Redeems a code.
pub(super) fn token(state: &State, script: &Script, call: &Call) -> Response<Bytes> {
    let fields: Vec<(String, String)> = form_urlencoded::parse(call.body.as_bytes()).into_owned().collect();
    let field =
        |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    if !client_is_known(state, script, call, &field) {
        let mut refused = refusal("invalid_client", "the client is not who it says");
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        return refused;
    }
    if field("grant_type") == "client_credentials" {
        // A token that stands for the client alone (RFC 6749 §4.4); its userinfo is nobody's.
        return json_answer(
            json!({ "access_token": OWN_TOKEN, "token_type": "Bearer", "expires_in": 3600 }).to_string(),
        );
    }
    if field("grant_type") != "authorization_code" {
        return refusal("unsupported_grant_type", "authorization_code only");
    }
    let Some(grant) = state.take_grant(field("code")) else {
        return refusal("invalid_grant", "no such code, or it was used");
    };
    if grant.redirect_uri != field("redirect_uri") {
        return refusal("invalid_grant", "another redirect_uri");
    }
    if grant.challenge != b64(digest(&SHA256, field("code_verifier").as_bytes())) {
        return refusal("invalid_grant", "the verifier does not fit the challenge");
    }
    json_answer(answer(state, script, &grant))
}

fn answer(state: &State, script: &Script, grant: &Grant) -> String {
    let access_token = state.new_access_token();
    let mut claims = state.good_claims(&grant.nonce);
    claims.insert("at_hash".to_owned(), Value::from(half_hash(&access_token)));
    let attacker = state.attacker();
    let signer = state.signer(script, &attacker);
    let token = id_token(&claims, &signer, (script, script.claims()), state.now());
    let good: Map<String, Value> = object(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 300,
        "scope": "openid profile email", "id_token": token,
    }));
    Document::new(&good).edit_all(script.token_response(), state.now()).text()
}

/// OpenID Connect Core §3.1.3.6: the left half of the digest.
pub(super) fn half_hash(of: &str) -> String {
    let digest = digest(&SHA256, of.as_bytes());
    b64(digest.as_ref().get(..16).unwrap_or_default())
}

/// Userinfo, for a bearer in the header only.
pub(super) fn user_info(state: &State, script: &Script, call: &Call) -> Response<Bytes> {
    let bearer = call.authorization.as_deref().and_then(|value| value.split_once(' '));
    let token =
        bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map_or("", |(_, token)| token);
    if !state.knows_access_token(token) {
        let mut refused = refusal("invalid_token", "no such access token");
        *refused.status_mut() = StatusCode::UNAUTHORIZED;
        return refused;
    }
    let claims = Document::new(&State::good_user_info()).edit_all(script.user_info(), state.now()).text();
    if !script.user_info_is_jwt() {
        return json_answer(claims);
    }
    let mut answer = Response::new(Bytes::from(plain(&claims, &state.signer(script, ""))));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
    answer
}

/// Exactly one of the two methods of RFC 6749 §2.3.1, and one that is taken here.
fn client_is_known<'a>(
    state: &State,
    script: &Script,
    call: &Call,
    field: &impl Fn(&str) -> &'a str,
) -> bool {
    let known = (state.setup.client_id.clone(), state.setup.client_secret.clone());
    let posted = (field("client_id").to_owned(), field("client_secret").to_owned());
    match (&call.authorization, script.client_auth()) {
        (Some(_), Some(ClientAuth::PostOnly)) | (None, Some(ClientAuth::BasicOnly)) => false,
        (Some(header), Some(ClientAuth::BasicOnly) | None) => {
            posted.1.is_empty() && basic(header) == Some(known)
        }
        (None, Some(ClientAuth::PostOnly) | None) => posted == known,
    }
}

/// RFC 6749 §2.3.1: id and secret are form-urlencoded before they meet the colon (OIDC-RP-16).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    let octets = STANDARD.decode(credentials).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(octets).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    // As the name of a pair; a bare `=` or `&` within would have had to be encoded.
    form_urlencoded::parse(text.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}
