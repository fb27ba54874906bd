//! The hostile provider met by a small relying party that checks nothing and shows everything.

mod flow;
mod rows;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::signature::{RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, RsaPublicKeyComponents};
use serde_json::Value;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::*;
use crate::clock::standing_at;
use crate::wire::{Browser, Page, Request, WireError};

const NOW: i64 = 1_800_000_000;
const VERIFIER: &str = "a-verifier-of-forty-three-letters-or-more-0123";
const NONCE: &str = "nonce-of-at-least-twenty-two-letters";
const BACK: &str = "http://accounts.vestibule.localhost/callback";

async fn provider() -> HostileProvider {
    let setup = Setup { clock: standing_at(NOW), path: "/oauth2/default".to_owned(), ..Setup::default() };
    HostileProvider::start_with(setup).await.unwrap()
}

/// Everything that one sign-in brought, what is random taken out of the texts.
#[derive(Clone, Debug)]
struct SignIn {
    discovery: String,
    keys: String,
    answer: Vec<(String, String)>,
    response: Value,
    token: String,
    at_hash: String,
    user_info: String,
}

impl SignIn {
    fn segment(&self, index: usize) -> String {
        let segment = self.token.split('.').nth(index).unwrap_or_default();
        String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(segment).unwrap_or_default()).into_owned()
    }

    /// The claims' text; the right `at_hash`, which follows the random access token, by a name.
    fn claims(&self) -> String {
        self.segment(1).replace(&self.at_hash, "right")
    }

    /// Whether the token is well signed by the RSA key of this name in the key set.
    fn is_signed_by(&self, kid: &str) -> bool {
        let keys: Value = serde_json::from_str(&self.keys).unwrap();
        let found = keys["keys"].as_array().unwrap().iter().rfind(|key| key["kid"] == kid).cloned();
        let part =
            |name: &str| URL_SAFE_NO_PAD.decode(found.as_ref().unwrap()[name].as_str().unwrap()).unwrap();
        let (input, signature) = self.token.rsplit_once('.').unwrap();
        let key = RsaPublicKeyComponents { n: part("n"), e: part("e") };
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        key.verify(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, input.as_bytes(), &signature).is_ok()
    }
}

fn authorization_url(provider: &HostileProvider, changes: &[(&str, &str)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let good = [
        ("client_id", provider.client_id()),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "state-1"),
        ("nonce", NONCE),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let kept = good.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let query = Serializer::new(String::new()).extend_pairs(kept.chain(changes)).finish();
    format!("{}/authorize?{query}", provider.issuer())
}

async fn get(url: &str) -> Result<Page, WireError> {
    Browser::new().request(Request::get(url)?).await
}

/// Asks for a code; the parameters of the answer.
async fn code(provider: &HostileProvider) -> Vec<(String, String)> {
    let page = get(&authorization_url(provider, &[])).await.unwrap();
    assert_eq!(page.status, 303, "{}", page.text_body());
    page.location().unwrap().query_pairs().into_owned().collect()
}

fn value<'a>(answer: &'a [(String, String)], name: &str) -> &'a str {
    answer.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
}

/// The `Authorization` of RFC 6749 §2.3.1.
fn basic(id: &str, secret: &str) -> String {
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!("Basic {}", STANDARD.encode(format!("{}:{}", encode(id), encode(secret))))
}

fn redemption(provider: &HostileProvider, code: &str) -> Request {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    Request::post(&format!("{}/token", provider.issuer()), &fields).unwrap()
}

async fn redeem(provider: &HostileProvider, code: &str) -> Result<Page, WireError> {
    let credentials = basic(provider.client_id(), provider.client_secret());
    let request = redemption(provider, code).header("authorization", &credentials)?;
    Browser::new().request(request).await
}

/// One whole sign-in, blind to every fault.
async fn sign_in(provider: &HostileProvider) -> SignIn {
    let discovery =
        get(&format!("{}/.well-known/openid-configuration", provider.issuer())).await.unwrap().text_body();
    let document: Value = serde_json::from_str(&discovery).unwrap();
    let keys = get(document["jwks_uri"].as_str().unwrap()).await.unwrap().text_body();
    let mut answer = code(provider).await;
    let mut response = redeem(provider, value(&answer, "code")).await.unwrap().json();
    let access_token = response["access_token"].as_str().unwrap_or_default().to_owned();
    let token = response["id_token"].as_str().unwrap_or_default().to_owned();
    let at_hash = URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16]);
    let asked = Request::get(document["userinfo_endpoint"].as_str().unwrap()).unwrap();
    let asked = asked.header("authorization", &format!("Bearer {access_token}")).unwrap();
    let user_info = Browser::new().request(asked).await.unwrap().text_body();
    // A code that is not of the script's making, and the two tokens, differ with every sign-in.
    answer
        .iter_mut()
        .filter(|(name, code)| name == "code" && code.len() == 22)
        .for_each(|(_, code)| code.clear());
    for random in ["access_token", "id_token"] {
        if response[random].is_string() {
            response[random] = Value::from("random");
        }
    }
    SignIn { discovery, keys, answer, response, token, at_hash, user_info }
}

fn parsed(url: &str) -> Url {
    Url::parse(url).unwrap()
}
