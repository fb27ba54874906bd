//! Shape from docs: a Gateway as its documents describe it (annex c.9), before this adapter alone.

use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use http::{Request, Response};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaKeyPair};
use serde_json::{Value, json};
use vestibule_certs::encoding::base64url;
use vestibule_certs::secret::Secret;
use vestibule_conformance::sandbox::rsa_key::RsaSigningKey;

use super::*;
use crate::config::{GatewayConfig, ResponseMode};
use crate::oidc::begin;
use crate::oidc::callback::Authorization;
use crate::ports::Http;
use crate::step::{Answer, Context, Freshness, Proof, Seed, Step};
use crate::verified::Verified;
use crate::{BrowserEndpoints, Provider};

mod asked;
mod keys;
mod logout;

const NOW: i64 = 1_700_000_000;
const ISSUER: &str = "https://Gateway.corp.example:8443";
const SID: &str = "S-1-5-21-1-2-3-1104";
const CANARY: &str = "CANARY-PASSWORD";

/// Two keys for the whole run; making them is the slow part.
fn key(number: usize) -> &'static RsaSigningKey {
    static KEYS: OnceLock<[RsaSigningKey; 2]> = OnceLock::new();
    let make = || RsaSigningKey::generate().unwrap();
    &KEYS.get_or_init(|| [make(), make()])[number]
}

/// What the Gateway answers next.
struct World {
    document: Value,
    keys: Value,
    date: Option<&'static str>,
    claims: Value,
    /// Which key signs, and how.
    signs: (usize, &'static str),
    token_error: Option<&'static str>,
    /// In place of the discovery document.
    discovery: Option<Result<(u16, &'static str), HttpError>>,
    calls: Vec<String>,
}

#[derive(Clone)]
struct Gateway(Arc<Mutex<World>>);

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

fn public(number: usize) -> Value {
    let mut jwk = key(number).public_jwk();
    jwk.as_object_mut().unwrap().remove("alg");
    jwk
}

fn signed((number, algorithm): (usize, &str), claims: &Value) -> String {
    let key = key(number);
    let header = json!({ "alg": algorithm, "kid": key.id() });
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let text = format!("{}.{}", part(&header), part(claims));
    let pair = RsaKeyPair::from_pkcs8(key.pkcs8()).unwrap();
    let mut signature = vec![0; pair.public().modulus_len()];
    let padding = if algorithm == "RS512" { &RSA_PKCS1_SHA512 } else { &RSA_PKCS1_SHA256 };
    pair.sign(padding, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", base64url(&signature))
}

#[async_trait]
impl Http for Gateway {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let mut world = self.0.lock().unwrap();
        let url = request.uri().to_string();
        // Addresses have hosts in lower case, whatever the issuer's letters.
        let (origin, path) = url.split_at_checked(ISSUER.len()).expect("an address of the Gateway");
        assert!(origin.eq_ignore_ascii_case(ISSUER), "{url} is elsewhere");
        world.calls.push(path.to_owned());
        let (status, kind, body) = match path {
            "/oauth/idp/.well-known/openid-configuration" => match world.discovery.clone() {
                Some(Err(error)) => return Err(error),
                Some(Ok((status, kind))) => (status, kind, "{}".to_owned()),
                None => (200, "application/json", world.document.to_string()),
            },
            "/oauth/idp/certs" => (200, "application/json", json!({ "keys": world.keys }).to_string()),
            "/oauth/idp/token" => {
                if let Some(error) = world.token_error {
                    (400, "application/json", json!({ "error": error }).to_string())
                } else {
                    let id_token = signed(world.signs, &world.claims);
                    let answer = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
                    (200, "application/json", answer.to_string())
                }
            }
            other => panic!("nobody calls {other}"),
        };
        let mut answer = Response::builder().status(status).header("content-type", kind);
        if let Some(date) = world.date {
            answer = answer.header("date", date);
        }
        Ok(answer.body(body.into_bytes()).unwrap())
    }
}

impl Gateway {
    fn new() -> Self {
        let claims = json!({
            "iss": ISSUER, "sub": "alice", "aud": "vestibule-id", "iat": NOW, "exp": NOW + 300,
            "nonce": begin::nonce(&seed()), "name": "Alice", "givename": "Alice", "familyname": "Archer",
            "upn": "alice@corp.example", "email": "alice@corp.example", "sid": SID,
            "oid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "groups": ["Staff"], "amr": ["pwd", "otp"],
            "ctx_auth_alias": "x", "cip_domain": "corp.example", "password": CANARY, "sso_credentials": CANARY,
        });
        let document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/oauth/idp/login"),
            "token_endpoint": format!("{ISSUER}/oauth/idp/token"),
            "jwks_uri": format!("{ISSUER}/oauth/idp/certs"),
            "userinfo_endpoint": format!("{ISSUER}/oauth/idp/userinfo"),
            "response_types_supported": ["code", "token", "id_token"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "ctxs_cc"],
            "subject_types_supported": ["public"],
        });
        Self(Arc::new(Mutex::new(World {
            document,
            keys: json!([public(0)]),
            date: None,
            claims,
            signs: (0, "RS256"),
            token_error: None,
            discovery: None,
            calls: Vec::new(),
        })))
    }

    fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.0.lock().unwrap());
    }

    fn calls_of(&self, path: &str) -> usize {
        self.0.lock().unwrap().calls.iter().filter(|one| one.ends_with(path)).count()
    }

    fn provider(&self, clock_tolerance_s: u32) -> OpenIdProvider {
        let fqdn = ISSUER.strip_prefix("https://").unwrap().to_owned();
        let config = GatewayConfig { fqdn, response_mode: ResponseMode::Query, clock_tolerance_s };
        let ours = ("vestibule-id".to_owned(), Secret::new("secret".to_owned()));
        OpenIdProvider::gateway(&config, ours, Arc::new(self.clone()), BrowserEndpoints::Https)
    }
}

fn seed() -> Seed {
    Seed::from_bytes([7; 16])
}

fn context(seed: &Seed, now: i64) -> Context<'_> {
    let now = Timestamp::from_seconds(now);
    Context {
        now,
        seed,
        state: "state",
        redirect_uri: "https://accounts.example/core/login-cip",
        entity_id: "https://saml.example",
        started: now,
        freshness: Freshness::Any,
        gate: None,
    }
}

async fn sign_in(provider: &OpenIdProvider, now: i64) -> Result<Box<Verified<Proof>>, SignInError> {
    let (_, answer) = Authorization::parse("state=state&code=c").unwrap();
    match provider.advance(&context(&seed(), now), Answer::Authorization(answer)).await? {
        Step::Done(proof) => Ok(proof),
        step => panic!("{step:?}"),
    }
}

/// Shape from docs.
#[tokio::test]
async fn a_person_comes_in_under_the_names_that_a_gateway_uses() {
    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    let seed = seed();
    let Step::Redirect(url) = provider.begin(&context(&seed, NOW)).await.unwrap() else {
        panic!("no address")
    };
    assert!(url.as_str().starts_with(&format!("{}/oauth/idp/login?", ISSUER.to_lowercase())), "{url}");
    let scope = url.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
    assert_eq!(scope, "openid ctxs_cc");
    let proof = sign_in(&provider, NOW).await.unwrap();
    let Proof { attributes, upstream, hint } = proof.value();
    assert!(hint.is_none(), "GW-16: its token may hold a password");
    for (name, value) in [("sid", SID), ("givename", "Alice"), ("familyname", "Archer"), ("groups", "Staff")]
    {
        assert_eq!(attributes.values(name).unwrap().values, [value], "{name}");
    }
    assert_eq!(upstream.session_id, None, "GW-17: the SID of a person is no session");
    assert_eq!(upstream.methods, ["pwd", "otp"], "GW-20");
    assert_eq!(gateway.calls_of("/userinfo"), 0);
    gateway.change(|world| {
        world.signs.1 = "RS512";
        for name in ["sid", "upn"] {
            world.claims[name] = json!("");
        }
    });
    let proof = sign_in(&provider, NOW).await.unwrap();
    let attributes = &proof.value().attributes;
    assert!(attributes.values("sid").is_none() && attributes.values("upn").is_none(), "empty is missing");
}

/// AMB-14. Shape from docs.
#[tokio::test]
async fn a_password_that_is_sent_along_is_dropped_by_whatever_name() {
    let gateway = Gateway::new();
    let proof = sign_in(&gateway.provider(60), NOW).await.unwrap();
    assert!(!format!("{proof:?}").contains(CANARY), "{proof:?}");
    assert!(proof.value().attributes.values("password").is_none());
    assert!(proof.value().attributes.values("email").is_some(), "the rest stays");
}

/// Shape from docs. One field each.
#[tokio::test]
async fn a_token_that_differs_in_one_field_is_refused() {
    for (row, name, value, code) in [
        ("GW-07: another case", "iss", json!(ISSUER.to_lowercase()), Code::OidcTokenIssuer),
        ("GW-07: a final slash", "iss", json!(format!("{ISSUER}/")), Code::OidcTokenIssuer),
        ("GW-08: another audience", "aud", json!("another"), Code::OidcAudience),
        ("another sign-in", "nonce", json!("another"), Code::OidcNonce),
        ("it has ended", "exp", json!(NOW - 60), Code::OidcTime),
        ("nobody", "sub", json!(""), Code::OidcSubject),
    ] {
        let gateway = Gateway::new();
        gateway.change(|world| world.claims[name] = value);
        let error = sign_in(&gateway.provider(60), NOW).await.unwrap_err();
        assert_eq!(error.code, code, "{row}: {error}");
    }
    let gateway = Gateway::new();
    gateway.change(|world| world.document["issuer"] = json!(ISSUER.to_lowercase()));
    assert_eq!(sign_in(&gateway.provider(60), NOW).await.unwrap_err().code, Code::OidcIssuer);
}

/// GW-12. Shape from docs.
#[tokio::test]
async fn a_clock_that_is_wrong_is_measured_and_tolerated_as_far_as_is_set() {
    for (row, iat, tolerance, told) in [
        ("a minute ahead", 60, 60, None),
        ("more than a minute ahead", 61, 60, Some("61 s ahead of ours")),
        ("as far as is set", 290, 300, None),
        ("further than is set", 301, 300, Some("301 s ahead of ours")),
        ("behind, and ended", -400, 60, Some("400 s behind ours")),
    ] {
        let gateway = Gateway::new();
        gateway.change(|world| {
            world.claims["iat"] = json!(NOW + iat);
            world.claims["exp"] = json!(NOW + iat + 300);
        });
        let outcome = sign_in(&gateway.provider(tolerance), NOW).await;
        let found = outcome.err().map(|error| (error.code, error.reason));
        match (&found, told) {
            (None, None) => {}
            (Some((Code::OidcTime, reason)), Some(told)) => {
                assert!(reason.ends_with(told), "{row}: {reason}");
            }
            _ => panic!("{row}: {found:?}"),
        }
    }
}
