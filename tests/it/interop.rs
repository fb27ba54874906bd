//! What the broker signs, verified by libraries that share nothing with it (JWT-18; interface 4).

use serde_json::{Value, json};
use vestibule_certs::encoding::base64url;
use vestibule_tests::counterparts::{VERIFIERS, verify};
use vestibule_tests::world::World;

const TYPE: &str = "vestibule-assertion+jwt";
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The part of a compact JWS, counted from 0.
#[derive(Debug, Clone, Copy)]
enum Part {
    Header = 0,
    Claims = 1,
    Signature = 2,
}

#[tokio::test]
async fn libraries_of_other_people_take_the_assertion_and_no_changed_one() {
    let world = World::start().await;
    let token = assertion(&world).await;
    let question = question(&world, &token).await;
    let answer = verify(&question).await.unwrap();
    for library in VERIFIERS {
        let good = &answer[library]["good"];
        assert_eq!(good["error"], Value::Null, "JWT-18: {library}");
        assert_eq!(good["header"]["typ"], TYPE, "JWT-18: {library}");
        assert_eq!(good["header"]["kid"], question["jwks"]["keys"][0]["kid"], "JWT-18: {library}");
        assert_claims(&world, library, &good["claims"]);
        for changed in ["header", "claims", "signature", "no signature", "another key's name"] {
            let refusal = &answer[library][changed];
            assert!(
                refusal["error"].is_string(),
                "JWT-18: {library} takes it with another {changed}: {refusal}"
            );
        }
    }
}

/// The same token for somebody else, or from somebody else: the libraries do compare what they were told.
#[tokio::test]
async fn libraries_of_other_people_refuse_it_for_another_audience_or_issuer() {
    let world = World::start().await;
    let token = assertion(&world).await;
    let good = question(&world, &token).await;
    for (member, value) in [
        ("audience", world.origin("acme")),
        ("audience", format!("{}/", world.origin("acme-second"))),
        ("issuer", format!("{}/o/beta", world.app().accounts_origin())),
        ("jwks", String::new()),
    ] {
        let mut other = good.clone();
        other[member] = if member == "jwks" { json!({ "keys": [] }) } else { json!(value) };
        let answer = verify(&other).await.unwrap();
        for library in VERIFIERS {
            assert!(answer[library]["good"]["error"].is_string(), "JWT-18: {library}: {member} {value}");
        }
    }
}

#[tokio::test]
async fn the_key_set_is_public_and_holds_no_private_part() {
    let world = World::start().await;
    let jwks = jwks(&world).await;
    let keys = jwks["keys"].as_array().expect("keys");
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"], &key["use"]),
            (&json!("EC"), &json!("P-256"), &json!("ES256"), &json!("sig"),)
        );
        assert!(key["kid"].is_string() && key["d"].is_null(), "{key}");
    }
}

/// The assertion that the application got.
async fn assertion(world: &World) -> String {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    world.application.last().header("vestibule-assertion").expect("an assertion").to_owned()
}

async fn question(world: &World, token: &str) -> Value {
    json!({
        "jwks": jwks(world).await,
        "issuer": format!("{}/o/acme", world.app().accounts_origin()),
        "audience": format!("{}/", world.origin("acme")),
        "type": TYPE,
        "tokens": {
            "good": token,
            "header": flipped(token, Part::Header),
            "claims": flipped(token, Part::Claims),
            "signature": flipped(token, Part::Signature),
            "no signature": unsigned(token),
            "another key's name": renamed(token),
        },
    })
}

async fn jwks(world: &World) -> Value {
    let address = format!("{}/o/acme/oauth2/jwks", world.app().accounts_origin());
    let page = world.browser().open(&address).await.expect("the key set");
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()
}

/// One bit of one part is another, in a letter all of whose bits count.
fn flipped(token: &str, part: Part) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let text = &mut parts[part as usize];
    let at = text.len() / 2;
    let value = ALPHABET.iter().position(|letter| *letter == text.as_bytes()[at]).expect("base64url");
    text.replace_range(at..=at, std::str::from_utf8(&[ALPHABET[value ^ 1]]).expect("ASCII"));
    parts.join(".")
}

/// `alg: none` over the good claims (RFC 8725 §3.2).
fn unsigned(token: &str) -> String {
    let header = json!({ "alg": "none", "typ": TYPE }).to_string();
    let claims = token.split('.').nth(1).expect("claims");
    format!("{}.{claims}.", base64url(header.as_bytes()))
}

/// The good signature under the name of a key that is not there.
fn renamed(token: &str) -> String {
    let header = json!({ "alg": "ES256", "typ": TYPE, "kid": "another" }).to_string();
    let rest = token.split_once('.').expect("parts").1;
    format!("{}.{rest}", base64url(header.as_bytes()))
}

fn assert_claims(world: &World, library: &str, claims: &Value) {
    assert_eq!(claims["cip_sid"], "S-1-5-21-1004336348-1177238915-682003330-1104", "{library}");
    assert_eq!(claims["cip_upn"], "alice@corp.example", "{library}");
    assert_eq!(claims["cip_oid"], "6f9619ff-8b86-d011-b42d-00c04fc964ff", "{library}");
    assert_eq!(claims["cip_email"], "alice@corp.example", "{library}");
    assert_eq!(claims["name"], "Alice Andersen", "{library}");
    assert_eq!(claims["groups"], json!(["any:Staff"]), "{library}");
    assert_eq!(claims["amr"], json!(["pwd"]), "{library}");
    let now = (world.clock.seconds())();
    let time = |name: &str| claims[name].as_i64().expect("a time");
    assert_eq!(time("iat"), now, "{library}");
    assert!((1..=60).contains(&(time("exp") - time("iat"))), "interface 4: {library}: {claims}");
    assert!(claims["sub"].is_string() && claims["sid"].is_string(), "{library}: {claims}");
}
