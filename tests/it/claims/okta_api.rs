//! What Okta's own API fills in (OKT-06, OKT-08, CLM-09; OIDC-RP-40), with answers of the shape that Okta's documentation gives:
//! shape from docs, not from a real Okta. Beside each sign-in that succeeds stand those that differ from it in one thing.

use serde_json::{Value, json};
use vestibule_conformance::hostile::{Call, Edit, Endpoint, Fault, SUBJECT, Served};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{OID, SID, refused, session, token};
use crate::openid::sign_in;

const TOKEN: &str = "00-canary-of-this-api-token";

fn manifest(more: &str) -> Manifest {
    let connections = format!(
        "[[connections]]\nname = \"any\"\nkind = \"okta\"\ndomain = \"{{origin}}\"\ncustom_domain = true\n\
         client_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n{more}"
    );
    Manifest { connections, ..Manifest::of("acme") }
}

/// An Okta organisation whose tokens lack the identifiers and the groups, and whose API has them.
async fn okta() -> World {
    let manifest = manifest(&format!("api_token = \"{TOKEN}\"\n"));
    let world = World::with(Scheme::Http, &[manifest]).await;
    world.provider.serve(&user(), vec![Served::json(&alice())]);
    world.provider.serve(&groups(), vec![Served::json(&json!([group("00g1", "Staff")]))]);
    world.provider.script_all(lacking());
    world
}

fn lacking() -> Vec<Fault> {
    ["cip_sid", "cip_oid", "groups"].map(|name| Fault::Claims(Edit::remove(name))).to_vec()
}

fn user() -> String {
    format!("/api/v1/users/{SUBJECT}")
}

fn groups() -> String {
    format!("{}/groups?limit=200", user())
}

fn alice() -> Value {
    json!({ "id": SUBJECT, "status": "ACTIVE", "profile": {
        "login": "alice@corp.example", "email": "alice@corp.example", "displayName": "Alice of the profile",
        "cip_sid": "AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA==", "cip_oid": "/xmWb4aLEdC0LQDAT8lk/w==",
        "cip_upn": "somebody-else@corp.example", "groups": ["00gForged"], "group_names": ["Forged"],
    } })
}

fn group(id: &str, name: &str) -> Value {
    json!({ "id": id, "type": "OKTA_GROUP", "profile": { "name": name } })
}

fn api_calls(world: &World) -> Vec<Call> {
    world.provider.calls().into_iter().filter(|call| call.path.starts_with("/api/")).collect()
}

#[tokio::test]
async fn what_the_token_lacks_is_read_and_what_it_says_stays() {
    let world = okta().await;
    let session = session(&world, "OKT-06").await;
    let claims = &session["claims"];
    assert_eq!((&claims["cip_sid"], &claims["cip_oid"]), (&json!(SID), &json!(OID)), "OIDC-RP-40");
    assert_eq!(claims["cip_upn"], "alice@corp.example", "the token's word stands before the profile's");
    assert_eq!(claims["groups"], json!(["okta:00g1"]), "interface 4: stable ids");
    assert_eq!(claims["group_names"], json!(["Staff"]));
    assert_eq!(session["provenance"]["cip_sid"], "any:api");
    assert_eq!(session["provenance"]["cip_upn"], "any:id_token");
    assert_eq!(session["provenance"]["groups"], "any:api");
    let calls = api_calls(&world);
    assert_eq!(calls.len(), 2);
    for call in calls {
        assert_eq!(call.authorization.as_deref(), Some(format!("SSWS {TOKEN}").as_str()), "{}", call.path);
    }
    // It goes nowhere else.
    for call in world.provider.calls().iter().filter(|call| call.endpoint.is_some()) {
        assert!(!call.authorization.as_deref().unwrap_or_default().contains(TOKEN), "{}", call.path);
    }
}

#[tokio::test]
async fn nothing_is_asked_where_nothing_lacks_or_there_is_no_token() {
    let world = okta().await;
    world.provider.behave();
    assert_eq!(session(&world, "all in the token").await["claims"]["groups"], json!(["okta:Staff"]));
    assert!(api_calls(&world).is_empty());
    world.change(&manifest("")).await;
    world.provider.script_all(lacking());
    assert_eq!(refused(&world, "no api_token").await.0, "CLAIM-SID");
    assert!(api_calls(&world).is_empty());
}

/// OIDC-RP-40: what neither has is named.
#[tokio::test]
async fn a_claim_that_the_profile_lacks_or_misspells_is_named() {
    let world = okta().await;
    for (row, name, value, code, claim) in [
        ("no SID", "cip_sid", Value::Null, "CLAIM-SID", "cip_sid"),
        ("no object id", "cip_oid", Value::Null, "CLAIM-OID", "cip_oid"),
        ("an empty SID", "cip_sid", json!(""), "CLAIM-SID", "cip_sid"),
        ("SID cut short", "cip_sid", json!("AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQA"), "CLAIM-SID", "cip_sid"),
        ("another domain's SID", "cip_sid", json!("S-1-5-21-1-2-3-1104"), "CLAIM-SCOPE", "cip_sid"),
        ("two SIDs", "cip_sid", json!([SID, SID]), "CLAIM-SID", "cip_sid"),
    ] {
        let mut person = alice();
        person["profile"][name] = value;
        world.provider.serve(&user(), vec![Served::json(&person)]);
        let (found, named, reason) = refused(&world, row).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "OIDC-RP-40: {row}: {reason}");
    }
    for (row, value) in [("SID as text", SID), ("SID in Base64", "AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA==")]
    {
        let mut person = alice();
        person["profile"]["cip_sid"] = json!(value);
        world.provider.serve(&user(), vec![Served::json(&person)]);
        assert_eq!(session(&world, row).await["claims"]["cip_sid"], SID, "OIDC-RP-40: {row}");
    }
}

