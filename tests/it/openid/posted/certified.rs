//! Posted answers of a certified OpenID provider, which shares no code with the broker: its own page, its own `c_hash`.

use serde_json::Value;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::{Client, OpenIdProvider, Person, SignIn, SignOut, TokenAuth};
use vestibule_tests::world::{Manifest, Scheme, World};

const SECRET: &str = "a secret of this test alone";

async fn provider(redirect_uri: String) -> OpenIdProvider {
    let client = Client {
        id: "vestibule".to_owned(),
        secret: SECRET.to_owned(),
        redirect_uris: vec![redirect_uri],
        token_auth: TokenAuth::Basic,
        sign_out: SignOut::default(),
    };
    OpenIdProvider::start(&client, &SignIn::Scripted("alice".to_owned())).await.unwrap()
}

fn manifest(kind: &str, person: &Person) -> Manifest {
    let connections = format!(
        "[[connections]]\nname = \"any\"\n{kind}client_id = \"vestibule\"\nclient_secret = \"{SECRET}\"\n\
         directories = [\"corp\"]\nresponse_mode = \"form_post\"\n"
    );
    let directories = format!(
        "[[directories]]\nname = \"corp\"\ndomain_sid = \"{}\"\nupn_suffixes = [\"corp.example\"]\n",
        person.domain_sid()
    );
    Manifest { connections, directories, ..Manifest::of("acme") }
}

/// Comes in by the form of the provider's own page, and gives the session.
async fn session(world: &World) -> (Value, Vec<String>) {
    let mut browser: Browser = world.browser();
    let page = browser.open(&world.url("acme", "/")).await.unwrap();
    let form = page.form_with("state").unwrap_or_else(|error| panic!("{error}: {}", page.text_body()));
    let names = form.fields.iter().map(|(name, _)| name.clone()).collect();
    let page = browser.auto_submit(&form).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    let session = browser.open(&world.url("acme", "/.vestibule/session")).await.unwrap();
    (session.json(), names)
}

#[tokio::test]
async fn a_certified_provider_posts_a_code_and_a_token() {
    let world = World::with(Scheme::Https, &[]).await;
    let provider = provider(world.url("accounts", "/core/login-okta")).await;
    let alice = Person::with_login("alice").unwrap();
    let kind = format!(
        "kind = \"okta\"\ndomain = \"{}\"\ncustom_domain = true\nauthorization_server = \"default\"\n",
        provider.domain()
    );
    world.change(&manifest(&kind, &alice)).await;
    let (session, names) = session(&world).await;
    assert!(names.contains(&"id_token".to_owned()) && names.contains(&"code".to_owned()), "{names:?}");
    assert_eq!(session["claims"]["cip_upn"], alice.cip_upn);
    provider.stop().await.unwrap();
}

#[tokio::test]
async fn a_certified_provider_posts_a_code() {
    let world = World::with(Scheme::Http, &[]).await;
    let alice = Person::with_login("alice").unwrap();
    // A connection keeps its id, which is in the redirect URI, when its issuer changes.
    let kind = |issuer: &str| format!("kind = \"oidc\"\nissuer = \"{issuer}\"\n");
    world.change(&manifest(&kind("{issuer}"), &alice)).await;
    let id: String = sqlx::query_scalar("SELECT id FROM connections")
        .fetch_one(world.app().store.readers())
        .await
        .unwrap();
    let provider = provider(world.url("accounts", &format!("/core/login-oidc/{id}"))).await;
    world.change(&manifest(&kind(provider.issuer()), &alice)).await;
    let (session, names) = session(&world).await;
    assert!(!names.contains(&"id_token".to_owned()), "{names:?}");
    assert_eq!(session["claims"]["cip_upn"], alice.cip_upn);
    provider.stop().await.unwrap();
}
