//! Who the provider is: issuers compared to the letter in discovery, answer and token (OIDC-RP-20, -36, -38; RFC 9207).

use std::sync::Arc;

use vestibule_broker::check::{Finding, check};
use vestibule_broker::deployment::Loader;
use vestibule_broker::outbound::{Outbound, Reach};
use vestibule_broker::service_provider::Keys;
use vestibule_conformance::hostile::{AnswerFault, Edit, Endpoint, Fault, Setup};
use vestibule_policies::time::Timestamp;
use vestibule_providers::BrowserEndpoints;
use vestibule_tests::clock::ManualClock;
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{calls, sign_in};

/// What discovery may say instead of the issuer `good`.
fn others(good: &str) -> Vec<(&'static str, String)> {
    vec![
        ("one more path", format!("{good}/extra")),
        ("a final slash", format!("{good}/")),
        ("another case", good.replace("http", "HTTP")),
        ("another port", "http://127.0.0.1:1".to_owned()),
        ("another issuer", "https://other.example".to_owned()),
    ]
}

#[tokio::test]
async fn check_finds_a_provider_that_is_not_the_configured_one() {
    let world = World::start().await;
    assert_eq!(discovery_code(&findings(&world).await), None, "OIDC-RP-20: the configured one");
    for (row, issuer) in others(world.provider.issuer()) {
        world.provider.script(Fault::Discovery(Edit::set("issuer", issuer)));
        assert_eq!(discovery_code(&findings(&world).await), Some("OIDC-ISSUER"), "OIDC-RP-20: {row}");
    }
}

#[tokio::test]
async fn apply_takes_any_issuer_and_the_sign_in_refuses_before_the_browser_leaves() {
    let world = World::start().await;
    let good = world.provider.issuer().to_owned();
    for (row, issuer, code) in [
        ("a final slash", format!("{good}/"), "OIDC-ISSUER"),
        ("one more path", format!("{good}/extra"), "OIDC-DISCOVERY"),
        ("as it is", good, "in"),
    ] {
        let mut manifest = Manifest::of("acme");
        manifest.connections = manifest.connections.replace("{issuer}", &issuer);
        world.change(&manifest).await;
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-20: {row}");
        assert_eq!(calls(&world, Endpoint::Authorize), usize::from(code == "in"), "OIDC-RP-20: {row}");
    }
}

#[tokio::test]
async fn the_answers_issuer_is_demanded_where_it_is_promised_and_compared_where_it_stands() {
    let world = World::start().await;
    let promise = |promised: bool| {
        Fault::Discovery(Edit::set("authorization_response_iss_parameter_supported", promised))
    };
    let absent = || Fault::Answer(AnswerFault::Remove("iss".to_owned()));
    let other = || Fault::Answer(AnswerFault::Set("iss".to_owned(), "https://other.example".to_owned()));
    for (row, faults, code) in [
        ("promised and there", vec![promise(true)], "in"),
        ("promised and absent", vec![promise(true), absent()], "OIDC-RESPONSE-ISSUER"),
        ("promised and another", vec![promise(true), other()], "OIDC-RESPONSE-ISSUER"),
        ("not promised and absent", vec![promise(false), absent()], "in"),
        ("not promised and another", vec![promise(false), other()], "OIDC-RESPONSE-ISSUER"),
    ] {
        world.provider.script_all(faults);
        world.provider.forget_calls();
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-36: {row}");
        assert_eq!(calls(&world, Endpoint::Token), usize::from(code == "in"), "OIDC-RP-36: {row}");
    }
}

/// A provider of many tenants names none in discovery; its tokens name the person's own.
#[tokio::test]
async fn an_issuer_of_many_tenants_is_nobodys_issuer() {
    let setup = Setup { path: "/common/v2.0".to_owned(), ..Setup::default() };
    let world = World::with_provider(Scheme::Http, &[Manifest::of("acme")], setup).await;
    let tenant = |tid: &str| format!("{}/{tid}/v2.0", world.provider.origin());
    let says = |issuer: String| Fault::Discovery(Edit::set("issuer", issuer));
    let token = |issuer: String| Fault::Claims(Edit::set("iss", issuer));
    for (row, faults, code) in [
        ("discovery is templated", vec![says(tenant("{tenantid}"))], "OIDC-ISSUER"),
        (
            "discovery is templated, the token names a tenant",
            vec![says(tenant("{tenantid}")), token(tenant("8f3c"))],
            "OIDC-ISSUER",
        ),
        ("the token names a tenant", vec![token(tenant("8f3c"))], "OIDC-TOKEN-ISSUER"),
        ("the token names the template", vec![token(tenant("{tenantid}"))], "OIDC-TOKEN-ISSUER"),
        ("one tenant throughout", vec![], "in"),
    ] {
        world.provider.script_all(faults);
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-38: {row}");
    }
}