/// The address of a person takes logins and `me` too: only whom the token names is believed.
#[tokio::test]
async fn another_persons_profile_is_nobodys() {
    let world = okta().await;
    let mut other = alice();
    other["id"] = json!("hostile-subject-2");
    let (nobody, mut no_profile) = (json!({}), alice());
    no_profile["profile"] = json!("text");
    for (row, answer) in [
        ("another id", Served::json(&other)),
        ("no id", Served::json(&nobody)),
        ("no profile", Served::json(&no_profile)),
        ("a list", Served::json(&json!([alice()]))),
        ("no JSON", Served { body: "<html>".to_owned(), ..Served::status(200) }),
        (
            "a member twice",
            Served { body: format!("{{\"id\":\"x\",{}", &alice().to_string()[1..]), ..Served::status(200) },
        ),
        ("not there", Served::status(404)),
        ("away", Served::status(503)),
        (
            "a redirect",
            Served::status(302).header("location", format!("{}/attacker", world.provider.issuer())),
        ),
    ] {
        world.provider.serve(&user(), vec![answer]);
        assert_eq!(sign_in(&world, row).await.code(), "OKTA-API", "{row}");
    }
    assert!(world.provider.calls_to(Endpoint::Attacker).is_empty());
    for sub in ["me/../other", "a b", "alice@corp.example", "", "%6de"] {
        world.provider.serve(&user(), vec![Served::json(&alice())]);
        world.provider.forget_calls();
        let faults = [lacking(), vec![token("sub", sub), Fault::UserInfo(Edit::set("sub", sub))]].concat();
        world.provider.script_all(faults);
        let code = sign_in(&world, sub).await;
        assert!(matches!(code.code(), "OKTA-API" | "OIDC-SUBJECT"), "{sub}: {code:?}");
        assert!(api_calls(&world).is_empty(), "{sub} became part of an address");
    }
}

#[tokio::test]
async fn groups_come_in_pages_of_the_same_api_alone() {
    let world = okta().await;
    let origin = world.provider.origin().to_owned();
    let second = format!("{}/groups?after=00g1&limit=200", user());
    let page = |next: &str| {
        Served::json(&json!([group("00g1", "Staff")]))
            .header("link", format!("<{origin}{}>; rel=\"self\"", groups()))
            .header("link", format!("<{next}>; rel=\"next\""))
    };
    world.provider.serve(&second, vec![Served::json(&json!([group("00g2", "North, and more")]))]);
    world.provider.serve(&groups(), vec![page(&format!("{origin}{second}"))]);
    let found = session(&world, "two pages").await;
    assert_eq!(found["claims"]["groups"], json!(["okta:00g1", "okta:00g2"]));
    assert_eq!(found["claims"]["group_names"], json!(["Staff", "North, and more"]));
    for (row, next) in [
        ("another host", "http://127.0.0.1:9/api/v1/users/x/groups".to_owned()),
        ("another scheme", origin.replace("http:", "https:") + &second),
        ("out of the API", format!("{origin}/attacker")),
        ("up and out", format!("{origin}/api/v1/../../attacker")),
        ("no address", "groups?after=1".to_owned()),
        ("round and round", format!("{origin}{}", groups())),
    ] {
        world.provider.forget_calls();
        world.provider.serve(&groups(), vec![page(&next)]);
        assert_eq!(sign_in(&world, row).await.code(), "OKTA-API", "{row}");
        assert!(world.provider.calls_to(Endpoint::Attacker).is_empty(), "{row}");
        assert!(api_calls(&world).len() <= 28, "{row}: {}", api_calls(&world).len());
    }
    for (row, list) in [
        ("no list", json!({ "id": "00g1" })),
        ("no id", json!([{ "profile": { "name": "Staff" } }])),
        ("an id that is none", json!([group("Staff,Admins", "Staff")])),
    ] {
        world.provider.serve(&groups(), vec![Served::json(&list)]);
        assert_eq!(sign_in(&world, row).await.code(), "OKTA-API", "{row}");
    }
}

/// OKT-06: a token that ended, one that may not read, and a limit that is used up have each a code of their own.
#[tokio::test]
async fn a_refused_token_and_a_limit_are_told_apart() {
    let world = okta().await;
    let now = (world.clock.seconds())();
    let limit = |seconds: i64| Served::status(429).header("x-rate-limit-reset", (now + seconds).to_string());
    for (row, answers, code) in [
        ("401", vec![Served::status(401)], "OKTA-TOKEN"),
        ("403", vec![Served::status(403)], "OKTA-TOKEN"),
        ("a limit for a minute", vec![limit(60)], "OKTA-LIMIT"),
        ("a limit that does not say", vec![Served::status(429)], "OKTA-LIMIT"),
        ("a limit that stays", vec![limit(0)], "OKTA-LIMIT"),
        ("a limit for a moment", vec![limit(0), Served::json(&alice())], "in"),
        ("refused after the limit", vec![limit(0), Served::status(401)], "OKTA-TOKEN"),
    ] {
        world.provider.serve(&user(), answers);
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
    for (row, answer, code) in
        [("groups 403", Served::status(403), "OKTA-TOKEN"), ("groups 429", limit(60), "OKTA-LIMIT")]
    {
        world.provider.serve(&user(), vec![Served::json(&alice())]);
        world.provider.serve(&groups(), vec![answer]);
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
    let told = world.audit().await;
    assert!(told.iter().all(|event| !event.details.to_string().contains(TOKEN)), "the token is told nobody");
}
