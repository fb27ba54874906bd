//! Rows about the flow: discovery, authorization response, token endpoint, userinfo, plain claims.

use serde_json::json;

use super::super::fault::{AnswerFault, ClientAuth, Edit, Endpoint, Fault, Misbehaviour};
use super::super::provider::HostileProvider;
use super::{Row, accepted, refused, refused_at_start, refused_early, refused_late};

pub(super) fn rows(provider: &HostileProvider) -> Vec<Row> {
    let mut rows = claims(provider);
    rows.extend(discovery(provider));
    rows.extend(answers(provider));
    rows.extend(exchanges());
    rows.extend(user_info());
    rows.extend(endpoints());
    rows
}

fn claims(provider: &HostileProvider) -> Vec<Row> {
    let (issuer, us) = (provider.issuer(), provider.client_id());
    let set = |name: &str, value: serde_json::Value| Fault::Claims(Edit::set(name, value));
    let without = |name: &str| Fault::Claims(Edit::remove(name));
    vec![
        accepted("OIDC-RP-01", "everything is good", None),
        refused("OIDC-RP-02", "iss is another", set("iss", json!("https://other.example"))),
        refused("OIDC-RP-02", "iss is absent", without("iss")),
        refused("OIDC-RP-03", "sub is absent", without("sub")),
        refused("OIDC-RP-03", "sub is empty", set("sub", json!(""))),
        refused("OIDC-RP-03", "sub is a number", set("sub", json!(1))),
        refused("OIDC-RP-04", "aud is another client", set("aud", json!("other"))),
        refused("OIDC-RP-04", "aud is absent", without("aud")),
        refused("OIDC-RP-04", "aud is an empty array", set("aud", json!([]))),
        refused("OIDC-RP-05", "iat is absent", without("iat")),
        refused("OIDC-RP-13", "nonce is another", set("nonce", json!("AAAAAAAAAAAAAAAAAAAAAAAAAAAA"))),
        refused("OIDC-RP-17", "at_hash is of another token", set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA"))),
        accepted("OIDC-RP-17", "at_hash is absent, as the code flow allows", without("at_hash")),
        accepted("OIDC-RP-33", "aud is an array of us", set("aud", json!([us]))),
        refused(
            "OIDC-RP-33",
            "aud names a second client and azp is absent",
            set("aud", json!([us, "other"])),
        ),
        refused("OIDC-RP-33", "azp is another client", set("azp", json!("other"))),
        accepted("OIDC-RP-33", "azp is us", set("azp", json!(us))),
        refused("OIDC-RP-35", "exp is absent", without("exp")),
        refused("OIDC-RP-35", "nonce is absent", without("nonce")),
        refused("JWT-17", "iss with a NUL", set("iss", json!(format!("{issuer}\0")))),
        refused("JWT-17", "iss with a final space", set("iss", json!(format!("{issuer} ")))),
        refused("JWT-17", "iss with a final slash", set("iss", json!(format!("{issuer}/")))),
        refused("JWT-17", "iss in upper case", set("iss", json!(issuer.to_uppercase()))),
    ]
}

/// OIDC-RP-20, compared to the letter (OpenID Connect Discovery §4.3).
fn discovery(provider: &HostileProvider) -> Vec<Row> {
    let issuer = provider.issuer();
    let says = |name, said: String| {
        refused_at_start("OIDC-RP-20", name, Fault::Discovery(Edit::set("issuer", said)))
    };
    vec![
        says("the document names another issuer", "https://other.example".to_owned()),
        says("the document's issuer has one more path", format!("{issuer}/extra")),
        says("the document's issuer has a final slash", format!("{issuer}/")),
        says("the document's issuer has another case", issuer.replace("http", "HTTP")),
        says("the document's issuer has another port", with_another_port(issuer)),
        refused_at_start(
            "OIDC-RP-20",
            "the document names no issuer",
            Fault::Discovery(Edit::remove("issuer")),
        ),
    ]
}

/// Another port that is a port, so that nothing but the comparison can refuse it.
fn with_another_port(issuer: &str) -> String {
    let mut url = url::Url::parse(issuer).ok();
    if let Some(url) = &mut url {
        let port = url.port().unwrap_or(80);
        // Fails only for addresses without a host; the issuer has one.
        let _ = url.set_port(Some(port ^ 1));
    }
    url.map(|url| url.as_str().trim_end_matches('/').to_owned()).unwrap_or_default()
}

fn answers(provider: &HostileProvider) -> Vec<Row> {
    let set = |name: &str, value: &str| Fault::Answer(AnswerFault::Set(name.to_owned(), value.to_owned()));
    let without = |name: &str| Fault::Answer(AnswerFault::Remove(name.to_owned()));
    let again =
        |name: &str, value: &str| Fault::Answer(AnswerFault::Again(name.to_owned(), value.to_owned()));
    let error =
        |error: &str, text: &str| Fault::Answer(AnswerFault::Error(error.to_owned(), text.to_owned()));
    vec![
        refused_early("OIDC-RP-35", "state is absent", without("state")),
        refused_early("OIDC-RP-35", "state is another", set("state", "AAAAAAAAAAAAAAAAAAAAAA")),
        refused_early("OIDC-RP-35", "state stands twice", again("state", "AAAAAAAAAAAAAAAAAAAAAA")),
        refused_early("OIDC-RP-35", "code is absent", without("code")),
        refused_early("OIDC-RP-35", "code stands twice", again("code", "AAAA")),
        refused("OIDC-RP-35", "code is unknown to the provider", set("code", "AAAA")),
        refused_early("OIDC-RP-36", "iss of the answer is another", set("iss", "https://other.example")),
        refused_early(
            "OIDC-RP-36",
            "iss of the answer has a final slash",
            set("iss", &format!("{}/", provider.issuer())),
        ),
        refused_early("OIDC-RP-36", "iss of the answer is absent", without("iss")),
        refused_early("OIDC-RP-36", "iss of the answer stands twice", again("iss", "https://other.example")),
        refused_early("OIDC-RP-18", "access_denied", error("access_denied", "Alice Andersen said no")),
        refused_early("HTTP-15", "markup in the error's text", error("x", "\"><script>alert(1)</script>")),
    ]
}

fn exchanges() -> Vec<Row> {
    let set = |name: &str, value: serde_json::Value| Fault::TokenResponse(Edit::set(name, value));
    let without = |name: &str| Fault::TokenResponse(Edit::remove(name));
    vec![
        accepted("OIDC-RP-16", "client_secret_basic only", Fault::ClientAuth(ClientAuth::BasicOnly)),
        accepted("OIDC-RP-16", "client_secret_post only", Fault::ClientAuth(ClientAuth::PostOnly)),
        accepted("OIDC-RP-34", "no expires_in", without("expires_in")),
        accepted("OIDC-RP-34", "token_type bEARER", set("token_type", json!("bEARER"))),
        refused("OIDC-RP-34", "token_type mac", set("token_type", json!("mac"))),
        refused("OIDC-RP-34", "no id_token", without("id_token")),
        refused("OIDC-RP-34", "id_token is an object", set("id_token", json!({}))),
    ]
}

fn user_info() -> Vec<Row> {
    let edit = |edit: Edit| Fault::UserInfo(edit);
    vec![
        refused_late("OIDC-RP-12", "userinfo speaks of another subject", edit(Edit::set("sub", "mallory"))),
        refused_late("OIDC-RP-12", "userinfo has no sub", edit(Edit::remove("sub"))),
        refused_late("JWT-08", "userinfo has two subs", edit(Edit::raw("\"sub\"", "\"hostile-subject-1\""))),
        refused_late("OIDC-RP-23", "userinfo is a JWT that nobody asked for", Fault::UserInfoAsJwt),
        refused_late(
            "OIDC-RP-12",
            "userinfo is a page",
            Fault::Endpoint(Endpoint::UserInfo, Misbehaviour::Html),
        ),
        refused_late(
            "OIDC-RP-12",
            "userinfo answers 10 MB",
            Fault::Endpoint(Endpoint::UserInfo, Misbehaviour::Oversized(10_000_000)),
        ),
    ]
}

/// OIDC-RP-41 for the token endpoint, and the same class for the two documents.
fn endpoints() -> Vec<Row> {
    let ways = [
        ("the token endpoint redirects", Misbehaviour::Redirect),
        ("the token endpoint answers 500", Misbehaviour::Status(500)),
        ("the token endpoint answers a page", Misbehaviour::Html),
        ("the token endpoint answers 10 MB", Misbehaviour::Oversized(10_000_000)),
        ("the token endpoint never ends", Misbehaviour::Endless),
        ("the token endpoint stalls", Misbehaviour::Stalled),
        ("the token endpoint is silent", Misbehaviour::Silent),
        ("the token endpoint breaks off", Misbehaviour::Broken),
        ("the token endpoint sends a gzip bomb", Misbehaviour::GzipBomb),
        ("the token endpoint answers an error with 200", Misbehaviour::ErrorWith200),
    ];
    let token = |(name, way)| refused("OIDC-RP-41", name, Fault::Endpoint(Endpoint::Token, way));
    let mut rows: Vec<Row> = ways.into_iter().map(token).collect();
    let at_start =
        |name, way| refused_at_start("OIDC-RP-41", name, Fault::Endpoint(Endpoint::Discovery, way));
    rows.push(at_start("discovery redirects", Misbehaviour::Redirect));
    rows.push(at_start("discovery answers 10 MB", Misbehaviour::Oversized(10_000_000)));
    rows.push(at_start("discovery answers 503", Misbehaviour::Status(503)));
    rows.push(refused(
        "OIDC-RP-41",
        "the key set redirects",
        Fault::Endpoint(Endpoint::Keys, Misbehaviour::Redirect),
    ));
    rows.push(refused(
        "OIDC-RP-41",
        "the key set is a page",
        Fault::Endpoint(Endpoint::Keys, Misbehaviour::Html),
    ));
    rows
}