#[tokio::test]
async fn a_token_of_another_tenant_of_the_same_provider_is_refused() {
    let setup = Setup { path: "/8f3c/v2.0".to_owned(), ..Setup::default() };
    let world = World::with_provider(Scheme::Http, &[Manifest::of("acme")], setup).await;
    let own = world.provider.issuer().to_owned();
    for (row, issuer, code) in [
        ("its own tenant", own.clone(), "in"),
        ("another tid", own.replace("8f3c", "8f3d"), "OIDC-TOKEN-ISSUER"),
        ("the tid in capitals", own.replace("8f3c", "8F3C"), "OIDC-TOKEN-ISSUER"),
        ("the version before", own.replace("/v2.0", "/"), "OIDC-TOKEN-ISSUER"),
    ] {
        world.provider.script(Fault::Claims(Edit::set("iss", issuer)));
        assert_eq!(sign_in(&world, row).await.code(), code, "OIDC-RP-38: {row}");
    }
}

/// One name in every form that somebody could take for it; the configured one stands first. An address has ASCII alone, so a
/// name that has more stands in it percent-encoded.
const SPELLINGS: [(&str, &str); 7] = [
    ("as configured", "/caf%C3%A9/v2.0"),
    ("composed (NFC)", "/caf\u{e9}/v2.0"),
    ("decomposed (NFD)", "/cafe\u{301}/v2.0"),
    ("decomposed, encoded", "/cafe%CC%81/v2.0"),
    ("hex digits in lower case", "/caf%c3%a9/v2.0"),
    ("a letter encoded that need not be", "/%63af%C3%A9/v2.0"),
    ("without the accent", "/cafe/v2.0"),
];

/// JWT-17: byte for byte in discovery, answer and token. Whoever normalises before comparing takes several for one.
#[tokio::test]
async fn an_issuer_in_another_normal_form_is_another() {
    let setup = Setup { path: SPELLINGS[0].1.to_owned(), ..Setup::default() };
    let world = World::with_provider(Scheme::Http, &[Manifest::of("acme")], setup).await;
    for (row, path) in SPELLINGS {
        let issuer = format!("{}{path}", world.provider.origin());
        let own = issuer == world.provider.issuer();
        let code = |refusal: &'static str| if own { "in" } else { refusal };
        for (place, fault, refusal) in [
            ("token", Fault::Claims(Edit::set("iss", issuer.clone())), "OIDC-TOKEN-ISSUER"),
            ("discovery", Fault::Discovery(Edit::set("issuer", issuer.clone())), "OIDC-ISSUER"),
            (
                "answer",
                Fault::Answer(AnswerFault::Set("iss".to_owned(), issuer.clone())),
                "OIDC-RESPONSE-ISSUER",
            ),
        ] {
            world.provider.script(fault);
            let row = format!("JWT-17: {row}, in the {place}");
            assert_eq!(sign_in(&world, &row).await.code(), code(refusal), "{row}");
        }
    }
}

/// Nobody can configure an issuer that is not plain ASCII, and so none whose form an editor may change unseen.
#[tokio::test]
async fn an_issuer_is_configured_in_ascii() {
    let world = World::start().await;
    for (row, path, taken) in [
        ("encoded", "/caf%C3%A9", true),
        ("composed", "/caf\u{e9}", false),
        ("decomposed", "/cafe\u{301}", false),
    ] {
        let mut manifest = Manifest::of("acme");
        manifest.connections = manifest.connections.replace("{issuer}", &format!("{{issuer}}{path}"));
        let applied = world.apply(&manifest).await;
        assert_eq!(applied.is_ok(), taken, "JWT-17: {row}: {applied:?}");
    }
}

/// What `vestibule check` looks with: a client and keys of its own.
pub(crate) fn loader(world: &World) -> Loader {
    let app = world.app();
    let reach = Reach {
        allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
        forbidden: vec![world.address(), world.operator()],
        dns: Vec::new(),
    };
    Loader {
        store: app.store.clone(),
        keys: Arc::clone(&app.keys),
        outbound: Outbound::new(reach),
        service_provider: Keys::default(),
        clock: Arc::new(world.clock.clone()),
        browsers: BrowserEndpoints::Https,
    }
}

/// `vestibule check` with a client and a store of its own.
pub(crate) async fn findings(world: &World) -> Vec<Finding> {
    check(&loader(world), Some("acme"), now(&world.clock)).await.expect("the check")
}

fn now(clock: &ManualClock) -> Timestamp {
    Timestamp::from_seconds((clock.seconds())())
}

fn discovery_code(findings: &[Finding]) -> Option<&'static str> {
    let found = findings.iter().find(|finding| finding.check == "discovery").expect("discovery is looked at");
    assert_eq!(found.organization.as_deref(), Some("acme"));
    found.code
}
