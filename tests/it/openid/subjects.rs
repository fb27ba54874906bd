//! Subjects are compared byte for byte: what looks alike is somebody else (JWT-17, OIDC-RP-03, OIDC-RP-12).

use serde_json::json;
use vestibule_conformance::hostile::{Edit, Endpoint, Fault, SUBJECT};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{Outcome, calls, sign_in};

/// Subjects that careless comparison would take for one.
const ALIKE: [(&str, &str); 8] = [
    ("plain", "jose"),
    ("upper case", "JOSE"),
    ("a final space", "jose "),
    ("a leading space", " jose"),
    ("a final NUL", "jose\0"),
    ("composed", "jos\u{e9}"),
    ("decomposed", "jose\u{301}"),
    ("full-width letters", "\u{ff4a}\u{ff4f}\u{ff53}\u{ff45}"),
];

/// A connection whose people are known by issuer and subject alone: it speaks for no directory.
fn by_subject() -> Manifest {
    let connections = Manifest::of("acme").connections;
    let connections = connections.replace("directories = [\"corp\"]\n", "");
    let connections = connections.replace("[\"sid\", \"upn\", \"oid\", \"email\"]", "[\"upn\"]");
    Manifest { directories: String::new(), connections, ..Manifest::of("acme") }
}

/// What the token and userinfo say of the person.
fn subject(token: &str, userinfo: &str) -> Vec<Fault> {
    vec![
        Fault::Claims(Edit::set("sub", token)),
        Fault::UserInfo(Edit::set("sub", userinfo)),
        Fault::Claims(Edit::remove("cip_sid")),
        Fault::Claims(Edit::remove("cip_oid")),
    ]
}

/// OIDC-RP-24: an address that a token or userinfo names for claims is the provider's word, and nobody is sent there (Core §5.6.2).
#[tokio::test]
async fn claims_that_stand_elsewhere_are_not_fetched() {
    let world = World::start().await;
    let address = format!("{}/attacker/claims", world.provider.issuer());
    let jwt = "eyJhbGciOiJub25lIn0.eyJjaXBfZW1haWwiOiJhbGljZUBjb3JwLmV4YW1wbGUifQ.";
    for (row, source) in [
        ("distributed", json!({ "endpoint": address, "access_token": "token" })),
        ("aggregated", json!({ "JWT": jwt })),
    ] {
        for place in [Fault::Claims as fn(Edit) -> Fault, Fault::UserInfo] {
            world.provider.script_all(vec![
                place(Edit::set("_claim_names", json!({ "cip_email": "elsewhere", "groups": "elsewhere" }))),
                place(Edit::set("_claim_sources", json!({ "elsewhere": source }))),
            ]);
            assert_eq!(sign_in(&world, row).await.code(), "in", "OIDC-RP-24: {row}");
            world.provider.script_all(vec![
                place(Edit::set("_claim_names", json!({ "cip_email": "elsewhere" }))),
                place(Edit::set("_claim_sources", json!({ "elsewhere": source }))),
                Fault::UserInfo(Edit::remove("cip_email")),
            ]);
            assert_eq!(sign_in(&world, row).await.code(), "CLAIM-EMAIL", "OIDC-RP-24: {row}");
        }
    }
    assert_eq!(calls(&world, Endpoint::Attacker), 0, "OIDC-RP-24");
}

#[tokio::test]
async fn subjects_that_look_alike_are_different_people() {
    let world = World::with(Scheme::Http, &[by_subject()]).await;
    let mut people = Vec::new();
    for (row, sub) in ALIKE {
        world.provider.script_all(subject(sub, sub));
        let person = person(&world, row).await;
        assert_eq!(person, self::person(&world, row).await, "JWT-17: {row}: the same person again");
        assert!(!people.contains(&person), "JWT-17: {row} is somebody whom we know already");
        people.push(person);
    }
}

#[tokio::test]
async fn userinfo_of_a_subject_that_looks_alike_is_somebody_elses() {
    let world = World::with(Scheme::Http, &[by_subject()]).await;
    for (row, sub) in ALIKE {
        world.provider.script_all(subject("jose", sub));
        let code = if sub == "jose" { "in" } else { "OIDC-USERINFO-SUBJECT" };
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-12: {row}");
    }
}

#[tokio::test]
async fn a_subject_has_1_to_255_characters() {
    let world = World::with(Scheme::Http, &[by_subject()]).await;
    for (length, code) in [(0, "OIDC-SUBJECT"), (1, "in"), (255, "in"), (256, "OIDC-SUBJECT")] {
        let sub = "s".repeat(length);
        world.provider.script_all(subject(&sub, &sub));
        let row = format!("OIDC-RP-03: {length} characters");
        assert_eq!(sign_in(&world, &row).await.code(), code, "{row}");
    }
}

/// architecture 3: whoever has a security identifier of the directory is that person, whatever the provider calls them.
#[tokio::test]
async fn a_person_of_the_directory_stays_one_person_under_a_new_subject() {
    let world = World::start().await;
    world.provider.behave();
    let before = person(&world, "the first subject").await;
    world.provider.script_all(vec![
        Fault::Claims(Edit::set("sub", "another")),
        Fault::UserInfo(Edit::set("sub", "another")),
    ]);
    assert_eq!(person(&world, "another subject, the same SID").await, before);
    let somebody_else = "S-1-5-21-1004336348-1177238915-682003330-1105";
    world.provider.script(Fault::Claims(Edit::set("cip_sid", somebody_else)));
    assert_ne!(person(&world, "the same subject, another SID").await, before);
    assert!(!before.contains(SUBJECT), "the application never sees the provider's subject");
}

/// The pseudonym by which applications know whoever comes in now.
async fn person(world: &World, row: &str) -> String {
    match sign_in(world, row).await {
        Outcome::In(session) => session["sub"].as_str().expect("a pseudonym").to_owned(),
        Outcome::Refused(code) => panic!("JWT-17: {row} was refused with {code}"),
    }
}
