//! The whole way with nothing of ours on the other side: Chromium, the shipped program, and a certified OpenID provider in
//! Okta's shape.

use serde_json::Value;
use tempfile::TempDir;
use vestibule_tests::application::Application;
use vestibule_tests::counterparts::{
    Chromium, Client, Flow, OpenIdProvider, Person, SignIn, SignOut, TokenAuth,
};
use vestibule_tests::port;

use super::program::{Program, run};

mod directory;
mod passkey;

/// With every character that a careless encoder trips over (OIDC-RP-16).
const SECRET: &str = "canary-s:%+/&=?-of-this-test";

fn manifest(provider: &OpenIdProvider, person: &Person, application: &Application) -> String {
    format!(
        "[organization]\nslug = \"acme\"\nname = \"Acme\"\n\
         workspaces = [\"acme.vestibule.localhost\", \"second.vestibule.localhost\"]\n\
         [[directories]]\nname = \"corp\"\ndomain_sid = \"{}\"\nupn_suffixes = [\"corp.example\"]\n\
         [workspace]\nauthentication = \"okta\"\n[[workspace.routes]]\npath = \"/\"\nupstream = \"http://{}\"\n\
         [[connections]]\nname = \"okta\"\nkind = \"okta\"\ndirectories = [\"corp\"]\ndomain = \"{}\"\n\
         custom_domain = true\nauthorization_server = \"default\"\nclient_id = \"vestibule\"\n\
         client_secret = {{ file = \"okta.secret\" }}\n",
        person.domain_sid(),
        application.address(),
        provider.domain(),
    )
}

fn step<'a>(report: &'a Value, name: &str) -> &'a Value {
    let steps = report["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == name).unwrap_or_else(|| panic!("no step {name}: {report:#}"))
}

fn client(port: u16, token_auth: TokenAuth) -> Client {
    Client {
        id: "vestibule".to_owned(),
        secret: SECRET.to_owned(),
        redirect_uris: vec![format!("http://accounts.vestibule.localhost:{port}/core/login-okta")],
        token_auth,
        sign_out: SignOut {
            redirect_uris: vec![format!("http://acme.vestibule.localhost:{port}/")],
            back_channel: None,
        },
    }
}

async fn sign_in_with(token_auth: TokenAuth) {
    let (port, operator) = (port::free(), port::free());
    let provider = OpenIdProvider::start(&client(port, token_auth), &SignIn::ByHand).await.unwrap();
    let (alice, application) = (Person::with_login("alice").unwrap(), Application::start().await);
    let folder = TempDir::new().unwrap();
    let server = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\noperator_listen = \"127.0.0.1:{operator}\"\n\
         [outbound]\nallow_private = [\"127.0.0.0/8\"]\n"
    );
    std::fs::write(folder.path().join("vestibule.toml"), server).unwrap();
    let text = manifest(&provider, &alice, &application);
    std::fs::write(folder.path().join("acme.toml"), text).unwrap();
    std::fs::write(folder.path().join("okta.secret"), format!("{SECRET}\n")).unwrap();

    let mut broker = Program::start(folder.path(), &["serve", "--config", "vestibule.toml"], None);
    broker.ready().await;
    let applied = run(folder.path(), &["apply", "--config", "vestibule.toml", "-f", "acme.toml"]).await;
    assert_eq!(applied.code, Some(0), "{}", applied.err);
    broker.logged("an organisation was read anew").await;
    let checked = run(folder.path(), &["check", "--config", "vestibule.toml"]).await;
    assert_eq!(checked.code, Some(0), "{}{}", checked.out, checked.err);

    let flow = Flow {
        second: Some(format!("http://second.vestibule.localhost:{port}/")),
        ..Flow::round(format!("http://acme.vestibule.localhost:{port}/reports?year=2026"), "alice", "any")
    };
    let report = Chromium::run(&flow).await.unwrap();
    assert_eq!(report["faults"], serde_json::json!([]), "no page breaks its own policy: {report:#}");

    let arrived = step(&report, "sign_in");
    assert_eq!(
        (arrived["status"].as_u64(), arrived["text"].as_str()),
        (Some(200), Some("the application")),
        "{report:#}"
    );
    assert_eq!(arrived["url"], flow.workspace, "back where the person wanted to go");
    for cookie in arrived["cookies"].as_array().unwrap() {
        if cookie["name"].as_str().is_some_and(|name| name.starts_with("vestibule-")) {
            assert_eq!((&cookie["sameSite"], &cookie["httpOnly"]), (&"Lax".into(), &true.into()), "{cookie}");
        }
    }
    let second = step(&report, "second");
    assert_eq!(
        (second["status"].as_u64(), second["asked"].as_bool()),
        (Some(200), Some(false)),
        "{report:#}"
    );
    let provider_origin = provider.domain();
    let trips = second["answers"].as_array().unwrap().iter();
    assert!(
        trips.into_iter().all(|one| !one["url"].as_str().unwrap_or_default().starts_with(provider_origin)),
        "the second workspace costs no trip to the provider: {second:#}"
    );
    let seen = application.received();
    let first = seen.iter().find(|one| one.target == "/reports?year=2026").unwrap();
    assert_eq!(first.header("x-forwarded-user"), Some(alice.cip_upn.as_str()));
    assert_eq!(first.header("x-forwarded-email"), Some(alice.cip_email.as_str()));
    assert!(first.header("x-forwarded-groups").unwrap().starts_with("okta:"));

    let reopened = step(&report, "reopen");
    assert_eq!(
        (reopened["status"].as_u64(), reopened["asked"].as_bool()),
        (Some(200), Some(false)),
        "{report:#}"
    );
    assert!(reopened["title"].as_str().unwrap().starts_with("You are signed out"), "{report:#}");
    let again = step(&report, "sign_in_again");
    assert_eq!(
        (again["status"].as_u64(), again["asked"].as_bool()),
        (Some(200), Some(true)),
        "asked anew: {report:#}"
    );
    broker.stop().await;
    provider.stop().await.unwrap();
}

#[tokio::test]
async fn a_person_comes_in_from_chromium_through_a_certified_provider_in_oktas_shape() {
    sign_in_with(TokenAuth::Basic).await;
}

#[tokio::test]
async fn and_where_the_provider_wants_the_secret_in_the_body() {
    sign_in_with(TokenAuth::Post).await;
}
