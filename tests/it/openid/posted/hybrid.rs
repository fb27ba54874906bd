//! Okta's hybrid answer: a code and an `id_token` by the browser, another one from the token endpoint (OpenID Connect Core 1.0
//! §3.3; OKT-03, OKT-09, OIDC-RP-17). One thing is wrong at a time.

use serde_json::{Value, json};
use vestibule_conformance::hostile::{AnswerFault, Edit, Endpoint, Fault, Signing};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::super::{Outcome, calls, judge};
use super::{fields, holding, post};

pub(super) async fn okta() -> World {
    let connections = "[[connections]]\nname = \"any\"\nkind = \"okta\"\ndomain = \"{origin}\"\ncustom_domain = true\n\
                       client_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n\
                       response_mode = \"form_post\"\n";
    let manifest = Manifest { connections: connections.to_owned(), ..Manifest::of("acme") };
    World::with(Scheme::Http, &[manifest]).await
}

async fn sign_in(world: &World, row: &str) -> Outcome {
    world.provider.forget_calls();
    world.application.forget();
    let before = world.audit().await.len();
    let (mut browser, form) = holding(world).await;
    let page = browser.auto_submit(&form).await.unwrap_or_else(|error| panic!("{row}: {error}"));
    judge(world, row, (&mut browser, &page), before).await
}

fn front(name: &str, value: impl Into<Value>) -> Fault {
    Fault::FrontClaims(Edit::set(name, value))
}

fn back(name: &str, value: impl Into<Value>) -> Fault {
    Fault::Claims(Edit::set(name, value))
}

#[tokio::test]
async fn a_code_and_a_token_open_a_session() {
    let world = okta().await;
    let Outcome::In(session) = sign_in(&world, "OKT-03").await else { panic!("OKT-03: refused") };
    assert_eq!(session["kind"], "okta");
    let [call] = world.provider.calls_to(Endpoint::Authorize).try_into().expect("one request");
    for part in ["response_type=code+id_token&", "response_mode=form_post", "code_challenge_method=S256"] {
        assert!(format!("{}&", call.query).contains(part), "OKT-03, OKT-09: {part}: {}", call.query);
    }
    // RFC 9207: the token names the issuer, as a provider of this flow may rely on.
    world.provider.script(Fault::Answer(AnswerFault::Remove("iss".to_owned())));
    assert_eq!(sign_in(&world, "no iss beside a token").await.code(), "in");
}

/// Refused where it is posted: the token endpoint is not asked, nothing waits, and the browser's sign-in goes on.
#[tokio::test]
async fn what_needs_no_browser_is_refused_before_there_is_one() {
    let world = okta().await;
    let set = |name: &str, value: &str| Fault::Answer(AnswerFault::Set(name.to_owned(), value.to_owned()));
    for (row, fault, code) in [
        ("c_hash of another code", front("c_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "OIDC-CODE-HASH"),
        ("c_hash empty", front("c_hash", ""), "OIDC-CODE-HASH"),
        ("c_hash no text", front("c_hash", json!(["x"])), "OIDC-CODE-HASH"),
        ("no c_hash", Fault::FrontClaims(Edit::remove("c_hash")), "OIDC-CODE-HASH"),
        ("another code", set("code", "AAAA"), "OIDC-CODE-HASH"),
        ("no token", Fault::Answer(AnswerFault::Remove("id_token".to_owned())), "OIDC-CODE"),
        ("no code", Fault::Answer(AnswerFault::Remove("code".to_owned())), "OIDC-CODE"),
        ("a token of nobody", set("id_token", "AAAA"), "OIDC-TOKEN"),
        ("another issuer", front("iss", "https://other.example"), "OIDC-TOKEN-ISSUER"),
        ("another audience", front("aud", "other"), "OIDC-AUDIENCE"),
        ("an old token", Fault::FrontClaims(Edit::time("exp", -61)), "OIDC-TIME"),
        ("a bad signature", Fault::Signing(Signing::BadRs256), "OIDC-SIGNATURE"),
        ("no signature", Fault::Signing(Signing::Unsigned("none")), "OIDC-TOKEN"),
    ] {
        world.provider.script(fault);
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-17: {row}");
        assert_eq!(calls(&world, Endpoint::Token), 0, "{row}");
        let waiting: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM parked")
            .fetch_one(world.app().store.readers())
            .await
            .unwrap();
        assert_eq!(waiting, 0, "{row}: it waits");
    }
}

#[tokio::test]
async fn what_the_browser_or_the_token_endpoint_shows_is_refused_then() {
    let world = okta().await;
    for (row, fault, code, exchanged) in [
        ("another nonce", front("nonce", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "OIDC-NONCE", 0),
        ("no nonce", Fault::FrontClaims(Edit::remove("nonce")), "OIDC-NONCE", 0),
        ("no sub", Fault::FrontClaims(Edit::remove("sub")), "OIDC-SUBJECT", 0),
        ("another sub in front", front("sub", "somebody-else"), "OIDC-TOKENS-DIFFER", 1),
        ("another sub behind", back("sub", "somebody-else"), "OIDC-TOKENS-DIFFER", 1),
        ("another nonce behind", back("nonce", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "OIDC-NONCE", 1),
        ("at_hash of another token", back("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "OIDC-ACCESS-TOKEN-HASH", 1),
        ("c_hash of another code behind", back("c_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "OIDC-CODE-HASH", 1),
    ] {
        world.provider.script(fault);
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-17: {row}");
        assert_eq!(calls(&world, Endpoint::Token), exchanged, "{row}");
        assert_eq!(calls(&world, Endpoint::UserInfo), 0, "{row}");
    }
    for (row, fault) in [
        ("no at_hash behind", Fault::Claims(Edit::remove("at_hash"))),
        ("claims that are in one token alone", front("cip_upn", "bob@corp.example")),
    ] {
        world.provider.script(fault);
        let Outcome::In(session) = sign_in(&world, row).await else { panic!("{row}: refused") };
        assert_eq!(
            session["claims"]["cip_upn"], "alice@corp.example",
            "{row}: the browser's token is no source"
        );
    }
}

/// A code of one sign-in beside the token of another, each good for itself.
#[tokio::test]
async fn parts_of_two_answers_do_not_go_together() {
    let world = okta().await;
    let (mut browser, own) = holding(&world).await;
    let (_, other) = holding(&world).await;
    for name in ["code", "id_token"] {
        let crossed = own.clone().with(name, other.field(name).unwrap());
        let page = post(&world, &crossed, &fields(&crossed)).await;
        assert!(page.text().contains("OIDC-CODE-HASH"), "{name}: {}", page.text());
    }
    // Both of the other: they fit together, and not to this browser.
    let (code, token) = (other.field("code").unwrap(), other.field("id_token").unwrap());
    let crossed = own.clone().with("code", code).with("id_token", token);
    let before = world.audit().await.len();
    let page = browser.auto_submit(&crossed).await.unwrap();
    assert_eq!(judge(&world, "crossed", (&mut browser, &page), before).await.code(), "OIDC-NONCE");
}
